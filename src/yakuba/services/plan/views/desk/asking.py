"""What the document is silent about, asked in groups and answered in place: one save for a page of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.desk import address, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem, Problems
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.plan import access, asking, labels, queries
from yakuba.services.plan.actions import CorrectRows, RowChange, correct_rows
from yakuba.services.plan.asking import Question
from yakuba.services.plan.forms.base import Choices
from yakuba.services.plan.forms.lists import place_key
from yakuba.services.plan.models import Edition
from yakuba.services.plan.parts import slug_of
from yakuba.services.plan.views.desk.frame import crumbs_of, show, tabs_of
from yakuba.services.plan.views.desk.parts import node_name

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the page: what was chosen so far, what is wrong with it, where else it is answered."""

    name: str
    question: Question
    value: str
    error: str
    mine: bool
    href: str
    suggested: str
    """The suggestion in words."""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def ask(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The open points of one group; ``fill=1`` puts the suggestions into the fields, to be looked at and saved."""
    edition = queries.edition(ctx, edition_id)
    page = _Page(request, ctx, edition)
    return page.answer() if request.method == "POST" else page.show()


class _Page:
    def __init__(self, request: HttpRequest, ctx: Context, edition: Edition) -> None:
        self.request, self.ctx, self.edition = request, ctx, edition
        self.rows = [(row.pk, form) for row, form in queries.forms(queries.initiatives(ctx, edition))]
        self.counts = asking.counts(self.rows)
        wanted = (request.POST if request.method == "POST" else request.GET).get("about", "")
        first = next((key for key, count in self.counts.items() if count), asking.GROUPS[0].key)
        self.group = asking.group(wanted if wanted in self.counts else first)
        self.questions = list(self.group.find(self.rows))[:_SHOWN]

    def answer(self) -> HttpResponseBase:
        """Write what was answered; what others answered meanwhile is no question any more, and is left alone."""
        post = self.request.POST
        typed = {post.get(f"q{n}-key", ""): post.get(f"q{n}-value", "").strip() for n in range(_SHOWN)}
        answers = [(one, typed[one.key]) for one in self.questions if typed.get(one.key)]
        if not answers:
            problem = Problem(
                "empty", _("どれにも答えが選ばれていません。答える行を選んでから保存してください。")
            )
            return self.show(typed=typed, problem=problem)
        versions = dict(queries.initiatives(self.ctx, self.edition).values_list("pk", "version"))
        changes: list[RowChange] = [
            {"initiative": str(identity), "version": versions[identity], "path": path, "value": value}
            for one, value in answers
            for identity, path in one.targets
        ]
        try:
            correct_rows(self.ctx, self.edition, CorrectRows(changes))
        except Problem as problem:
            return self.show(typed=typed, problem=problem)
        done = see("plan-desk-ask", self.ctx, self.edition.pk)
        done["Location"] += f"?about={self.group.key}&done={len(answers)}"
        return done

    def show(self, *, typed: dict[str, str] | None = None, problem: Problem | None = None) -> HttpResponse:
        """Draw one group, with the counts of all of them."""
        ctx, edition, group = self.ctx, self.edition, self.group
        mine = queries.correctable(ctx, edition) if access.CORRECT_MANY.holds_anywhere(ctx) else frozenset()
        fill = self.request.GET.get("fill") == "1"
        said, errors = self._errors(problem)
        asked = [
            self._asked(n, one, mine, (typed or {}).get(one.key, ""), said, fill=fill)
            for n, one in enumerate(self.questions)
        ]
        here = address("plan-desk-ask", ctx, edition.pk)
        done = self.request.GET.get("done", "")
        number = int(done) if done.isascii() and done.isdecimal() and len(done) < 5 else 0
        return show(
            self.request,
            ctx,
            "ask",
            _("確かめること"),
            crumbs=crumbs_of(ctx, edition),
            status=problem.status if problem else 200,
            tabs=tabs_of(ctx, edition, "plan-desk-ask"),
            edition=edition,
            groups=[
                Link(
                    str(one.title),
                    f"{here}?about={one.key}",
                    current=one is group,
                    count=self.counts[one.key],
                )
                for one in asking.GROUPS
                if self.counts[one.key] or one is group
            ],
            group=group,
            choices=self._choices(),
            asked=asked,
            errors=errors,
            total=sum(self.counts.values()),
            count=self.counts[group.key],
            may=any(one.mine for one in asked),
            suggested=not fill and any(one.mine and one.question.suggestion for one in asked),
            fill_href=f"{here}?about={group.key}&fill=1",
            filled=fill,
            done=ngettext("%(n)d件に答えました。", "%(n)d件に答えました。", number) % {"n": number}
            if number
            else "",
        )

    def _asked(
        self, n: int, one: Question, mine: frozenset[UUID], typed: str, said: dict[str, str], *, fill: bool
    ) -> Asked:
        value = typed or (one.suggestion.value if fill and one.suggestion else "")
        row = one.targets[0][0]
        error = next((said[str(identity)] for identity, _path in one.targets if str(identity) in said), "")
        return Asked(
            f"q{n}",
            one,
            value,
            error if typed else "",
            all(identity in mine for identity, _path in one.targets),
            address("plan-desk-part", self.ctx, row, slug_of(one.part)),
            labels.of(dict(self.group.codes or {}), one.suggestion.value) if one.suggestion else "",
        )

    def _choices(self) -> Choices:
        group = self.group
        if group.codes is not None:
            return tuple(group.codes.items())
        if group.key == "place":
            nodes = queries.tree(self.ctx, self.edition)
            return tuple((place_key(node.path), node_name(node)) for node in nodes)
        return ()

    def _errors(self, problem: Problem | None) -> tuple[dict[str, str], Sequence[FieldError]]:
        """Initiative → what is wrong with its answer; and the list above the form."""
        if problem is None:
            return {}, []
        said = {one.field: one.message for one in problem.problems} if isinstance(problem, Problems) else {}
        places = {str(identity): n for n, one in enumerate(self.questions) for identity, _path in one.targets}
        errors = errors_of(problem)
        return said, [
            FieldError(f"q{places[str(one.key)]}-value" if str(one.key) in places else "", one.message)
            for one in errors
        ]
