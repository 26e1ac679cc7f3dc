"""Editing a part of an initiative in a form of its own: rows to fill, to put in order, to take out. Works without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Denied, Missing, Problem, Stale
from yakuba.kernel.ui.components import Link
from yakuba.services.plan import access, parts, queries
from yakuba.services.plan.actions import EditPart, edit_part
from yakuba.services.plan.forms import PartForm, Typed, World, form_of
from yakuba.services.plan.forms.lists import place_key
from yakuba.services.plan.models import Initiative, Node
from yakuba.services.plan.rows import Form
from yakuba.services.plan.views.desk.frame import crumbs_of
from yakuba.services.plan.views.desk.row_pages import Frame, RowsPage
from yakuba.services.plan.words import words


def fragment_of(part: str) -> str:
    """Where on the initiative's page a part stands."""
    if part.startswith("indicators"):
        return "part-indicators"
    return {
        "head": "part-basics",
        "offices": "part-basics",
        "placements": "part-basics",
        "texts": "part-texts",
    }.get(part, "part-rest")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def edit(request: HttpRequest, ctx: Context, initiative_id: UUID, slug: str) -> HttpResponseBase:
    """The form of a part; ``more`` adds rows, ``save`` keeps them."""
    row = queries.initiative(ctx, initiative_id)
    form = queries.initiative_form(row)
    part = parts.part_of(slug)
    if not parts.known(part, form):
        raise Missing
    page = _Page(request, ctx, row, form, form_of(part))
    if request.method != "POST":
        verdict = access.CORRECT.may(ctx, row)
        if not verdict.allowed:
            raise Denied(verdict.reason)
        return page.show(page.form.rows(form))
    typed = page.typed()
    if request.POST.get("do") == "more":
        return page.show(typed)
    return _save(page, typed)


def _save(page: _Page, typed: Sequence[Typed]) -> HttpResponseBase:
    ctx, row, form = page.ctx, page.row, page.content
    try:
        version = version_of(page.request)
        value = page.form.read(typed, form)
        done = see("plan-desk-initiative", ctx, row.pk, fragment=fragment_of(page.part))
        if access.CORRECT.may(ctx, row).allowed and not parts.replace(form, page.part, value).told:
            return done  # nothing to write, and nothing for the trail to tell
        reason = edit_part.read_text({"part": page.part, "value": "-", "reason": page.reason}).reason
        try:
            edit_part(ctx, row, EditPart(page.part, value, reason), expected_version=version)
        except Stale:
            # Somebody changed another part of the row meanwhile: nobody's work is overwritten by saving this one.
            if page.request.POST.get("was", "") != page.mark:
                raise
            edit_part(ctx, row, EditPart(page.part, value, reason), expected_version=row.version)
    except Stale:
        return page.show(page.again(typed), stale=True, status=409)
    except Problem as problem:
        return page.show(typed, problem=problem, status=problem.status)
    return done


class _Page(RowsPage):
    """One request to the form of a part of an initiative."""

    def __init__(
        self, request: HttpRequest, ctx: Context, row: Initiative, content: Form, form: PartForm
    ) -> None:
        super().__init__(request, ctx, content, form)
        self.row = row

    def frame(self) -> Frame:
        name = f"{self.row.number} {self.row.title}".strip()
        back = address("plan-desk-initiative", self.ctx, self.row.pk)
        return Frame(
            self._title(),
            name,
            self.row.version,
            [*crumbs_of(self.ctx, self.row.edition), Link(name, back)],
            f"{back}#{fragment_of(self.part)}",
        )

    def _title(self) -> str:
        """The part's name; of several indicators the one whose values they are."""
        found = parts.VALUES.fullmatch(self.part)
        if found is None:
            return str(self.form.title)
        name = words(f"indicators[{found[1]}]", self.content["indicators"][int(found[1])])
        return _("「%(indicator)s」の値") % {"indicator": name}

    def world(self) -> World:
        edition = self.row.edition
        match self.part:
            case "placements":
                nodes = queries.tree(self.ctx, edition)
                return World(places=tuple((place_key(node.path), node_name(node)) for node in nodes))
            case "head":
                return World(progress_words=queries.progress_words(self.ctx, edition))
            case _:
                return World()

    def now(self) -> list[str]:
        if self.form.many:
            return super().now()
        found = [one for one in self.form.rows(self.content)[0].cells.items() if one[1]]
        labels = {one.key: str(one.label) for one in self.form.inputs(World(), Typed({}))}
        told = [(labels.get(key, key), self._word(key, text)) for key, text in found]
        return [_("%(label)s：%(text)s") % {"label": label, "text": text} for label, text in told]

    def _word(self, key: str, text: str | list[str]) -> str:
        if self.part != "head" or key == "year":
            return text if isinstance(text, str) else "、".join(text)
        return str(words(key, text))


def node_name(node: Node) -> str:
    """A node of the tree as a choice: code and title, indented by its level."""
    code, title = node.path[-1], node.title
    return "　" * (len(node.path) - 1) + (title if code == title else f"{code} {title}")
