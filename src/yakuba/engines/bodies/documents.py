"""What is printed of a meeting, as data: the notice that calls it, the papers' own pages, the minutes, the report. All of it Japanese.

What is printed is Japanese, whatever language its clerk reads the desk in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from yakuba.engines.approval.outcomes import Section
from yakuba.engines.bodies import rules
from yakuba.engines.bodies.matters import MATTERS
from yakuba.engines.bodies.models import AgendaItem, Attendance, Meeting, Minutes, Report
from yakuba.engines.bodies.queries import meetings, sitting
from yakuba.engines.bodies.queries.sitting import Sitting
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import format_date, format_moment, japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.town.queries import office_name

_WHATS = dict(rules.WHATS)
_WEEKDAYS = "月火水木金土日"
_ASKS = {
    "in_person": "次のとおり開催しますので、御出席ください。",
    rules.CIRCULAR: "次の議題について、期限までに御回答ください。",
}


def name_of(meeting: Meeting) -> str:
    """みほん市情報化推進本部 令和8年度第1回会議"""
    return f"{meeting.body.name} {meeting.year.wareki}第{meeting.number}回会議"


def when(meeting: Meeting, *, over: bool = True) -> str:
    """The day and hours, or from when until when it goes round. What is written before (not ``over``) knows no end."""
    day = sitting.day_of(meeting)
    if meeting.way == rules.CIRCULAR:
        until = f"から{format_date(meeting.due)}まで" if meeting.due else "から"
        return f"{format_date(day)}（{_WEEKDAYS[day.weekday()]}）{until}"
    text = f"{format_date(day)}（{_WEEKDAYS[day.weekday()]}）{_clock(format_moment(meeting.starts_at))}から"
    return text + (f"{_clock(format_moment(meeting.ends_at))}まで" if over and meeting.ends_at else "")


def _clock(moment: str) -> str:
    """14時30分, out of a moment's words."""
    hour, _colon, minute = moment.rpartition(" ")[2].partition(":")
    return f"{hour}時" + (f"{minute}分" if minute and minute != "00" else "")


def _facts(meeting: Meeting, *, over: bool = True) -> list[JsonValue]:
    rows = [
        ("日時" if meeting.way != rules.CIRCULAR else "期間", when(meeting, over=over)),
        ("開き方", dict(rules.WAYS)[meeting.way]),
        ("場所", meeting.place),
    ]
    return [[label, text] for label, text in rows if text]


# --- calling --------------------------------------------------------------------------------------------------------


def letter(ctx: Context, meeting: Meeting, convener: Sitting | None) -> dict[str, JsonValue]:
    """The notice that calls members (開催通知)."""
    key = convener.key if convener else None
    seats = [one for one in sitting.of_meeting(ctx, meeting) if not one.vacant and one.key != key]
    day = japan_date(meeting.called_at or ctx.now)
    return {
        "title": f"{name_of(meeting)}の{'持ち回りについて' if meeting.way == rules.CIRCULAR else '開催について（通知）'}",
        "day": format_date(day),
        "addressees": [one.label for one in seats],
        "sender": [meeting.body.name, _sender(meeting, convener)],
        "text": meeting.letter.splitlines() or [_ASKS.get(meeting.way, _ASKS["in_person"])],
        "facts": _facts(meeting, over=False),
        "items": _agenda(meetings.items(ctx, meeting)),
        "contact": f"担当　{office_name(meeting.body.office_id, day)}",
    }


def _sender(meeting: Meeting, convener: Sitting | None) -> str:
    if convener is None:
        return ""
    title = {"headquarters": "本部長", "council": "会長", "committee": "委員長"}.get(
        meeting.body.kind, "部会長"
    )
    return f"{title}　{convener.post}"


def _agenda(items: Sequence[AgendaItem]) -> list[JsonValue]:
    return [
        {"number": str(place), "title": one.title, "what": _WHATS[one.what]}
        for place, one in enumerate(items, start=1)
    ]


# --- papers ---------------------------------------------------------------------------------------------------------


def papers(ctx: Context, meeting: Meeting) -> tuple[dict[str, JsonValue], list[tuple[str, UUID]]]:
    """The pages of our own, and what stands behind them: (title, paper) in order."""
    items = meetings.items(ctx, meeting)
    by_item = meetings.papers(ctx, meeting)
    parts: list[JsonValue] = []
    behind: list[tuple[str, UUID]] = []
    first = 1
    numbered = 0
    for place, item in enumerate(items, start=1):
        attached: list[JsonValue] = []
        for paper in by_item.get(item.pk, []):
            numbered += 1
            title = f"資料{numbered}　{paper.title}"
            attached.append({"title": title, "offset": first, "pages": paper.pages})
            behind.append((title, paper.pk))
            first += paper.pages
        parts.append(
            {
                "number": str(place),
                "title": item.title,
                "what": _WHATS[item.what],
                "explanation": item.explanation.splitlines(),
                "sections": _sections(meetings.summary(ctx, item)),
                "papers": attached,
            }
        )
    seats = [one for one in sitting.of_meeting(ctx, meeting) if not one.vacant]
    data: dict[str, JsonValue] = {
        "town": ctx.municipality.name,
        "title": f"{name_of(meeting)} 資料",
        "name": name_of(meeting),
        "facts": _facts(meeting, over=False),
        "items": parts,
        "behind": first - 1,
        "members": [[one.role_label, one.post] for one in seats],
        "guests": [[post or "庁外", guest.concerning] for guest, post, _name in sitting.guests(ctx, meeting)],
        "office": office_name(meeting.body.office_id, sitting.day_of(meeting)),
    }
    return data, behind


def _sections(found: Sequence[Section]) -> list[JsonValue]:
    return [
        {"heading": one.heading, "facts": [list(pair) for pair in one.facts], "text": one.text.splitlines()}
        for one in found
    ]


# --- minutes --------------------------------------------------------------------------------------------------------


def minutes(ctx: Context, meeting: Meeting, written: Minutes) -> dict[str, JsonValue]:
    """The whole of the minutes: what the records say, and what was written around it."""
    seats = sitting.of_meeting(ctx, meeting)
    there = meetings.attendances(meeting)
    count = meetings.count_of(meeting, seats, there)
    tallies = meetings.tallies(meeting, seats) if meeting.way == rules.CIRCULAR else {}
    items: list[JsonValue] = []
    for place, item in enumerate(meetings.items(ctx, meeting), start=1):
        tally = tallies.get(item.pk)
        items.append(
            {
                "id": str(item.pk),
                "number": str(place),
                "title": item.title,
                "what": _WHATS[item.what],
                "talk": item.talk.splitlines(),
                "decision": item.decision,
                "details": _decided_words(item),
                "reason": item.reason.splitlines(),
                "tally": f"異議なし{tally.consent}人　異議あり{tally.objection}人　回答なし{tally.silent}人"
                if tally
                else "",
            }
        )
    return {
        "title": f"{name_of(meeting)} {dict(rules.MINUTES)[written.form]}",
        "facts": [*_facts(meeting), *_presided(meeting, seats, there), ["定足数", _quorum(meeting, count)]],
        "attendance": [_attended(one, there.get(one.key)) for one in seats if one.key in there],
        "guests": [
            [post or "庁外", name, guest.concerning] for guest, post, name in sitting.guests(ctx, meeting)
        ],
        "opening": written.opening.splitlines(),
        "items": items,
        "closing": written.closing.splitlines(),
        "circular": meeting.way == rules.CIRCULAR,
    }


def _decided_words(item: AgendaItem) -> str:
    if not item.matter or item.matter not in MATTERS or item.choice in {"", rules.DEFERRED[0]}:
        return ""
    return MATTERS.get(item.matter).decided_words(item.choice, item.details)


def _presided(
    meeting: Meeting, seats: Sequence[Sitting], there: Mapping[UUID, Attendance]
) -> list[JsonValue]:
    found = next((one for one in seats if one.key == meeting.seat_id), None)
    if found is None:
        return []
    attended = there.get(found.key)
    who = attended.person.name if attended and attended.person else found.names
    acting = "（職務代理）" if meeting.presided_as == "vice" else ""
    label = "招集者" if meeting.way == rules.CIRCULAR else "議長"
    return [[label, f"{found.post} {who}{acting}".strip()]]


def _quorum(meeting: Meeting, count: rules.Count) -> str:
    rule = dict(rules.QUORUMS)[meeting.body.quorum]
    asked = f"、必要{count.needed}人" if count.needed else ""
    verb = "回答" if meeting.way == rules.CIRCULAR else "出席"
    return f"{rule}（委員{count.members}人、{verb}{count.there}人{asked}）" + (
        "" if count.enough else "　不足"
    )


def _attended(one: Sitting, found: Attendance | None) -> JsonValue:
    """Role, post, name and presence of one seat."""
    if found is None:
        return [one.role_label, one.post, one.names, ""]
    name = found.person.name if found.person else one.names
    presence = rules.presence_label(found.meeting.way, found.presence)
    return [one.role_label, one.post, name, f"{presence}（{found.proxy}）" if found.proxy else presence]


# --- report ---------------------------------------------------------------------------------------------------------


def report(
    ctx: Context, meeting: Meeting, told: Report, items: Sequence[AgendaItem], presider: Sitting | None
) -> dict[str, JsonValue]:
    """The report of chosen decisions (市長報告)."""
    return {
        "title": f"{name_of(meeting)}の結果について（報告）",
        "day": format_date(told.reported_on),
        "addressee": told.addressee,
        "sender": [meeting.body.name, _sender(meeting, presider)],
        "text": told.words.splitlines() or ["会議の結果を次のとおり報告します。"],
        "facts": _facts(meeting),
        "items": [
            {
                "title": one.title,
                "what": _WHATS[one.what],
                "decision": one.decision,
                "details": _decided_words(one),
                "reason": one.reason.splitlines(),
            }
            for one in items
        ],
        "contact": f"担当　{office_name(meeting.body.office_id, told.reported_on)}",
    }
