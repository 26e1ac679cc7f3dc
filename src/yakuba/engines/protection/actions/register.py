"""The register is changed in one way: one person in a form, or many from a sheet, all of them or none.

Neither names nor addresses get into the trail, whose readers are others: it keeps which entries were changed, and in which columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from django.utils.translation import gettext as _

from yakuba.engines.protection import access
from yakuba.engines.protection.models import Hold, Protected
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing, Problem, Problems, action
from yakuba.kernel.fields import PERSONAL, Invalid, JsonValue, spec_of
from yakuba.kernel.ids import uuid7
from yakuba.kernel.sheets.wanted import EntryChange, Wanted, placed, wanted
from yakuba.kernel.town.models import Municipality

KEYS: Final = (
    "name",
    "kana",
    "birth",
    "address",
    "former_names",
    "former_addresses",
    "valid_from",
    "valid_to",
    "note",
)
CHANGED: Final = "protection.changed"
_DATES: Final = ("birth", "valid_from", "valid_to")
_MOST: Final = 2000


@dataclass(frozen=True)
class ChangeRegister:
    """Persons who come, change and go."""

    changes: Annotated[list[EntryChange], fields.document(label="変更", classification=PERSONAL)]


@action("protection.change", label="支援措置の登録を変える", may=access.CHANGE, data=ChangeRegister)
def change_register(ctx: Context, municipality: Municipality, data: ChangeRegister) -> Municipality:
    """Change the register. Raises :class:`Problems`, each with the place of its change and the field: ``2.name``.

    What is already here is compared anew afterwards (:mod:`protection.subscriptions`).
    """
    changes = wanted(data.changes, "entry", most=_MOST)
    ids = [change.id for change in changes if change.id]
    rows = Protected.unscoped.select_for_update().filter(municipality=municipality.pk, pk__in=ids)
    found = {str(row.pk): row for row in rows.order_by("pk")}
    problems: list[Problem] = []
    told: list[JsonValue] = []
    for place, change in enumerate(changes):
        try:
            told += _change(municipality, found.get(change.id), change)
        except Problem as problem:
            problems += placed(problem, place)
    if problems:
        raise Problems(problems)
    ctx.note(entries=told)
    ctx.publish(CHANGED, {})
    return municipality


def _change(municipality: Municipality, row: Protected | None, change: Wanted) -> list[JsonValue]:
    """Do one; returns what the trail keeps of it."""
    change.demand(None if row is None else row.version)
    if change.remove:
        if row is None:
            raise Missing
        _remove(row)
        return [{"id": change.id, "removed": True}]
    made = row or Protected(id=uuid7(), municipality_id=municipality.pk)
    before = {key: getattr(row, key) for key in KEYS} if row is not None else {}
    _fill(made, change.said, fresh=row is None)
    changed: list[JsonValue] = [
        key for key in KEYS if before.get(key) != getattr(made, key) and (row or getattr(made, key))
    ]
    if not changed:
        return []
    if row is not None:
        made.version += 1
    made.save(force_insert=row is None)
    return [{"id": str(made.pk), "columns": changed}]


def _remove(row: Protected) -> None:
    """Only what was written down by mistake: what has stopped something stays as the reason for that."""
    if Hold.unscoped.filter(municipality=row.municipality_id, protected=row).exists():
        raise Problem(
            "held",
            _(
                "この登録で止めたものがあるため、消せません。支援措置が終わったときは、終了日を入れてください。"
            ),
        )
    row.delete()


def _fill(row: Protected, given: Mapping[str, JsonValue], *, fresh: bool) -> None:
    """What is said of the person from now on; keys that are not given stay. Raises :class:`Problems`."""
    problems: list[Problem] = []
    for key in KEYS:
        spec = spec_of(Protected._meta.get_field(key))
        if spec is None or spec.kind is None:
            raise LookupError(key)
        if key not in given and not fresh:
            continue
        told = given.get(key) or ""
        if not isinstance(told, str):
            problems.append(Problem.of(key, spec.label, Invalid("text", str(told)[:40], _("文字"))))
            continue
        text = told.strip()
        if not text:
            if spec.required:
                problems.append(Problem.of(key, spec.label, Invalid("required", "", "")))
            setattr(row, key, None if key in _DATES else "")
            continue
        try:
            setattr(row, key, spec.kind.parse(text))
        except Invalid as invalid:
            problems.append(Problem.of(key, spec.label, invalid))
    if not problems:
        problems = _sense(row)
    if problems:
        raise Problems(problems)


def _sense(row: Protected) -> list[Problem]:
    """What fits together column by column and not as a whole."""
    if row.valid_to is not None and row.valid_to < row.valid_from:
        words = _("終了日が開始日より前です。")
        return [Problem("dates", words, field="valid_to", found=row.valid_to.isoformat())]
    if row.birth is None and not row.address and not row.former_addresses:
        words = _("氏名だけでは同姓同名の人と区別できません。生年月日か住所のどちらかを入力してください。")
        return [Problem("too_little", words, field="birth")]
    return []
