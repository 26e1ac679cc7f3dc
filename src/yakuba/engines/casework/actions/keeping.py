"""What goes with a case and moves nothing: notes, check marks, whose it is, related cases; and the offices' mailboxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypedDict

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import gettext as _

from yakuba.engines.approval import store as approval
from yakuba.engines.casework import states, store
from yakuba.engines.casework.access import SET_MAILBOX, WORK
from yakuba.engines.casework.models import (
    MARKS,
    Case,
    CaseLink,
    CaseNote,
    CheckMark,
    OfficeMailbox,
    Transfer,
)
from yakuba.engines.casework.queries import page as reading
from yakuba.engines.protection.store import demand_free
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, SubjectRef, action
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.text.codes import tidy
from yakuba.kernel.town.models import Office

_LONGEST = 2000


class Mark(TypedDict):
    """One line of the check list as it was marked."""

    position: int
    mark: str
    note: str


@dataclass(frozen=True)
class WriteNote:
    """A note among colleagues."""

    body: Annotated[str, fields.prose(label="メモ", classification=PERSONAL, required=True, max_length=4000)]


@dataclass(frozen=True)
class Check:
    """Lines of the check list; lines that are not named stay as they are."""

    marks: Annotated[
        list[Mark],
        fields.document(label="確かめた結果", classification=PERSONAL, default=list, required=True),
    ]


@dataclass(frozen=True)
class Assign:
    """The id of a colleague of the office; empty for nobody."""

    person: Annotated[str, fields.text(label="担当者", classification=INTERNAL, required=False)] = ""


@dataclass(frozen=True)
class TransferCase:
    """The id of the office that it goes to, and why."""

    office: Annotated[str, fields.text(label="移送先の課", classification=INTERNAL)]
    reason: Annotated[
        str, fields.prose(label="理由", classification=PERSONAL, required=True, max_length=_LONGEST)
    ]


@dataclass(frozen=True)
class LinkCase:
    """Another case by its 収受番号 or 受付番号, and how the two belong together."""

    number: Annotated[str, fields.text(label="関係する案件の番号", classification=INTERNAL, max_length=60)]
    note: Annotated[str, fields.text(label="関係", classification=INTERNAL, required=False)] = ""


@dataclass(frozen=True)
class UnlinkCase:
    """The id of the link."""

    link: Annotated[str, fields.text(label="つなぎ", classification=INTERNAL)]


@dataclass(frozen=True)
class SetMailbox:
    """A group mailbox of an office; empty for none."""

    mail: Annotated[str, fields.text(label="メール", classification=INTERNAL, required=False)] = ""


@action("casework.note", label="メモを書く", may=WORK, data=WriteNote)
def note(ctx: Context, case: Case, data: WriteNote) -> CaseNote:
    """Add a note; notes stay."""
    made = CaseNote(
        municipality_id=case.municipality_id,
        case=case,
        body=data.body.strip(),
        by_label=store.label_of(ctx),
        at=ctx.now,
    )
    made.save(force_insert=True)
    return made


@action("casework.check", label="確かめた結果を書く", may=WORK, data=Check)
def check(ctx: Context, case: Case, data: Check) -> Case:
    """Mark lines of the check list. Raises :class:`Problem` for a line or a mark that there is not."""
    if case.state in states.FINAL:
        raise store.not_now(case)
    rows = {row.position: row for row in CheckMark.unscoped.filter(case=case)}
    changed = []
    for one in _marks(data.marks):
        row = rows.get(one["position"])
        if row is None or one["mark"] not in dict(MARKS):
            raise Problem("mark", _("確かめることの行か結果が正しくありません。画面を開き直してください。"))
        if (row.mark, row.note) == (one["mark"], one["note"]):
            continue
        row.mark, row.note = one["mark"], one["note"]
        row.by_label, row.at = store.label_of(ctx), ctx.now
        changed.append(row)
    CheckMark.unscoped.bulk_update(changed, ["mark", "note", "by_label", "at"])
    ctx.note(marked=[{"position": row.position, "mark": row.mark} for row in changed])
    return case


def _marks(given: object) -> Sequence[Mark]:
    """What a form or a program sent, looked through. Raises :class:`Problem`."""
    problem = Problem("mark", _("確かめた結果の形が正しくありません。"), field="marks")
    if not isinstance(given, list):
        raise problem
    found: list[Mark] = []
    for one in given:
        if not isinstance(one, dict):
            raise problem
        position, mark, text = one.get("position"), one.get("mark"), one.get("note", "")
        if not isinstance(position, int) or not isinstance(mark, str) or not isinstance(text, str):
            raise problem
        if len(text) > _LONGEST:
            raise Problem(
                "too_long", _("メモは%(most)d文字までにしてください。") % {"most": _LONGEST}, field="marks"
            )
        found.append(Mark(position=position, mark=mark, note=text.strip()))
    return found


@action("casework.assign", label="担当者を決める", may=WORK, data=Assign)
def assign(ctx: Context, case: Case, data: Assign) -> Case:
    """Give the case to a colleague of its office, or to nobody."""
    person = None
    if data.person:
        there = reading.colleagues(ctx, case.office_id, japan_date(ctx.now))
        person = next((one for one in there if str(one.pk) == data.person), None)
        if person is None:
            raise Problem(
                "person",
                _("担当者は、今日この課にいる職員から選んでください。"),
                field="person",
                found=data.person,
            )
    case.assignee = person
    case.save(update_fields=["assignee"])
    return case


@action("casework.transfer", label="ほかの課へ移す", may=WORK, data=TransferCase)
def transfer(ctx: Context, case: Case, data: TransferCase) -> Case:
    """Hand the case on to another office (移送); this one still sees it. Its number stays: it was registered once."""
    if case.state in states.FINAL:
        raise store.not_now(case)
    if approval.open_about(ctx, SubjectRef("case", case.pk)) is not None:
        raise Problem("open", _("起案中の案件は移せません。先に、起案を引き戻してください。"))
    office = store.demand_office(ctx, data.office)
    if office.pk == case.office_id:
        raise Problem(
            "office",
            _("今の担当課と同じ課です。ほかの課を選んでください。"),
            field="office",
            found=data.office,
        )
    Transfer(
        municipality_id=case.municipality_id,
        case=case,
        from_office_id=case.office_id,
        to_office=office,
        reason=data.reason.strip(),
        by_label=store.label_of(ctx),
        at=ctx.now,
    ).save(force_insert=True)
    ctx.because(data.reason)
    case.office, case.assignee = office, None
    case.save(update_fields=["office", "assignee"])
    store.tell_office(ctx, case)
    return case


@action("casework.link", label="関係する案件をつなぐ", may=WORK, data=LinkCase)
def link(ctx: Context, case: Case, data: LinkCase) -> CaseLink:
    """Say that another case, of those that the actor may see, belongs to this one. Stops for both under 支援措置."""
    number = data.number.strip()
    other = (
        Case.objects.for_actor(ctx)
        .filter(Q(number=number) | Q(receipt=tidy(number)), ~Q(pk=case.pk))
        .order_by("registered_at")
        .first()
    )
    if other is None:
        raise Problem(
            "number",
            _("番号「%(found)s」の案件は見つかりません。収受番号か受付番号を入力してください。")
            % {"found": number},
            field="number",
            found=number,
        )
    for one in (case, other):
        demand_free(ctx, SubjectRef("case", one.pk), "related")
    if CaseLink.unscoped.filter(Q(case=case, other=other) | Q(case=other, other=case)).exists():
        raise Problem("twice", _("この2つの案件は、もうつながっています。"), field="number", found=number)
    made = CaseLink(
        municipality_id=case.municipality_id,
        case=case,
        other=other,
        note=data.note.strip(),
        by_label=store.label_of(ctx),
        at=ctx.now,
    )
    made.save(force_insert=True)
    return made


@action("casework.unlink", label="関係する案件を外す", may=WORK, data=UnlinkCase)
def unlink(ctx: Context, case: Case, data: UnlinkCase) -> Case:
    """Take a link away, whichever of the two cases it was made on; what the two were stays in the trail."""
    links = CaseLink.unscoped.filter(Q(case=case) | Q(other=case))
    found = next((one for one in links if str(one.pk) == data.link), None)
    if found is None:
        raise Problem("missing", _("この案件はつながっていません。画面を開き直してください。"), field="link")
    ctx.note(case=str(found.case_id), other=str(found.other_id))
    found.delete()
    return case


@action("casework.set_mailbox", label="課のメールを決める", may=SET_MAILBOX, data=SetMailbox)
def set_mailbox(ctx: Context, office: Office, data: SetMailbox) -> Office:
    """Where the office is told of new cases; empty takes it away."""
    mail = data.mail.strip()
    rows = OfficeMailbox.unscoped.filter(municipality=ctx.municipality.id, office=office)
    if not mail:
        rows.delete()
        return office
    try:
        validate_email(mail)
    except ValidationError:
        raise Problem(
            "mail",
            _(
                "「%(found)s」はメールアドレスとして使えません。「kakari@example.jp」のような形にしてください。"
            )
            % {"found": mail},
            field="mail",
            found=mail,
        ) from None
    rows.update_or_create(municipality_id=ctx.municipality.id, office=office, defaults={"mail": mail})
    ctx.note(mail=mail)
    return office
