"""What a search asks of a text: its characters and pairs of characters, as numbers, equal on every database.

Neither SQLite's nor PostgreSQL's own tokenizer finds Japanese words (a run of text is one token), and trigrams miss words of one or
two characters. So the folded copy of a text is a *set of numbers*: one for each character that occurs in it, one for each pair. A
text can hold a word only if it has all the word's numbers; whether they stand in the right order, the text itself says. Numbers
never reach a query language as anything else, whatever somebody typed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, pairwise, product
from typing import Final

from .normalise import fold
from .variants import BETWEEN_KANJI

MAX_QUERY: Final = 200  # characters of a query that are read
TOKEN_BITS: Final = 42  # two code points; whoever adds numbers of another meaning begins above
_MAX_SPELLINGS = 9
_POINT_BITS = 21


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word of two or more characters. ``spellings`` are folded; one of them has to occur."""

    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word of one folded character."""

    character: str


Term = Phrase | Prefix


def spellings(term: Term) -> tuple[str, ...]:
    """Return how a word of a query may be written, folded."""
    return (term.character,) if isinstance(term, Prefix) else term.spellings


def text_tokens(folded: Iterable[str]) -> set[int]:
    """Return the numbers of folded texts: of every character and of every pair within one text."""
    found: set[int] = set()
    for text in folded:
        points = [ord(c) for c in text]
        found.update(points)
        found.update([(first << _POINT_BITS) | second for first, second in pairwise(points)])
    return found


def word_tokens(folded: str) -> set[int]:
    """Return the numbers that a text must have to hold a folded word: its pairs, or the character that it consists of."""
    points = [ord(c) for c in folded]
    return {(first << _POINT_BITS) | second for first, second in pairwise(points)} or set(points)


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
