"""Asking the index: the same answer, in the same order, from both databases (MECHANISMS §10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connections
from django.db.models import Q, QuerySet

from yakuba.kernel.actions import Context
from yakuba.kernel.search.engines import matching
from yakuba.kernel.search.models import TABLES, DeskRow, PublicRow
from yakuba.kernel.search.store import Visibility
from yakuba.kernel.text import fold
from yakuba.kernel.text.bigrams import Phrase, Term, query_terms

# Up to here hits are put in order; beyond it the page says 「1,000件以上」.
ENOUGH = 1_000
# Rows looked at for so many hits: one thing has a handful of rows.
_ROWS = 4_000
_AROUND = 40


@dataclass(frozen=True)
class Piece:
    """A stretch of a snippet; ``match`` marks what was searched for."""

    text: str
    match: bool


@dataclass(frozen=True)
class Hit:
    """One thing that was found."""

    kind: str
    id: UUID
    municipality: str
    title: str
    field: str
    snippet: tuple[Piece, ...]


@dataclass(frozen=True)
class Hits:
    """One page of hits. ``count`` is a lower bound when ``at_least``; ``following`` is the next page's start, or None."""

    hits: tuple[Hit, ...]
    count: int
    at_least: bool
    following: int | None


def search(
    ctx: Context | None,
    q: str,
    visibility: Visibility,
    *,
    kinds: Sequence[str] | None = None,
    start: int = 0,
    limit: int = 20,
) -> Hits:
    """What was searched for, in this municipality, or with no context in all of them (published things only).

    All words have to occur in a thing, not necessarily in one field. Three queries, whatever is asked.
    """
    terms = query_terms(q)
    if not terms:
        return Hits((), 0, at_least=False, following=None)
    if ctx is None and visibility != "public":
        raise ValueError("across municipalities only what was published is found")
    rows = _rows(ctx, terms, visibility, kinds)
    found = _ranked(rows.filter(is_title=True)[: _ROWS + 1], terms)
    full = len(found) > ENOUGH
    if not full:
        others = list(rows.filter(is_title=False)[: _ROWS + 1])
        full = len(others) > _ROWS
        found = _merge(found, _ranked(others, terms))
        full = full or len(found) > ENOUGH
    ordered = sorted(found.values(), key=lambda item: item.order)[:ENOUGH]
    page = ordered[start : start + limit]
    return Hits(
        tuple(_hit(item.row, terms) for item in page),
        len(ordered),
        at_least=full,
        following=start + limit if start + limit < len(ordered) else None,
    )


@dataclass(frozen=True)
class _Found:
    order: tuple[int, str, str, str]
    row: PublicRow | DeskRow


def _rows(
    ctx: Context | None, terms: Sequence[Term], visibility: Visibility, kinds: Sequence[str] | None
) -> QuerySet[PublicRow] | QuerySet[DeskRow]:
    model = TABLES[visibility]
    table, vendor = model._meta.db_table, connections["default"].vendor
    base = model.unscoped.all() if ctx is None else model.objects.for_actor(ctx)
    if kinds is not None:
        base = base.filter(kind__in=kinds)
    any_term = Q()
    for term in terms:
        any_term |= Q(docid__in=matching(vendor, table, [term]))
    found = base.filter(any_term)
    if len(terms) > 1:
        for term in terms:
            found = found.filter(
                subject__in=base.filter(docid__in=matching(vendor, table, [term])).values("subject")
            )
    return found.select_related("municipality").defer("terms")


def _ranked(
    rows: Sequence[PublicRow | DeskRow] | QuerySet[PublicRow] | QuerySet[DeskRow], terms: Sequence[Term]
) -> dict[UUID, _Found]:
    best: dict[UUID, _Found] = {}
    for row in rows:
        rank = _rank(row, terms)
        order = (rank, row.municipality.code, row.sort, f"{row.subject}{row.field}{row.docid:020d}")
        if row.subject not in best or order < best[row.subject].order:
            best[row.subject] = _Found(order, row)
    return best


def _rank(row: PublicRow | DeskRow, terms: Sequence[Term]) -> int:
    """0: the title starts with what was typed; 1: it contains it; 2: another field does."""
    if not row.is_title:
        return 2
    folded = fold(row.title)
    return 0 if any(folded.startswith(spelling) for spelling in _spellings(terms[0])) else 1


def _spellings(term: Term) -> tuple[str, ...]:
    return term.spellings if isinstance(term, Phrase) else (term.character,)


def _merge(titles: dict[UUID, _Found], others: dict[UUID, _Found]) -> dict[UUID, _Found]:
    return {**others, **titles}


def _hit(row: PublicRow | DeskRow, terms: Sequence[Term]) -> Hit:
    return Hit(
        kind=row.kind,
        id=row.subject,
        municipality=row.municipality.code,
        title=row.title,
        field=row.field,
        snippet=snippet(row.text, terms),
    )


def snippet(text: str, terms: Sequence[Term]) -> tuple[Piece, ...]:
    """A piece of the original around the first match, with every match in it marked.

    Folding goes character by character, so the folded text is walked beside the original and positions carry over.
    """
    marks = _marks(text, terms)
    first = marks[0][0] if marks else 0
    begin = max(first - _AROUND, 0)
    end = min(begin + 4 * _AROUND, len(text))
    pieces: list[Piece] = [Piece("…", match=False)] if begin else []
    place = begin
    for start, stop in marks:
        if start < place or start >= end:
            continue
        if start > place:
            pieces.append(Piece(text[place:start], match=False))
        pieces.append(Piece(text[start : min(stop, end)], match=True))
        place = min(stop, end)
    if place < end:
        pieces.append(Piece(text[place:end], match=False))
    if end < len(text):
        pieces.append(Piece("…", match=False))
    return tuple(pieces)


def _marks(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    folded, origin = [], []
    for index, character in enumerate(text):
        for piece in fold(character):
            folded.append(piece)
            origin.append(index)
    whole = "".join(folded)
    found: list[tuple[int, int]] = []
    for term in terms:
        for spelling in _spellings(term):
            at = whole.find(spelling)
            while at >= 0 and spelling:
                found.append((origin[at], origin[at + len(spelling) - 1] + 1))
                at = whole.find(spelling, at + len(spelling))
    return sorted(set(found))


__all__ = ["ENOUGH", "Hit", "Hits", "Piece", "search", "snippet"]
