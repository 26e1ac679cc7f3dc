"""What casework holds, as subjects of actions, trail and search."""

from django.urls import reverse

from yakuba.engines.casework.models import (
    Case,
    CaseLink,
    CaseMessage,
    CaseNote,
    CheckMark,
    ClockStop,
    Disposition,
    Move,
    Notice,
    NumberBook,
    OfficeMailbox,
    Seal,
    Transfer,
)
from yakuba.kernel.actions import Context, register_subject


def _number(case: Case) -> str:
    return case.number  # without the applicant: the trail's labels name no person


def _url(ctx: Context, case: Case) -> str:
    return reverse("casework-case", args=[ctx.municipality.code, case.pk])


register_subject("case", "案件", Case, title=_number, url=_url)
register_subject("case_move", "案件の動き", Move)
register_subject("case_transfer", "案件の移送", Transfer)
register_subject("case_stop", "期限の停止", ClockStop)
register_subject("case_note", "案件のメモ", CaseNote)
register_subject("case_message", "案件のやりとり", CaseMessage)
register_subject("case_mark", "確かめること", CheckMark)
register_subject("case_link", "関係する案件", CaseLink)
register_subject("disposition", "決定", Disposition)
register_subject("case_notice", "通知書", Notice, title=lambda notice: notice.document_number or "通知書")
register_subject("number_book", "番号簿", NumberBook)
register_subject("seal", "公印", Seal)
register_subject("office_mailbox", "課のメール", OfficeMailbox)
