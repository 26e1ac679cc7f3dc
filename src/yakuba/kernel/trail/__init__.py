"""What was done, by whom, on what ground: entries that nobody changes, sealed into a chain (MECHANISMS §4)."""
