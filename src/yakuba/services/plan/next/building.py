"""What the next edition begins with: who goes on, as which kind, under which number, and what it says of those that do not. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from yakuba.services.plan import carrying, labels
from yakuba.services.plan.next import numbering, outcomes
from yakuba.services.plan.next.outcomes import Outcome
from yakuba.services.plan.paths import Form

CONTINUED: Final = "continued"
LEFT: Final = "left"
# What may be decided of an initiative when the next edition is made.
WAYS: Final[dict[str, str | Promise]] = {
    CONTINUED: gettext_lazy("続ける"),
    "moved": gettext_lazy("区別を移して続ける"),
    "merged": gettext_lazy("ほかの取組に統合"),
    "completed": gettext_lazy("完了"),
    "ended": gettext_lazy("終了"),
    "abolished": gettext_lazy("廃止"),
    "postponed": gettext_lazy("延期"),
    LEFT: gettext_lazy("載せない"),
}
OTHER_KIND: Final = {"advance": "operate", "operate": "advance"}


@dataclass(frozen=True, slots=True)
class Way:
    """What is to become of one initiative, why, and into which other one it goes (its id)."""

    way: str
    reason: str = ""
    into: UUID | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """The forms that the next edition begins with, each with the id of the row that it continues; and its outcomes."""

    rows: tuple[tuple[UUID, Form], ...]
    told: tuple[Form, ...]
    left: tuple[Form, ...]
    """Forms of the earlier edition that do not go on."""


def proposed(form: Form) -> Way:
    """What an edition's own words propose for an initiative: its end, its moving, else that it goes on."""
    if form["kind"] in OTHER_KIND and "moved" in (labels.meaning(form), *_this_year(form)):
        return Way("moved")
    word = carrying.ended(form)
    return Way(word) if word in WAYS else Way(CONTINUED)


def _this_year(form: Form) -> Iterator[str]:
    """Its marks, without 移行 of a row that moved into this very edition."""
    came = any(event["event"] == "moved" and event["year"] == form["year"] for event in form["lineage"])
    return (flag for flag in form["flags"] if not (flag == "moved" and came))


def begin(
    before: Sequence[tuple[UUID, Form]],
    ways: Mapping[UUID, Way],
    year: int,
    rule: str = numbering.KEEP,
    codes: Mapping[tuple[str, ...], str] | None = None,
    place: Callable[[Form], list[Form]] | None = None,
) -> Begun:
    """``before`` in the earlier edition's order; an initiative without a way is left out without a word.

    ``place`` says where an initiative stands in another tree; without it everything stays where it is.
    """
    going: list[tuple[UUID, Form]] = []
    came: set[UUID] = set()
    told: list[Outcome] = []
    left: list[Form] = []
    into: dict[UUID, list[Form]] = {}
    for key, form in before:
        way = ways.get(key, Way(LEFT))
        if way.way == CONTINUED:
            going.append((key, carrying.carried(form, year)))
        elif way.way == "moved":
            came.add(key)
            going.append((key, moved(form, year)))
        else:
            left.append(form)
        if way.into is not None and way.way == "merged":
            into.setdefault(way.into, []).append(form)
        if way.way in outcomes.OVER or (way.way == "moved" and way.reason):
            told.append(Outcome(outcomes.ancestor(form), form["title"], way.way, way.reason))
    if place is not None:
        for _key, form in going:
            form["placements"] = place(form)
            form["doubts"] = [one for one in form["doubts"] if not one["field"].startswith("placements")]
    ordered = _arranged(going, came)
    for key, form in ordered:
        form["lineage"] += [merged_from(other, year) for other in into.get(key, ())]
    places = {place for place, (key, _form) in enumerate(ordered) if key in came}
    numbers = numbering.renewed([form for _key, form in ordered], rule, codes, places)
    for (_key, form), one in zip(ordered, numbers, strict=True):
        form["number"], form["group"] = one.number, one.group
    return Begun(tuple(ordered), tuple(one.form() for one in told), tuple(left))


def moved(form: Form, year: int) -> Form:
    """The row as the edition of ``year`` begins with it, of the other kind."""
    found = carrying.carried(form, year)
    found["kind"] = OTHER_KIND.get(form["kind"], form["kind"])
    found["lineage"][-1]["event"] = "moved"
    found["flags"] = [*(flag for flag in found["flags"] if flag != "moved"), "moved"]
    return found


def merged_from(form: Form, year: int) -> Form:
    """That an initiative of the earlier edition went into a row."""
    return {"event": "merged", "year": year, "from": outcomes.ancestor(form)}


def _arranged(going: Sequence[tuple[UUID, Form]], came: set[UUID]) -> list[tuple[UUID, Form]]:
    """What changed its kind stands behind the last of its new kind at its place in the tree, else behind the last of that kind."""
    found = [one for one in going if one[0] not in came]
    for one in going:
        if one[0] not in came:
            continue
        form = one[1]
        same = [n for n, (_key, other) in enumerate(found) if other["kind"] == form["kind"]]
        near = [n for n in same if found[n][1]["placements"][:1] == form["placements"][:1]]
        found.insert((near or same or [len(found) - 1])[-1] + 1, one)
    return found


def kind_after(form: Form) -> str:
    """What an initiative is when its kind changes: 運用 for one of 推進; empty where the plan knows no kinds."""
    return labels.of(labels.KINDS, OTHER_KIND.get(form["kind"]))


def codes_of(nodes: Sequence[Form]) -> dict[tuple[str, ...], str]:
    """The codes of the nodes by path; those whose title stands in the path have none."""
    return {tuple(node["path"]): node["path"][-1] for node in nodes if node["path"][-1] != node["title"]}
