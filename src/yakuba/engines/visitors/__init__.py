"""Who is at the portal: visits, how far they are known, who owns a row that a citizen made, and how often somebody may try."""
