"""Work, hand-overs to other systems, and schedules, as rows that survive a crash (MECHANISMS §5)."""
