"""Japanese text: folding for search, bigram index and query, kana, and natural order of display numbers.

Stored text is never normalised (外字 and name characters survive every path); what this room folds is a copy that only
searching and sorting see. All keys order by code point, so that SQLite (BINARY) and PostgreSQL (collation "C") agree.
"""

from .bigrams import TOKEN_BITS, Phrase, Prefix, Term, query_terms, spellings, text_tokens, word_tokens
from .kana import is_katakana, sort_key_kana, to_full_width_kana, to_katakana
from .normalise import clean_cell, compact, fold
from .numbers import display_number_sort_key

__all__ = [
    "TOKEN_BITS",
    "Phrase",
    "Prefix",
    "Term",
    "clean_cell",
    "compact",
    "display_number_sort_key",
    "fold",
    "is_katakana",
    "query_terms",
    "sort_key_kana",
    "spellings",
    "text_tokens",
    "to_full_width_kana",
    "to_katakana",
    "word_tokens",
]
