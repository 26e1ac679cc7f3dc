"""Japanese text: folding for search, bigram index and query, kana, and natural order of display numbers.

Stored text is never normalised (外字 and name characters survive every path); what this room folds is a copy that only
searching and sorting see. All keys order by code point, so that SQLite (BINARY) and PostgreSQL (collation "C") agree.
"""

from .bigrams import (
    FTS5_OPTIONS,
    Phrase,
    Prefix,
    Term,
    chunks,
    index_rows,
    index_terms,
    query_terms,
    to_fts5,
    to_tsquery,
)
from .kana import is_katakana, sort_key_kana, to_full_width_kana, to_katakana
from .normalise import clean_cell, fold
from .numbers import display_number_sort_key

__all__ = [
    "FTS5_OPTIONS",
    "Phrase",
    "Prefix",
    "Term",
    "chunks",
    "clean_cell",
    "display_number_sort_key",
    "fold",
    "index_rows",
    "index_terms",
    "is_katakana",
    "query_terms",
    "sort_key_kana",
    "to_fts5",
    "to_full_width_kana",
    "to_katakana",
    "to_tsquery",
]
