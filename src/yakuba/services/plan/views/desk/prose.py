"""The plan's own words: one page that shows them, one form of rows for each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing, Problem, Stale
from yakuba.kernel.ui.components import Link
from yakuba.services.plan import access, desk_list, public_overview, queries
from yakuba.services.plan.actions import EditProse, edit_prose
from yakuba.services.plan.actions.prose import kept
from yakuba.services.plan.forms import Typed
from yakuba.services.plan.forms.prose import FORMS, stated_rows
from yakuba.services.plan.models import Edition
from yakuba.services.plan.rows import Form
from yakuba.services.plan.views.desk.frame import crumbs_of, name_of, show, tabs_of
from yakuba.services.plan.views.desk.row_pages import Frame, RowsPage


@require_safe
@desk_page
def prose(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """What the plan says beside its initiatives; what it claims of itself stands beside what is counted."""
    edition = queries.edition(ctx, edition_id)
    drafted = desk_list.of(ctx, edition)
    return show(
        request,
        ctx,
        "prose",
        _("本文と体制"),
        crumbs=crumbs_of(ctx, edition),
        edition=edition,
        tabs=tabs_of(ctx, edition, "plan-desk-prose"),
        parts={part: kept(edition, part) for part in FORMS},
        claims=list(public_overview.claims(drafted)),
        edit={part: address("plan-desk-prose-part", ctx, edition.pk, part) for part in FORMS},
        may_shape=access.SHAPE.holds_anywhere(ctx),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def edit(request: HttpRequest, ctx: Context, edition_id: UUID, part: str) -> HttpResponseBase:
    """The form of one kind; ``more`` adds rows, ``save`` keeps them."""
    edition = queries.edition(ctx, edition_id)
    if part not in FORMS:
        raise Missing
    need(access.SHAPE, ctx)
    page = _Page(request, ctx, edition, part)
    if request.method != "POST":
        return page.show(page.form.rows(page.content))
    typed = page.typed()
    if request.POST.get("do") == "more":
        return page.show(typed)
    return _save(page, typed)


def _save(page: _Page, typed: Sequence[Typed]) -> HttpResponseBase:
    ctx, edition, part = page.ctx, page.edition, page.part
    try:
        version = version_of(page.request)
        value = page.form.read(typed, page.content)
        done = see("plan-desk-prose", ctx, edition.pk, fragment=part)
        if value == kept(edition, part):
            return done  # nothing to write, and nothing for the trail to tell
        reason = edit_prose.read_text({"part": part, "value": "-", "reason": page.reason}).reason
        data = EditProse(part, value, reason)
        try:
            edit_prose(ctx, edition, data, expected_version=version)
        except Stale:
            # Another part of the edition changed meanwhile: nobody's work is overwritten by saving this one.
            if page.request.POST.get("was", "") != page.mark:
                raise
            edit_prose(ctx, edition, data, expected_version=edition.version)
    except Stale:
        return page.show(page.again(typed), stale=True, status=409)
    except Problem as problem:
        return page.show(typed, problem=problem, status=problem.status)
    return done


def _content(edition: Edition, part: str) -> Form:
    """A part as rows, each an object."""
    found: Any = kept(edition, part)  # Any: JSON of the part
    if part == "stated":
        found = stated_rows(found)
    elif part in ("related", "predecessors"):
        found = [{"title": title} for title in found]
    return {part: found}


class _Page(RowsPage):
    """One request to the form of a part of the plan's own words."""

    def __init__(self, request: HttpRequest, ctx: Context, edition: Edition, part: str) -> None:
        super().__init__(request, ctx, _content(edition, part), FORMS[part](part))
        self.edition = edition

    def frame(self) -> Frame:
        back = address("plan-desk-prose", self.ctx, self.edition.pk)
        return Frame(
            str(self.form.title),
            name_of(self.edition),
            self.edition.version,
            [*crumbs_of(self.ctx, self.edition), Link(_("本文と体制"), back)],
            f"{back}#{self.part}",
        )

    def now(self) -> list[str]:
        return [
            self.form.legend(self.content, typed) + _rest(typed.cells)
            for typed in self.form.rows(self.content)
        ]


def _rest(cells: Mapping[str, str | list[str]]) -> str:
    """The cells of a row that its name does not say."""
    texts = [text for text in list(cells.values())[1:] if isinstance(text, str) and text]
    return "\n" + "\n".join(texts) if texts else ""
