"""What all desk pages of the plan share: the frame, the way up, forms that are sent once."""

from __future__ import annotations

from typing import TypedDict

from django.utils.translation import gettext as _

from yakuba.kernel.access.desk import Pages, address
from yakuba.kernel.actions import Context
from yakuba.kernel.sheets.respond import exports as files
from yakuba.kernel.trail.access import VIEW as TRAIL
from yakuba.kernel.ui.components import Link
from yakuba.services.plan import access
from yakuba.services.plan.models import Edition, Initiative

SEE_OTHER = 303
show = Pages("plan/desk").show


def trail_of(ctx: Context, row: Initiative) -> str:
    """The trail of an initiative, for those who may read the trail."""
    if not TRAIL.holds_anywhere(ctx):
        return ""
    return address("trail-entries", ctx) + f"?subject=initiative/{row.pk}"


def saves(name: str, ctx: Context, *args: object) -> dict[str, str]:
    """The addresses of a list's files, by format."""
    return files(name, ctx.municipality.code, *args)


def top(ctx: Context) -> Link:
    """The first step of the way: all editions."""
    return Link(_("計画の版"), address("plan-desk-editions", ctx))


def crumbs_of(ctx: Context, edition: Edition) -> list[Link]:
    """The way to a page of an edition."""
    return [top(ctx), Link(name_of(edition), address("plan-desk-edition", ctx, edition.pk))]


def name_of(edition: Edition) -> str:
    """An edition in a few words: its label, or else its year, with the plan's title."""
    return f"{edition.plan.title} {edition.label or edition.year.wareki}"


def tabs_of(ctx: Context, edition: Edition, current: str, *, doubts: int | None = None) -> list[Link]:
    """The pages of an edition."""
    notes = len(edition.warnings) + len(edition.unplaced)
    wanted = [
        ("plan-desk-edition", _("取組"), None),
        ("plan-desk-board", _("進み具合"), None),
        ("plan-desk-tree", _("区分"), None),
        ("plan-desk-prose", _("本文と体制"), None),
        ("plan-desk-contrast", _("新旧対照"), None),
        ("plan-desk-notes", _("読み取りの注意"), notes),
        ("plan-desk-ask", _("確かめること"), None),
        ("plan-desk-themes", _("主題"), None),
        ("plan-measures", _("指標の計測"), None),
        ("plan-outside-codes", _("回答シート"), None),
        ("plan-desk-offices", _("担当と所属"), None),
        ("plan-desk-memos", _("メモ"), None),
        ("plan-year-observations", _("観察"), None),
        ("plan-desk-about", _("版の情報"), None),
        ("plan-desk-publish", _("公表"), doubts),
        ("plan-desk-book", _("冊子"), None),
    ]
    tabs = [
        Link(label, address(name, ctx, edition.pk), current=name == current, count=count)
        for name, label, count in wanted
    ]
    preview = "plan-desk-preview-text" if current == "plan-desk-prose" else "plan-desk-preview"
    return [*tabs, Link(_("市民に見える形"), address(preview, ctx, edition.pk))]


class Rights(TypedDict):
    """Which buttons a page shows."""

    may_import: bool
    may_publish: bool
    may_correct: bool


def rights(ctx: Context) -> Rights:
    """Which buttons a page shows; the actions ask again."""
    return {
        "may_import": access.IMPORT.holds_anywhere(ctx),
        "may_publish": access.PUBLISH.holds_anywhere(ctx),
        "may_correct": access.CORRECT.holds_anywhere(ctx),
    }
