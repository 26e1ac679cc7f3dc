"""Numbers of an edition's initiatives, renewed after some moved, ended or came. Pure: forms in, numbers out.

How a city numbers is read from the numbers that are there: 4 · 3-1-9 · 1)-(1) have an ordinal between what stands before and
behind it; of 2-1 and 2-2, which are one initiative in two rows, the group is counted on.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from yakuba.services.plan.paths import Form

KEEP: Final = "keep"
IN_ORDER: Final = "in_order"
BY_PLACE: Final = "by_place"
RULES: Final[dict[str, str | Promise]] = {
    KEEP: gettext_lazy("番号を変えない（区別を移した取組だけ、移した先の最後の次の番号）"),
    IN_ORDER: gettext_lazy(
        "並びの順に振り直す（推進と運用は別々に、区分ごとに数えている番号はその区分の中で）"
    ),
    BY_PLACE: gettext_lazy("区分の番号に続けて振り直す（例：1-2の3つ目なら1-2-3）"),
}
_NUMBER: Final = re.compile(r"(?P<stem>.*?)(?P<digits>[0-9０-９]+)(?P<tail>[^0-9０-９]*)", re.DOTALL)
_WIDE: Final = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class _Series:
    """Numbers that are counted together: what stands before and behind the ordinal."""

    stem: str
    tail: str
    wide: bool

    def number(self, ordinal: int) -> str:
        digits = str(ordinal)
        return f"{self.stem}{digits.translate(_WIDE) if self.wide else digits}{self.tail}"


@dataclass(frozen=True, slots=True)
class Renewed:
    """The number and the group of an initiative from now on."""

    number: str
    group: str | None


def renewed(
    forms: Sequence[Form],
    rule: str,
    codes: Mapping[tuple[str, ...], str] | None = None,
    came: Collection[int] = (),
) -> list[Renewed]:
    """The numbers of initiatives in their order. ``codes`` are the codes of the nodes by path, for :data:`BY_PLACE`.

    By :data:`KEEP` a number stays; one that ``came`` from elsewhere (its place in the list) and whose number is taken by another
    of its kind gets the number after the last.
    """
    if rule == IN_ORDER:
        return _in_order(forms, _series_of(forms))
    if rule == BY_PLACE:
        return _in_order(forms, _by_place(forms, codes or {}))
    return _kept(forms, frozenset(came))


def _base(form: Form) -> str:
    """The number that is counted: the group's where several rows are one initiative."""
    group = form["group"]
    return str(group) if group and str(form["number"]).startswith(str(group)) else str(form["number"])


def _read(number: str) -> tuple[_Series, int] | None:
    found = _NUMBER.fullmatch(number)
    if found is None:
        return None
    digits = unicodedata.normalize("NFKC", found["digits"])
    return _Series(found["stem"], found["tail"], wide=digits != found["digits"]), int(digits)


def _home(form: Form) -> tuple[str, ...]:
    places = sorted(form["placements"], key=lambda place: not place["primary"])
    return tuple(places[0]["path"]) if places else ()


def _series_of(forms: Sequence[Form]) -> list[_Series | None]:
    """The series of each row: the one that its kind uses at its place in the tree, else its own, else the one that its kind uses."""
    here: dict[tuple[object, ...], Counter[_Series]] = {}
    whole: dict[object, Counter[_Series]] = {}
    own: list[_Series | None] = []
    for form in forms:
        read = _read(_base(form))
        own.append(read[0] if read else None)
        if read is not None:
            here.setdefault((form["kind"], _home(form)), Counter())[read[0]] += 1
            whole.setdefault(form["kind"], Counter())[read[0]] += 1
    found: list[_Series | None] = []
    for form, mine in zip(forms, own, strict=True):
        near = here.get((form["kind"], _home(form)))
        common = near or whole.get(form["kind"])
        found.append(common.most_common(1)[0][0] if common else mine)
    return found


def _by_place(forms: Sequence[Form], codes: Mapping[tuple[str, ...], str]) -> list[_Series | None]:
    """The code of the node that a row stands under, then the ordinal; without a code the ordinal alone."""
    return [
        _Series(f"{code}-" if (code := codes.get(_home(form), "")) else "", "", wide=False) for form in forms
    ]


def _in_order(forms: Sequence[Form], series: Sequence[_Series | None]) -> list[Renewed]:
    ordinals: Counter[tuple[object, _Series]] = Counter()
    groups: dict[tuple[object, str], tuple[str, int]] = {}
    found = []
    for form, one in zip(forms, series, strict=True):
        if one is None:
            found.append(Renewed(str(form["number"]), form["group"]))
            continue
        group = form["group"]
        if not group:
            ordinals[form["kind"], one] += 1
            found.append(Renewed(one.number(ordinals[form["kind"], one]), None))
            continue
        key = (form["kind"], str(group))
        if key not in groups:
            ordinals[form["kind"], one] += 1
            groups[key] = (one.number(ordinals[form["kind"], one]), 0)
        base, part = groups[key]
        groups[key] = (base, part + 1)
        found.append(Renewed(f"{base}{_joint(form)}{part + 1}", base))
    return found


def _joint(form: Form) -> str:
    """What stands between the group and the part: the hyphen of 2-1."""
    rest = str(form["number"]).removeprefix(str(form["group"]))
    found = _NUMBER.fullmatch(rest)
    return found["stem"] if found and rest != form["number"] and found["stem"] else "-"


def _kept(forms: Sequence[Form], came: frozenset[int]) -> list[Renewed]:
    series = _series_of(forms)
    last: dict[tuple[object, _Series], int] = {}
    taken: set[tuple[object, str]] = set()
    for place, form in enumerate(forms):
        if place in came:
            continue
        taken.add((form["kind"], str(form["number"])))
        if (read := _read(_base(form))) is not None:
            key = (form["kind"], read[0])
            last[key] = max(last.get(key, 0), read[1])
    found = []
    for place, (form, one) in enumerate(zip(forms, series, strict=True)):
        number, group = str(form["number"]), form["group"]
        if place in came and one is not None and (form["kind"], number) in taken:
            last[form["kind"], one] = last.get((form["kind"], one), 0) + 1
            number, group = one.number(last[form["kind"], one]), None
        taken.add((form["kind"], number))
        found.append(Renewed(number, group))
    return found
