"""What the drill finds in its own database; for the drill alone, which has no other data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from yakuba.engines.casework.models import Case
from yakuba.engines.delivery.models import Delivery
from yakuba.kernel.files import store as files
from yakuba.kernel.outbox.models import WAITING, OutboxMessage
from yakuba.kernel.trail.verify import verify
from yakuba.services.procedures.drill.applicant import Acknowledged
from yakuba.services.procedures.models import Attachment, Filing, Filling, Offer, Submission, Upload


@dataclass(frozen=True, slots=True)
class Applied:
    """What one round promised to the applicant."""

    filling: UUID
    told: Acknowledged
    photo: bool


def arrived(filling: UUID) -> int:
    """How many submissions a form became."""
    return Submission.unscoped.filter(filling=filling).count()


def waiting() -> int:
    """How many rows the worker has not finished, whenever they are due; runs of schedules do not count."""
    return OutboxMessage.unscoped.filter(state__in=(*WAITING, "leased")).exclude(kind="schedule").count()


def faults(applied: Sequence[Applied]) -> list[str]:
    """Everything that is lost, doubled or broken; empty when all is well."""
    return [
        *_one_by_one(applied),
        *_in_all(len(applied)),
        *_stuck(),
        *(f"trail: {one.message}" for one in verify() if one.level == "error"),
    ]


def _one_by_one(applied: Sequence[Applied]) -> Iterator[str]:
    """Each acknowledged application: portal row, filing, case, attachment, bytes."""
    sent = {row.pk: row for row in Submission.unscoped.all()}
    filings: dict[str, list[Filing]] = {}
    for filing in Filing.unscoped.all():
        filings.setdefault(filing.receipt, []).append(filing)
    cases = Counter(Case.unscoped.values_list("origin_id", flat=True))
    attached: dict[UUID, list[Attachment]] = {}
    for attachment in Attachment.unscoped.select_related("file"):
        attached.setdefault(attachment.filing_id, []).append(attachment)
    for one in applied:
        name = one.told.receipt
        row = sent.get(one.told.submission)
        if row is None or row.receipt != name or row.filling != one.filling:
            yield f"{name}: acknowledged, and not at the portal"
            continue
        if row.handed_over_at is None or row.body:
            yield f"{name}: not handed over to the desk"
        mine = filings.get(name, [])
        if len(mine) != 1:
            yield f"{name}: {len(mine)} filings"
            continue
        if cases[mine[0].pk] != 1 or mine[0].case_id is None:
            yield f"{name}: {cases[mine[0].pk]} cases"
        yield from _files(name, attached.get(mine[0].pk, []), wanted=1 if one.photo else 0)


def _files(name: str, attached: Sequence[Attachment], *, wanted: int) -> Iterator[str]:
    if len(attached) != wanted:
        yield f"{name}: {len(attached)} files, {wanted} were sent"
    for one in attached:
        try:
            with files.open(one.file) as stream:
                size = len(stream.read())
        except OSError:
            yield f"{name}: a file has no bytes"
            continue
        if size != one.file.size:
            yield f"{name}: a file is cut off"


def _in_all(count: int) -> Iterator[str]:
    """Nothing beyond what was acknowledged: every form was sent until it was."""
    found: Mapping[str, int] = {
        "submissions": Submission.unscoped.count(),
        "filings": Filing.unscoped.count(),
        "cases": Case.unscoped.count(),
        "places taken": sum(Offer.unscoped.values_list("taken", flat=True)),
        "deliveries": Delivery.unscoped.filter(purpose="acknowledgement").count(),
    }
    for what, number in found.items():
        if number != count:
            yield f"{number} {what} for {count} acknowledged applications"
    if left := Filling.unscoped.count():
        yield f"{left} forms are still there after they were sent"
    if left := Upload.unscoped.filter(submission__isnull=False).count():
        yield f"{left} files did not reach the desk"
    numbers = Counter(Case.unscoped.values_list("number", flat=True))
    if twice := sum(1 for times in numbers.values() if times > 1):
        yield f"{twice} case numbers were given twice"


def _stuck() -> Iterator[str]:
    """Rows of the worker that need a person, except mails of which nobody knows whether they went out: those are told apart."""
    stuck = OutboxMessage.unscoped.filter(state__in=("dead", "unconfirmed")).exclude(kind="handover")
    for handler, state in sorted(set(stuck.values_list("handler", "state"))):
        yield f"{handler} is {state}"


def mails(folder: Path) -> tuple[Counter[str], int]:
    """(Deliveries of acknowledgements by state, how many mails were written a second time)."""
    states = Counter(Delivery.unscoped.filter(purpose="acknowledgement").values_list("state", flat=True))
    ids = Counter(_message_id(path) for path in folder.glob("*.eml"))
    return states, sum(times - 1 for times in ids.values())


def _message_id(path: Path) -> str:
    lines = path.read_text("utf-8", errors="replace").splitlines()
    return next((line for line in lines if line.lower().startswith("message-id:")), path.name)
