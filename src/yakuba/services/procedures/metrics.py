"""What procedures measure of themselves: how much of the inventory is online, what came in and by which way, how forms are filled in.

Counted from rows that stay: the inventory with its earlier days and years, cases, and happenings. The portal's copies of what citizens
sent, and forms that nobody finished, are erased; no figure rests on them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from django.db.models import Case as Where
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from yakuba.engines.casework.models import CHANNELS, ONLINE, Case
from yakuba.engines.metrics.days import Seconds
from yakuba.engines.metrics.declaring import Measured, Scope, metric
from yakuba.engines.metrics.tallies import means, shares, split
from yakuba.engines.publishing.models import Publication
from yakuba.engines.visitors.rules import reaches
from yakuba.kernel.dates import clock
from yakuba.services.procedures.definition.model import IDENTITIES
from yakuba.services.procedures.inventory import queries as inventory
from yakuba.services.procedures.inventory import rules
from yakuba.services.procedures.models import (
    ONLINE_STATES,
    Filing,
    Happening,
    InventoryCount,
    InventoryRow,
)
from yakuba.services.procedures.published.queries import KIND

#: Behind each filing stands a person. Each figure is guarded by itself (``metrics.small``), and of the same filings several tell together
#: what each keeps: 100 received, 98 of them online, are two on paper; 98 online, 95 by this town hall's forms, are three elsewhere. So
#: ``online_application_share`` alone is told to the public; what else counts the same filings is the desk's (``public=False``).
_LEAST: Final = 5
_EVERY: Final = ("month", "year", "as_of")
_ENDED: Final = "ended"
_VERIFIED: Final = sorted(key for key, _label in IDENTITIES if reaches(key, "verified"))
_ONLINE: Final = {key: label for key, label in ONLINE_STATES if key in rules.CHANNELS}


# --- the inventory ------------------------------------------------------------------------------------------------------
@metric(
    "online_procedures_count",
    label=_("オンライン化手続数"),
    unit="手続",
    aggregation="at_date",
    every=("day", *_EVERY),
    definition=_(
        "手続台帳にある手続のうち、期間の最後の日（期間の途中では、計測した日）にオンラインで行えたものの数です。この役場での受付のほか、県の共同システム、ぴったりサービス、"
        "eLTAX、ほかのオンラインを数えます。オンライン開始日の当日から終了日の当日までを数え、オンラインの手続に開始日がないときは、前からオンラインだったとします。"
        "終わった手続に開始日か終了日がないときは数えません。台帳から消した行は、過ぎた日についても数えません（やめた手続は、消さずに終了日を入れます）。"
        "内訳は、いまの受付の場所によります。"
    ),
    parts={**_ONLINE, _ENDED: _("いまは終了")},
    systems=("online-applications", "local-tax-efiling", "national-portal-procedures"),
    words=(
        "オンライン化手続",
        "手続オンライン化",
        "オンライン手続",
        "オンライン化した手続",
        "電子化した手続",
        "手続数",
    ),
)
def online_procedures_count(scope: Scope) -> Iterable[Measured]:
    """One statement; the rule is the inventory's own (``inventory.queries.online_on``)."""
    place = Where(
        When(online__in=rules.CHANNELS, then=F("online")), default=Value(_ENDED), output_field=CharField()
    )
    yield from split(
        _rows(scope)
        .filter(inventory.online_on(_day(scope)))
        .values("municipality_id", place=place)
        .annotate(count=Count("municipality"))
        .values_list("municipality_id", "place", "count")
    )


@metric(
    "online_share",
    label=_("手続のオンライン化率"),
    unit="%",
    aggregation="ratio",
    every=("day", *_EVERY),
    definition=_(
        "手続台帳にある手続のうち、期間の最後の日（期間の途中では、計測した日）にオンラインで行えたものの割合です。分子の数え方は「オンライン化手続数」と同じです。"
        "分母は、計測した時に台帳にあるすべての行です。台帳に行が加わった日は残らないため、過ぎた日の割合は後から数え直せません。"
    ),
    empty="none",
    systems=("online-applications", "national-portal-procedures"),
    words=("オンライン化率", "オンライン化割合", "電子化率", "オンライン化の割合"),
    recomputable=False,
    flows=False,
)
def online_share(scope: Scope) -> Iterable[Measured]:
    """One statement."""
    yield from shares(
        _rows(scope)
        .values("municipality_id")
        .annotate(
            online_now=Count("municipality", filter=inventory.online_on(_day(scope))),
            rows=Count("municipality"),
        )
        .values_list("municipality_id", "online_now", "rows")
    )


def _day(scope: Scope) -> dt.date:
    """The day that is asked about: while a period runs it is today. Days that somebody wrote down ahead are still to come."""
    return min(scope.period.last, clock.today())


def _rows(scope: Scope) -> QuerySet[InventoryRow]:
    return InventoryRow.unscoped.filter(scope.where()).order_by()


@metric(
    "inventory_application_share",
    label=_("オンライン利用率（手続台帳の年間件数）"),
    unit="%",
    aggregation="ratio",
    every=("year",),
    definition=_(
        "すべての手続の年度の件数のうち、オンラインで行われた件数の割合です。手続台帳に「年間件数」を入れた手続はその数と「うちオンライン」"
        "（空なら0件）を、入れていない手続は、この役場の案件（「受け付けた申請・届出の件数」と同じ）を数えます。"
        "ほかのシステムで受け付けた手続も合わせた、自治体全体の利用率です。"
    ),
    empty="none",
    least=_LEAST,
    public=False,
    systems=("online-applications", "national-portal-procedures", "local-tax-efiling"),
    words=("オンライン利用率", "電子申請利用率", "電子申請の利用率", "オンライン申請率"),
)
def inventory_application_share(scope: Scope) -> Iterable[Measured]:
    """Two statements: what offices counted, and the cases of procedures of which nobody counted the year."""
    year = scope.period.fiscal_year
    counted = InventoryCount.unscoped.filter(scope.where(), year__in=[year]).order_by()
    by_hand = counted.filter(row__procedure=OuterRef("topic_id"), municipality=OuterRef("municipality"))
    yield from shares(
        [
            *counted.values("municipality_id")
            .annotate(by_net=Coalesce(Sum("online"), 0), filings_all=Sum("filings"))
            .values_list("municipality_id", "by_net", "filings_all"),
            *_online_and_all(_arrived(scope).filter(~Exists(by_hand))),
        ]
    )


# --- what came in -------------------------------------------------------------------------------------------------------
def _arrived(scope: Scope) -> QuerySet[Case]:
    """Cases of procedures that arrived in the period, whatever became of them; trials are none."""
    return Case.unscoped.filter(
        scope.where(), scope.during("arrived_at"), topic_kind="procedure", test=False
    ).order_by()


def _online_and_all(cases: QuerySet[Case]) -> Iterable[tuple[UUID, int, int]]:
    return (
        cases.values("municipality_id")
        .annotate(
            by_net=Count("municipality", filter=Q(channel__in=sorted(ONLINE))),
            filings_all=Count("municipality"),
        )
        .values_list("municipality_id", "by_net", "filings_all")
    )


@metric(
    "applications_received",
    label=_("受け付けた申請・届出の件数"),
    unit="件",
    aggregation="year_total",
    every=("day", *_EVERY),
    definition=_(
        "期間中に到達した申請・届出などの件数を、受付の方法ごとに数えたものです。オンラインで届いたものと、窓口・郵送・電話で受けて案件として記録したものを数えます。"
        "到達の日（日本時間）で数え、後から記録したものも到達の日に入ります。後に取り下げられたものも数えます。試行は数えません。"
    ),
    parts=dict(CHANNELS),
    least=_LEAST,
    public=False,
    systems=("online-applications", "childcare-procedures"),
    words=("申請件数", "受付件数", "届出件数", "申込件数"),
)
def applications_received(scope: Scope) -> Iterable[Measured]:
    """One statement."""
    yield from split(
        _arrived(scope)
        .values("municipality_id", "channel")
        .annotate(count=Count("municipality"))
        .values_list("municipality_id", "channel", "count")
    )


@metric(
    "online_application_share",
    label=_("オンライン申請の割合"),
    unit="%",
    aggregation="ratio",
    every=_EVERY,
    definition=_(
        "期間中に到達した申請・届出などのうち、オンライン（この役場、県の共同システム、ぴったりサービス）で届いたものの割合です。"
        "分母は、窓口・郵送・電話で受けて案件として記録したものを含みます。記録していない紙の申請は入りません。"
        "後に取り下げられたものも数え、試行は数えません。"
    ),
    least=_LEAST,
    empty="none",
    systems=("online-applications", "childcare-procedures", "building-confirmation", "supplier-registration"),
    words=(
        "オンライン申請の割合",
        "電子申請の割合",
        "電子申請利用率",
        "オンライン申請率",
        "オンライン利用率",
    ),
)
def online_application_share(scope: Scope) -> Iterable[Measured]:
    """One statement."""
    yield from shares(_online_and_all(_arrived(scope)))


def _titles(municipality: UUID, ids: Collection[str]) -> Mapping[str, str]:
    """What procedures are called in their newest published versions; those that were never published go together by one name."""
    found = Publication.unscoped.filter(municipality=municipality, kind=KIND, subject__in=list(ids))
    told = {
        str(subject): title for subject, title in found.order_by("number").values_list("subject", "title")
    }
    return {one: told.get(one) or str(_("その他の手続")) for one in ids}


@metric(
    "e_applications_received",
    label=_("電子申請受付件数"),
    unit="件",
    aggregation="year_total",
    every=_EVERY,
    definition=_(
        "期間中にオンライン（この役場、県の共同システム、ぴったりサービス）で到達した申請・届出などの件数を、手続ごとに数えたものです。"
        "後に取り下げられたものも数え、試行は数えません。"
    ),
    part_labels=_titles,
    least=_LEAST,
    public=False,
    systems=(
        "online-applications", "childcare-procedures", "water-supply-work-applications",
        "neighbourhood-association-notices", "passport-applications", "supplier-registration",
    ),
    words=("電子申請受付件数", "電子申請件数", "オンライン申請件数", "電子申請", "オンラインで手続きした件数"),
)  # fmt: skip
def e_applications_received(scope: Scope) -> Iterable[Measured]:
    """One statement."""
    yield from _by_procedure(_arrived(scope).filter(channel__in=sorted(ONLINE)))


@metric(
    "applications_by_procedure",
    label=_("手続ごとの受付件数"),
    unit="件",
    aggregation="year_total",
    every=_EVERY,
    definition=_(
        "「受け付けた申請・届出の件数」を、手続ごとに数えたものです。手続ごとのオンラインの割合は、「電子申請受付件数」の同じ手続と合わせて式で作れます。"
    ),
    part_labels=_titles,
    least=_LEAST,
    public=False,
    systems=("online-applications",),
    words=("手続ごとの件数",),
)
def applications_by_procedure(scope: Scope) -> Iterable[Measured]:
    """One statement."""
    yield from _by_procedure(_arrived(scope))


def _by_procedure(cases: QuerySet[Case]) -> Iterable[Measured]:
    return split(
        (municipality, str(procedure), count)
        for municipality, procedure, count in cases.values("municipality_id", "topic_id")
        .annotate(count=Count("municipality"))
        .values_list("municipality_id", "topic_id", "count")
    )


@metric(
    "verified_application_share",
    label=_("オンラインで本人確認をした割合"),
    unit="%",
    aggregation="ratio",
    every=_EVERY,
    definition=_(
        "期間中にこの役場のオンライン受付に到達した申請のうち、マイナンバーカードやGビズIDなどで本人確認をして送られたものの割合です。"
        "メールやアカウントだけで確認したものは分子に入りません。試行は数えません。"
    ),
    least=_LEAST,
    public=False,
    empty="none",
    systems=("jpki-login",),
    words=("本人確認", "公的個人認証", "カードを使った申請"),
)
def verified_application_share(scope: Scope) -> Iterable[Measured]:
    """One statement."""
    filed = Filing.unscoped.filter(
        scope.where(), scope.during("case__arrived_at"), case__channel="online", case__test=False
    )
    yield from shares(
        filed.order_by()
        .values("municipality_id")
        .annotate(verified=Count("municipality", filter=Q(level__in=_VERIFIED)), filed=Count("municipality"))
        .values_list("municipality_id", "verified", "filed")
    )


# --- filling in ---------------------------------------------------------------------------------------------------------
def _happenings(scope: Scope, kind: str) -> QuerySet[Happening]:
    return Happening.unscoped.filter(scope.where(), scope.during("at"), kind=kind, test=False).order_by()


@metric(
    "form_completion_share",
    label=_("始めた申請のうち送信された割合"),
    unit="%",
    aggregation="ratio",
    every=_EVERY,
    definition=_(
        "期間中にオンラインで記入が始められた申請のうち、同じ期間のうちに送信されたものの割合です。残りは、途中でやめたか、まだ記入しているものです。"
        "補正のための記入と試行は数えません。誰の記入かは残らず、始まりと送信の回数だけを数えます。"
    ),
    least=_LEAST,
    public=False,
    empty="none",
    words=("完了率", "離脱率", "途中離脱"),
)
def form_completion_share(scope: Scope) -> Iterable[Measured]:
    """Two statements: forms begun, and those sent of which it is known that they were begun in the period."""
    began = Seconds(F("at")) - F("seconds")
    sent = (
        _happenings(scope, "sent")
        .filter(seconds__isnull=False)
        .annotate(began=began)
        .filter(began__gte=int(scope.period.begin.timestamp()))
    )
    yield from shares(
        row
        for rows, weights in (
            (_happenings(scope, "started"), (0, 1)),
            (sent, (1, 0)),
        )
        for row in _weighed(rows, weights)
    )


def _weighed(rows: QuerySet[Happening], weights: tuple[int, int]) -> Iterable[tuple[UUID, int, int]]:
    top, bottom = weights
    counted = (
        rows.values("municipality_id")
        .annotate(count=Count("municipality"))
        .values_list("municipality_id", "count")
    )
    for municipality, count in counted:
        yield municipality, count * top, count * bottom


@metric(
    "form_minutes",
    label=_("記入にかかった平均時間"),
    unit="分",
    aggregation="average",
    every=_EVERY,
    definition=_(
        "期間中にオンラインで送信された申請について、記入を始めてから送信するまでの時間の平均です（分）。途中で保存して後で続けた時間も入ります。試行は数えません。"
    ),
    least=_LEAST,
    public=False,
    empty="none",
    words=("記入時間", "所要時間"),
    direction="decrease",
)
def form_minutes(scope: Scope) -> Iterable[Measured]:
    """One statement: the sum of seconds, and of how many forms."""
    yield from means(
        _happenings(scope, "sent")
        .filter(seconds__isnull=False)
        .values("municipality_id")
        .annotate(total=Sum("seconds"), forms=Count("municipality"))
        .values_list("municipality_id", "total", "forms"),
        unit=60,
    )
