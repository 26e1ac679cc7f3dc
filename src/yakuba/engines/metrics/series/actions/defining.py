"""A series is defined, described anew, given another definition, ended and taken up again. By the secretariat."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yakuba.engines.metrics.access import DEFINE_SERIES
from yakuba.engines.metrics.declaring import AGGREGATIONS
from yakuba.engines.metrics.models import RHYTHMS, Series, SeriesValue
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import layout as layouts
from yakuba.engines.metrics.series import people, queries
from yakuba.engines.metrics.series.actions.releasing import release_series
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, Problems, action
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.ids import read_id
from yakuba.kernel.text import compact
from yakuba.kernel.town.models import Office, OfficeName
from yakuba.kernel.town.queries import valid_on

_KEY: Final = re.compile(r"[^\s\[\]{}()<>:：/?#&=+−×÷*\"',、。，]{1,60}")


@dataclass(frozen=True, kw_only=True)
class DescribeSeries:
    """What of a series may change without its figures meaning something else. ``office`` is an id, ``layout`` as :mod:`~..layout` reads it."""

    title: Annotated[str, fields.text(label="名前", classification=PUBLIC)]
    supplier: Annotated[
        str,
        fields.text(
            label="出所",
            classification=PUBLIC,
            required=False,
            help="どこの数値か。例：J-LIS コンビニ交付の統計、eLTAX、レジの集計",
        ),
    ] = ""
    office: Annotated[str, fields.text(label="担当課", classification=PUBLIC, max_length=40)]
    due_days: Annotated[
        int,
        fields.integer(
            label="期限（期間の終わりから）", classification=INTERNAL, minimum=0, maximum=366, unit="日"
        ),
    ] = 30
    first: Annotated[dt.date, fields.date(label="いつの期間から届けるか", classification=INTERNAL)]
    least: Annotated[
        int,
        fields.integer(
            label="公開する最小の人数", classification=INTERNAL, minimum=0, maximum=100, unit="人"
        ),
    ] = 0
    public: Annotated[bool, fields.yes_no(label="公開する", classification=INTERNAL)] = False
    layout: Annotated[
        dict[str, Any],  # Any: JSON, read by layout.read
        fields.document(label="ファイルの形", classification=INTERNAL, default=dict, required=True),
    ]


@dataclass(frozen=True, kw_only=True)
class DefineSeries(DescribeSeries):
    """A new series. ``key`` stands in formulas and bindings for ever."""

    key: Annotated[str, fields.text(label="記号", classification=INTERNAL, max_length=60)]
    unit: Annotated[str, fields.text(label="単位", classification=PUBLIC, max_length=40, required=False)] = ""
    aggregation: Annotated[str, fields.choice(AGGREGATIONS, label="集計", classification=PUBLIC)]
    definition: Annotated[
        str, fields.prose(label="数え方", classification=PUBLIC, max_length=2000, required=True)
    ]
    every: Annotated[str, fields.choice(RHYTHMS, label="周期", classification=PUBLIC)]


@dataclass(frozen=True, kw_only=True)
class RedefineSeries:
    """Another definition. ``rewording``: the words alone change, what is counted stays; no new version then."""

    unit: Annotated[str, fields.text(label="単位", classification=PUBLIC, max_length=40, required=False)] = ""
    aggregation: Annotated[str, fields.choice(AGGREGATIONS, label="集計", classification=PUBLIC)]
    definition: Annotated[
        str, fields.prose(label="数え方", classification=PUBLIC, max_length=2000, required=True)
    ]
    rewording: Annotated[
        bool, fields.yes_no(label="言い回しだけを直す（数えるものは同じ）", classification=INTERNAL)
    ] = False
    reason: Annotated[
        str, fields.prose(label="変える理由", classification=INTERNAL, max_length=1000, required=True)
    ]


@dataclass(frozen=True)
class EndSeries:
    """After which day no values are expected any more, and why."""

    ended_on: Annotated[dt.date, fields.date(label="最後の日", classification=INTERNAL)]
    reason: Annotated[
        str, fields.prose(label="理由", classification=INTERNAL, max_length=1000, required=True)
    ]


@dataclass(frozen=True)
class Because:
    """Why."""

    reason: Annotated[
        str, fields.prose(label="理由", classification=INTERNAL, max_length=1000, required=True)
    ]


@action("metrics.define_series", label="外部の数値を決める", may=DEFINE_SERIES, data=DefineSeries)
def define_series(ctx: Context, _new: None, data: DefineSeries) -> Series:
    """From now on an office brings these figures. Raises :class:`Problem`: a key that is taken or cannot be one, no such office, layout."""
    key = compact(data.key)
    if not _KEY.fullmatch(key):
        raise Problem(
            "key",
            _(
                "「記号」に「%(found)s」は使えません。空白、かっこ、計算の記号を除いた60文字までにしてください。"
            )
            % {"found": data.key[:40]},
            field="key",
            found=data.key[:40],
        )
    layout = layouts.read(data.layout, data.aggregation)
    made = Series(
        municipality_id=ctx.municipality.id,
        key=key,
        unit=data.unit.strip(),
        aggregation=data.aggregation,
        definition=data.definition.strip(),
        every=data.every,
        state="active",
        layout=layout.to_json(),
        **_described(ctx, data, data.every, listed=layout.shape == "people"),
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Problem(
            "twice",
            _("記号「%s」の数値が、もうあります。別の記号にしてください。") % key,
            field="key",
            found=key,
        ) from None
    return made


def _described(
    ctx: Context, data: DescribeSeries, every: str, *, listed: bool
) -> dict[str, Any]:  # Any: columns of Series
    """The columns that both forms write. Raises :class:`Problem` on ``office``, and on ``least`` of a list that would be public unguarded."""
    if listed and data.public and data.least < people.FEWEST:
        raise Problem(
            "least",
            _(
                "名簿から数える数値を公開するときは、「公開する最小の人数」を%d以上にしてください。少ない人数からは、だれのことかが分かります。"
            )
            % people.FEWEST,
            field="least",
            found=str(data.least),
            expected=str(people.FEWEST),
        )
    period = Period.month(data.first) if every == "month" else Period.of("year", data.first)
    return {
        "title": data.title.strip(),
        "supplier": data.supplier.strip(),
        "office": _office(ctx, data.office),
        "due_days": data.due_days,
        "first": period.first,
        "least": data.least,
        "public": data.public,
    }


def _office(ctx: Context, text: str) -> Office:
    """An office of today. Raises :class:`Problem`."""
    found = (
        OfficeName.unscoped.filter(
            valid_on(japan_date(ctx.now)), municipality=ctx.municipality.id, office=read_id(text)
        )
        .select_related("office")
        .first()
    )
    if found is None:
        raise Problem("office", _("担当課を一覧から選んでください。"), field="office", found=text[:40])
    return found.office


@action("metrics.describe_series", label="外部の数値の届け方を直す", may=DEFINE_SERIES, data=DescribeSeries)
def describe_series(ctx: Context, series: Series, data: DescribeSeries) -> Series:
    """Change name, office, due day, layout and who sees it. What it counts is :func:`redefine_series`'."""
    layout = layouts.read(data.layout, series.aggregation)
    earlier = series.layout.get("earlier")
    listed = layout.shape == "people" or queries.listed(series)
    for name, value in _described(ctx, data, series.every, listed=listed).items():
        setattr(series, name, value)
    series.layout = {
        **layout.to_json(),
        **({"earlier": earlier} if earlier else {}),
        **({"listed": True} if listed else {}),
    }
    series.save()
    release_series(ctx, series)
    return series


@action("metrics.redefine_series", label="外部の数値の数え方を変える", may=DEFINE_SERIES, data=RedefineSeries)
def redefine_series(ctx: Context, series: Series, data: RedefineSeries) -> Series:
    """What is counted changes: a new version, beside which the old values stay with their own. Raises :class:`Problem`."""
    ctx.because(data.reason)
    counts_else = (data.unit.strip(), data.aggregation) != (series.unit, series.aggregation)
    if data.rewording and counts_else:
        raise Problem(
            "rewording",
            _("単位や集計を変えるときは、言い回しだけの直しにはできません。印を外してください。"),
            field="rewording",
        )
    if not counts_else and data.definition.strip() == series.definition:
        raise Problem("same", _("数え方が変わっていません。"), field="definition")
    try:
        layouts.read(series.layout, data.aggregation)
    except Problems as problem:
        raise Problem(
            "layout",
            _("今のファイルの形は、この集計に合いません。先に届け方のファイルの形を直してください。%s")
            % problem.problems[0].message,
            field="aggregation",
        ) from None
    if not data.rewording:
        earlier = [*series.layout.get("earlier", []), _was(ctx, series, data.reason)]
        series.layout = {**series.layout, "earlier": earlier}
        series.definition_version += 1
    series.definition, series.unit = data.definition.strip(), data.unit.strip()
    series.aggregation = data.aggregation
    series.save()
    release_series(ctx, series)
    return series


def _was(ctx: Context, series: Series, reason: str) -> dict[str, str]:
    """The definition that held until today."""
    return {
        "version": str(series.definition_version),
        "definition": series.definition,
        "unit": series.unit,
        "aggregation": series.aggregation,
        "until": japan_date(ctx.now).isoformat(),
        "reason": reason.strip(),
    }


@action("metrics.end_series", label="外部の数値を終える", may=DEFINE_SERIES, data=EndSeries)
def end_series(ctx: Context, series: Series, data: EndSeries) -> Series:
    """No values are expected after a day; what is there stays. Raises :class:`Problem`: ended already, values after that day."""
    if series.state != "active":
        raise Problem("state", _("この数値は、もう終わっています。"))
    last = SeriesValue.unscoped.filter(series=series).order_by("-last").first()
    if data.ended_on < series.first or (last is not None and last.first > data.ended_on):
        day = series.first if data.ended_on < series.first or last is None else last.first
        raise Problem(
            "day",
            _("「最後の日」は%sより後にしてください。それより後の値が届いています。") % format_date(day)
            if data.ended_on >= series.first
            else _("「最後の日」は%s以後にしてください。") % format_date(day),
            field="ended_on",
            found=data.ended_on.isoformat(),
        )
    ctx.because(data.reason)
    series.state, series.ended_on = "ended", data.ended_on
    series.save(update_fields=["state", "ended_on"])
    return series


@action("metrics.resume_series", label="外部の数値を再開する", may=DEFINE_SERIES, data=NoData)
def resume_series(ctx: Context, series: Series, data: NoData) -> Series:
    """It is brought again. Raises :class:`Problem` for one that never ended."""
    if series.state != "ended":
        raise Problem("state", _("この数値は、終わっていません。"))
    series.state, series.ended_on = "active", None
    series.save(update_fields=["state", "ended_on"])
    return series
