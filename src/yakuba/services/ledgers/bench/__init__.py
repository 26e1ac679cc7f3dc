"""``yakuba bench places``: maps and ledgers of a large city, a million features and half a million rows.

Nothing here is about a real municipality: the layer, the ledger's rows and where they lie are made up.
"""
