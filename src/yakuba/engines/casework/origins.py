"""What casework asks of the service whose record a case is about. Called in the transaction of the action that did it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from yakuba.engines.casework import rules
from yakuba.engines.casework.models import Case, CaseMessage, Move, Notice
from yakuba.engines.protection.rules import Party
from yakuba.kernel.actions import Context
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.plugins import Registry

if TYPE_CHECKING:
    Text = str | Promise


@dataclass(frozen=True, slots=True)
class Panel:
    """A drawn part of a case's page: what was asked, attachments, what the applicant sees."""

    key: str
    title: Text
    body: SafeString


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a correction request may name."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as a sheet has it: its column, what it is called, the value, and its code where it is one of several."""

    key: str
    label: str
    cell: Cell = None
    code: str = ""


@dataclass(frozen=True)
class Topic:
    """What cases are filed under (a procedure), with the columns of its answers as they are asked today."""

    kind: str
    id: UUID
    title: str
    answers: Callable[[Context], Sequence[Answer]]

    @property
    def key(self) -> str:
        """As a form sends it."""
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What the service knows for a notice.

    Its title, to whom (with 様 or 御中) and where it goes, the rule that the decision stands on (「狂犬病予防法第4条」), the retention
    class of the document, and after how many business days one that was not opened is printed.
    """

    title: str
    addressee: str
    address: str = ""
    ground: str = ""
    retention: str = "5"
    print_after_days: int = 7


def plain_notice(_ctx: Context, case: Case) -> NoticeFacts:
    """For a service that says nothing of its own."""
    return NoticeFacts(title="", addressee=f"{case.applicant}　様" if case.applicant else "")


@dataclass(frozen=True)
class Origin:
    """One kind of record that cases are about.

    ``moved``, ``told`` and ``issued`` let the service release to the applicant what may be seen: the new state, a message or a
    correction request, a notice (``issued`` returns whether the applicant gets it electronically). ``parties`` are the people
    of each case that the alarm of protective measures looks at, asked for many cases at once. ``paper`` prints the record in its form's own layout. ``remedies`` is the notice of
    remedies (教示) that a decision against the applicant carries, ``no_remedies`` why there is none
    to carry (the answer is no disposition), empty where there is; ``notice`` what a notice begins with. ``facts`` are the answers of a
    case as they stand, ``topics`` what cases of this kind may be filed under in the municipality.
    """

    kind: str
    label: Text
    panels: Callable[[HttpRequest, Context, Case], Sequence[Panel]]
    moved: Callable[[Context, Case, Move], None]
    told: Callable[[Context, Case, CaseMessage], None]
    issued: Callable[[Context, Case, Notice], bool]
    parties: Callable[[Context, Sequence[Case]], Mapping[UUID, Sequence[Party]]]
    questions: Callable[[Context, Case], Sequence[Asked]]
    paper: Callable[[Context, Sequence[Case]], bytes]
    remedies: Callable[[Context, Case], str] = lambda _ctx, _case: ""
    no_remedies: Callable[[Context, Case], str] = lambda _ctx, _case: ""
    notice: Callable[[Context, Case], NoticeFacts] = plain_notice
    facts: Callable[[Context, Case], Sequence[Answer]] = lambda _ctx, _case: ()
    topics: Callable[[Context], Sequence[Topic]] = lambda _ctx: ()


ORIGINS: Final[Registry[Origin]] = Registry("case origin")

Beside = Callable[[HttpRequest, Context, Case], Sequence[Panel]]
_BESIDE: list[Beside] = []


def add_panels(beside: Beside) -> None:
    """Let a room above show something of its own on each case's page, for those who may see it; called when the room starts up."""
    _BESIDE.append(beside)


def panels_of(request: HttpRequest, ctx: Context, case: Case) -> list[Panel]:
    """The drawn parts of a case's page: the service's own, then those of others."""
    own = list(origin_of(case).panels(request, ctx, case))
    return own + [panel for beside in _BESIDE for panel in beside(request, ctx, case)]


def topics(ctx: Context) -> list[Topic]:
    """Everything that cases may be filed under here, by title."""
    found = [topic for _key, origin in ORIGINS.items() for topic in origin.topics(ctx)]
    return sorted(found, key=lambda one: (one.title, one.key))


def topic_of(ctx: Context, key: str) -> Topic | None:
    """One of them by its key."""
    return next((one for one in topics(ctx) if one.key == key), None)


def remedies_due(ctx: Context, case: Case, outcome: str) -> bool:
    """Whether a decision has to carry a notice of remedies (行政不服審査法82条1項), and its service does not say why it has none."""
    return rules.needs_remedies(case.kind, outcome) and not origin_of(case).no_remedies(ctx, case)


def origin_of(case: Case) -> Origin:
    """The service's side of a case. UnknownPluginError where its room is not installed."""
    return ORIGINS.get(case.origin_kind)
