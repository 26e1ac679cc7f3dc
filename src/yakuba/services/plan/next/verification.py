"""検証 of a former plan: what it aimed at, what was reached, what became of each initiative, stated and counted. Pure.

藤岡市 第3次計画 第2章4 prints a word for each initiative of the former plan; 渋川市 §5 counts words and prints their share. Both are
here, each number with what it is counted of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.kernel.text import compact
from yakuba.services.plan import public_overview, shown
from yakuba.services.plan.next.contrast import GOING, WORDS, Contrast, Line
from yakuba.services.plan.next.tallying import tallies
from yakuba.services.plan.paths import Form
from yakuba.services.plan.public_figures import name_of
from yakuba.services.plan.shown import Edition
from yakuba.services.plan.year import figures


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator: its last target, the newest figure, and whether that reaches it (None where the plan does not let it be told)."""

    name: str
    unit: str
    goal: Form | None
    reached: Form | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class Checked:
    """One initiative of the former plan."""

    line: Line
    measures: tuple[Measure, ...]

    @property
    def remark(self) -> str:
        """The result that the former plan's edition tells of it, or why it does not go on."""
        row = self.line.before
        told = row.form["texts"].get("result", "") if row is not None else ""
        return self.line.reason or (told if isinstance(told, str) else "\n".join(told))


@dataclass(frozen=True)
class Verification:
    """A former plan, verified by the plan that takes its place."""

    contrast: Contrast
    rows: tuple[Checked, ...]

    @property
    def former(self) -> Edition:
        """The former plan as its last edition has it."""
        return self.contrast.before

    @property
    def count(self) -> int:
        """How many initiatives it had; a group counts once."""
        return shown.count(self.former.rows)

    @cached_property
    def tallies(self) -> tuple[tuple[str, str, int], ...]:
        """Its progress words with meaning and count."""
        return tallies(self.former.rows)

    @cached_property
    def outcomes(self) -> dict[str, int]:
        """How many initiatives went on, were merged, ended …; a group counts once."""
        concerned: dict[str, set[str]] = {}
        for one in self.rows:
            if one.line.before is not None:
                word = "kept" if one.line.outcome in GOING else one.line.outcome
                concerned.setdefault(word, set()).add(one.line.before.counted_as)
        order = ("kept", *(word for word in WORDS if word not in GOING))
        return {word: len(concerned[word]) for word in order if word in concerned}

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """Every indicator with a target."""
        return tuple(one for row in self.rows for one in row.measures if one.goal is not None)

    @property
    def judged(self) -> int:
        """Of how many of them it can be told whether the target was reached."""
        return sum(one.met is not None for one in self.measures)

    @property
    def met(self) -> int:
        """How many of those reached it."""
        return sum(one.met is True for one in self.measures)

    @property
    def stated(self) -> Sequence[public_overview.Stated]:
        """Where the former plan's own numbers are others."""
        return public_overview.stated(self.former)


def verify(found: Contrast) -> Verification:
    """The initiatives of the former plan in its own order."""
    last = int(found.before.plan["last_year"])
    lines = {line.before.id: line for line in found.lines if line.before is not None}
    rows = (
        Checked(lines[row.id], tuple(measure(one, last) for one in row.form["indicators"]))
        for row in found.before.rows
    )
    return Verification(found, tuple(rows))


def measure(indicator: Form, last: int) -> Measure:
    """An indicator up to the fiscal year ``last``: target and actual of the newest year that has both, and whether the one reaches the other.

    Where no year has both, the last target and the newest figure stand side by side and nothing is judged: a figure of an
    earlier year that falls short may still get there, and to count only those that are there already would flatter.
    """
    years = {
        kind: {
            one["year"]
            for one in indicator["values"]
            if one["kind"] == kind and one["year"] and figures.says(one)
        }
        for kind in ("target", "actual")
    }
    both = max((year for year in years["target"] & years["actual"] if year <= last), default=None)
    name, unit = name_of(indicator), indicator["unit"] or ""
    if both is None:
        goal = figures.target_for(indicator, last)
        until = (goal["year"] if goal is not None else last) + 1
        return Measure(name, unit, goal, figures.actual_before(indicator, until), None)
    goal, reached = figures.newest(indicator, "target", both), figures.newest(indicator, "actual", both)
    return Measure(name, unit, goal, reached, figures.reached(indicator, reached, goal))


def former_of(edition: Edition, earlier: Sequence[Edition]) -> int | None:
    """The place of the former plan's last edition among earlier ones, the oldest first; None without any.

    One that the plan names as its predecessor, else the newest of another title, else simply the one before.
    """
    named = {compact(title) for title in edition.plan["predecessors"]}
    own = compact(edition.plan["title"])
    titles = [compact(one.plan["title"]) for one in earlier]
    for test in (lambda title: title in named, lambda title: title != own, lambda _title: True):
        found = next((n for n in reversed(range(len(titles))) if test(titles[n])), None)
        if found is not None:
            return found
    return None


def percent(part: int, whole: int) -> str:
    """A share to one decimal place: 95.5."""
    return f"{Decimal(part * 100) / whole:.1f}".removesuffix(".0")


# --- in words ---------------------------------------------------------------------------------------------------------


def heading(title: str) -> str:
    """The heading of the section."""
    return _("%(title)sの検証") % {"title": title}


def words(found: Verification, title: str) -> str:
    """The section's text, every share with its parts; for a person to write on."""
    return "\n".join(_sentences(found, title))


def _sentences(found: Verification, title: str) -> Iterator[str]:
    first, last = found.former.span
    yield _("「%(title)s」（%(first)sから%(last)sまで）の取組%(count)d件を検証しました。") % {
        "title": title,
        "first": first.wareki,
        "last": last.wareki,
        "count": found.count,
    }
    comma = pgettext("between items", "、")
    if found.tallies:
        parts = (
            _("「%(word)s」%(n)d件") % {"word": word, "n": number} for word, _meaning, number in found.tallies
        )
        told = sum(number for _word, _meaning, number in found.tallies)
        yield _("進捗状況は、%(parts)sです（記載のある%(told)d件の内訳）。") % {
            "parts": comma.join(parts),
            "told": told,
        }
    good = sum(number for _word, meaning, number in found.tallies if meaning in public_overview.ON_TRACK)
    if good and all(meaning for _word, meaning, _number in found.tallies):
        told = sum(number for _word, _meaning, number in found.tallies)
        yield _("「順調」と「おおむね順調」を合わせると%(percent)s％（%(part)d／%(whole)d件）です。") % {
            "percent": percent(good, told),
            "part": good,
            "whole": told,
        }
    if found.judged:
        yield _(
            "目標のある指標%(goals)d個のうち、実績と比べられるものは%(judged)d個で、そのうち%(met)d個（%(percent)s％）が目標に届きました。"
        ) % {
            "goals": len(found.measures),
            "judged": found.judged,
            "met": found.met,
            "percent": percent(found.met, found.judged),
        }
    parts = (
        _("%(word)s%(n)d件") % {"word": _("引き継いだ取組") if word == "kept" else WORDS[word], "n": number}
        for word, number in found.outcomes.items()
    )
    yield _("この計画での扱いは、%(parts)sです（%(count)d件の内訳）。") % {
        "parts": comma.join(parts),
        "count": sum(found.outcomes.values()),
    }
