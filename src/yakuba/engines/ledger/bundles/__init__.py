"""Folders of photos, drawings and papers on their way into a ledger: each file goes to the entry that its name tells."""
