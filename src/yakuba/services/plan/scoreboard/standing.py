"""How an initiative stands: on course, standing still, over, or not to be told; and whether anything measures it. Pure.

The city's own progress word decides where it has a fixed meaning. Where it has none the indicators do: those that reached their
target or moved towards it are on course, those that stayed where they were are not (docs/scoreboard.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.ui.components import badge
from yakuba.kernel.ui.components.marks import Tone
from yakuba.kernel.ui.drawing import Text
from yakuba.kernel.ui.formats import year_name
from yakuba.services.plan import labels, public_figures, public_overview, shown
from yakuba.services.plan.lateness import LATE
from yakuba.services.plan.public_overview import ON_TRACK, OVER
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import Row
from yakuba.services.plan.year import figures

Course = Literal["on", "still", "over", "open"]
COURSES: Final[dict[Course, Text]] = {
    "on": gettext_lazy("順調に進んでいる"),
    "still": gettext_lazy("進んでいない"),
    "over": gettext_lazy("終わった"),
    "open": gettext_lazy("まだ分からない"),
}
#: A word alone is read; shape and tone only help to find it again.
SIGNS: Final[dict[str, tuple[Tone, str]]] = {
    "on": ("good", "circle-check"),
    "still": ("bad", "stop"),
    "over": ("neutral", "flag"),
    "open": ("neutral", "circle"),
    "unmeasured": ("warn", "search"),
}
UNMEASURED: Final = gettext_lazy("測っていない")
_AIMED: Final = {"increase": 1, "reach": 1, "decrease": -1}

Points = Mapping[int, Decimal]
"""Figures by fiscal year."""


@dataclass(frozen=True, slots=True)
class Still:
    """A figure that did not come nearer to its target: which, where it stands, and since which fiscal year.

    ``first`` is its value in ``since``; ``held`` the first year of those at the end that all hold ``value``, ``last`` the newest.
    """

    name: str
    value: str
    since: int
    years: int
    """How many years it did not come nearer, at least 2."""
    first: str
    held: int
    last: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One initiative on the board. ``services``: what could measure it (labels of metrics); ``measured``: how many indicators are."""

    row: Row
    course: Course
    why: str
    still: tuple[Still, ...] = ()
    services: tuple[str, ...] = ()
    measured: int = 0

    @property
    def unmeasured(self) -> bool:
        """Whether a service measures what it is about and none of its indicators uses that."""
        return bool(self.services) and not self.measured and self.course != "over"


@dataclass(frozen=True)
class Known:
    """What is known beside the plan's own words, by initiative and the indicator's place from 0.

    ``measured``: figures by year of those that are measured; an indicator that is bound and has no figure yet has an empty one.
    ``breaks``: the first years of another definition of it; values before and after one are never compared.
    ``services``: by theme (ids of the vocabulary) the labels of the metrics that exist.
    """

    measured: Mapping[tuple[UUID, int], Points] = field(default_factory=dict)
    services: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    breaks: Mapping[tuple[UUID, int], Collection[int]] = field(default_factory=dict)

    def of(self, row: Row, place: int) -> tuple[Points, Collection[int]]:
        """The measured figures of an indicator and where its definition changed."""
        return self.measured.get((row.id, place), {}), self.breaks.get((row.id, place), ())


def standing(row: Row, year: int, known: Known) -> Standing:
    """How an initiative stands in a fiscal year."""
    bound = [place for place, _one in enumerate(row.form["indicators"]) if (row.id, place) in known.measured]
    services = tuple(dict.fromkeys(one for theme in row.themes for one in known.services.get(theme, ())))
    stood = tuple(
        found
        for place, one in enumerate(row.form["indicators"])
        if (found := still(one, year, *known.of(row, place))) is not None
    )
    course, why = _course(row, year, known, stood)
    return Standing(row, course, why, stood, services, len(bound))


def _course(row: Row, year: int, known: Known, stood: Sequence[Still]) -> tuple[Course, str]:
    meaning = labels.meaning(row.form) or ""
    said = _("進捗状況は「%(word)s」です。") % {"word": row.progress}
    if meaning in OVER:
        return "over", said
    if meaning in LATE:
        return "still", said
    if meaning in ON_TRACK:
        return "on", said
    if stood:
        return "still", stopped(stood[0])
    moves = [
        found
        for place, one in enumerate(row.form["indicators"])
        if (found := moving(one, year, *known.of(row, place))) is not None
    ]
    if moves and all(moves):
        return "on", _("指標が、目標に届いたか、目標に近づいています。")
    if meaning == "not_started":
        return "open", said
    return "open", _("進捗状況の言葉も、くらべられる指標の値もありません。")


def stopped(one: Still) -> str:
    """In words since when a figure stands: 「手続数」は令和5年度から75のままです. One that went back is told by its two ends."""
    if one.held == one.last:
        return _("「%(name)s」は%(since)sに%(first)s、%(last)sに%(value)sで、目標に近づいていません。") % {
            "name": one.name,
            "since": year_name(one.since),
            "first": one.first,
            "last": year_name(one.last),
            "value": one.value,
        }
    return _("「%(name)s」は%(year)sから%(value)sのままです。") % {
        "name": one.name,
        "year": year_name(one.held),
        "value": one.value,
    }


def points(indicator: Form, measured: Points, until: int, breaks: Collection[int] = ()) -> dict[int, Decimal]:
    """The figures of an indicator by year up to one: as printed, and as measured where the plan prints none.

    Those before the last of ``breaks`` were counted by another definition and are left out.
    """
    printed = {
        one.year: one.number
        for one in public_overview.measured(indicator)
        if one.number is not None and one.year <= until
    }
    found = {year: number for year, number in measured.items() if year <= until} | printed
    since = max((year for year in breaks if year <= until), default=min(found, default=until))
    return {year: found[year] for year in sorted(found) if year >= since}


def _way(indicator: Form, found: Points, goal: Decimal) -> int:
    """1 where more is wanted, -1 where less is, 0 where the figure is to stay or the plan does not let it be told."""
    if indicator["direction"] in _AIMED:
        return _AIMED[indicator["direction"]]
    if indicator["direction"] in ("maintain", "none"):
        return 0
    first = next(iter(found.values()))
    return (goal > first) - (goal < first)


def still(indicator: Form, year: int, measured: Points, breaks: Collection[int] = ()) -> Still | None:
    """Since when a figure did not come nearer to its target: the unbroken run of years at its end. None for one that moves or is there.

    Two years at least have to be known, and the newest must not be older than the year before ``year``: of old figures nobody
    can say that they stand.
    """
    found = points(indicator, measured, year, breaks)
    target = figures.target_for(indicator, year)
    goal = figures.number(target)
    if target is None or goal is None or len(found) < 2:
        return None
    way = _way(indicator, found, goal)
    known = list(found.items())
    last_year, last = known[-1]
    if not way or last_year < year - 1 or (last - goal) * way >= 0:
        return None
    since, years = last_year, 1
    for was_year, was in reversed(known[:-1]):
        if (last - was) * way > 0:
            break
        since, years = was_year, years + 1
    if years < 2:
        return None
    held = last_year
    for was_year, was in reversed(known):
        if was != last:
            break
        held = was_year
    first = found[since]
    return Still(
        public_figures.name_of(indicator),
        figures.plain(last) or "",
        since,
        years,
        figures.plain(first) or "",
        held,
        last_year,
    )


def moving(indicator: Form, year: int, measured: Points, breaks: Collection[int] = ()) -> bool | None:
    """Whether a figure reached its target or moved towards it last. None where that cannot be told."""
    found = points(indicator, measured, year, breaks)
    target = figures.target_for(indicator, year)
    goal = figures.number(target)
    if target is None or goal is None or not found:
        return None
    known = list(found.values())
    way = _way(indicator, found, goal)
    if known[-1] == goal and indicator["direction"] != "none":
        return True
    if not way:
        return None
    if (known[-1] - goal) * way >= 0:
        return True
    return (known[-1] - known[-2]) * way > 0 if len(known) > 1 else None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many initiatives stand how; a group (2-1, 2-2) counts once per course."""

    course: Mapping[Course, int]
    unmeasured: int
    whole: int

    def sign(self, key: str) -> object:
        """Word and shape with the count: 順調に進んでいる 12."""
        number = self.unmeasured if key == "unmeasured" else self.course[_known(key)]
        return sign(key, number)

    def signs(self) -> list[object]:
        """Every course that occurs, and what is not measured; those the head looks for stand also with 0."""
        kept = [key for key in COURSES if self.course[key] or key in ("on", "still")]
        return [*(self.sign(key) for key in kept), self.sign("unmeasured")]


def _known(key: str) -> Course:
    return next(one for one in COURSES if one == key)


def sign(key: str, number: int | None = None) -> object:
    """A course (or ``unmeasured``) as word and shape, with a count where there is one."""
    word = str(UNMEASURED if key == "unmeasured" else COURSES[_known(key)])
    tone, mark = SIGNS[key]
    text = word if number is None else _("%(word)s %(n)d件") % {"word": word, "n": number}
    return badge(text, tone=tone, mark=mark)


def tally(found: Iterable[Standing]) -> Tally:
    """Count standings."""
    rows = list(found)
    return Tally(
        {key: shown.count(one.row for one in rows if one.course == key) for key in COURSES},
        shown.count(one.row for one in rows if one.unmeasured),
        shown.count(one.row for one in rows),
    )


def services_by_theme(offered: Iterable[tuple[Collection[str], str]]) -> dict[str, tuple[str, ...]]:
    """By theme what measures it: of (themes, label) of each metric."""
    found: dict[str, list[str]] = {}
    for themes, label in offered:
        for theme in themes:
            found.setdefault(theme, []).append(label)
    return {theme: tuple(names) for theme, names in found.items()}


def stuck(found: Sequence[Standing]) -> Iterator[Standing]:
    """Those that stand still, the longest first, then in the document's order."""

    def length(one: Standing) -> tuple[int, int]:
        run = one.row.run
        years = max([run.years if run else 0, *(still.years for still in one.still)])
        return -years, one.row.position

    yield from sorted((one for one in found if one.course == "still"), key=length)
