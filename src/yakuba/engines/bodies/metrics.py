"""How often bodies met, what they decided, and which of them read their papers here."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from yakuba.engines.bodies.models import AgendaItem, Meeting, Paper
from yakuba.engines.bodies.rules import DEFERRED, OVER, WAYS
from yakuba.engines.metrics.declaring import Measured, Scope, metric
from yakuba.engines.metrics.periods import Kind

_EVERY: Final[tuple[Kind, ...]] = ("month", "year", "as_of")


@metric(
    "meetings_held",
    label=_("会議の開催回数"),
    unit="回",
    aggregation="year_total",
    every=_EVERY,
    definition=_(
        "このシステムに記録のある会議体の会議のうち、開会の日（持ち回りは回答を始めた日）が期間内にあり、開催済みのものの回数。"
        "予定、招集中、中止の会議は数えません。参集、オンライン、持ち回りの内訳があります。"
    ),
    parts=dict(WAYS),
    direction="none",
    systems=("promotion-governance", "paperless-meetings"),
    words=("会議の開催", "開催回数", "推進本部", "推進会議", "委員会の開催"),
)
def meetings_held(scope: Scope) -> Iterator[Measured]:
    """Meetings that were held, by the way in which."""
    rows = Meeting.unscoped.filter(scope.where(), scope.during("starts_at"), state__in=OVER)
    found: dict[UUID, dict[str, Decimal]] = {}
    for municipality, way, many in (
        rows.values_list("municipality", "way").annotate(many=Count("pk")).order_by()
    ):
        found.setdefault(municipality, {})[way] = Decimal(many)
    for municipality, parts in found.items():
        yield Measured(municipality, sum(parts.values(), Decimal(0)), parts=parts)


@metric(
    "meeting_decisions",
    label=_("会議で決定した議題の数"),
    unit="件",
    aggregation="year_total",
    every=_EVERY,
    definition=_(
        "期間内に開いた会議の議題のうち、区分が「協議・決定」で、決定を記録したものの件数。継続協議は数えません。"
    ),
    direction="none",
    systems=("promotion-governance",),
    words=("決定件数", "議題の件数"),
)
def meeting_decisions(scope: Scope) -> Iterator[Measured]:
    """Items that were decided, not put off."""
    rows = AgendaItem.unscoped.filter(
        scope.where(), scope.during("meeting__starts_at"), meeting__state__in=OVER, what="decide"
    ).exclude(choice__in=("", DEFERRED[0]))
    for municipality, many in rows.values_list("municipality").annotate(many=Count("pk")).order_by():
        yield Measured(municipality, Decimal(many))


@metric(
    "meeting_types_using",
    label=_("資料を電子で配る会議の種類"),
    unit="種類",
    aggregation="cumulative",
    every=_EVERY,
    definition=_(
        "期間の末日までに開いた会議で、資料（PDF）をこのシステムに載せたことのある会議体の数。同じ会議体は何回開いても1種類と数えます。"
    ),
    systems=("paperless-meetings",),
    words=("利用会議種数", "会議種数", "ペーパーレス会議", "会議の種類"),
)
def meeting_types_using(scope: Scope) -> Iterator[Measured]:
    """Bodies that ever held a meeting with papers here."""
    papers = Paper.unscoped.filter(municipality=OuterRef("municipality"), item__meeting=OuterRef("pk"))
    rows = Meeting.unscoped.filter(
        Exists(papers), scope.where(), scope.until("starts_at"), state__in=OVER
    ).values_list("municipality")
    for municipality, many in rows.annotate(many=Count("body", distinct=True)).order_by():
        yield Measured(municipality, Decimal(many))


@metric(
    "meeting_pages_saved",
    label=_("紙にせずに配った会議資料のページ数"),
    unit="ページ",
    aggregation="year_total",
    every=_EVERY,
    definition=_(
        "期間内に開いた会議の議題に載せた資料（PDF）のページ数の計。配る人数は掛けません。後から訂正した資料は、今の資料のページ数で数えます。"
    ),
    systems=("paperless-meetings",),
    words=("紙の削減", "ページ数", "用紙の削減", "印刷枚数"),
)
def meeting_pages_saved(scope: Scope) -> Iterator[Measured]:
    """Pages of papers of meetings that were held."""
    during = scope.during("item__meeting__starts_at") & Q(item__meeting__state__in=OVER)
    rows = Paper.unscoped.filter(scope.where(), during).values_list("municipality")
    for municipality, many in rows.annotate(many=Sum("pages")).order_by():
        yield Measured(municipality, Decimal(many))
