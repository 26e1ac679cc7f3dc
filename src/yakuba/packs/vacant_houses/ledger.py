"""The ledger of vacant houses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import Due, Ledger, Lines, Numbering, Person, Section
from yakuba.engines.ledger.registering import install
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates.wareki import format_date
from yakuba.packs.vacant_houses import queries, rules
from yakuba.packs.vacant_houses.chains import DANGEROUS, NEGLECTED, STATES
from yakuba.packs.vacant_houses.letters import LETTERS
from yakuba.packs.vacant_houses.models import UNDER_ARTICLE_10, Contact, House, Measure, Survey
from yakuba.packs.vacant_houses.reports import REPORTS


def _empty(field: str, message: str) -> Problem:
    return Problem("required", message, field=field, expected=_("値"))


def _late(field: str, message: str, found: dt.date, by: dt.date) -> Problem:
    return Problem(
        "order", message, field=field, found=format_date(found), expected=_("%sまで") % format_date(by)
    )


def _problems(house: House) -> Iterator[Problem]:
    if house.bank != "listed":
        return
    for name, label in (
        ("bank_number", _("バンク登録番号")),
        ("bank_deal", _("取引")),
        ("agreed_on", _("掲載の同意日")),
    ):
        if getattr(house, name) in (None, ""):
            yield _empty(name, _("空家バンクに掲載するときは、「%s」を入力してください。") % label)


def _problems_of_contact(contact: Contact) -> Iterator[Problem]:
    if contact.known_from in UNDER_ARTICLE_10 and contact.used_on is None:
        yield _empty("used_on", _("空家法10条で得た情報は、利用・照会の日を入力してください。"))
    if contact.letters and not contact.address:
        yield _empty("address", _("文書の送付先にするときは、住所を入力してください。"))


def _problems_of_survey(survey: Survey) -> Iterator[Problem]:
    if survey.kind != "entry" or survey.untold:
        return
    by = rules.notify_by(survey.day)
    if survey.told_on is None:
        yield _empty(
            "told_on",
            _("立入調査は、通知日を入力してください。通知できないときは「通知が困難」に印を付けてください。"),
        )
    elif by is not None and survey.told_on > by:
        yield _late(
            "told_on", _("立入調査は、5日前までに所有者等へ通知します（空家法9条3項）。"), survey.told_on, by
        )


def _problems_of_measure(measure: Measure) -> Iterator[Problem]:
    first = rules.first_day(measure.kind)
    if first is not None and measure.day < first:
        yield Problem(
            "before",
            _("この措置は%sに始まりました。日付か措置を直してください。") % format_date(first),
            field="day",
            found=format_date(measure.day),
            expected=_("%s以後") % format_date(first),
        )
    if measure.kind in rules.WITH_TERM:
        if measure.term is None:
            yield _empty("term", _("この措置には期限が要ります。期限を入力してください。"))
        if not measure.document:
            yield _empty("document", _("この措置は文書でします。文書番号を入力してください。"))
    if measure.term is not None and measure.term <= measure.day:
        yield Problem(
            "order",
            _("期限は、措置の日より後にしてください。"),
            field="term",
            found=format_date(measure.term),
            expected=_("%sより後") % format_date(measure.day),
        )
    if measure.asked_on is not None:
        yield from _problems_of_asking(measure)
    if measure.kind == "hearing":
        by = rules.announce_by(measure.day)
        if measure.told_on is None:
            yield _empty("told_on", _("意見の聴取は、期日と場所を通知・公告した日を入力してください。"))
        elif by is not None and measure.told_on > by:
            yield _late(
                "told_on",
                _("意見の聴取は、期日の3日前までに通知・公告します（空家法22条7項）。"),
                measure.told_on,
                by,
            )


def _problems_of_asking(measure: Measure) -> Iterator[Problem]:
    """A hearing is asked for within five days of the notice."""
    assert measure.asked_on is not None  # whoever asks has looked  # noqa: S101
    if measure.kind != "notice":
        yield Problem(
            "kind",
            _("意見の聴取の請求日は、命令の事前通知の行に書きます。"),
            field="asked_on",
            found=format_date(measure.asked_on),
            expected=_("空欄"),
        )
    elif measure.told_on is None:
        yield _empty("told_on", _("請求の期間を確かめるため、通知書を交付した日を入力してください。"))
    else:
        by = rules.ask_by(measure.told_on)
        if by is not None and measure.asked_on > by:
            yield _late(
                "asked_on",
                _("意見の聴取は、通知書の交付から5日以内に請求できます（空家法22条5項）。"),
                measure.asked_on,
                by,
            )


def _condition(house: House) -> str | None:
    last = queries.last_survey(house)
    return None if last is None else last.condition


def _surveyed_on(house: House) -> dt.date | None:
    last = queries.last_survey(house)
    return None if last is None else last.day


LEDGER = Ledger(
    key="vacant_houses",
    label=gettext_lazy("空家等"),
    model=House,
    title=("address",),
    number_label=gettext_lazy("整理番号"),
    chain=STATES,
    chains=(NEGLECTED, DANGEROUS),
    numbering=Numbering("空-{seq}", width=4),
    sections=(
        Section(gettext_lazy("所在"), ("address", "parcel", "town", "place", "found_on", "route")),
        Section(gettext_lazy("建物"), ("structure", "floors", "built", "condition", "surveyed_on")),
        Section(gettext_lazy("措置と結果"), ("term", "ended_on", "demolished_by", "used_as")),
        Section(
            gettext_lazy("空家バンク"),
            ("bank", "agreed_on", "bank_number", "bank_town", "bank_deal", "bank_price", "bank_note"),
        ),
    ),
    listed=("address", "town", "condition", "surveyed_on", "term", "bank"),
    lines=(
        Lines(
            "contacts",
            gettext_lazy("所有者・相続人・連絡先"),
            Contact,
            check=lambda row: tuple(_problems_of_contact(row)),
        ),
        Lines(
            "surveys",
            gettext_lazy("調査"),
            Survey,
            order="day",
            check=lambda row: tuple(_problems_of_survey(row)),
        ),
        Lines(
            "measures",
            gettext_lazy("措置"),
            Measure,
            order="day",
            check=lambda row: tuple(_problems_of_measure(row)),
        ),
    ),
    dues=(
        Due(
            "term",
            gettext_lazy("措置の期限"),
            on=lambda house: house.term,
            candidates=lambda _ctx: Q(term__isnull=False),
            days_before=(14, 0),
        ),
    ),
    alike=(("address",), ("parcel", "town")),
    check=lambda house: tuple(_problems(house)),
    persons=(Person("name", kana="kana", address="address", lines="contacts"),),
    # Only what its owner agreed to offer is public, and of it the bank's own fields.
    public_when=Q(state="vacant", bank="listed"),
    derived={"condition": _condition, "surveyed_on": _surveyed_on, "term": queries.next_term},
    from_lines=frozenset({"condition", "surveyed_on", "term"}),
    reports=REPORTS,
    forms=LETTERS,
    sources=rules.SOURCES,
    aliases={
        "number": ("管理番号", "空家番号", "整理番号"),
        "address": ("住所", "空家所在地", "物件所在地"),
        "parcel": ("家屋地番", "土地地番"),
        "town": ("町名", "大字", "地区"),
        "found_on": ("把握年月日", "受付日", "通報日"),
        "route": ("把握方法", "経路"),
        "structure": ("建物構造", "家屋構造"),
        "floors": ("階層", "階"),
        "built": ("建築年", "建築年月日"),
        "condition": ("判定", "老朽度", "危険度", "ランク"),
        "surveyed_on": ("調査日", "最終調査日"),
    },
    note_kinds=(
        ("call", "電話"), ("visit", "訪問"), ("paper", "文書"), ("counter", "窓口"), ("complaint", "苦情・通報"),
        ("meeting", "協議会"), ("other", "その他"),
    ),
    style_by="condition",
)  # fmt: skip
HOUSES = install(LEDGER)
