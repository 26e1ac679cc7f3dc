"""What goes on from a meeting: the report to whom the body reports, and the summary that the public may read."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, TypedDict

from django.utils.translation import gettext as _

from yakuba.engines.bodies import access, documents, printing, public, rules
from yakuba.engines.bodies.actions.agenda import RETENTION
from yakuba.engines.bodies.actions.moving import move
from yakuba.engines.bodies.models import AgendaItem, Meeting, Minutes, Report
from yakuba.engines.bodies.queries import meetings, sitting
from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing import store as freezing
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, Problems, action
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.files import store as files
from yakuba.kernel.text.my_number import hide


@dataclass(frozen=True)
class Reported:
    """To whom, on which day, in which words, and which items are told of (ids)."""

    addressee: Annotated[str, fields.text(label="報告先", classification=INTERNAL, max_length=100)]
    reported_on: Annotated[dt.date, fields.date(label="報告日", classification=INTERNAL)]
    items: Annotated[
        list[str], fields.document(label="報告する議題", classification=INTERNAL, default=list)
    ] = field(default_factory=list)
    words: Annotated[str, fields.prose(label="報告の言葉", classification=INTERNAL)] = ""


class Told(TypedDict):
    """What the public reads of one item."""

    item: str
    text: str


@dataclass(frozen=True)
class Released:
    """The summary for the public: of each item that is named, in these words. ``note`` says what was corrected."""

    items: Annotated[list[Told], fields.document(label="公表する議題", classification=PUBLIC, default=list)]
    note: Annotated[str, fields.prose(label="正誤の説明", classification=PUBLIC)] = ""


@dataclass(frozen=True)
class Withdrawn:
    """Why the summary is taken back, for the public to read."""

    note: Annotated[str, fields.prose(label="取り下げる理由", classification=PUBLIC, required=True)]


@action("bodies.report", label="報告する", may=access.REPORT, data=Reported)
def report(ctx: Context, meeting: Meeting, data: Reported) -> Report:
    """Write the report of chosen decisions and keep it as it went. Raises :class:`Problem`.

    The first one ends the meeting's course; further ones (to another addressee, or of what was left out) may follow.
    """
    if meeting.state not in {"minuted", "reported"}:
        raise Problem(
            "state",
            _("議事録が確定してから報告します（今は「%(state)s」）。")
            % {"state": dict(rules.STATES)[meeting.state]},
            found=meeting.state,
        )
    if not sitting.day_of(meeting) <= data.reported_on <= japan_date(ctx.now):
        raise Problem(
            "days",
            _("報告日は、会議の日から今日までの日にしてください。"),
            field="reported_on",
            found=format_date(data.reported_on),
        )
    wanted = _ids(data.items)
    chosen = [one for one in meetings.items(ctx, meeting) if str(one.pk) in wanted and one.decision]
    if not chosen:
        raise Problem("required", _("報告する議題を1つ以上選んでください。"), field="items")
    made = Report(
        municipality_id=ctx.municipality.id,
        meeting=meeting,
        addressee=data.addressee,
        reported_on=data.reported_on,
        words=data.words.strip(),
        items=[str(one.pk) for one in chosen],
        by_label=ctx.actor.label[:200],
    )
    presider = next((one for one in sitting.of_meeting(ctx, meeting) if one.key == meeting.seat_id), None)
    shown = documents.report(ctx, meeting, made, chosen, presider)
    made.file = files.keep(
        ctx,
        printing.report(shown),
        f"{shown['title']}.pdf",
        classification=INTERNAL,
        retention_class=RETENTION,
        made_by_us=True,
    )
    made.save(force_insert=True)
    if meeting.state == "minuted":
        move(ctx, meeting, "report")
    return made


@action("bodies.release_minutes", label="会議の概要を公表する", may=access.RELEASE, data=Released)
def release_minutes(ctx: Context, meeting: Meeting, data: Released) -> Meeting:
    """Freeze the summary that the public reads, from confirmed minutes. Raises :class:`Problem`, among others for a person's name in it."""
    minutes = Minutes.unscoped.filter(meeting=meeting, state="confirmed").order_by("-number").first()
    if minutes is None or meeting.state not in {"minuted", "reported"}:
        raise Problem("state", _("議事録が確定してから公表します。"), found=meeting.state)
    texts = _texts(data.items)
    items = [one for one in meetings.items(ctx, meeting) if str(one.pk) in texts]
    if not items:
        raise Problem("required", _("公表する議題を1つ以上選んでください。"), field="items")
    _demand_nameless(ctx, meeting, items, texts)
    standing = publishing.standing_of(ctx, public.KIND, meeting.pk)
    if standing is not None and not data.note.strip():
        raise Problem(
            "required",
            _("もう公表されています。何を直したかを「正誤の説明」に書いてください。"),
            field="note",
        )
    freezing.freeze(
        ctx,
        public.copy(ctx, meeting, items, {pk: text.strip() for pk, text in texts.items()}, data.note.strip()),
    )
    return meeting


def _ids(given: object) -> set[str]:
    return {str(one) for one in given} if isinstance(given, list | tuple) else set()


def _texts(given: object) -> Mapping[str, str]:
    if not isinstance(given, list | tuple) or not all(isinstance(one, dict) for one in given):
        raise Problem("unreadable", _("公表する議題を読み取れません。画面を開き直してください。"))
    return {str(one.get("item", "")): str(one.get("text", "")) for one in given if isinstance(one, dict)}


def _demand_nameless(
    ctx: Context, meeting: Meeting, items: Sequence[AgendaItem], texts: Mapping[str, str]
) -> None:
    """Officials and members are named by their posts alone. Raises :class:`Problems` for each text with a name or a 個人番号 in it."""
    seats = sitting.of_meeting(ctx, meeting)
    names = {one.name for seat in seats for one in seat.people} | {
        seat.seat.outsider for seat in seats if seat.seat.outsider
    }
    names |= {
        name for _guest, _post, found in sitting.guests(ctx, meeting) for name in found.split("、") if name
    }
    plain = {_plain(name): name for name in names if len(_plain(name)) > 1}
    problems = []
    for item in items:
        for where, text in (("text", texts[str(item.pk)]), ("title", item.title), ("reason", item.decision)):
            if hide(text) != text:
                problems.append(
                    Problem(
                        "my_number",
                        _(
                            "「%(title)s」の公表する文に、個人番号（マイナンバー）と思われる12桁の数字があります。その数字を消してください。"
                        )
                        % {"title": hide(item.title)},
                        field=f"text-{item.pk}" if where == "text" else "",
                    )
                )
            found = [name for bare, name in plain.items() if bare in _plain(text)]
            if found:
                problems.append(
                    Problem(
                        "name",
                        _(
                            "「%(title)s」の公表する文に氏名（%(names)s）があります。職の名前で書いてください。"
                        )
                        % {"title": item.title, "names": "、".join(found)},
                        field=f"text-{item.pk}" if where == "text" else "",
                        found="、".join(found),
                    )
                )
    if problems:
        raise Problems(problems)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@action("bodies.withdraw_minutes", label="会議の概要の公表を取り下げる", may=access.RELEASE, data=Withdrawn)
def withdraw_minutes(ctx: Context, meeting: Meeting, data: Withdrawn) -> Meeting:
    """Take the summary back; the desk keeps what stood. Raises :class:`Problem` where nothing stands."""
    standing = publishing.standing_of(ctx, public.KIND, meeting.pk)
    if standing is None:
        raise Problem("none", _("この会議の概要は公表されていません。"))
    freezing.withdraw(ctx, standing, data.note.strip())
    ctx.because(data.note.strip())
    return meeting
