"""Pages of the plan's year."""
