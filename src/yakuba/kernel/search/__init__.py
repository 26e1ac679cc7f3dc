"""The index: bigrams of a folded copy, the same on both databases (MECHANISMS §10)."""
