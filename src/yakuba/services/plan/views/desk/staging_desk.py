"""What the pages of a review share: the reading with its decisions, the questions in order, one decision sent and made."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Concatenate, ParamSpec, Protocol
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.access.desk import address, version_of
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem, Stale
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.kernel.ui.formats import moment
from yakuba.services.plan import cells, queries, rules
from yakuba.services.plan.actions import SettleReading, StagedAnswer, settle_reading
from yakuba.services.plan.actions.staging import plain
from yakuba.services.plan.models import Import, StagedDecision
from yakuba.services.plan.review import answers, continued
from yakuba.services.plan.rows import Form
from yakuba.services.plan.staging import (
    Choice,
    Decision,
    Question,
    Staged,
    by_line,
    choices,
    node_words,
    parse_key,
    questions,
    replay,
)
from yakuba.services.plan.views.desk.frame import SEE_OTHER
from yakuba.services.plan.views.desk.imports import import_of
from yakuba.services.plan.views.desk.initiative import DOUBTS, SOME_DOUBT, mark_of

P = ParamSpec("P")
RECENT = 5
#: What becomes of a row as a whole.
WHOLE = {"omit": gettext_lazy("取組として取り込まない"), "make": gettext_lazy("新しい取組にする")}


class NotReady(Exception):
    """The import is not (or no longer) to be reviewed; its own page says what it is."""


@dataclass
class Desk:
    """An import with everything that a page of its review needs, asked and replayed once."""

    ctx: Context
    job: Import
    decisions: list[Decision]
    staged: Staged

    @classmethod
    def of(cls, ctx: Context, import_id: UUID) -> Desk:
        """The review of an import. Raises :class:`Missing` where there is none."""
        job = import_of(ctx, import_id)
        if job.state != "ready":
            raise NotReady
        made = StagedDecision.objects.for_actor(ctx).filter(job=job, undone_at=None).order_by("number")
        decisions = plain(made)
        return cls(ctx, job, decisions, replay(job.reading["documents"], decisions))

    @cached_property
    def questions(self) -> list[Question]:
        """Every question of the reading, in the order of work."""
        documents = self.job.reading["documents"]
        return questions(documents, self.staged, answers(continued(self.ctx, documents), documents))

    @cached_property
    def open(self) -> list[Question]:
        """Those that nobody answered yet."""
        return [one for one in self.questions if one.state == "open"]

    def question(self, key: str) -> Question | None:
        """A question by its key."""
        return next((one for one in self.questions if one.key == key), None)

    def after(self, key: str) -> Question | None:
        """The next open question behind one, beginning again at the first; None where all are answered."""
        keys = [one.key for one in self.questions]
        at = keys.index(key) if key in keys else -1
        later = [one for one in self.questions[at + 1 :] if one.state == "open"]
        return next(iter(later or self.open), None)

    def mine(self, key: str) -> bool:
        """Whether the newest decision about a field is this actor's."""
        made = self.decision(key)
        return made is not None and made.actor == str(self.ctx.actor.id)

    def batch_of(self, document: int, piece: int) -> str:
        """What a piece was dealt with together with; nothing where nobody dealt with it."""
        made = self.staged.pieces.get((document, piece))
        return made.batch if made else ""

    def decision(self, key: str) -> Decision | None:
        """The newest decision about a field."""
        found = parse_key(key)
        return self.staged.fields.get(found) if found else None

    def mark(self, row: tuple[int, int], path: str) -> str:
        """A mark of a field's state, by which a form tells whether somebody else decided it meanwhile."""
        made = self.staged.fields.get((*row, path))
        try:
            text = cells.cell(self.staged.form(row), path).text
        except LookupError:
            text = ""
        return mark_of(f"{made.number if made else 0} {text}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as the page draws it."""

    question: Question
    form: Form
    label: str
    section: str
    text: str
    note: str
    kinds: tuple[str, ...]
    choices: Sequence[Choice]
    editable: bool
    long: bool
    decision: Decision | None
    when: str
    printed: str
    """What the cell prints that the doubtful figure was read from."""
    is_event: bool
    """Whether it is an event of the row's lineage, which can be taken out."""
    places: Sequence[tuple[str, str]]
    """The nodes of the tree to choose from, where the field is a place in it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody sent and could not keep; ``stale``: somebody else was first."""

    value: str = ""
    errors: tuple[FieldError, ...] = field(default=())
    stale: bool = False


def shown(desk: Desk, question: Question) -> Shown:
    """A question with its words."""
    form = desk.staged.form(question.at)
    try:
        cell = cells.cell(form, question.path)
    except LookupError:
        cell = cells.Cell(question.path, question.path, "")
    made = desk.decision(question.key)
    return Shown(
        question,
        form,
        cell.label,
        cell.section,
        cell.text,
        cell.note,
        tuple(str(DOUBTS.get(code, SOME_DOUBT)) for code in question.codes),
        choices(desk.staged, question) if question.state != "out" else [],
        rules.correctable(question.path),
        cell.long,
        made,
        moment(made.at) if made else "",
        _printed(form, question.path),
        question.path.startswith("lineage["),
        places(desk.staged.documents[question.document]) if question.path.startswith("placements[") else (),
    )


def _printed(form: Form, path: str) -> str:
    stem, _point, leaf = path.rpartition(".")
    if ".values[" not in stem or leaf == "raw":
        return ""
    try:
        return str(rules.get(form, f"{stem}.raw"))
    except LookupError:
        return ""


def places(document: Form) -> list[tuple[str, str]]:
    """The nodes of a document's tree: their codes, as a correction names them, and their words."""
    return [("＞".join(node["path"]), node_words(node)) for node in document["nodes"]]


def loose(desk: Desk) -> int:
    """How many lines of the documents hold pieces without a place that wait for a decision."""
    return sum(len(by_line(desk.staged.taken(n)["unplaced"])) for n in range(len(desk.staged.documents)))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions of one kind of a document are left."""

    title: str
    """The document, before the first kind of each where there are several."""
    kind: str
    left: int
    total: int
    href: str
    current: bool


def tallies(desk: Desk, at: Question | None) -> list[Tally]:
    """What is left, by document and kind of doubt, in the order of work."""
    total = Counter((one.document, one.codes[0]) for one in desk.questions)
    left = Counter((one.document, one.codes[0]) for one in desk.open)
    first: dict[tuple[int, str], Question] = {}
    for one in desk.questions:
        known_ = first.get((one.document, one.codes[0]))
        if known_ is None or (known_.state != "open" and one.state == "open"):
            first[one.document, one.codes[0]] = one
    several = len(desk.staged.documents) > 1
    titled = [document for document, _code in total]
    return [
        Tally(
            document_title(desk.staged.documents[document])
            if several and titled.index(document) == place
            else "",
            str(DOUBTS.get(code, SOME_DOUBT)),
            left[document, code],
            number,
            here(desk, first[document, code].key),
            at is not None and (at.document, at.codes[0]) == (document, code),
        )
        for place, ((document, code), number) in enumerate(total.items())
    ]


def document_title(document: Form) -> str:
    """What a document of a reading is called among the others."""
    about = document["plan"]
    return str(about["edition"] or rules.edition_year(about).wareki) + (
        "" if about["edition"] else f" {about['title']}"
    )


@dataclass(frozen=True, slots=True)
class Recent:
    """Decisions that were made at once, as they are offered to be taken back."""

    batch: str
    text: str
    who: str


def recent(desk: Desk) -> list[Recent]:
    """The newest decisions, newest first."""
    batches: dict[str, list[Decision]] = {}
    for one in desk.decisions:
        batches.setdefault(one.batch, []).append(one)
    found = []
    for batch, made in list(batches.items())[-RECENT:][::-1]:
        one = made[0]
        words = _about(desk, one)
        if len(made) > 1 and one.verdict != "make":
            words = _("%(first)sほか%(n)d件") % {"first": words, "n": len(made) - 1}
        who = _("%(who)s・%(when)s") % {"who": one.by, "when": moment(one.at)}
        found.append(Recent(batch, words, who))
    return found


def _about(desk: Desk, one: Decision) -> str:
    """What a decision is about, in a few words."""
    if one.row is None:
        return _("置き場所のない記載")
    try:
        form = desk.staged.form((one.document, one.row))
    except LookupError:
        return one.path
    if one.verdict in WHOLE:
        label = str(WHOLE[one.verdict])
    else:
        try:
            label = cells.full_name(form, one.path)
        except LookupError:
            label = one.path
    return f"{form['number']} {form['title'][:24]}：{label}".strip()


def here(desk: Desk, key: str) -> str:
    """The address of a question."""
    return f"{address('plan-desk-check', desk.ctx, desk.job.pk)}?{urlencode({'at': key})}#question"


def answer_of(request: HttpRequest) -> StagedAnswer:
    """What a form decides about one field. Raises :class:`Missing` for what names none."""
    place = parse_key(request.POST.get("at", ""))
    if place is None:
        raise Missing
    document, row, path = place
    if request.POST.get("take") == "omit":
        return {"document": document, "row": row, "verdict": "omit"}
    made: StagedAnswer = {"document": document, "row": row, "path": path, "verdict": "keep"}
    if request.POST.get("take") == "keep":
        return made
    return {**made, "verdict": "correct", "value": request.POST.get("value", "")}


def refused(problem: Problem, value: str) -> Typed:
    """Why a decision was not made, with what was typed."""
    if isinstance(problem, Stale):
        return Typed(value, stale=True)
    return Typed(value, tuple(FieldError("value", error.message) for error in errors_of(problem)))


def to(href: str) -> HttpResponseBase:
    """The answer to a form that was done (303)."""
    made = redirect(href)
    made.status_code = SEE_OTHER
    return made


class ReviewPage(Protocol[P]):
    """A page of one import's review; the address names the import."""

    def __call__(
        self, request: HttpRequest, ctx: Context, import_id: UUID, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        """Answer a request."""


def while_ready(
    view: Callable[Concatenate[HttpRequest, Context, UUID, P], HttpResponseBase],
) -> ReviewPage[P]:
    """A page of a review; an import that is not (or no longer) to be reviewed leads to its own page, which says where it stands."""

    @functools.wraps(view)
    def page(
        request: HttpRequest, ctx: Context, import_id: UUID, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        try:
            return view(request, ctx, import_id, *args, **kwargs)
        except NotReady:
            return to(address("plan-desk-import", ctx, import_id))

    return page


def crumbs(ctx: Context, job: Import) -> list[Link]:
    """The way to a page of a review."""
    return [
        Link(_("計画書の取り込み"), address("plan-desk-imports", ctx)),
        Link(job.file_name, address("plan-desk-import", ctx, job.pk)),
    ]


def steps(desk: Desk, current: str) -> list[Link]:
    """The pages of a review, each with what is left to do there."""
    pieces = loose(desk)
    wanted = [
        ("plan-desk-check", _("確認が要る読み取り"), len(desk.open)),
        ("plan-desk-check-pieces", _("置き場所のない記載"), pieces),
        ("plan-desk-check-rows", _("読み取った取組"), None),
        ("plan-desk-import", _("下書きに反映する"), None),
    ]
    return [
        Link(label, address(name, desk.ctx, desk.job.pk), current=name == current, count=count)
        for name, label, count in wanted
    ]


def decide(request: HttpRequest, ctx: Context, job: Import, answers: Sequence[StagedAnswer]) -> None:
    """Make decisions that a form sent. Who comes second about the very same field is told; other fields do not stand in the way.

    Raises :class:`Stale` for the former, and :class:`Problem`.
    """
    data = SettleReading(list(answers))
    try:
        settle_reading(ctx, job, data, expected_version=version_of(request))
    except Stale:
        desk = Desk.of(ctx, job.pk)
        mine = [
            (one["document"], one["row"], one["path"]) for one in answers if "row" in one and "path" in one
        ]
        if request.POST.get("was", "") != "".join(desk.mark(place[:2], place[2]) for place in mine):
            raise
        settle_reading(ctx, desk.job, data, expected_version=desk.job.version)


def light(ctx: Context, import_id: UUID) -> Import:
    """An import without its reading, which an action loads itself. Raises :class:`Missing`, :class:`NotReady`."""
    found = queries.imports(ctx).defer("reading").filter(pk=import_id).first()
    if found is None:
        raise Missing
    if found.state != "ready":
        raise NotReady
    return found
