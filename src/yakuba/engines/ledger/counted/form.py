"""Where somebody says what of a ledger is counted: fields as the ledger's list has them, and what they mean.

``f-<field>`` narrows what is counted, ``p-<field>`` the part of a share; ``…-from`` and ``…-to`` are the ends of a range.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yakuba.engines.ledger.counted.asked import RANGED, countable, summable
from yakuba.engines.ledger.counted.asked import offered as narrowing
from yakuba.engines.ledger.counted.queries import opened_on
from yakuba.engines.ledger.declaration import Ledger, find_ledger, ledgers
from yakuba.engines.ledger.records import Entry
from yakuba.engines.metrics.sources import Said
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.ui.components import field

LEDGER: Final = "ledger"
WHAT: Final = "what"
SUM: Final = "sum"
FILTER: Final = "f-"
PART: Final = "p-"
Typed = Mapping[str, Sequence[str]]
_ENDS: Final = ("from", "to")


def choices(ctx: Context) -> list[tuple[str, str]]:
    """The ledgers that the municipality has, by key and name (one query)."""
    every = {one.key: str(one.label) for one in ledgers()}
    return [(key, every[key]) for key in sorted(opened_on(ctx, every))]


def fields(ledger: Ledger[Entry], typed: Typed) -> tuple[list[SafeString], list[SafeString]]:
    """What is counted and by which conditions; and the conditions of a share's part."""
    sums = summable(ledger)
    ways = [("count", _("件数")), ("share", _("割合（条件に合うものが占める）"))]
    if sums:
        ways.append(("sum", _("項目の合計")))
    found = [field(WHAT, _("何を数えるか"), widget="radio", choices=ways, value=_one(typed, WHAT) or "count")]
    if sums:
        offered = [("", _("（合計しない）")), *((name, spec.label) for name, spec in sums.items())]
        found.append(
            field(
                SUM,
                _("合計する項目"),
                widget="select",
                choices=offered,
                value=_one(typed, SUM),
                required=False,
            )
        )
    found += _conditions(ledger, typed, FILTER, _("対象を絞る：%s"))
    return found, list(_conditions(ledger, typed, PART, _("割合の分子：%s")))


def _conditions(ledger: Ledger[Entry], typed: Typed, prefix: str, label: str) -> Iterator[SafeString]:
    for name, kind in narrowing(ledger).items():
        key, said = prefix + name, label % ledger.label_of(name)
        offered = kind.choices()
        if offered:
            yield field(
                key,
                said,
                widget="checkboxes",
                choices=offered,
                value=list(typed.get(key, ())),
                required=False,
            )
        elif kind.key in RANGED:
            unit = ledger.fields[name].unit
            for end, words in zip(_ENDS, (_("%s（から）"), _("%s（まで）")), strict=True):
                here = f"{key}-{end}"
                yield field(here, words % said, value=_one(typed, here), required=False, unit=unit)
        else:
            yield field(
                key,
                said,
                value=_one(typed, key),
                required=False,
                hint=_("いくつかあるときは「、」で区切ります。"),
            )


def said_of(typed: Typed) -> dict[str, JsonValue]:
    """What the fields say, as a binding keeps it; whether it can be followed the source checks."""
    key = _one(typed, LEDGER)
    found: dict[str, JsonValue] = {LEDGER: key}
    ledger = find_ledger(key)
    if ledger is None:
        return found
    found["filters"] = _filters(ledger, typed, FILTER)
    what = _one(typed, WHAT)
    if what == "share":
        found["share"] = _filters(ledger, typed, PART)
    elif what == "sum":
        found["sum"] = _one(typed, SUM)
    return found


def _filters(ledger: Ledger[Entry], typed: Typed, prefix: str) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for name, kind in countable(ledger).items():
        key = prefix + name
        texts = [one.strip() for one in typed.get(key, ()) if one.strip()]
        if texts and not kind.choices():
            texts = [part.strip() for one in texts for part in one.split("、") if part.strip()]
        ends = {end: _one(typed, f"{key}-{end}") for end in _ENDS}
        if texts:
            found[name] = texts
        elif any(ends.values()):
            found[name] = {end: text for end, text in ends.items() if text}
    return found


def typed_of(said: Said) -> dict[str, list[str]]:
    """The reverse of :func:`said_of`: what stands in the fields when a binding is opened again."""
    found = {LEDGER: [str(said.get(LEDGER, ""))], WHAT: ["count"]}
    if "share" in said:
        found[WHAT] = ["share"]
        found |= _typed(said["share"], PART)
    if "sum" in said:
        found |= {WHAT: ["sum"], SUM: [str(said["sum"])]}
    return found | _typed(said.get("filters"), FILTER)


def _typed(given: JsonValue, prefix: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in given.items() if isinstance(given, Mapping) else ():
        if isinstance(value, Mapping):
            found |= {f"{prefix}{name}-{end}": [str(text)] for end, text in value.items()}
        else:
            texts = [value] if isinstance(value, str) else value
            found[prefix + name] = [str(one) for one in texts] if isinstance(texts, list | tuple) else []
    return found


def _one(typed: Typed, name: str) -> str:
    found = typed.get(name) or ("",)
    return found[0].strip()
