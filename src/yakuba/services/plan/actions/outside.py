"""Codes of other plans and surveys: written for many at once, carried into the next edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypedDict
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, Problems, Stale, action
from yakuba.kernel.fields import INTERNAL, JsonValue
from yakuba.services.plan.models import Edition, Initiative, OutsideCode
from yakuba.services.plan.outside import codes, queries
from yakuba.services.plan.outside.access import KEEP_CODES
from yakuba.services.plan.outside.codes import Item

_MOST: Final = 5000


class CodeRow(TypedDict):
    """The codes of an initiative (``position`` 0) or of its indicator (from 1), by system as written; ``seen``: their mark when read."""

    initiative: str
    position: int
    seen: int
    codes: Mapping[str, str]


@dataclass(frozen=True)
class KeepCodes:
    """Which codes stand from now on."""

    rows: Annotated[list[CodeRow], fields.document(label="コード", classification=INTERNAL, required=True)]


@action("plan.keep_outside_codes", label="ほかの計画・調査のコードを書く", may=KEEP_CODES, data=KeepCodes)
def keep_codes(ctx: Context, edition: Edition, data: KeepCodes) -> Edition:
    """Write codes; a row that is not named stays. Raises :class:`Problems`, each with the place of its row: ``2.project``."""
    wanted = _shaped(data.rows)
    here = {(one.initiative, one.position): one for one in queries.items(ctx, edition)}
    problems: list[Problem] = []
    changed: list[tuple[Item, codes.Codes]] = []
    for place, row in enumerate(wanted):
        try:
            if (found := _change(here, row, place)) is not None:
                changed.append(found)
        except Problem as problem:
            problem.field = problem.field or f"{place}.initiative"
            problems.append(problem)
    if problems:
        raise Problems(problems)
    names = {row.id: [one["name"] for one in row.form["indicators"]] for row in queries.rows(ctx, edition)}
    standing = OutsideCode.unscoped.filter(edition=edition)
    gone = [
        code.pk
        for code in standing.filter(initiative__in=[item.initiative for item, _codes in changed])
        if (code.initiative, queries.position_of(names.get(code.initiative, []), code))
        in {(item.initiative, item.position) for item, _codes in changed}
    ]
    standing.filter(pk__in=gone).delete()
    OutsideCode.unscoped.bulk_create(
        [
            OutsideCode(
                municipality_id=ctx.municipality.id,
                edition=edition,
                initiative=item.initiative,
                position=item.position,
                indicator=names[item.initiative][item.position - 1] if item.position else "",
                system=system,
                code=code,
            )
            for item, fresh in changed
            for system, found in fresh.items()
            for code in found
        ],
        batch_size=200,
    )
    ctx.note(codes=[_told(item, fresh) for item, fresh in changed])
    return edition


def _change(
    here: Mapping[tuple[UUID, int], Item], row: CodeRow, place: int
) -> tuple[Item, codes.Codes] | None:
    """What a row changes, None for nothing. Raises :class:`Problem`."""
    item = here.get((UUID(row["initiative"]), row["position"]))
    if item is None:
        raise Problem("missing", _("この版にない取組か指標です。"), field=f"{place}.initiative")
    fresh = codes.of_cells(row["codes"], f"{place}.")
    if codes.same(item.codes, fresh):
        return None
    if row["seen"] != item.seen:
        raise Stale(item.seen, row["seen"])
    return item, fresh


def _shaped(given: object) -> list[CodeRow]:
    """The rows, which may come from a program. Raises :class:`Problem` for another shape."""
    if not isinstance(given, list) or not 0 < len(given) <= _MOST:
        raise _wrong()
    found: list[CodeRow] = []
    for one in given:
        if (
            not isinstance(one, dict)
            or type(one.get("position")) is not int
            or type(one.get("seen")) is not int
        ):
            raise _wrong()
        cells = one.get("codes")
        if not isinstance(cells, dict) or not all(isinstance(text, str) for text in cells.values()):
            raise _wrong()
        if not set(cells) <= set(codes.SYSTEMS):
            raise _wrong()
        try:
            key = str(UUID(str(one.get("initiative", ""))))
        except ValueError:
            raise _wrong() from None
        found.append({"initiative": key, "position": one["position"], "seen": one["seen"], "codes": cells})
    if len({(one["initiative"], one["position"]) for one in found}) < len(found):
        raise _wrong()
    return found


def _wrong() -> Problem:
    return Problem("shape", _("変更を読み取れません。画面を開き直してください。"), field="rows")


def _told(item: Item, fresh: codes.Codes) -> JsonValue:
    return {
        "of": f"{item.number} {item.indicator or item.title}".strip(),
        "before": {system: list(found) for system, found in item.codes.items()},
        "after": {system: list(found) for system, found in fresh.items()},
    }


def carry_codes(before: Sequence[Initiative], fresh: Sequence[Initiative]) -> None:
    """Give the initiatives of a new edition the codes of those that they continue; one by one in the same order."""
    onward = {was.pk: row for was, row in zip(before, fresh, strict=True)}
    OutsideCode.unscoped.bulk_create(
        [
            OutsideCode(
                municipality_id=code.municipality_id,
                edition_id=onward[code.initiative].edition_id,
                initiative=onward[code.initiative].pk,
                position=code.position,
                indicator=code.indicator,
                system=code.system,
                code=code.code,
            )
            for code in OutsideCode.unscoped.filter(initiative__in=list(onward)).order_by("id")
        ],
        batch_size=200,
    )
