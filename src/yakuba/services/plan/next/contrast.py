"""新旧対照: an earlier and a later edition side by side, initiative by initiative. Pure: rows of both in, one line for each out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from yakuba.kernel.text import compact
from yakuba.services.plan import labels, shown
from yakuba.services.plan.differences import end_of
from yakuba.services.plan.next import outcomes
from yakuba.services.plan.next.outcomes import Outcome
from yakuba.services.plan.paths import Form
from yakuba.services.plan.shown import Edition, Row
from yakuba.services.plan.succession import Link, trace

# What becomes of an initiative, in the order in which a reader asks for it.
WORDS: Final[dict[str, str | Promise]] = {
    "moved": gettext_lazy("区別の移行"),
    "merged": gettext_lazy("統合"),
    "completed": gettext_lazy("完了"),
    "ended": gettext_lazy("終了"),
    "abolished": gettext_lazy("廃止"),
    "postponed": gettext_lazy("延期"),
    "gone": gettext_lazy("掲載なし"),
    "new": gettext_lazy("新規"),
    "listed": gettext_lazy("新たに掲載"),
    "renamed": gettext_lazy("取組名の変更"),
    "renumbered": gettext_lazy("番号の変更"),
    "kept": gettext_lazy("そのまま"),
}
OVER: Final = ("merged", "completed", "ended", "abolished", "postponed", "gone")
"""What becomes of an initiative that the later edition does not have as itself."""
FRESH: Final = ("new", "listed")
"""Of which the earlier edition had nothing: printed as 新規, or only not found there."""
GOING: Final = ("moved", "renamed", "renumbered", "kept")
TOLD: Final = ("moved", *OVER)
"""What a plan lists one by one (渋川市 §5)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One initiative before and after; one side is None where there is none."""

    outcome: str
    before: Row | None
    after: Row | None
    reason: str = ""
    guessed: bool = False
    """Whether the two sides were put together by their titles or numbers, nobody having said that they are one."""

    @property
    def row(self) -> Row:
        """The side that a reader knows: the later one, or the one that ended."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a line without sides")
        return found

    @property
    def meaning(self) -> str:
        """What the last progress word of the earlier edition means; empty where it means nothing fixed."""
        return labels.meaning(self.before.form) or "" if self.before is not None else ""

    @property
    def before_text(self) -> str:
        """Number and title in the earlier edition; empty where it was not there."""
        return _named(self.before)

    @property
    def after_text(self) -> str:
        """Number and title in the later edition; empty where it is not there."""
        return _named(self.after)

    @property
    def word(self) -> str:
        """What became of it, in a word."""
        return str(WORDS[self.outcome])

    @property
    def standing(self) -> str:
        """Where it stands in the later edition, in words: 運用取組へ移行（移行後の取組名：…）."""
        return " ".join(_standing(self))

    @property
    def offices(self) -> tuple[str, ...]:
        """Everybody who answers for it, before or after."""
        sides = [side for side in (self.before, self.after) if side is not None]
        return tuple(dict.fromkeys(name for side in sides for name in side.leads))


def _named(row: Row | None) -> str:
    return f"{row.number} {row.title}".strip() if row is not None else ""


def _standing(line: Line) -> Iterator[str]:
    before, after = line.before, line.after
    if before is None or after is None:
        if line.outcome == "gone" and before is not None and labels.meaning(before.form) == "changed":
            # 計画変更 is no end: the plan says that it changed, and the later edition does not hold it.
            yield _("%(word)s（後の版に掲載なし）") % {"word": before.progress}
        elif line.outcome == "listed":
            yield _("新たに掲載（前の版に見当たらない）")
        else:
            yield line.word
        return
    if line.outcome == "merged":
        yield _("「%(title)s」に統合") % {"title": after.title}
        return
    if line.outcome == "moved":
        kind = labels.of(labels.KINDS, after.form["kind"])
        yield _("%(kind)s取組へ移行") % {"kind": kind} if kind else line.word
    renamed = _renamed(before, after)
    if renamed and line.outcome == "moved":
        yield _("移行後の取組名：%(title)s") % {"title": after.title}
    elif renamed:
        yield _("取組名を「%(title)s」に変更") % {"title": after.title}
    if line.outcome != "moved" and before.number != after.number:
        yield _("番号を%(before)sから%(after)sに変更") % {
            "before": before.number or pgettext("number", "なし"),
            "after": after.number or pgettext("number", "なし"),
        }
    if not renamed and line.outcome == "kept":
        yield line.word


@dataclass(frozen=True)
class Contrast:
    """Two editions side by side."""

    before: Edition
    after: Edition
    lines: tuple[Line, ...]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many initiatives each word concerns, in the order of :data:`WORDS`; a group counts once."""
        concerned: dict[str, set[str]] = {}
        for line in self.lines:
            concerned.setdefault(line.outcome, set()).add(line.row.counted_as)
        return {word: len(concerned[word]) for word in WORDS if word in concerned}

    @property
    def told(self) -> list[Line]:
        """What moved and what ended, as a plan lists it."""
        return [line for line in self.lines if line.outcome in TOLD]

    @property
    def fresh(self) -> list[Line]:
        """What the earlier edition did not have."""
        return [line for line in self.lines if line.outcome in FRESH]

    @property
    def going(self) -> int:
        """How many initiatives of the later edition go on from the earlier one; a group counts once."""
        return len({line.row.counted_as for line in self.lines if line.outcome in GOING})

    @property
    def over(self) -> int:
        """How many initiatives of the earlier edition the later one does not have as themselves."""
        return len(
            {line.row.counted_as for line in self.lines if line.outcome in OVER and line.outcome != "merged"}
        ) + len(
            {
                line.before.counted_as
                for line in self.lines
                if line.outcome == "merged" and line.before is not None
            }
        )

    @property
    def sizes(self) -> tuple[int, int]:
        """How many initiatives the earlier and the later edition have."""
        return shown.count(self.before.rows), shown.count(self.after.rows)

    @property
    def short(self) -> tuple[int, int] | None:
        """(stated, counted) of the earlier edition where it claims more initiatives than its rows are.

        What is not found there is then not certainly new: the document that was read lacks rows.
        """
        return claimed_more(self.before)


def contrast(before: Edition, after: Edition) -> Contrast:
    """The lines in the later edition's order, what went into a row beside it; what ended comes last, in the earlier one's order."""
    old, new = before.rows, after.rows
    pairs = trace([row.form for row in old], [row.form for row in new])
    told = outcomes.by_origin(outcomes.said_of(after.head))
    by_after: dict[int, list[Link]] = {}
    for link in pairs.links:
        by_after.setdefault(link.after, []).append(link)
    lines: list[Line] = []
    for place, row in enumerate(new):
        links = sorted(by_after.get(place, ()), key=lambda link: (link.merged, link.before))
        if all(link.merged for link in links):
            lines.append(Line("new" if _is_new(row.form) else "listed", None, row))
        lines += [_going(old[link.before], row, link, told) for link in links]
    lines += [_ended(old[place], told) for place in pairs.ended]
    return Contrast(before, after, tuple(lines))


def _going(before: Row, after: Row, link: Link, told: Mapping[outcomes.Origin, Outcome]) -> Line:
    said = outcomes.of(told, before.form)
    return Line(
        _became(before, after, link), before, after, said.reason if said else "", link.how != "stated"
    )


def _became(before: Row, after: Row, link: Link) -> str:
    if link.merged:
        return "merged"
    if before.form["kind"] != after.form["kind"]:
        return "moved"
    if _renamed(before, after):
        return "renamed"
    return "kept" if before.number == after.number else "renumbered"


def _ended(row: Row, told: Mapping[outcomes.Origin, Outcome]) -> Line:
    """What is said of it in the later edition comes before what its own last edition says."""
    said = outcomes.of(told, row.form)
    if said is not None and said.event in OVER:
        return Line(said.event, row, None, said.reason)
    return Line(end_of(row.form), row, None, said.reason if said else "")


def _renamed(before: Row, after: Row) -> bool:
    return compact(before.title) != compact(after.title)


def _is_new(form: Form) -> bool:
    return "new" in form["flags"] or any(
        event["event"] == "new" and event["year"] in (None, form["year"]) for event in form["lineage"]
    )


def claimed_more(edition: Edition) -> tuple[int, int] | None:
    """(stated, counted) where an edition claims more initiatives than there are rows of; None where it does not."""
    claimed: Mapping[str, int] = edition.head["stated"]["counts"]
    by_kind = [claimed[kind] for kind in labels.KINDS if kind in claimed]
    stated = claimed.get("total", sum(by_kind))
    counted = shown.count(edition.rows)
    return (stated, counted) if stated > counted else None


def by_level(before: Edition, after: Edition) -> list[tuple[str, str]]:
    """Goals and strategies of both trees beside one another, by their titles: (before, after), one empty where there is none."""
    old = {compact(node.title): node for node in before.outline}
    new = {compact(node.title): node for node in after.outline}
    found = [(old[key].label if key in old else "", node.label) for key, node in new.items()]
    return [*found, *((node.label, "") for key, node in old.items() if key not in new)]


def same_tree(before: Edition, after: Edition) -> bool:
    """Whether both have the same goals and strategies under the same codes."""
    return _tree(before.outline) == _tree(after.outline)


def _tree(nodes: Iterable[shown.NodeView]) -> list[tuple[tuple[str, ...], str]]:
    return [(node.path, compact(node.title)) for node in nodes]
