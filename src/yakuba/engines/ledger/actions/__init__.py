"""The only writers of ledgers: :mod:`.books` which ledgers a municipality keeps, :mod:`.entries` what stands in them.

Beside an entry, and the same for every ledger: :mod:`.attachments`, :mod:`.joints`, :mod:`.deadlines`.
"""

from yakuba.engines.ledger.actions import attachments, books, deadlines, joints

__all__ = ["attachments", "books", "deadlines", "joints"]
