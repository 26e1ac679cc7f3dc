"""The ledgers' desk pages and their API, drawn from each ledger's declaration alone: no ledger has a page of its own."""
