"""Asking the index.

No engine ranks (MECHANISMS §10). Up to 1,000 hits are ordered: the title starts with the words, the title contains them, other
fields do; then by municipality, sort key and id. Above that the title hits come first (the first 1,000 of them in that same order),
the rest in the order of the index, which is the order in which it was written. Both databases give the same hits in the same order.

Three statements at most, however much there is: the first hits in the order of the index, the first of the title when there are too
many, and the rows that the page shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from yakuba.kernel.search.engine import connection, engine, identifier
from yakuba.kernel.search.marking import Piece, mark, snippet, spans
from yakuba.kernel.search.models import TABLES, Rows, SearchRow
from yakuba.kernel.search.store import Visibility
from yakuba.kernel.search.tokens import question
from yakuba.kernel.text import Term, query_terms, spellings
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.records import Record

MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Hit:
    """An object that was found. ``field`` is the key of the field that the snippet is from, empty when only the title matched."""

    kind: str
    id: UUID
    municipality_id: UUID
    title: list[Piece]
    field: str
    snippet: list[Piece]


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of hits. ``count`` is a lower bound (「1,000件以上」) when ``at_least``; ``following`` is the next page's ``after``."""

    hits: list[Hit]
    count: int
    at_least: bool
    following: int | None


@dataclass(frozen=True, slots=True)
class Among:
    """A table of which each row names a subject: only those are looked at. ``column`` holds the subject's id, of the row's municipality."""

    model: type[Record]
    column: str


@dataclass(frozen=True, slots=True)
class _Scope:
    """Which rows are looked at."""

    model: Rows
    municipalities: Sequence[UUID] | None
    kinds: Sequence[str] | None
    among: Among | None


class _Found(NamedTuple):
    """A row that holds the words, with what orders it. Text orders by code point, ids as the database writes them."""

    entry: int
    title: str
    code: str
    sort: str
    subject: str


def search(
    municipality_id: UUID | None,
    q: str,
    *,
    visibility: Visibility,
    kinds: Sequence[str] | None = None,
    municipalities: Sequence[UUID] | None = None,
    among: Among | None = None,
    limit: int = 20,
    after: int = 0,
) -> Hits:
    """The objects in which every word of ``q`` occurs, one field or another; words are separated by blanks.

    ``municipality_id`` None searches across cities, which only public rows allow (ValueError), and ``municipalities`` narrows that to
    some of them; ``among`` to the subjects that a table names. ``internal`` is for staff of that municipality alone. ``after`` is a position among at most 1,000 hits.
    """
    if municipality_id is None and visibility != "public":
        raise ValueError("a search across municipalities finds public rows alone")
    if municipality_id is not None:
        municipalities = [municipality_id]
    scope = _Scope(TABLES[visibility], municipalities, kinds, among)
    terms = query_terms(q)
    nowhere = municipalities is not None and not municipalities
    if not terms or nowhere or (kinds is not None and not kinds):
        return Hits([], 0, False, None)
    found = _first(scope, terms, MOST + 1)
    at_least = len(found) > MOST
    if at_least:
        titled = _first(scope, terms, MOST, titles=True)
        known = {one.entry for one in titled}
        order = _ordered(titled, terms) + [one for one in found if one.entry not in known]
    else:
        order = _ordered(found, terms)
    order = order[:MOST]
    start = max(after, 0)
    following = start + limit
    return Hits(
        _hits(scope, order[start:following], terms),
        len(order),
        at_least,
        following if following < len(order) else None,
    )


def _first(scope: _Scope, terms: Sequence[Term], most: int, *, titles: bool = False) -> list[_Found]:
    """The first rows in the order of the index that hold every term; with ``titles``, in their title."""
    beside = engine(scope.model)
    candidates, parameters = beside.matching(
        question(terms, titles=titles, municipalities=scope.municipalities, kinds=scope.kinds)
    )
    text = "r.folded_title" if titles else "r.folded"
    conditions = ["r.entry = t.entry"]
    for term in terms:
        words = spellings(term)
        conditions.append(f"({' OR '.join([f'{beside.position}({text}, %s) > 0'] * len(words))})")
        parameters += words
    for column, values in (
        ("municipality_id", scope.municipalities and [identifier(one) for one in scope.municipalities]),
        ("subject_kind", scope.kinds),
    ):
        if values is not None:
            conditions.append(f"r.{column} IN ({', '.join(['%s'] * len(values))})")
            parameters += values
    if scope.among is not None:
        table, column = scope.among.model._meta.db_table, scope.among.column
        conditions.append(
            f"EXISTS (SELECT 1 FROM {table} a"  # noqa: S608 – names of ours
            f" WHERE a.municipality_id = r.municipality_id AND a.{column} = r.subject_id)"
        )
    # Limited before the municipality is joined, which may come in any order.
    statement = (
        "SELECT h.entry, h.folded_title, m.code, h.sort, h.subject_id FROM ("  # noqa: S608 – names of ours
        f"SELECT r.entry, r.folded_title, r.municipality_id, r.sort, r.subject_id"
        f" FROM ({candidates}) t CROSS JOIN {scope.model._meta.db_table} r"
        f" WHERE {' AND '.join(conditions)} ORDER BY t.entry LIMIT {int(most)}"
        f") h JOIN {Municipality._meta.db_table} m ON m.id = h.municipality_id"
    )
    with connection().cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    return sorted(
        _Found(entry, title, code, sort, str(subject)) for entry, title, code, sort, subject in rows
    )


def _ordered(found: Sequence[_Found], terms: Sequence[Term]) -> list[_Found]:
    words = [spellings(term) for term in terms]
    return sorted(found, key=lambda one: (_rank(one.title, words), one.code, one.sort, one.subject))


def _rank(title: str, words: Sequence[tuple[str, ...]]) -> int:
    """0: the title starts with the first word and holds the others; 1: it holds all; 2: it does not."""
    if not all(any(spelling in title for spelling in word) for word in words):
        return 2
    return 0 if title.startswith(words[0]) else 1


def _hits(scope: _Scope, shown: Sequence[_Found], terms: Sequence[Term]) -> list[Hit]:
    rows = {row.entry: row for row in scope.model.unscoped.filter(entry__in=[one.entry for one in shown])}
    # A row may have gone since its entry was read.
    return [_hit(rows[one.entry], terms) for one in shown if one.entry in rows]


def _hit(row: SearchRow, terms: Sequence[Term]) -> Hit:
    field, text = next(((key, text) for key, text in row.pairs() if spans(text, terms)), ("", ""))
    return Hit(
        row.subject_kind,
        row.subject_id,
        row.municipality_id,
        mark(row.title, terms),
        field,
        snippet(text, terms) if field else [],
    )
