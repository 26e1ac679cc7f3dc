"""What a ledger is: said once, beside its model class. Form, list, sheet, API, dictionary and permissions follow from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar

from django.db import models

from yakuba.engines.ledger.forms.declaring import Form
from yakuba.kernel.fields import PERSONAL, PUBLIC, JsonValue, Spec, spec_of
from yakuba.kernel.fields.kinds import Choice, Kind
from yakuba.kernel.sheets.table import Column
from yakuba.kernel.ui.drawing import Text

if TYPE_CHECKING:
    from yakuba.engines.ledger.models import Book
    from yakuba.engines.ledger.records import Entry, Line
    from yakuba.kernel.actions import Context, Problem

E = TypeVar("E", bound="Entry")
L = TypeVar("L", bound="Line")

#: The state of an entry that was made by mistake: kept as a tombstone, counted nowhere.
VOID: Final = "void"
#: The state of an entry that turned out to be another one's double.
MERGED: Final = "merged"
#: States that every ledger has besides its own.
COMMON_STATES: Final = ((VOID, "誤登録"), (MERGED, "統合済み"))


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed move of a chain, from one state to another. ``needs``: what has to be given with it."""

    key: str
    label: Text
    come_from: str
    go_to: str
    needs: frozenset[Literal["reason", "document"]] = frozenset()


@dataclass(frozen=True)
class Chain:
    """States and moves of an entry (MECHANISMS §7). A ledger's main chain stands in the column ``state``; others in columns of their own.

    ``ended``: states in which an entry is no more in force (a dead dog, a demolished house); it counts no more and nothing falls due.
    """

    column: str
    label: Text
    states: Sequence[tuple[str, str]]
    first: str
    steps: Sequence[Step]
    ended: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        known = {key for key, _label in self.states}
        named = {self.first, *self.ended, *(s for step in self.steps for s in (step.come_from, step.go_to))}
        if not named <= known:
            raise ValueError(f"{self.column}: {sorted(named - known)} are no states")
        reached, before = {self.first}, 0
        while before != len(reached):
            before = len(reached)
            reached |= {step.go_to for step in self.steps if step.come_from in reached}
        if reached != known:
            raise ValueError(f"{self.column}: nothing leads to {sorted(known - reached)}")

    @property
    def all_states(self) -> tuple[tuple[str, str], ...]:
        """Its own states, and those that the main chain of every ledger has."""
        return (*self.states, *(COMMON_STATES if self.column == "state" else ()))

    def label_of(self, state: str) -> str:
        """A state in words; the code itself for one that is declared no more."""
        return dict(self.all_states).get(state, state)

    def needs_of(self, state: str) -> frozenset[Literal["reason", "document"]]:
        """What has to be given for an entry that begins in a state: all that the shortest way there from the first one asks for."""
        ways: dict[str, frozenset[Literal["reason", "document"]]] = {self.first: frozenset()}
        near = [self.first]
        for here in near:  # grows as it goes
            for step in self.steps_from(here):
                if step.go_to not in ways:
                    ways[step.go_to] = ways[here] | step.needs
                    near.append(step.go_to)
        return ways[state]

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """The moves that are allowed from a state."""
        return tuple(step for step in self.steps if step.come_from == state)

    def check(self, name: str) -> models.CheckConstraint:
        """That the column holds a state of this chain; for the ``Meta`` of the model."""
        states = [key for key, _label in self.all_states]
        return models.CheckConstraint(condition=models.Q(**{f"{self.column}__in": states}), name=name)


@dataclass(frozen=True, slots=True)
class Numbering:
    """How an entry gets its number: ``{year}`` (R8), ``{seq}`` (the counter, ``width`` digits) and fixed text.

    ``by_year``: the counter begins anew with each fiscal year. A number that somebody brings along (from paper) is kept, and passed over
    when its turn comes.
    """

    pattern: str = "{seq}"
    width: int = 1
    by_year: bool = False

    def __post_init__(self) -> None:
        if "{seq}" not in self.pattern or (self.by_year and "{year}" not in self.pattern):
            raise ValueError("a number shows its counter, and the year where the counter begins anew")

    def written(self, year: str, count: int) -> str:
        """A number."""
        return self.pattern.replace("{year}", year).replace("{seq}", f"{count:0{self.width}}")


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that stand together in form and detail."""

    label: Text
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """That rows of a sort are often written for many entries at once (集合注射): ``shared`` fields are said once, ``running`` counts on.

    ``running`` is a text that ends with digits; empty where nothing counts.
    """

    label: Text
    shared: tuple[str, ...]
    running: str = ""


@dataclass(frozen=True, slots=True)
class Lines(Generic[L]):
    """Rows that belong to an entry (注射, 点検, 修繕): a model class on :class:`.records.Line`, newest first by ``order``.

    An order that begins with a plus (``+turn``) puts the smallest first. ``check`` says what contradicts itself in such a row.
    ``aliases`` are other words for its fields in the tables of offices. ``usual`` says what stands in a field of a row of a table that says nothing of it, from what the table says (JSON): the year from the day.
    """

    key: str
    label: Text
    model: type[L]
    order: str = ""
    check: Callable[[L], Sequence[Problem]] = lambda _line: ()
    usual: Mapping[str, Callable[[Mapping[str, JsonValue]], JsonValue]] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    round: Round | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """The fields that tell of one person: of the entry, or of each of its sub-rows of one sort (``lines``). Empty: there is no such field.

    Whoever is under 支援措置 is found by them.
    """

    name: str
    kana: str = ""
    address: str = ""
    birth: str = ""
    lines: str = ""


@dataclass(frozen=True, slots=True)
class Due(Generic[E]):
    """What falls due: of each entry in force the day (None: nothing), reminded of so many days before.

    ``candidates`` narrows the entries in the database, so that a large ledger is not read as a whole every night.
    """

    key: str
    label: Text
    on: Callable[[E], dt.date | None]
    candidates: Callable[[Context], models.Q]
    days_before: tuple[int, ...] = (30,)


@dataclass(frozen=True, slots=True)
class Report:
    """A table of figures about a book as of a day, for those who read everything of it; none of its cells is about a person.

    ``rows`` are values by column key. A report of a fiscal year is that of the year in which the day falls. ``yearly``: it belongs to
    the work of 1 April, where the day is the last one of the year that ended.
    """

    key: str
    label: Text
    columns: tuple[Column, ...]
    rows: Callable[[Context, Book, dt.date], Iterable[Mapping[str, object]]]
    yearly: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The ground of a ledger or of one of its rules: a law, ordinance, guideline or standard, with the days between which it holds."""

    what: Text
    ground: str
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True)
class Ledger(Generic[E]):
    """A ledger. ``title`` is the field (or two, the first filled one) that names an entry; ``listed`` the columns of its list.

    ``alike``: sets of fields; entries that share all values of one set may be doubles. ``check`` says what contradicts itself in an
    entry as a whole. ``public`` entries (``public_when`` narrows them) may be released with their public fields, and with their numbers where ``number_public``. ``derived`` fields
    follow from the others by a rule: nobody types them, they are worked out whenever an entry or its sub-rows change; those
    ``from_lines`` follow from the sub-rows alone, and are worked out when these change. ``aliases``: what offices call a field in their own
    tables (field → words), besides what its label says; ``number`` may have some too.
    """

    key: str
    label: Text
    model: type[E]
    title: tuple[str, ...]
    chain: Chain
    numbering: Numbering
    sections: tuple[Section, ...]
    listed: tuple[str, ...]
    number_label: Text = "番号"
    chains: tuple[Chain, ...] = ()
    lines: tuple[Lines[Any], ...] = ()  # Any: each of a model of its own
    dues: tuple[Due[E], ...] = ()
    alike: tuple[tuple[str, ...], ...] = ()
    check: Callable[[E], Sequence[Problem]] = lambda _entry: ()
    persons: tuple[Person, ...] = ()
    public_when: models.Q | None = None
    number_public: bool = False
    derived: Mapping[str, Callable[[E], object]] = field(default_factory=dict)
    from_lines: frozenset[str] = frozenset()
    reports: tuple[Report, ...] = ()
    forms: tuple[Form[E], ...] = ()
    sources: tuple[Source, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note_kinds: tuple[tuple[str, str], ...] = (
        ("call", "電話"), ("visit", "訪問"), ("paper", "文書"), ("counter", "窓口"), ("other", "その他"),
    )  # fmt: skip
    full_detail_zoom: int = 14
    style_by: str = ""

    def __post_init__(self) -> None:
        if self.chain.column != "state":
            raise ValueError("the main chain stands in the column «state»")
        missing = [
            name
            for name in (*self.title, *self.listed, *self.derived, *(set(self.aliases) - {"number"}))
            if name not in self.fields and name != "state"
        ]
        if missing:
            raise ValueError(f"{self.key}: {missing} stand in no section")

    @property
    def all_chains(self) -> tuple[Chain, ...]:
        """The main chain and the others."""
        return (self.chain, *self.chains)

    @cached_property
    def fields(self) -> dict[str, Spec]:
        """The entry's own fields in the order of form and detail: name → spec. Numbers and states are no fields of a form."""
        found: dict[str, Spec] = {}
        for section in self.sections:
            for name in section.fields:
                spec = spec_of(self.model._meta.get_field(name))
                if spec is None or spec.kind is None:
                    raise LookupError(f"{self.key}.{name} carries no field of a kind")
                found[name] = spec
        return found

    @property
    def placed(self) -> bool:
        """Whether its entries have a place."""
        return "place" in self.fields

    @property
    def personal(self) -> tuple[str, ...]:
        """The names of fields about a person."""
        return tuple(name for name, spec in self.fields.items() if spec.classification is PERSONAL)

    @property
    def public(self) -> tuple[str, ...]:
        """The names of fields that may be released."""
        return tuple(name for name, spec in self.fields.items() if spec.classification is PUBLIC)

    @property
    def public_place(self) -> str | None:
        """The field that says everybody where an entry is: never ``place`` where that is not public. None where nothing does."""
        return next((name for name in self.public if self.kind_of(name).key == "shape"), None)

    def chain_of(self, column: str) -> Chain | None:
        """The chain of a column."""
        return next((one for one in self.all_chains if one.column == column), None)

    def lines_of(self, key: str) -> Lines[Any] | None:  # Any: of any model
        """Its rows of one sort."""
        return next((one for one in self.lines if one.key == key), None)

    def kind_of(self, name: str) -> Kind[object]:
        """The kind of a field, or the states of a chain as one. KeyError for neither."""
        if (chain := self.chain_of(name)) is not None:
            return Choice(chain.all_states)  # type: ignore[return-value]  # a kind of str among kinds of anything
        kind = self.fields[name].kind
        assert kind is not None  # fields has only such  # noqa: S101
        return kind

    def label_of(self, name: str) -> str:
        """What a column is called: a field, a chain or the number."""
        if name == "number":
            return str(self.number_label)
        if (chain := self.chain_of(name)) is not None:
            return str(chain.label)
        return self.fields[name].label


LAYERS: Final = "ledger-"


def layer_key(ledger: str) -> str:
    """The key of a ledger's layer on maps: letters, digits and hyphens."""
    return LAYERS + ledger.replace("_", "-")


_LEDGERS: dict[str, Ledger[Entry]] = {}


def register_ledger(ledger: Ledger[E]) -> Ledger[E]:
    """Make a ledger known: its model becomes a subject, its permissions and actions are made. Once per key, at start-up."""
    if ledger.key in _LEDGERS:
        raise RuntimeError(f"ledger {ledger.key} is registered already")
    _LEDGERS[ledger.key] = ledger  # type: ignore[assignment]  # ledgers of every model stand side by side
    ledger.model.ledger_key = ledger.key
    return ledger


def ledgers() -> tuple[Ledger[Entry], ...]:
    """Every ledger of the house, by key."""
    return tuple(_LEDGERS[key] for key in sorted(_LEDGERS))


def find_ledger(key: str) -> Ledger[Entry] | None:
    """The ledger of a key."""
    return _LEDGERS.get(key)


def ledger_of(model: type[E]) -> Ledger[E]:
    """The ledger of a model. KeyError for a model of none."""
    return _LEDGERS[model.ledger_key]  # type: ignore[return-value]  # put in under this very model
