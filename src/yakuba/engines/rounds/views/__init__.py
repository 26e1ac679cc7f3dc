"""Pages of rounds: the list, a round with its board, its items, an office's part, reminders."""
