"""Saying which themes of the shared vocabulary an initiative is about. The product proposes, a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypedDict

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, Problem, Problems, Stale, action
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.fields import INTERNAL, JsonValue
from yakuba.services.plan import access
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.themes import THEMES
from yakuba.services.plan.words import words


class ThemeRow(TypedDict):
    """What one initiative is about, and which proposals do not fit, by the ids of the themes."""

    initiative: str
    version: int
    themes: list[str]
    declined: list[str]


@dataclass(frozen=True)
class SetThemes:
    """The themes of several initiatives of an edition."""

    rows: Annotated[list[ThemeRow], fields.document(label="主題", classification=INTERNAL, required=True)]


@action("plan.set_themes", label="主題を決める", may=access.CHOOSE_THEMES, data=SetThemes)
def set_themes(ctx: Context, edition: Edition, data: SetThemes) -> Edition:
    """Decide the themes of initiatives: of all rows or of none. Raises :class:`Problems` with one problem a row.

    An empty list is a decision too: no theme fits. What was decided stays when the document is read again.
    """
    wanted = {row["initiative"]: row for row in data.rows}
    own = Initiative.unscoped.filter(edition=edition, pk__in=list(wanted))
    found = {str(row.pk): row for row in own.select_for_update().order_by("pk")}
    mine = {str(pk) for pk in own.filter(access.CORRECT.q(ctx)).values_list("pk", flat=True)}
    problems: list[Problem] = []
    for key, row in wanted.items():
        problem = _refusal(found.get(key), row)
        if problem is not None:
            problem.field = key
            problems.append(problem)
    denied = [found[key].number for key in wanted if key in found and key not in mine]
    if denied:
        raise Denied(_("取組%(numbers)sを直す権限がありません。") % {"numbers": "、".join(denied)})
    if problems:
        raise Problems(problems)
    decided = {"by": ctx.actor.label, "on": japan_date(ctx.now).isoformat()}
    cells: list[JsonValue] = []
    public = False
    for key, row in wanted.items():
        initiative = found[key]
        themes = list(dict.fromkeys(row["themes"]))
        declined = [one for one in dict.fromkeys(row["declined"]) if one not in themes]
        with translation.override("ja"):
            before, after = words("themes", initiative.themes), words("themes", themes)
            cells.append(
                {
                    "initiative": key,
                    "number": initiative.number,
                    "path": "themes",
                    "label": _("主題"),
                    "from": before,
                    "to": after,
                }
            )
        public = public or initiative.themes != themes
        initiative.themes, initiative.themes_declined = themes, declined
        initiative.corrected = {**initiative.corrected, "themes": decided}
        initiative.version += 1
        initiative.save(update_fields=["themes", "themes_declined", "corrected", "version"])
    if public:
        edition.state = "draft"
        edition.save(update_fields=["state"])
    ctx.note(rows=len(wanted), cells=cells)
    return edition


def _refusal(initiative: Initiative | None, row: ThemeRow) -> Problem | None:
    if initiative is None:
        return Problem("missing", _("この版にない取組です。"))
    if initiative.version != row["version"]:
        return Stale(initiative.version, row["version"])
    unknown = [one for one in (*row["themes"], *row["declined"]) if one not in THEMES]
    if unknown:
        return Problem("theme", _("主題の一覧にない印です。"), found=unknown[0][:60])
    return None
