"""The search index as pairs of characters, and queries on it, equal on SQLite FTS5 and PostgreSQL.

Neither engine's own tokenizer finds Japanese words (a run of text is one token), and FTS5's trigram tokenizer misses words of one
or two characters. So the folded copy is indexed as its bigrams, and a word is searched as the phrase of its bigrams, which is
exactly «contains».

Every token is written in the letters a–p: a character of the basic plane as four letters (its code point in base 16), any other
as ``q`` and six. Raw bigrams would not do: FTS5's unicode61 drops or splits at symbols and strips accents, and PostgreSQL's parser
reads ``2-1`` as a signed number, ``a.b`` as a host name and hexadecimal digits as a number with an exponent, each in its own way. A word
of letters is one token in both, is never an operator, and needs no quoting, so no query text reaches a query language.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product
from typing import Final

from .normalise import fold
from .variants import BETWEEN_KANJI

CHUNK = 2_000  # characters of the folded text in one index row; keeps PostgreSQL far from its last position, 16,383
MAX_QUERY = 200  # characters of a query that are read, and by which chunks overlap: no phrase can fall between two rows
_MAX_SPELLINGS = 9

# For CREATE VIRTUAL TABLE … USING fts5(…): tokens are ASCII, and the prefix index serves searches for one character.
FTS5_OPTIONS: Final = "tokenize='ascii', prefix='4'"

_NOTHING: Final = "z"  # a token that no text has; an empty expression is a syntax error in FTS5

_LETTERS: Final = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def _code(character: str) -> str:
    point = ord(character)
    return (f"{point:04x}" if point <= 0xFFFF else f"q{point:06x}").translate(_LETTERS)


def _bigrams(folded: str) -> list[str]:
    codes = [_code(c) for c in folded]
    return [first + second for first, second in pairwise(codes)]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word of two or more characters. ``spellings`` are folded; one of them has to occur."""

    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word of one folded character: found as the beginning of a bigram or as the last character of a row."""

    character: str


Term = Phrase | Prefix


def index_terms(text: str) -> str:
    """Return the index tokens of a text, separated by spaces: the bigrams of its folded copy, then its last character alone."""
    return _index_folded(fold(text))


def _index_folded(folded: str) -> str:
    return " ".join([*_bigrams(folded), _code(folded[-1])]) if folded else ""


def chunks(text: str, size: int = CHUNK, overlap: int = MAX_QUERY) -> Iterator[str]:
    """Cut a text into pieces of at most ``size`` characters, each beginning with the last ``overlap`` of the one before.

    An empty text has no piece. Raises ValueError unless 0 <= overlap < size.
    """
    if not 0 <= overlap < size:
        raise ValueError(f"重なりは0以上、長さ未満です: {overlap}, {size}")
    start = 0
    while start < len(text):
        yield text[start : start + size]
        if start + size >= len(text):
            return
        start += size - overlap


def index_rows(text: str) -> list[str]:
    """Return the index tokens of each row that a field's text needs: folded first, so that a cut changes nothing."""
    return [_index_folded(piece) for piece in chunks(fold(text))]


def _is_kanji(c: str) -> bool:
    return "㐀" <= c <= "鿿" or "豈" <= c <= "﫿" or c >= "\U00020000" or c in "々〆〇"


def _spellings(word: str) -> tuple[str, ...]:
    """Return the word as typed, then with the other ways to write ケ, が, か between kanji (at most nine in all)."""
    choices = list(word)
    for i in range(1, len(word) - 1):
        before, c, after = word[i - 1], word[i], word[i + 1]
        if c in BETWEEN_KANJI and (_is_kanji(before) or before in "0123456789") and _is_kanji(after):
            choices[i] = BETWEEN_KANJI[c]
    return tuple("".join(spelling) for spelling in islice(product(*choices), _MAX_SPELLINGS))


def query_terms(query: str) -> list[Term]:
    """Read what a person typed: words separated by blanks, all of which have to occur.

    The first 200 characters are read. Words that fold to nothing are left out; an empty list finds nothing.
    """
    terms: dict[Term, None] = {}
    for word in query[:MAX_QUERY].split():
        folded = fold(word)[:MAX_QUERY]
        if len(folded) == 1:
            terms[Prefix(folded)] = None
        elif folded:
            terms[Phrase(_spellings(folded))] = None
    return list(terms)


def _terms(query: str | Sequence[Term]) -> Sequence[Term]:
    return query_terms(query) if isinstance(query, str) else query


def to_fts5(query: str | Sequence[Term]) -> str:
    """Return the right side of an FTS5 MATCH; an empty query matches no row."""

    def one(term: Term) -> str:
        if isinstance(term, Prefix):
            return f'"{_code(term.character)}" *'
        phrases = [f'"{" ".join(_bigrams(spelling))}"' for spelling in term.spellings]
        return phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"

    return " AND ".join(one(term) for term in _terms(query)) or _NOTHING


def to_tsquery(query: str | Sequence[Term]) -> str:
    """Return the text for PostgreSQL ``to_tsquery('simple', …)``; an empty query matches no row."""

    def one(term: Term) -> str:
        if isinstance(term, Prefix):
            return f"{_code(term.character)}:*"
        phrases = [f"({' <-> '.join(_bigrams(spelling))})" for spelling in term.spellings]
        return phrases[0] if len(phrases) == 1 else f"({' | '.join(phrases)})"

    return " & ".join(one(term) for term in _terms(query)) or _NOTHING
