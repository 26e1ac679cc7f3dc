"""What plans say of themselves: initiatives by how far they are, themes, years; and whether their reviews are answered in time.

All of it is counted from what stood published when the period ended, as the public read it; a draft is nobody's yet.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from yakuba.engines.metrics.declaring import Measured, Scope, metric
from yakuba.engines.metrics.periods import Kind
from yakuba.engines.metrics.sources import SOURCES
from yakuba.engines.publishing import queries as published
from yakuba.engines.rounds.metrics import in_time
from yakuba.services.plan import shown
from yakuba.services.plan.measured import queries as bindings
from yakuba.services.plan.measured.queries import MANUAL
from yakuba.services.plan.models import Binding
from yakuba.services.plan.models.plan import PROGRESS_MEANINGS
from yakuba.services.plan.next.shares import Counted as Progress
from yakuba.services.plan.published import EDITION
from yakuba.services.plan.shown import Row
from yakuba.services.plan.themes.vocabulary import THEMES
from yakuba.services.plan.year.queries import KIND as REVIEW

_EVERY: Final[tuple[Kind, ...]] = ("month", "year", "as_of")
_SILENT: Final = "none"
_KEYS: Final = ("kind", "group", "progress", "progress_meaning")
_SYSTEMS: Final = ("plan-management",)


@dataclass(frozen=True, slots=True)
class _Edition:
    """The edition that stood: its rows with what is counted of them, and the plan's first and last year where it says so."""

    rows: tuple[Row, ...]
    span: tuple[int, int] | None

    @property
    def counted(self) -> Progress:
        """Its progress words, as the verification counts them."""
        return Progress(shown.count(self.rows), shown.tallies(self.rows), 0, 0, 0)


def _newest(scope: Scope) -> dict[UUID, tuple[UUID, UUID, tuple[int, int] | None]]:
    """Municipality → publication, edition and the plan's years of what stood newest when the period ended; one statement."""
    found: dict[UUID, tuple[UUID, UUID, tuple[int, int] | None]] = {}
    rows = published.stood_everywhere(EDITION, scope.period.end).filter(scope.where())
    told = rows.annotate(first=KT("head__plan__first_year"), last=KT("head__plan__last_year"))
    columns = ("municipality", "pk", "subject", "first", "last")
    for municipality, pk, subject, first, last in told.values_list(*columns):
        span = (int(first), int(last)) if str(first).isdecimal() and str(last).isdecimal() else None
        found.setdefault(municipality, (pk, subject, span))
    return found


def _editions(scope: Scope, *, themes: bool = False) -> Iterator[tuple[UUID, _Edition]]:
    """The newest edition that stood in each municipality when the period ended; two statements."""
    newest = _newest(scope)
    forms: dict[UUID, list[Row]] = defaultdict(list)
    parts = published.bodies_everywhere(pk for pk, _subject, _span in newest.values())
    columns = [
        "publication",
        "object",
        *(f"body_{key}" for key in _KEYS),
        *(["body__themes"] if themes else []),
    ]
    parts = parts.annotate(**{f"body_{key}": KT(f"body__{key}") for key in _KEYS})
    for publication, identity, *values in parts.values_list(*columns):
        form = {key: _text(value) for key, value in zip(_KEYS, values, strict=False)}
        if themes:
            form["themes"] = values[-1] or []
        forms[publication].append(Row(identity, 0, form))
    for municipality, (pk, _subject, span) in newest.items():
        yield municipality, _Edition(tuple(forms[pk]), span)


def _text(value: object) -> object:
    """SQLite gives an empty value as the word null."""
    return None if value in (None, "", "null") else value


def _by(rows: Collection[Row], keys: Collection[str], key: str) -> Decimal:
    """How many initiatives have a key, of rows each with its keys; a group counts once."""
    return Decimal(shown.count(row for row, own in zip(rows, keys, strict=True) if own == key))


@metric(
    "initiatives_by_status",
    label=_("計画の取組数"),
    unit="取組",
    aggregation="at_date",
    every=_EVERY,
    definition=_(
        "期間の末日に公表中の計画のうち最も新しい版の取組の数。同じ組の取組（2-1と2-2など）は1つと数えます。"
        "進捗の意味（順調、遅れ、完了など）ごとの内訳があり、進捗の言葉のない取組は「記載なし」です。"
    ),
    empty="none",
    parts={**dict(PROGRESS_MEANINGS), _SILENT: _("記載なし")},
    direction="none",
    systems=_SYSTEMS,
    words=("取組数", "達成状況", "取組の数", "施策数"),
)
def initiatives_by_status(scope: Scope) -> Iterator[Measured]:
    """Initiatives and what their progress words mean."""
    for municipality, edition in _editions(scope):
        keys = [row.meaning or _SILENT for row in edition.rows]
        parts = {key: _by(edition.rows, keys, key) for key in sorted(set(keys))}
        yield Measured(municipality, Decimal(edition.counted.whole), parts=parts)


@metric(
    "initiatives_on_course",
    label=_("順調な取組の割合"),
    unit="%",
    aggregation="ratio",
    every=_EVERY,
    definition=_(
        "期間の末日に公表中の計画の最も新しい版で、分子は進捗が「順調」か「おおむね順調」の意味の取組の数、"
        "分母は進捗の言葉のある取組から、終了・完了・廃止・統合・移行したものを除いた数。進捗の言葉が度合いを表さない計画では、値がありません。"
    ),
    empty="none",
    systems=_SYSTEMS,
    words=("順調", "順調な取組", "進捗率", "達成率", "順調の割合"),
)
def initiatives_on_course(scope: Scope) -> Iterator[Measured]:
    """On track among those that are still under way."""
    for municipality, edition in _editions(scope):
        found = edition.counted.of_going
        if found is not None:
            yield Measured.share(municipality, found.part, found.whole)


@metric(
    "initiatives_late",
    label=_("遅れ・停滞の取組の数"),
    unit="取組",
    aggregation="at_date",
    every=_EVERY,
    definition=_("期間の末日に公表中の計画の最も新しい版で、進捗が「遅れ」か「停滞」の意味の取組の数。"),
    empty="none",
    direction="decrease",
    systems=_SYSTEMS,
    words=("遅れ", "停滞", "遅れている取組"),
)
def initiatives_late(scope: Scope) -> Iterator[Measured]:
    """Behind, or standing still."""
    for municipality, edition in _editions(scope):
        yield Measured(municipality, Decimal(shown.count(row for row in edition.rows if row.late)))


def _theme(key: str) -> str:
    return THEMES[key].name if key in THEMES else key


@metric(
    "national_theme_links",
    label=_("共通の主題と結び付いた取組の数"),
    unit="取組",
    aggregation="at_date",
    every=_EVERY,
    definition=_(
        "期間の末日に公表中の計画の最も新しい版で、全国共通の主題（電子申請、公開地図など）を1つ以上付けた取組の数。同じ組の取組は1つと数えます。"
        "主題ごとの内訳は、主題を2つ付けた取組を両方に数えます。"
    ),
    empty="none",
    part_label=_theme,
    systems=_SYSTEMS,
    words=("自治体DX推進計画との対応", "国の計画との対応", "主題", "対応する取組"),
)
def national_theme_links(scope: Scope) -> Iterator[Measured]:
    """Initiatives with themes that somebody confirmed, by theme."""
    for municipality, edition in _editions(scope, themes=True):
        rows = [row for row in edition.rows if row.themes]
        every = sorted({theme for row in rows for theme in row.themes})
        parts = {one: Decimal(shown.count(row for row in rows if one in row.themes)) for one in every}
        yield Measured(municipality, Decimal(shown.count(rows)), parts=parts)


@metric(
    "rolling_plan_years",
    label=_("計画の期間"),
    unit="年",
    aggregation="at_date",
    every=_EVERY,
    definition=_(
        "期間の末日に公表中の計画の最も新しい版が対象とする年数（開始年度から終了年度まで、両方を含む）。"
    ),
    empty="none",
    direction="none",
    systems=_SYSTEMS,
    words=("計画の期間", "計画期間", "中期事業計画", "年間"),
)
def rolling_plan_years(scope: Scope) -> Iterator[Measured]:
    """How long the plan in force runs."""
    for municipality, edition in _editions(scope):
        if edition.span is not None:
            first, last = edition.span
            yield Measured(municipality, Decimal(last - first + 1))


@metric(
    "plan_reviews_on_time",
    label=_("進捗の報告の期限内提出率"),
    unit="%",
    aggregation="ratio",
    every=_EVERY,
    definition=_(
        "計画の進捗の照会で尋ねた取組のうち、課の提出期限（延長を認めたときは延長後の期限）が期間内にあり、もう過ぎたものを分母とし、"
        "そのうち期限の日の終わりに入力済みか該当なしだったものの割合。"
    ),
    empty="none",
    public=False,
    systems=_SYSTEMS,
    words=("進捗の報告", "期限内の報告", "進捗報告の提出率"),
)
def plan_reviews_on_time(scope: Scope) -> Iterator[Measured]:
    """Of the rounds about plans alone."""
    yield from in_time(scope, Q(round__kind=REVIEW))


def _source(key: str) -> str:
    if key == MANUAL:
        return str(_("担当課が数える"))
    return str(SOURCES.get(key).label) if key in SOURCES else key


@metric(
    "indicators_measured",
    label=_("計測している指標の割合"),
    unit="%",
    aggregation="ratio",
    every=_EVERY,
    definition=_(
        "期間の末日に公表中の計画の最も新しい版で、分母は指標の数、分子はそのうち末日にこのシステムの計測値、計算式、外部の数値、台帳に結び付いていたものの数。"
        "担当課が数える指標は、分母に入れ、分子に入れません。内訳は出所ごとの指標の数です。"
    ),
    empty="none",
    part_label=_source,
    systems=_SYSTEMS,
    words=("計測する指標", "指標の自動計測", "計測化"),
)
def indicators_measured(scope: Scope) -> Iterator[Measured]:
    """Indicators that somebody bound to what measures them; three statements."""
    newest = _newest(scope)
    names: dict[UUID, dict[UUID, list[str]]] = defaultdict(dict)
    parts = published.bodies_everywhere(pk for pk, _subject, _span in newest.values())
    for publication, identity, told in parts.values_list("publication", "object", "body__indicators"):
        names[publication][identity] = [one["name"] for one in told or ()]
    rows = Binding.unscoped.filter(scope.where(), scope.until("bound_at")).order_by("revision", "id")
    bound: dict[UUID, list[Binding]] = defaultdict(list)
    for one in bindings.newest(rows.filter(edition__in=[subject for _pk, subject, _span in newest.values()])):
        bound[one.edition_id].append(one)
    for municipality, (pk, subject, _span) in newest.items():
        places: dict[tuple[UUID, int], str] = {}
        for one in bound[subject]:
            place = bindings.place_of(names[pk].get(one.initiative, ()), one.position, one.name)
            if place is not None and one.source != bindings.ENDED:
                places[one.initiative, place] = one.source
        counted = Counter(places.values())
        yield Measured.share(
            municipality,
            counted.total() - counted[MANUAL],
            sum(len(several) for several in names[pk].values()),
            {source: Decimal(many) for source, many in counted.items()},
        )
