"""What the databases match: an object is a set of numbers, a question a set of numbers that it must have.

Beside the numbers of its text (:func:`~yakuba.kernel.text.text_tokens`) an object has those of its title once more, marked as such, one
for its municipality and one for its kind: so a search in one municipality, or for titles, never walks the nation's hits. Numbers
only narrow down; that an object really holds a word in its right order, in the municipality asked for, is read from its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID
from zlib import crc32

from yakuba.kernel.search.models import SearchRow
from yakuba.kernel.text import TOKEN_BITS, Term, spellings, text_tokens, word_tokens

LINE: Final = "\n"
_TITLE: Final = 1 << TOKEN_BITS
_KIND: Final = _TITLE << 1
_MUNICIPALITY: Final = 1 << 62  # the largest number is below 2 ** 63, a database's integer
_ID_BITS: Final = 61


@dataclass(frozen=True, slots=True)
class Question:
    """The numbers that an object must have: all of ``wanted``, and of each choice all of at least one of its sets."""

    wanted: frozenset[int]
    choices: tuple[tuple[frozenset[int], ...], ...]


def tokens_of(row: SearchRow) -> set[int]:
    """The numbers of an object, from its row as stored."""
    title = {_TITLE | token for token in text_tokens([row.folded_title])}
    return (
        text_tokens(row.folded.split(LINE))
        | title
        | {_kind(row.subject_kind), _municipality(row.municipality_id)}
    )


def question(
    terms: Sequence[Term],
    *,
    titles: bool,
    municipalities: Iterable[UUID] | None,
    kinds: Iterable[str] | None,
) -> Question:
    """What is asked: all terms (with ``titles`` in the title), in one of the municipalities, of one of the kinds."""
    choices = [
        tuple(
            frozenset((_TITLE if titles else 0) | token for token in word_tokens(word))
            for word in spellings(term)
        )
        for term in terms
    ]
    if municipalities is not None:
        choices.append(tuple(frozenset([_municipality(one)]) for one in municipalities))
    if kinds is not None:
        choices.append(tuple(frozenset([_kind(one)]) for one in kinds))
    return Question(
        frozenset().union(*(choice[0] for choice in choices if len(choice) == 1)),
        tuple(choice for choice in choices if len(choice) > 1),
    )


def _kind(kind: str) -> int:
    return _KIND | crc32(kind.encode())


def _municipality(municipality_id: UUID) -> int:
    # The end of a UUIDv7 is its random part; its beginning is the time, equal for what was made together.
    return _MUNICIPALITY | (municipality_id.int & ((1 << _ID_BITS) - 1))
