"""The only writers of ledgers: :mod:`.books` which ledgers a municipality keeps, :mod:`.entries` what stands in them."""

from yakuba.engines.ledger.actions import books

__all__ = ["books"]
