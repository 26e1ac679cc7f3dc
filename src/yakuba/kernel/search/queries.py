"""Asking the index.

No engine ranks (MECHANISMS §10). Up to 1,000 hits are ordered: the title starts with the words, the title contains them, other
fields do; then by municipality, sort key and id. Above that the title hits come first, the rest in the order of their ids, which is
the order in which they were made. Both databases give the same hits in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from yakuba.kernel.search.engine import connection, engine, identifier
from yakuba.kernel.search.marking import Piece, mark, snippet, spans
from yakuba.kernel.search.models import TABLES, Rows, SearchRow
from yakuba.kernel.search.store import TITLE, Visibility
from yakuba.kernel.text import Prefix, Term, fold, query_terms

MOST: Final = 1_000
_BATCH: Final = 400


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
class _Scope:
    """Which rows are looked at, for every word alike."""

    model: Rows
    municipality_id: UUID | None
    kinds: Sequence[str] | None

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def where(self, alias: str) -> tuple[str, list[Any]]:  # Any: parameters of a statement
        conditions: list[str] = []
        parameters: list[Any] = []  # Any: as above
        if self.municipality_id is not None:
            conditions.append(f"{alias}.municipality_id = %s")
            parameters.append(identifier(self.municipality_id))
        if self.kinds is not None:
            conditions.append(f"{alias}.subject_kind IN ({', '.join(['%s'] * len(self.kinds))})")
            parameters += self.kinds
        return " AND ".join(conditions) or "1 = 1", parameters


def search(
    municipality_id: UUID | None,
    q: str,
    *,
    visibility: Visibility,
    kinds: Sequence[str] | None = None,
    limit: int = 20,
    after: int = 0,
) -> Hits:
    """The objects in which every word of ``q`` occurs, one field or another; words are separated by blanks.

    ``municipality_id`` None searches across cities, which only public rows allow (ValueError). ``internal`` is for staff of that
    municipality alone. ``after`` is a position among at most 1,000 hits.
    """
    if municipality_id is None and visibility != "public":
        raise ValueError("a search across municipalities finds public rows alone")
    terms = query_terms(q)
    if not terms or (kinds is not None and not kinds):
        return Hits([], 0, False, None)
    scope = _Scope(TABLES[visibility], municipality_id, kinds)
    found = _subjects(scope, terms, MOST + 1, ordered=False)
    at_least = len(found) > MOST
    if at_least:
        titled = _subjects(scope, terms, MOST, ordered=True, titles=True)
        known = set(titled)
        rest = [one for one in _subjects(scope, terms, MOST, ordered=True) if one not in known]
        order = _ordered(scope, titled, terms) + rest
    else:
        order = _ordered(scope, found, terms)
    order = order[:MOST]
    shown = order[max(after, 0) : max(after, 0) + limit]
    following = max(after, 0) + limit
    return Hits(
        _hits(scope, shown, terms), len(order), at_least, following if following < len(order) else None
    )


def _subjects(
    scope: _Scope, terms: Sequence[Term], most: int, *, ordered: bool, titles: bool = False
) -> list[UUID]:
    """Ids of objects in which every term occurs: somewhere, or with ``titles`` all of them in the title."""
    where, parameters = scope.where("r")
    condition, parameter = engine(scope.model).matches("r", terms if titles else terms[:1])
    statement = f"SELECT DISTINCT r.subject_id FROM {scope.table} r WHERE {where} AND {condition}"  # noqa: S608
    parameters.append(parameter)
    if titles:
        statement += " AND r.is_title"
    for term in () if titles else terms[1:]:
        inner, more = scope.where("s")
        condition, parameter = engine(scope.model).matches("s", [term])
        others = f"SELECT s.subject_id FROM {scope.table} s WHERE {inner} AND {condition}"  # noqa: S608
        statement += f" AND r.subject_id IN ({others})"
        parameters += [*more, parameter]
    if ordered:
        statement += " ORDER BY r.subject_id"
    with connection().cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {int(most)}", parameters)
        return [UUID(str(one)) for (one,) in cursor.fetchall()]


def _ordered(scope: _Scope, subjects: Sequence[UUID], terms: Sequence[Term]) -> list[UUID]:
    keys = {
        row.subject_id: (_rank(row.text, terms), row.municipality.code, row.sort, row.subject_id)
        for row in _texts(scope, subjects, titles=True)
    }
    return sorted(keys, key=lambda one: keys[one])


def _rank(title: str, terms: Sequence[Term]) -> int:
    """0: the title starts with the first word and holds the others; 1: it holds all; 2: it does not."""
    folded = fold(title)
    words = [(t.character,) if isinstance(t, Prefix) else t.spellings for t in terms]
    if not all(any(spelling in folded for spelling in spellings) for spellings in words):
        return 2
    return 0 if folded.startswith(words[0]) else 1


def _texts(scope: _Scope, subjects: Sequence[UUID], *, titles: bool) -> list[SearchRow]:
    """First pieces of the objects' fields, in the order in which they were written."""
    found: list[SearchRow] = []
    for start in range(0, len(subjects), _BATCH):
        rows = scope.model.unscoped.filter(subject_id__in=subjects[start : start + _BATCH], part=0)
        if scope.municipality_id is not None:
            rows = rows.filter(municipality_id=scope.municipality_id)
        if titles:
            rows = rows.filter(is_title=True)
        found += rows.select_related("municipality").order_by("pk")
    return found


def _hits(scope: _Scope, subjects: Sequence[UUID], terms: Sequence[Term]) -> list[Hit]:
    by_subject: dict[UUID, dict[str, SearchRow]] = {one: {} for one in subjects}
    for row in _texts(scope, subjects, titles=False):
        by_subject[row.subject_id][row.field] = row
    return [_hit(one, rows, terms) for one, rows in by_subject.items() if TITLE in rows]


def _hit(subject: UUID, rows: dict[str, SearchRow], terms: Sequence[Term]) -> Hit:
    title = rows[TITLE]
    fields = [row for key, row in rows.items() if key != TITLE]
    best = next((row for row in fields if spans(row.text, terms)), None)
    return Hit(
        title.subject_kind,
        subject,
        title.municipality_id,
        mark(title.text, terms),
        best.field if best else "",
        snippet(best.text, terms) if best else [],
    )
