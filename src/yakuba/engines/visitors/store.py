"""The only writer of visits and of the counts that throttle; called by pages, by actions and by the hourly sweep."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from yakuba.engines.visitors import queries, rules
from yakuba.engines.visitors.models import ThrottleCount, Visit
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.ids import uuid7
from yakuba.kernel.plugins import statements


@dataclass(frozen=True)
class Known:
    """What a method found out of who it is: level, method, and whom it vouches for."""

    level: str
    method: str
    citizen: UUID | None = None
    mail: str = ""
    facts: Mapping[str, JsonValue] = field(default_factory=dict)


def begin(ctx: Context, token: str) -> Visit:
    """A new visit of nobody in particular, kept in the browser by ``token``."""
    visit = _new(ctx, token)
    visit.save(force_insert=True)
    return visit


def raise_level(ctx: Context, visit_id: UUID, known: Known, token: str) -> Visit:
    """Note what became known of a visit; from now on it goes by a new ``token`` (a token that somebody planted is worth nothing).

    Called inside an action. A level that was reached is not lost by confirming less. Where another citizen than before signs in,
    the visit ends and a new one is returned, so that neither finds the other's half-filled forms. Raises :class:`Missing` for a
    visit that has ended.
    """
    visit = Visit.unscoped.select_for_update().filter(pk=visit_id, municipality=ctx.municipality.id).first()
    if visit is None or not queries.goes_on(visit, ctx.now):
        raise Missing
    if visit.citizen is not None and known.citizen not in (None, visit.citizen):
        _end(visit, ctx.now)
        visit.save()
        visit = _new(ctx, token)
    _learn(visit, known)
    visit.token_hash = rules.token_digest(token)
    visit.seen_at = ctx.now
    visit.ends_at = ctx.now + rules.longest(signed_in=visit.citizen is not None)
    visit.save()
    return visit


def _new(ctx: Context, token: str) -> Visit:
    return Visit(
        municipality_id=ctx.municipality.id,
        token_hash=rules.token_digest(token),
        level="none",
        began_at=ctx.now,
        seen_at=ctx.now,
        ends_at=ctx.now + rules.longest(signed_in=False),
    )


def _learn(visit: Visit, known: Known) -> None:
    same_person = known.citizen in (None, visit.citizen)
    if not (same_person and rules.reaches(visit.level, known.level)):
        visit.level, visit.method = known.level, known.method
        visit.facts = dict(known.facts)
        # Whose address was confirmed before is not known to be this person's: not carried over to an account.
        visit.mail = known.mail
    visit.mail = known.mail or visit.mail
    visit.citizen = known.citizen or visit.citizen


def end(visit: Visit, now: dt.datetime) -> None:
    """End a visit: its token opens nothing, and what it knew of a person is gone."""
    _end(visit, now)
    visit.save()


def end_all(ctx: Context, citizen: UUID, *, but: UUID | None = None) -> int:
    """End every visit that is signed in as a citizen, except one; return how many."""
    held = Visit.unscoped.select_for_update().filter(municipality=ctx.municipality.id, citizen=citizen)
    mine = list(held.exclude(pk=but) if but else held)
    for visit in mine:
        end(visit, ctx.now)
    return len(mine)


def _end(visit: Visit, now: dt.datetime) -> None:
    visit.ends_at = min(visit.ends_at, now)
    # A digest of nothing that anybody holds.
    visit.token_hash = rules.token_digest(rules.new_token())
    visit.level, visit.method, visit.citizen = "none", "", None
    visit.mail, visit.facts = "", {}


def seen(visit: Visit, now: dt.datetime) -> None:
    """Note that a page was asked for, at most once a minute."""
    if rules.to_be_noted(signed_in=visit.citizen is not None, seen_at=visit.seen_at, now=now):
        Visit.unscoped.filter(pk=visit.pk, seen_at__lt=now, ends_at__gt=now).update(seen_at=now)


def count_up(
    ctx: Context, purpose: str, keys: Iterable[str], began_at: dt.datetime, ends_at: dt.datetime
) -> dict[str, int]:
    """Count one more under each key in one statement, and return the counts by key.

    Takes part in the caller's transaction where there is one.
    """
    rows = _one_more(ctx, purpose, keys, began_at, ends_at)
    text = f"{_counting(len(rows))} RETURNING {connection.ops.quote_name('key')}, {connection.ops.quote_name('count')}"
    found = statements.rows_of(text, statements.values_of(ThrottleCount, rows))
    return {str(key): int(count) for key, count in found}


def count_within(
    ctx: Context, purpose: str, allowed: Mapping[str, int], began_at: dt.datetime, ends_at: dt.datetime
) -> None:
    """Count one more under each key with the writes that wait (:func:`statements.gathered`).

    None of them is written where a key has been counted as often as it is ``allowed`` already.
    """
    if min(allowed.values()) < 1:
        raise statements.Meanwhile
    rows = _one_more(ctx, purpose, allowed, began_at, ends_at)
    limits = [value for row in rows for value in (row["key"], allowed[str(row["key"])])]
    values = statements.values_of(ThrottleCount, rows) + limits
    statements.write_now_or_never(_counting_within(len(rows)), values, len(rows))


def _one_more(
    ctx: Context, purpose: str, keys: Iterable[str], began_at: dt.datetime, ends_at: dt.datetime
) -> list[dict[str, object]]:
    one: dict[str, object] = {
        "municipality_id": ctx.municipality.id,
        "version": 1,
        "purpose": purpose,
        "began_at": began_at,
        "ends_at": ends_at,
        "count": 1,
    }
    # Sorted: two requests that count the same keys lock them in one order.
    return [{**one, "id": uuid7(), "key": key} for key in sorted(set(keys))]


@functools.cache
def _counting(rows: int) -> str:
    """The statement for so many keys. Only names of our own columns are put together here; values are parameters."""
    quote = connection.ops.quote_name
    columns = ThrottleCount._meta.concrete_fields
    table = quote(ThrottleCount._meta.db_table)
    into = ", ".join(quote(one.column) for one in columns)
    unique = ", ".join(quote(one.column) for one in columns if one.name in _UNIQUE)
    values = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * rows)
    return (
        f"INSERT INTO {table} ({into}) VALUES {values} "  # noqa: S608
        f"ON CONFLICT ({unique}) DO UPDATE SET {quote('count')} = {table}.{quote('count')} + 1"
    )


@functools.cache
def _counting_within(rows: int) -> str:
    """The same, leaving out keys that have reached their limit: key and limit of each are the last parameters."""
    quote, table = connection.ops.quote_name, connection.ops.quote_name(ThrottleCount._meta.db_table)
    one = f"{table}.{quote('key')} = %s AND {table}.{quote('count')} < %s"
    return f"{_counting(rows)} WHERE {' OR '.join([one] * rows)}"


_UNIQUE = frozenset({"municipality", "purpose", "key", "began_at"})


def sweep(ctx: Context) -> int:
    """Delete visits that ended and counts whose time is over; return how many rows went."""
    here = {"municipality": ctx.municipality.id}
    over = (
        Q(ends_at__lte=ctx.now)
        | Q(citizen__isnull=False, seen_at__lte=ctx.now - rules.IDLE_SIGNED_IN)
        | Q(seen_at__lte=ctx.now - rules.IDLE_ANONYMOUS)
    )
    with transaction.atomic():
        visits, _each = Visit.unscoped.filter(over, **here).delete()
    with transaction.atomic():
        counts, _each = ThrottleCount.unscoped.filter(ends_at__lte=ctx.now, **here).delete()
    return visits + counts
