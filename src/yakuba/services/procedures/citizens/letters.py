"""The words of mails that answer what a citizen has just done. They name a receipt and a page, and nothing of what was written."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yakuba.engines.delivery.store import Message
from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.dates.clock import japan_date, japan_time
from yakuba.kernel.ui.formats import plain_day
from yakuba.services.procedures.citizens.numbers import grouped
from yakuba.services.procedures.models import Filling, Submission

#: The page on which one says how the result is to be given; it stands among the finished pages of a form.
REACH = "@reach"
RECEIVED = gettext_noop("受け付けました")


def arrival(submission: Submission) -> str:
    """The moment of arrival in Japan, to the second: 令和6年4月1日 13時05分09秒."""
    local = japan_time(submission.arrived_at)
    return _("%(day)s %(hour)d時%(minute)02d分%(second)02d秒") % {
        "day": plain_day(japan_date(submission.arrived_at)),
        "hour": local.hour,
        "minute": local.minute,
        "second": local.second,
    }


def acknowledgement(ctx: Context, submission: Submission, title: str, page: str) -> Message:
    """The acknowledgement by mail. The secret stands on the screen alone."""
    with translation.override(submission.language):
        lines = [
            _("「%(title)s」を受け付けました。") % {"title": title},
            _("受付番号：%(number)s") % {"number": grouped(submission.receipt)},
            _("到達日時：%(at)s") % {"at": arrival(submission)},
            _("これは試行です。実際の手続にはなりません。") if submission.test else "",
            _(
                "進み具合は「申請の状況を見る」のページで確かめられます。受付番号と、受付票に表示した確認番号が必要です。"
            ),
            page,
            _("このメールには返信できません。"),
        ]
        return Message(
            purpose="acknowledgement",
            address=submission.mail,
            subject=_("【%(town)s】受け付けました（%(number)s）")
            % {"town": ctx.municipality.name, "number": grouped(submission.receipt)},
            body=_body(lines),
            language=submission.language,
            about=SubjectRef("submission", submission.pk),
            zone="portal",
        )


def withdrawal(ctx: Context, submission: Submission, page: str) -> Message:
    """That a withdrawal was received."""
    with translation.override(submission.language):
        lines = [
            _("受付番号 %(number)s の取下げを受け付けました。") % {"number": grouped(submission.receipt)},
            page,
            _("このメールには返信できません。"),
        ]
        return Message(
            purpose="withdrawal",
            address=submission.mail,
            subject=_("【%(town)s】取下げを受け付けました") % {"town": ctx.municipality.name},
            body=_body(lines),
            language=submission.language,
            about=SubjectRef("submission", submission.pk),
            zone="portal",
        )


def draft(ctx: Context, filling: Filling, mail: str, page: str) -> Message:
    """The link to a half-filled form. Its code is not in the mail: whoever reads the mail alone opens nothing."""
    with translation.override(filling.language):
        lines = [
            _("「%(title)s」の記入の続きは、次のページからできます。") % {"title": filling.publication.title},
            page,
            _("開くときに、保存した画面に表示した8文字の番号が必要です。"),
            _("%(day)sを過ぎると、記入した内容は消えます。")
            % {"day": plain_day(japan_date(filling.expires_at))},
            _("このメールには返信できません。"),
        ]
        return Message(
            purpose="draft",
            address=mail,
            subject=_("【%(town)s】記入の続き") % {"town": ctx.municipality.name},
            body=_body(lines),
            language=filling.language,
            zone="portal",
        )


def _body(lines: list[str]) -> str:
    return "\n\n".join(line for line in lines if line) + "\n"
