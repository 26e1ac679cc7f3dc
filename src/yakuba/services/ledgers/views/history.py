"""What was written into an entry, by whom, since when it holds, and what stood there before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yakuba.engines.ledger import queries
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import Invalid, JsonValue, Spec
from yakuba.services.ledgers.views import frame


@dataclass(frozen=True, slots=True)
class Written:
    """One amendment: field, what stood before, what stands from then on. ``first`` is how the entry came in."""

    holds_from: dt.date
    written_at: dt.datetime
    by: str
    reason: str
    changes: list[tuple[str, str, str]]
    first: bool


def written(ctx: Context, one: frame.Opened, entry: Entry) -> list[Written]:
    """The amendments, the newest day first; each beside what held on the day before it, as known today."""
    found: list[Written] = []
    standing: dict[str, JsonValue] = {}
    for row in reversed(queries.amendments(ctx, entry)):
        changes = [
            (
                _label(one, name),
                _said(one, name, standing.get(name)),
                _said(one, name, value),
            )
            for name, value in row.values.items()
        ]
        standing.update(row.values)
        found.append(Written(row.holds_from, row.written_at, row.by, row.reason, changes, first=not found))
    found.reverse()
    return found


def _label(one: frame.Opened, name: str) -> str:
    if one.ledger.chain_of(name) is None and name not in one.all_specs:
        return name  # a field that is declared no more
    return one.all_specs[name].label if name in one.all_specs else one.ledger.label_of(name)


def _said(one: frame.Opened, name: str, value: JsonValue) -> str:
    if value is None:
        return ""
    if (chain := one.ledger.chain_of(name)) is not None:
        return chain.label_of(str(value))
    return told(one.all_specs.get(name), value)


def told(spec: Spec | None, value: JsonValue) -> str:
    """A kept value in words; as it was kept where the field is another one by now."""
    if value is None:
        return ""
    if spec is None or spec.kind is None:
        return str(value)
    try:
        return frame.written(spec.kind.from_json(value), spec)
    except Invalid:
        return str(value)
