"""The desk's pages of ledgers."""
