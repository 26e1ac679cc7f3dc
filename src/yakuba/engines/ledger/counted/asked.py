"""What a query on a ledger counts, as a binding keeps it. Pure but for the declarations.

::

    {"ledger": "public_wifi", "filters": {"use": ["shelter"]}}                              how many
    {"ledger": "vacant_houses", "filters": {}, "share": {"surveyed_on": {"from": "2026-04-01"}}}  which share of them
    {"ledger": "shelters", "filters": {}, "sum": "shelter_capacity"}                        what they come to

``filters``: field or chain → texts of its kind, any of which; or ``from`` and ``to``, both included. Without one on the state it is the
entries in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from django.utils.translation import gettext as _

from yakuba.engines.ledger.declaration import Ledger, find_ledger
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.small_cells import LEAST
from yakuba.engines.metrics.sources import Said
from yakuba.kernel.fields import PERSONAL, PUBLIC, Invalid, JsonValue, Spec
from yakuba.kernel.fields.kinds import Choice, Kind

#: Kinds of field by which entries may be told apart for counting; a text only where lists offer it to narrow by.
CHOSEN: Final = frozenset({"choice", "yes_no", "fiscal_year"})
RANGED: Final = frozenset({"date", "fiscal_year", "integer", "number"})
SUMMED: Final = frozenset({"integer", "number"})
_STATE: Final = "state"
#: What a query may say at most: as many values of one condition, and so long altogether (as JSON; as a binding keeps it).
MOST_VALUES: Final = 100
LONGEST: Final = 4000
_KEYS: Final = frozenset({"ledger", "filters", "count", "share", "sum"})


@dataclass(frozen=True, slots=True)
class Condition:
    """One field: any of these texts as JSON keeps them, or from and to (empty: open). ``words`` say it to a reader."""

    name: str
    kind: str
    any_of: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    words: str = ""


@dataclass(frozen=True)
class Asked:
    """A query that was understood. ``part``: the conditions of a share's numerator. ``summed``: the field that is added up."""

    ledger: Ledger[Entry]
    what: Literal["count", "share", "sum"] = "count"
    filters: tuple[Condition, ...] = ()
    part: tuple[Condition, ...] = ()
    summed: str = ""

    @property
    def states(self) -> frozenset[str] | None:
        """The states that count, where the query names them."""
        found = [set(one.any_of) for one in self.filters if one.name == _STATE]
        return frozenset(set.intersection(*found)) if found else None

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that are looked at, but for the state."""
        every = [one.name for one in (*self.filters, *self.part)] + ([self.summed] if self.summed else [])
        return tuple(dict.fromkeys(name for name in every if name != _STATE))

    @property
    def persons(self) -> bool:
        """Whether its ledger tells of persons, so that small counts do."""
        return bool(self.ledger.persons or self.ledger.personal)

    @property
    def least(self) -> int:
        """Below how many entries a count is told to nobody; 1 where it tells of no persons: nothing is small."""
        return LEAST if self.persons else 1

    @property
    def narrow(self) -> tuple[str, ...]:
        """The fields, by their labels, whose conditions could single a person out: anything but one of a list's values."""
        if not self.persons:
            return ()
        found = [one.name for one in (*self.filters, *self.part) if not one.any_of or one.kind not in CHOSEN]
        return tuple(dict.fromkeys(self.ledger.label_of(name) for name in found))

    @property
    def hidden(self) -> tuple[str, ...]:
        """The fields it rests on that the public never sees, by their labels; states are everybody's to count by."""
        chains = {chain.column for chain in self.ledger.all_chains}
        every = [one.name for one in (*self.filters, *self.part)] + ([self.summed] if self.summed else [])
        fields = self.ledger.fields
        return tuple(
            dict.fromkeys(
                self.ledger.label_of(name)
                for name in every
                if name not in chains and fields[name].classification is not PUBLIC
            )
        )

    @property
    def words(self) -> str:
        """What is counted, in a line."""
        label = str(self.ledger.label)
        base = "、".join(one.words for one in self.filters)
        where = _("%(ledger)s（%(filters)s）") % {"ledger": label, "filters": base} if base else label
        if self.what == "share":
            part = "、".join(one.words for one in self.part)
            return _("%(where)sのうち%(part)sの割合") % {"where": where, "part": part}
        if self.what == "sum":
            return _("%(where)sの「%(field)s」の計") % {
                "where": where,
                "field": self.ledger.label_of(self.summed),
            }
        return _("%sの件数") % where


@dataclass
class Read:
    """What came of reading: the query, or sentences on what is wrong with it."""

    asked: Asked | None = None
    problems: list[str] = field(default_factory=list)


def read(said: Said) -> Read:
    """Understand what a binding keeps. Nothing personal can be asked for, nor what tells one entry from all others."""
    found = Read()
    key = said.get("ledger")
    ledger = find_ledger(key) if isinstance(key, str) else None
    if ledger is None:
        found.problems.append(_("「%s」という台帳はありません。") % str(key or "")[:60])
        return found
    if len(str(said)) > LONGEST:
        found.problems.append(_("条件が長すぎます。条件を減らしてください。"))
        return found
    if strange := sorted(set(said) - _KEYS):
        found.problems.append(_("「%s」は使えない指定です。") % "」「".join(one[:40] for one in strange))
    if "share" in said and "sum" in said:
        found.problems.append(_("割合と合計は、どちらか一方だけを指定してください。"))
    filters = _conditions(ledger, said.get("filters") or {}, found.problems)
    part: tuple[Condition, ...] = ()
    what: Literal["count", "share", "sum"] = "count"
    summed = ""
    if "share" in said:
        what, part = "share", _conditions(ledger, said["share"], found.problems)
        if not part:
            found.problems.append(_("割合の分子にする条件を1つ以上指定してください。"))
    elif "sum" in said:
        what, summed = "sum", str(said["sum"])
        if summed not in summable(ledger):
            found.problems.append(_("「%s」は合計できる項目ではありません。") % _label(ledger, summed))
    if not found.problems:
        found.asked = Asked(ledger, what, filters, part, summed)
    return found


def countable(ledger: Ledger[Entry]) -> dict[str, Kind[object]]:
    """The fields and chains by which entries may be counted, in the order of the form: nothing personal, nothing that names one entry."""
    # Mistakes and doubles count nowhere: their states are none to ask for.
    found: dict[str, Kind[object]] = {
        chain.column: Choice(tuple(chain.states))  # type: ignore[misc]  # a kind of str among kinds of anything
        for chain in ledger.all_chains
    }
    for name, spec in ledger.fields.items():
        if _tells_apart(spec):
            found[name] = ledger.kind_of(name)
    return found


def offered(ledger: Ledger[Entry]) -> dict[str, Kind[object]]:
    """Those that the form offers: of a ledger that tells of persons only what is chosen from a list (:attr:`Asked.narrow`)."""
    found = countable(ledger)
    if not (ledger.persons or ledger.personal):
        return found
    return {name: kind for name, kind in found.items() if kind.key in CHOSEN and kind.choices()}


def summable(ledger: Ledger[Entry]) -> dict[str, Spec]:
    """The numbers that may be added up."""
    return {
        name: spec
        for name, spec in ledger.fields.items()
        if spec.classification is not PERSONAL and spec.kind is not None and spec.kind.key in SUMMED
    }


def _tells_apart(spec: Spec) -> bool:
    if spec.classification is PERSONAL or spec.kind is None:
        return False
    return spec.kind.key in CHOSEN | RANGED or (spec.kind.key == "text" and spec.filterable)


def _label(ledger: Ledger[Entry], name: str) -> str:
    known = name in ledger.fields or ledger.chain_of(name) is not None
    return ledger.label_of(name) if known else name[:60]


def _conditions(ledger: Ledger[Entry], given: JsonValue, problems: list[str]) -> tuple[Condition, ...]:
    if not isinstance(given, Mapping):
        problems.append(_("条件を読み取れません。画面を開き直してください。"))
        return ()
    allowed = countable(ledger)
    found = []
    for name in given:
        if name not in allowed:
            personal = name in ledger.fields and ledger.fields[name].classification is PERSONAL
            why = (
                _("「%s」は個人に関する項目なので、条件にできません。")
                if personal
                else _("「%s」は、条件にできる項目ではありません。")
            )
            problems.append(why % _label(ledger, name))
            continue
        one = _condition(ledger, name, allowed[name], given[name], problems)
        if one is not None:
            found.append(one)
    return tuple(found)


def _condition(
    ledger: Ledger[Entry], name: str, kind: Kind[object], given: JsonValue, problems: list[str]
) -> Condition | None:
    label = ledger.label_of(name)
    try:
        if isinstance(given, Mapping):
            return _range(label, name, kind, given)
        texts = [given] if isinstance(given, str) else list(given) if isinstance(given, list | tuple) else []
        if len(texts) > MOST_VALUES:
            problems.append(
                _("「%(label)s」の値は、%(most)d個までにしてください。")
                % {"label": label, "most": MOST_VALUES}
            )
            return None
        values = [kind.parse(str(one)) for one in texts]
    except Invalid as invalid:
        problems.append(
            _("「%(label)s」の「%(found)s」は使えません。%(expected)sにしてください。")
            % {"label": label, "found": invalid.found[:40], "expected": invalid.expected}
        )
        return None
    if not values:
        problems.append(_("「%s」の値を1つ以上選んでください。") % label)
        return None
    told = "・".join(kind.format(one) for one in values)
    return Condition(
        name,
        kind.key,
        tuple(dict.fromkeys(_as_text(kind.to_json(one)) for one in values)),
        words=f"{label}：{told}",
    )


def _range(label: str, name: str, kind: Kind[object], given: Mapping[str, JsonValue]) -> Condition:
    if kind.key not in RANGED or set(given) - {"from", "to"} or not any(given.values()):
        raise Invalid("range", "・".join(str(one)[:20] for one in given) or _("空"), _("値の一覧"))
    ends = {key: kind.parse(str(text)) for key, text in given.items() if text}
    told = {key: kind.format(value) for key, value in ends.items()}
    if len(told) == 2:
        words = _("%(label)s：%(from)sから%(to)sまで") % {"label": label, **told}
    else:
        words = f"{label}：" + (_("%sから") % told["from"] if "from" in told else _("%sまで") % told["to"])
    values = {key: _as_text(kind.to_json(value)) for key, value in ends.items()}
    return Condition(name, kind.key, since=values.get("from", ""), until=values.get("to", ""), words=words)


def _as_text(value: JsonValue) -> str:
    """As the database gives a value of an amendment out."""
    return str(value).lower() if isinstance(value, bool) else str(value)
