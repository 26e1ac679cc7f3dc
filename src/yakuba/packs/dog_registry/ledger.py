"""The ledger of dogs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import Due, Ledger, Lines, Numbering, Person, Round, Section
from yakuba.engines.ledger.registering import install
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates.wareki import format_date
from yakuba.kernel.fields import JsonValue
from yakuba.packs.dog_registry import queries, rules
from yakuba.packs.dog_registry.kinds import first_day, last_day
from yakuba.packs.dog_registry.letters import LETTERS
from yakuba.packs.dog_registry.models import STATES, Dog, Vaccination
from yakuba.packs.dog_registry.reports import REPORTS


def _required(field: str, message: str) -> Problem:
    return Problem("required", message, field=field, expected=_("値"))


def _problems(dog: Dog) -> Iterator[Problem]:
    if dog.kind == "special":
        if not dog.chip:
            yield _required("chip", _("特例通知による登録では、マイクロチップ番号を入力してください。"))
        if dog.notified_on is None:
            yield _required("notified_on", _("特例通知による登録では、通知日を入力してください。"))
        elif rules.CHIP_AS_TAG.on(dog.notified_on) is None:
            since = rules.CHIP_AS_TAG.rows[0].since
            assert since is not None  # the rule began on a day  # noqa: S101
            yield Problem(
                "before",
                _("マイクロチップの特例は%sに始まりました。通知日を確かめてください。") % format_date(since),
                field="notified_on",
                found=format_date(dog.notified_on),
                expected=_("%s以後") % format_date(since),
            )
    if dog.former_tag and not dog.former_town:
        yield _required(
            "former_town", _("転入前の鑑札番号があるときは、転入前の市区町村も入力してください。")
        )
    if dog.born and first_day(dog.born) > dog.acquired_on:
        yield Problem(
            "order",
            _("取得日が生年月日より前です。どちらかを直してください。"),
            field="acquired_on",
            found=format_date(dog.acquired_on),
            expected=_("%s以後") % format_date(first_day(dog.born)),
        )


def _problems_of_vaccination(row: Vaccination) -> Iterator[Problem]:
    if row.excused:
        if not row.reason:
            yield _required("reason", _("猶予のときは、理由を入力してください。"))
        for name, filled in (("day", row.day is not None), ("tag", bool(row.tag))):
            if filled:
                yield Problem(
                    "excused",
                    _("猶予の行に、接種日や済票番号は書けません。空にするか、猶予を外してください。"),
                    field=name,
                )
        return
    if row.day is None:
        yield _required("day", _("接種日を入力してください。猶予のときは「猶予」に印を付けてください。"))
    elif rules.year_of(row.day) != row.year:
        yield Problem(
            "year",
            _("%(day)sの注射は%(year)sの分です（3月2日からの注射は次の年度の分になります）。")
            % {"day": format_date(row.day), "year": rules.year_of(row.day)},
            field="year",
            found=str(row.year),
            expected=str(rules.year_of(row.day)),
        )
    if not row.tag:
        yield _required("tag", _("注射済票番号を入力してください。"))
    elif queries.same_tag(row):
        yield Problem(
            "taken",
            _("%(year)sの注射済票番号「%(tag)s」は、もう使われています。")
            % {"year": row.year, "tag": row.tag},
            field="tag",
            found=row.tag,
            expected=_("その年度に使っていない番号"),
        )
    if not row.again and queries.done_already(row):
        yield Problem(
            "again",
            _(
                "この犬は%sの注射が記録されています。2回目に間違いなければ「同じ年度の2回目と確かめた」に印を付けてください。"
            )
            % row.year,
            field="again",
            found=_("2回目"),
            expected=_("年度に1回"),
        )


def _year_of(day: JsonValue) -> JsonValue:
    """For which year a vaccination of a day counts, where a table says the day alone."""
    return rules.year_of(dt.date.fromisoformat(day)).year if isinstance(day, str) else None


def due(dog: Dog) -> dt.date:
    """Until when the dog is to be vaccinated next."""
    return rules.vaccinate_by(dog.last_year, dog.acquired_on, last_day(dog.born) if dog.born else None)


LEDGER = Ledger(
    key="dog_registry",
    label=gettext_lazy("犬の登録"),
    model=Dog,
    title=("name",),
    number_label=gettext_lazy("登録番号"),
    chain=STATES,
    numbering=Numbering("{year}-{seq}", width=4, by_year=True),
    sections=(
        Section(
            gettext_lazy("登録"),
            ("kind", "registered_on", "tag", "chip", "notified_on", "former_town", "former_tag"),
        ),
        Section(
            gettext_lazy("犬"),
            ("name", "breed", "colour", "sex", "born", "features", "last_year", "reminded_on"),
        ),
        Section(
            gettext_lazy("所有者と所在地"),
            ("owner_name", "owner_kana", "owner_address", "owner_phone", "acquired_on", "kept_at", "town"),
        ),
    ),
    listed=("name", "breed", "sex", "tag", "chip", "town", "last_year"),
    lines=(
        Lines(
            "vaccinations",
            gettext_lazy("予防注射"),
            Vaccination,
            order="year",
            check=lambda row: tuple(_problems_of_vaccination(row)),
            usual={"year": lambda said: _year_of(said.get("day"))},
            aliases={
                "day": ("注射日", "注射年月日", "接種年月日", "実施日"),
                "tag": ("済票番号", "注射済票", "済票", "済票No"),
                "venue": ("会場", "医院", "動物病院", "病院", "獣医師", "実施場所"),
                "reason": ("猶予理由",),
            },
            round=Round(gettext_lazy("集合注射をまとめて記録する"), ("day", "venue"), "tag"),
        ),
    ),
    dues=(
        Due(
            "vaccination",
            gettext_lazy("狂犬病予防注射"),
            on=due,
            candidates=lambda _ctx: Q(state__in=("registered", "missing")),
            days_before=(30,),
        ),
        Due(
            "tag",
            gettext_lazy("鑑札の交付"),
            on=lambda dog: dog.registered_on if dog.kind == "counter" and not dog.tag else None,
            candidates=lambda _ctx: Q(kind="counter", tag="", state="registered"),
            days_before=(0,),
        ),
    ),
    alike=(("chip",), ("tag",), ("name", "owner_name", "breed")),
    check=lambda dog: tuple(_problems(dog)),
    persons=(Person("owner_name", kana="owner_kana", address="owner_address"),),
    derived={"last_year": queries.last_year},
    from_lines=frozenset({"last_year"}),
    reports=REPORTS,
    forms=LETTERS,
    sources=rules.SOURCES,
    aliases={
        "number": ("登録No", "原簿番号"),
        "name": ("犬名", "名前", "呼び名", "愛犬名"),
        "breed": ("種類", "品種", "犬の種類"),
        "colour": ("毛の色", "色", "犬の毛色"),
        "sex": ("雌雄", "犬の性別", "性"),
        "born": ("生年月", "誕生日", "犬の生年月日"),
        "tag": ("鑑札", "鑑札No"),
        "chip": ("マイクロチップ", "MC番号", "チップ番号", "個体識別番号"),
        "registered_on": ("登録年月日",),
        "acquired_on": ("取得年月日",),
        "owner_name": ("所有者", "所有者名", "所有者氏名", "飼い主", "飼主", "飼い主氏名", "飼主名", "氏名"),
        "owner_kana": ("フリガナ", "カナ氏名", "所有者カナ", "氏名カナ"),
        "owner_address": ("所有者住所", "飼い主住所", "飼主住所", "住所"),
        "owner_phone": ("電話", "電話番号", "連絡先"),
        "kept_at": ("所在地", "飼育場所", "飼養場所", "飼養地"),
        "town": ("町名", "大字", "地区"),
    },
    style_by="state",
)
DOGS = install(LEDGER)
