"""The ledger of sites."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import Due, Ledger, Lines, Numbering, Section, Source
from yakuba.engines.ledger.registering import install
from yakuba.kernel.actions import Problem
from yakuba.packs.buried_heritage import rules
from yakuba.packs.buried_heritage.letters import FORWARDING
from yakuba.packs.buried_heritage.models import STATES, Dig, Inquiry, Notice, Remains
from yakuba.packs.buried_heritage.queries import next_start
from yakuba.packs.buried_heritage.reports import REPORTS


def _problems(site: Remains) -> Iterator[Problem]:
    if site.place is not None and site.place.kind == "line":
        yield Problem(
            "place",
            _("包蔵地の範囲が線になっています。面（または地点）の図形にしてください。"),
            field="place",
            found=site.place.kind,
            expected=_("面または点"),
        )


def _problems_of_inquiry(inquiry: Inquiry) -> Iterator[Problem]:
    if not rules.in_order(inquiry.day, inquiry.answered_on):
        yield _order("answered_on", inquiry.answered_on, _("照会日以後の日"))
    if (inquiry.answered_on is None) != (not inquiry.answer):
        yield _order("answer", inquiry.answer, _("回答と回答日の両方"))


def _problems_of_notice(notice: Notice) -> Iterator[Problem]:
    # Late is a fact, and is counted; only what cannot have been is refused.
    if not rules.in_order(notice.filed_on, notice.forwarded_on, notice.instructed_on):
        yield _order("forwarded_on", notice.forwarded_on, _("届出日、県への送付日、指示の日の順の日付"))
    if rules.duty(notice.article, notice.filed_on) is None:
        yield _order("filed_on", notice.filed_on, _("昭和50年10月1日（この届出の制度の施行日）以後の日"))
    if (notice.instructed_on is None) != (not notice.instruction):
        yield _order("instruction", notice.instruction, _("指示の内容と指示の日の両方"))


def _problems_of_dig(dig: Dig) -> Iterator[Problem]:
    if dig.reported_year is not None and dig.reported_year < dig.year:
        yield _order("reported_year", dig.reported_year, _("調査年度以後の年度"))


def _order(name: str, found: object, expected: str) -> Problem:
    return Problem(
        "order",
        _("日付や区分がつじつまの合わない組み合わせです。%(expected)s を入力してください。")
        % {"expected": expected},
        field=name,
        found=str(found or ""),
        expected=expected,
    )


LEDGER = Ledger(
    key="buried_heritage",
    label=gettext_lazy("埋蔵文化財包蔵地"),
    model=Remains,
    title=("name",),
    number_label=gettext_lazy("遺跡番号"),
    chain=STATES,
    numbering=Numbering("{seq}", width=4),
    sections=(
        Section(gettext_lazy("包蔵地"), ("name", "kana", "kind", "period", "designation")),
        Section(gettext_lazy("場所"), ("location", "place", "looting", "public_place")),
        Section(gettext_lazy("備考"), ("remarks", "next_start")),
    ),
    listed=("name", "kind", "period", "location", "designation", "next_start"),
    lines=(
        Lines(
            "inquiries", gettext_lazy("照会"), Inquiry, "day", lambda one: tuple(_problems_of_inquiry(one))
        ),
        Lines(
            "notices",
            gettext_lazy("届出・通知"),
            Notice,
            "filed_on",
            lambda one: tuple(_problems_of_notice(one)),
        ),
        Lines("digs", gettext_lazy("調査"), Dig, "year", lambda one: tuple(_problems_of_dig(one))),
    ),
    dues=(
        Due(
            "start",
            gettext_lazy("指示のない工事の着手"),
            on=lambda site: site.next_start,
            candidates=lambda _ctx: Q(next_start__isnull=False),
            days_before=(30, 7),
        ),
    ),
    alike=(("name",), ("kana", "kind")),
    check=lambda site: tuple(_problems(site)),
    public_when=Q(state="listed"),
    derived={
        "public_place": lambda site: rules.public_place(site.place, looting=site.looting),
        "next_start": next_start,
    },
    from_lines=frozenset({"next_start"}),
    reports=REPORTS,
    forms=(FORWARDING,),
    sources=(
        Source(gettext_lazy("周知の埋蔵文化財包蔵地の資料の整備と周知"), "文化財保護法95条"),
        *(source for rule in rules.DUTIES.values() for source in rule.sources),
        Source(gettext_lazy("県の教育委員会が受ける届出と指示"), "文化財保護法184条、同法施行令5条"),
        Source(
            gettext_lazy("指示の区分（発掘調査・工事立会・慎重工事）"),
            "埋蔵文化財の保護と発掘調査の円滑化等について（平成10年9月29日 庁保記第75号 文化庁次長通知）",
        ),
        *rules.GRID.sources,
    ),
    aliases={
        "number": ("遺跡番号", "包蔵地番号"),
        "name": ("遺跡名", "遺跡名称", "包蔵地名"),
        "kana": ("遺跡名カナ", "よみ", "ふりがな"),
        "kind": ("遺跡の種類", "種類"),
        "period": ("年代", "遺跡の時代"),
        "location": ("住所", "場所"),
    },
    style_by="kind",
)
HERITAGE = install(LEDGER)
