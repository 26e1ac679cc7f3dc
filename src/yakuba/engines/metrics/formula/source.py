"""Formulas as a source of an indicator's figures: ``{"formula": text, "unit": …}``, over metrics and series.

A formula keeps nothing of its own. It is reckoned from the figures that count, and frozen by freezing those of its metrics.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.metrics import store
from yakuba.engines.metrics.declaring import METRICS
from yakuba.engines.metrics.formula.reading import FormulaError, read
from yakuba.engines.metrics.formula.reckoning import Operand, needs, reckon
from yakuba.engines.metrics.formula.saying import in_words, written
from yakuba.engines.metrics.formula.tree import (
    Cumulative,
    Name,
    Share,
    States,
    Tree,
    aggregation_of,
    names_of,
    parts_of,
)
from yakuba.engines.metrics.models import PublicFigure
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.queries import period_of
from yakuba.engines.metrics.rules import read_parts
from yakuba.engines.metrics.sources import SOURCES, Figure, Ground, Said, Source
from yakuba.engines.metrics.sources import Operand as Named
from yakuba.engines.metrics.wording import figure_text, period_name
from yakuba.kernel.access.desk import address
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.text import fold

_FIRMNESS: Final = ("provisional", "preliminary", "final")
_LONGEST_UNIT: Final = 40
_LONGEST_SUM: Final = 50  # fiscal years: every period of it asks for the figures of all
_UNSUMMED: Final = frozenset({"cumulative", "at_date", "ratio", "average", "state"})
Found = Mapping[Name, Mapping[Period, Figure]]
Labels = Mapping[Name, Mapping[str, str]]
Released = Callable[[Tree, Period], Figure | None]
"""A formula's figure of a period, from what the public reads."""


def text_of(said: Said) -> str:
    """The formula of a binding as it was typed."""
    found = said.get("formula")
    return found if isinstance(found, str) else ""


def tree_of(said: Said) -> Tree:
    """The formula of a binding. Raises :class:`Problem` for a text that is none."""
    try:
        return read(text_of(said))
    except FormulaError as error:
        raise Problem("formula", str(error), field="formula", found=text_of(said)[:80]) from error


def said_of(name: Name) -> Said:
    """What a binding to the named figure alone would keep."""
    return {name.origin: name.key}


class FormulaSource(Source):
    """What is reckoned from other figures."""

    key = "formula"
    label = gettext_lazy("計算式（ほかの値からの計算）")

    def check(self, ctx: Context, said: Said) -> list[str]:
        """That it can be read, that there is what it names, and that what it sums can be summed."""
        try:
            tree = read(text_of(said))
        except FormulaError as error:
            return [str(error)]
        found = [message for name in names_of(tree) for message in self._check_name(ctx, name)]
        if found:
            return found
        found += self._check_sums(ctx, tree)
        found += _check_states(tree)
        unit = said.get("unit", "")
        if not isinstance(unit, str) or len(unit) > _LONGEST_UNIT:
            found.append(_("単位は%(limit)d文字までで書いてください。") % {"limit": _LONGEST_UNIT})
        return found

    def _check_name(self, ctx: Context, name: Name) -> list[str]:
        if name.origin not in SOURCES:
            return [
                _("%(at)d文字目：%(message)s")
                % {"at": name.at, "message": _("外部の数値は、ここではまだ使えません。")}
            ]
        messages = SOURCES.get(name.origin).check(ctx, said_of(name))
        return [_("%(at)d文字目：%(message)s") % {"at": name.at, "message": one} for one in messages]

    def _check_sums(self, ctx: Context, tree: Tree) -> list[str]:
        """A level is not summed over years: whoever was there in two of them would count twice. Nor is anything over too many."""
        found = []
        first = FiscalYear(FiscalYear.of(japan_date(ctx.now)).year - _LONGEST_SUM + 1)
        for one in _all_of(tree):
            if not isinstance(one, Cumulative):
                continue
            if one.since < first:
                found.append(_("累計は、%(first)sより前からは始められません。") % {"first": first.wareki})
            found += [
                _("%(at)d文字目：「%(title)s」は年度ごとの計ではないので、累計にできません。")
                % {"at": name.at, "title": self._title(ctx, name)}
                for name in names_of(one.of)
                if SOURCES.get(name.origin).aggregation(ctx, said_of(name)) in _UNSUMMED
            ]
            if any(isinstance(inner, Share) for inner in _all_of(one.of)):
                found.append(_("割合は累計にできません。累計どうしの割合にしてください。"))
        return found

    def title(self, ctx: Context, said: Said) -> str:
        """What is reckoned, in words; the text itself where it cannot be read."""
        try:
            return in_words(read(text_of(said)), lambda name: self._title(ctx, name))
        except FormulaError:
            return text_of(said)

    def _title(self, ctx: Context, name: Name) -> str:
        source = SOURCES.get(name.origin) if name.origin in SOURCES else None
        return source.title(ctx, said_of(name)) if source else name.key

    def unit(self, ctx: Context, said: Said) -> str:
        """The one given with it; else percent of a share, and that of its figures where they all have the same."""
        unit = said.get("unit")
        if isinstance(unit, str) and unit.strip():
            return unit.strip()
        tree = tree_of(said)
        if isinstance(tree, Share):
            return "%"
        units = {
            SOURCES.get(name.origin).unit(ctx, said_of(name))
            for name in names_of(tree)
            if name.origin in SOURCES
        }
        return units.pop() if len(units) == 1 and self.aggregation(ctx, said) != "average" else ""

    def aggregation(self, ctx: Context, said: Said) -> str:
        """From those of its figures."""
        tree = tree_of(said)
        of = {
            name: SOURCES.get(name.origin).aggregation(ctx, said_of(name))
            for name in names_of(tree)
            if name.origin in SOURCES
        }
        return aggregation_of(tree, of)

    def definition(self, ctx: Context, said: Said) -> str:
        """The formula in words, and after it what each of its figures counts."""
        tree = tree_of(said)
        lines = [
            _("%(formula)sを計算します。") % {"formula": in_words(tree, lambda name: self._title(ctx, name))}
        ]
        lines += [
            _("「%(title)s」：%(definition)s")
            % {
                "title": self._title(ctx, name),
                "definition": SOURCES.get(name.origin).definition(ctx, said_of(name)),
            }
            for name in names_of(tree)
            if name.origin in SOURCES
        ]
        return "\n".join(lines)

    def href(self, ctx: Context, said: Said) -> str:
        """The page that reckons it step by step."""
        return address("metrics-formula", ctx) + f"?{_query(said)}"

    def figures(self, ctx: Context, said: Said, periods: Sequence[Period]) -> Mapping[Period, Figure]:
        """As many queries as its metrics take together (three) and each of its series takes."""
        return self.figures_of_many(ctx, [said], periods)[0]

    def figures_of_many(
        self, ctx: Context, many: Sequence[Said], periods: Sequence[Period]
    ) -> Sequence[Mapping[Period, Figure]]:
        """What all of them ask for is read at once. A text that cannot be read (any more) has no figures."""
        trees = [_tree_or_none(said) for said in many]
        asked: dict[Name, set[Period]] = defaultdict(set)
        for tree in trees:
            for period in periods if tree is not None else ():
                for name, of in needs(tree, period) if tree is not None else ():
                    asked[name].add(of)
        found = _read(ctx, asked)
        labels = _labels(ctx, [tree for tree in trees if tree is not None], found)
        return [
            {}
            if tree is None
            else {
                period: figure
                for period in periods
                if (figure := reckoned(tree, period, found, labels, lambda name: self._title(ctx, name)))
                is not None
            }
            for tree in trees
        ]

    def operands(self, ctx: Context, said: Said) -> Sequence[Named]:
        """Every metric and series that it names."""
        tree = _tree_or_none(said)
        return () if tree is None else [Named(name.origin, name.key) for name in names_of(tree)]

    def freeze(self, ctx: Context, said: Said, periods: Sequence[Period], ground: str) -> None:
        """Freezes what its figures rest on; series never change under a figure anyway."""
        asked: dict[Name, set[Period]] = defaultdict(set)
        tree = tree_of(said)
        for period in periods:
            for name, of in needs(tree, period):
                asked[name].add(of)
        for name, of_periods in asked.items():
            if name.origin == "metric" and name.key in METRICS:
                store.freeze(ctx, name.key, sorted(of_periods), ground)
            elif name.origin in SOURCES:
                SOURCES.get(name.origin).freeze(ctx, said_of(name), sorted(of_periods), ground)


def reckoned(
    tree: Tree,
    period: Period,
    found: Found,
    labels: Labels | None = None,
    title: Callable[[Name], str] | None = None,
) -> Figure | None:
    """A formula's figure of a period from figures that were read; None where there is no value.

    It is as firm as the least firm of them, and what it rests on are all of them. ``labels``: what parts are called, where it counts them.
    """

    def resolve(name: Name, of: Period) -> Operand | None:
        one = found.get(name, {}).get(of)
        if one is None:
            return None
        named = (labels or {}).get(name, {})
        return Operand(one.number, one.state, one.numerator, one.denominator, one.parts, named)

    value = reckon(tree, period, resolve).value
    if value is None:
        return None
    used = [
        (name, figure)
        for name, of in sorted(needs(tree, period), key=lambda one: (one[0].origin, one[0].key, one[1]))
        if (figure := found.get(name, {}).get(of)) is not None
    ]
    figures = [figure for _name, figure in used]
    return Figure(
        period,
        value.number,
        numerator=value.numerator,
        denominator=value.denominator,
        version=_version(used),
        status=min((one.status for one in figures), key=_FIRMNESS.index, default="provisional"),
        revision=sum(one.revision for one in figures),
        note="。".join(dict.fromkeys(one.note for one in figures if one.revision and one.note)),
        at=max((one.at for one in figures if one.at is not None), default=None),
        by="、".join(dict.fromkeys(one.by for one in figures if one.by)),
        grounds=tuple(_grounds(used, title or (lambda name: name.key))),
    )


def public_figures(ctx: Context, rows: Iterable[PublicFigure], trees: Iterable[Tree]) -> Released:
    """Reckons formulas from what the public reads: one whose parts are kept from the public has no figure. No grounds.

    ``rows`` are those of the operands of all ``trees`` (:meth:`Source.operands`) and of all the years that they sum. What parts are
    called is read here, once; reckoning asks for nothing more.
    """
    found: dict[Name, dict[Period, Figure]] = defaultdict(dict)
    for row in sorted(rows, key=lambda one: one.definition_version):
        if row.hidden:
            continue
        period = period_of(row)
        found[Name(row.key, "series" if row.source == "series" else "metric")][period] = Figure(
            period,
            row.number,
            numerator=row.numerator,
            denominator=row.denominator,
            parts=read_parts(row.parts),
            version=row.definition_version,
            status=row.status,
            revision=row.revision,
            note=row.note,
            at=row.released_at,
        )
    labels = _labels(ctx, trees, found)

    def told(tree: Tree, period: Period) -> Figure | None:
        one = reckoned(tree, period, found, labels)
        return None if one is None else replace(one, by="", grounds=())

    return told


def canonical(text: str) -> str:
    """The formula as it is kept: one way to write what means the same. Raises :class:`FormulaError`."""
    return written(read(text))


# --- inside -------------------------------------------------------------------------------------------------------------


def _tree_or_none(said: Said) -> Tree | None:
    try:
        return read(text_of(said))
    except FormulaError:
        return None


def _all_of(tree: Tree) -> Iterable[Tree]:
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(parts_of(one))


def _check_states(tree: Tree) -> list[str]:
    """Words that a metric's own list of states does not have. Where states are data (a ledger's), nobody knows them beforehand."""
    found = []
    for one in _all_of(tree):
        if not isinstance(one, States) or one.of.origin != "metric":
            continue
        metric = METRICS.get(one.of.key)
        if not metric.parts:
            continue
        known = {fold(word) for key, label in metric.parts.items() for word in (key, str(label))}
        found += [
            _("%(at)d文字目：「%(title)s」に「%(word)s」という内訳はありません。使えるもの：%(known)s")
            % {
                "at": one.of.at,
                "title": metric.label,
                "word": word,
                "known": "、".join(str(label) for label in metric.parts.values()),
            }
            for word in one.words
            if fold(word) not in known
        ]
    return found


def _read(ctx: Context, asked: Mapping[Name, Collection[Period]]) -> dict[Name, Mapping[Period, Figure]]:
    """The figures of all names, each origin asked once."""
    found: dict[Name, Mapping[Period, Figure]] = {}
    for origin in sorted({name.origin for name in asked} & set(SOURCES)):
        names = [name for name in asked if name.origin == origin]
        periods = sorted({period for name in names for period in asked[name]})
        figures = SOURCES.get(origin).figures_of_many(ctx, [said_of(name) for name in names], periods)
        found.update(zip(names, figures, strict=True))
    return found


def _labels(ctx: Context, trees: Iterable[Tree], found: Found) -> dict[Name, Mapping[str, str]]:
    """What the parts are called of which formulas count some: one question for each metric."""
    counted = {
        one.of
        for tree in trees
        for one in _all_of(tree)
        if isinstance(one, States) and one.of.origin == "metric"
    }
    return {
        name: METRICS.get(name.key).names_of(
            ctx.municipality.id, {part for figure in found.get(name, {}).values() for part in figure.parts}
        )
        for name in counted
        if name.key in METRICS
    }


def _version(used: Sequence[tuple[Name, Figure]]) -> int:
    """A number that changes whenever one of the definitions does; 0 where some of it comes from an older system."""
    newest: dict[Name, int] = {}
    for name, figure in used:
        newest[name] = max(newest.get(name, 0), figure.version)
    if not all(newest.values()):
        return 0
    return 1 + sum(version - 1 for version in newest.values())


def _grounds(used: Sequence[tuple[Name, Figure]], title: Callable[[Name], str]) -> Iterable[Ground]:
    """What it rests on, one line for each figure; a figure counted under another definition than the newest says so."""
    newest: dict[Name, int] = {}
    for name, figure in used:
        newest[name] = max(newest.get(name, 0), figure.version)
    for name, figure in used:
        own = figure.grounds[0] if figure.grounds else Ground("", "")
        note = own.note
        if figure.version != newest[name] and figure.version:
            note = "。".join(part for part in (note, _("定義が変わる前の値です")) if part)
        unit = METRICS.get(name.key).unit if name.origin == "metric" and name.key in METRICS else ""
        yield Ground(
            f"{title(name)}（{period_name(figure.period)}）",
            figure_text(figure, unit) if unit or not own.value else own.value,
            own.href,
            note,
        )


def _query(said: Said) -> str:
    asked = QueryDict(mutable=True)
    asked["formula"] = text_of(said)
    unit = said.get("unit")
    if isinstance(unit, str) and unit:
        asked["unit"] = unit
    return asked.urlencode()


SOURCES.register("formula", FormulaSource())
