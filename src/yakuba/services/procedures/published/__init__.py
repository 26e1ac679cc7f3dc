"""Published procedures: each publication is immutable, so a process reads and parses its definition once."""
