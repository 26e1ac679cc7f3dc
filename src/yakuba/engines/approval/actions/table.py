"""The city's table of decision rules: lines come, change and go, one by hand or many from a sheet, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, NotRequired, TypedDict

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from yakuba.engines.approval import access, rules
from yakuba.engines.approval.models import DecisionRule, Proposal
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, Problems, action
from yakuba.kernel.dates import format_date
from yakuba.kernel.fields import INTERNAL, Invalid, JsonValue, spec_of
from yakuba.kernel.sheets.wanted import Wanted, judged, wanted
from yakuba.kernel.text import fold
from yakuba.kernel.town.models import Municipality

KEYS: Final = (
    "authority",
    "matter",
    "title",
    "category",
    "up_to_yen",
    "decided_by",
    "stand_ins",
    "valid_from",
    "valid_to",
    "ground",
)
_MOST: Final = 2000
_TEXTS: Final = frozenset({"matter", "stand_ins", "ground"})
Key = tuple[str, str, int | None, object]


class RuleChange(TypedDict):
    """One line: which (``id``, empty for a new one) at which version, and what it is from now on, or that it goes (``remove``)."""

    id: str
    version: int
    rule: NotRequired[dict[str, JsonValue]]
    remove: NotRequired[bool]


@dataclass(frozen=True)
class ChangeRules:
    """Lines that come, change and go."""

    changes: Annotated[list[RuleChange], fields.document(label="変更", classification=INTERNAL)]


@action("approval.change_rules", label="決裁の定めを変える", may=access.CHANGE_RULES, data=ChangeRules)
def change_rules(ctx: Context, municipality: Municipality, data: ChangeRules) -> Municipality:
    """Change the table. Raises :class:`Problems`, each with the place of its change and the field: ``2.title``.

    A line by which a proposal was drafted only gets its last day: what was decided points to it.
    """
    changes = wanted(data.changes, "rule", most=_MOST)
    used = Exists(Proposal.unscoped.filter(rule=OuterRef("pk")))
    found = {
        str(row.pk): row
        for row in DecisionRule.unscoped.select_for_update()
        .filter(municipality=municipality.pk, pk__in=[one.id for one in changes if one.id])
        .order_by("pk")
    }
    pinned = set(DecisionRule.unscoped.filter(used, pk__in=list(found)).values_list("pk", flat=True))

    def fresh(row: DecisionRule | None, change: Wanted) -> DecisionRule | None:
        made = None if change.remove else _line(municipality, row, change.said)
        if row is not None and row.pk in pinned:
            _only_its_end(row, made)
        return made

    do = judged(changes, found, fresh=fresh, told=_told)
    problems = do.problems + _twice(municipality, do.going, do.coming)
    if problems:
        raise Problems(problems)
    # Changed lines go and come again with their id, so that two may change places; those that proposals point to cannot go.
    DecisionRule.unscoped.filter(pk__in=[row.pk for row in do.going if row.pk not in pinned]).delete()
    for _place, row in do.coming:
        if row.pk in pinned:
            row.save(force_update=True)
    DecisionRule.unscoped.bulk_create(
        [row for _place, row in do.coming if row.pk not in pinned], batch_size=200
    )
    ctx.note(rules=do.told)
    return municipality


def _line(
    municipality: Municipality, row: DecisionRule | None, given: Mapping[str, JsonValue]
) -> DecisionRule:
    """The line, unsaved; keys that are not given stay. Raises :class:`Problems`."""
    made = DecisionRule(municipality_id=municipality.pk)
    if row is not None:
        made.pk, made.version = row.pk, row.version + 1
    problems: list[Problem] = []
    for key in KEYS:
        spec = spec_of(DecisionRule._meta.get_field(key))
        if spec is None or spec.kind is None:
            raise LookupError(key)
        if key not in given and row is not None:
            setattr(made, key, getattr(row, key))
            continue
        value = given.get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            if spec.required:
                problems.append(Problem.of(key, spec.label, Invalid("required", "", "")))
            setattr(made, key, "" if key in _TEXTS else None)
            continue
        try:
            setattr(made, key, spec.kind.from_json(value))
        except Invalid as invalid:
            problems.append(Problem.of(key, spec.label, invalid))
    if not problems:
        problems += _contradictions(made)
    if problems:
        raise Problems(problems)
    return made


def _contradictions(made: DecisionRule) -> list[Problem]:
    found = []
    if made.valid_to is not None and made.valid_to < made.valid_from:
        found.append(
            Problem(
                "days", _("終了日が開始日より前です。"), field="valid_to", found=format_date(made.valid_to)
            )
        )
    if not rules.titles(made.decided_by):
        found.append(
            Problem("titles", _("決裁する職を「、」で区切って入力してください。"), field="decided_by")
        )
    if len(rules.titles(made.stand_ins)) > 2:
        found.append(
            Problem(
                "titles",
                _("代決する職は、第1次と第2次の2つまでです。"),
                field="stand_ins",
                found=made.stand_ins,
            )
        )
    return found


def _only_its_end(row: DecisionRule, fresh: DecisionRule | None) -> None:
    if fresh is not None and all(
        getattr(row, key) == getattr(fresh, key) for key in KEYS if key != "valid_to"
    ):
        return
    raise Problem(
        "pinned",
        _(
            "この定めで起案されたものがあるため、変えられるのは終了日だけです。終了日を入れ、新しい定めを加えてください。"
        ),
        field="title",
        found=row.title,
    )


def _key(row: DecisionRule) -> Key:
    return row.authority, fold(row.matter), row.up_to_yen, row.valid_from


def _twice(
    municipality: Municipality, going: list[DecisionRule], coming: list[tuple[int, DecisionRule]]
) -> list[Problem]:
    """Lines that would say who decides one thing twice."""
    gone = {row.pk for row in going}
    known = {
        _key(row) for row in DecisionRule.unscoped.filter(municipality=municipality.pk) if row.pk not in gone
    }
    problems = []
    for place, row in coming:
        if _key(row) in known:
            problems.append(
                Problem(
                    "twice",
                    _("同じ機関・事項・金額・開始日の定めがもうあります。"),
                    field=f"{place}.matter",
                    found=row.matter,
                )
            )
        known.add(_key(row))
    return problems


def _told(row: DecisionRule | None) -> dict[str, JsonValue] | None:
    """A line as the trail keeps it."""
    if row is None:
        return None
    days = {
        key: day.isoformat() if (day := getattr(row, key)) else None for key in ("valid_from", "valid_to")
    }
    return {**{key: getattr(row, key) for key in KEYS if key not in days}, **days}
