"""What casework measures of itself: how long cases take, whether terms are kept, what came back, what lies open.

Counted from cases and their moves, whose days never change: a case that ended stays when its content's retention runs out.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from yakuba.engines.casework import rules
from yakuba.engines.casework.models import Case, Move, Notice
from yakuba.engines.casework.states import TABLES
from yakuba.engines.metrics.days import DayEnd, JapanDay
from yakuba.engines.metrics.declaring import Earlier, Measured, Scope, metric
from yakuba.engines.metrics.tallies import means, numbers, shares
from yakuba.kernel.dates import clock

# How the work goes is no indicator of any theme by itself: these are proposed for a plan's indicators by their words alone.
#: Behind each case stands a person. Each figure is guarded by itself (``metrics.small``): what counts nearly the same cases as another that
#: the public reads would tell with it of the few between them (decided, and decided of those with a term; open, and open past the term).
#: Of each such pair one is the desk's (``public=False``). Three tell of a fourth: what arrived, less what more is open than before, less what
#: was decided, are those who withdrew, also where ``withdrawn_share`` is hidden for being few. That share withheld instead would change
#: nothing, so ``open_cases`` is the desk's; whoever waits reads from ``on_time_share`` how the work goes.
_LEAST: Final = 5
_DECIDED: Final = sorted(kind for kind in TABLES if rules.has_decision(kind))
_ONLY_COMPLETED: Final = sorted(set(TABLES) - set(_DECIDED))
_EVERY: Final = ("month", "year", "as_of")
#: So many days after its issue nobody waits any more for a notice to be opened (procedures have theirs posted after 7 working days).
_WAITED: Final = 14


def _decided(scope: Scope) -> QuerySet[Case]:
    """Cases that were decided in the period."""
    return _cases(scope).filter(scope.during("decided_at"), kind__in=_DECIDED)


def _accepted(scope: Scope) -> QuerySet[Case]:
    """Cases of a kind that knows no decision (届出) that were completed in the period."""
    return _cases(scope).filter(scope.during("completed_at"), kind__in=_ONLY_COMPLETED, state="completed")


def _cases(scope: Scope) -> QuerySet[Case]:
    """Trials are none."""
    return Case.unscoped.filter(scope.where(), test=False).order_by()


@metric(
    "on_time_share",
    label=_("標準処理期間内に処理した割合"),
    unit="%",
    aggregation="ratio",
    every=_EVERY,
    definition=_(
        "期間中に決定した案件（決定のない届出は、完了した案件）のうち、処理の期限までに決定・完了したものの割合です。"
        "期限は案件ごとの標準処理期間から数え、補正を待つ間は進みません。期限の日の決定は期限内とします。"
        "分母は、処理期間の定めのある案件だけです。取り下げられた案件と試行は数えません。"
    ),
    least=_LEAST,
    empty="none",
    words=("標準処理期間", "処理期間内", "期限内", "期間内処理"),
)
def on_time_share(scope: Scope) -> Iterable[Measured]:
    """Two statements: what has a decision, and what has none."""
    yield from shares(
        row
        for cases, end in ((_decided(scope), "decided_at"), (_accepted(scope), "completed_at"))
        for row in cases.filter(due_on__isnull=False)
        .values("municipality_id")
        .annotate(
            in_time=Count("municipality", filter=Q(**{f"{end}__lt": DayEnd(F("due_on"))})),
            ended=Count("municipality"),
        )
        .values_list("municipality_id", "in_time", "ended")
    )


@metric(
    "days_to_decision",
    label=_("決定までの平均日数"),
    unit="日",
    aggregation="average",
    every=_EVERY,
    definition=_(
        "期間中に決定した案件について、到達した日から決定した日までの日数の平均です。閉庁日も、補正を待った日も数えます（申請した人が待った日数）。"
        "到達した日に決定したものは0日です。決定のない届出、取り下げられた案件、試行は数えません。"
    ),
    least=_LEAST,
    public=False,
    empty="none",
    words=("処理日数", "平均日数", "所要日数"),
    direction="decrease",
)
def days_to_decision(scope: Scope) -> Iterable[Measured]:
    """The sum of days and of how many."""
    yield from means(
        _decided(scope)
        .values("municipality_id")
        .annotate(
            days=Sum(JapanDay(F("decided_at")) - JapanDay(F("arrived_at"))), decided=Count("municipality")
        )
        .values_list("municipality_id", "days", "decided")
    )


@metric(
    "correction_share",
    label=_("補正を求めた割合"),
    unit="%",
    aggregation="ratio",
    every=_EVERY,
    definition=_(
        "期間中に決定した案件（決定のない届出は、完了した案件）のうち、一度でも補正を求めたものの割合です。何度求めても1件です。"
        "取り下げられた案件と試行は数えません。様式や説明の分かりにくさを見るための数字です。"
    ),
    least=_LEAST,
    public=False,
    empty="none",
    words=("補正", "不備"),
    direction="decrease",
)
def correction_share(scope: Scope) -> Iterable[Measured]:
    """Two statements, as the share in time."""
    asked = Exists(Move.unscoped.filter(case=OuterRef("pk"), step="ask_correction"))
    yield from shares(
        row
        for cases in (_decided(scope), _accepted(scope))
        for row in cases.values("municipality_id")
        .annotate(corrected=Count("municipality", filter=asked), ended=Count("municipality"))
        .values_list("municipality_id", "corrected", "ended")
    )


@metric(
    "withdrawn_share",
    label=_("取り下げられた割合"),
    unit="%",
    aggregation="ratio",
    every=_EVERY,
    definition=_(
        "期間中に終わった案件（完了または取下げ）のうち、申請した人が取り下げたものの割合です。試行は数えません。"
    ),
    least=_LEAST,
    empty="none",
    words=("取下げ", "取り下げ"),
    direction="decrease",
)
def withdrawn_share(scope: Scope) -> Iterable[Measured]:
    """One statement."""
    yield from shares(
        _cases(scope)
        .filter(scope.during("completed_at"))
        .values("municipality_id")
        .annotate(withdrawn=Count("municipality", filter=Q(state="withdrawn")), ended=Count("municipality"))
        .values_list("municipality_id", "withdrawn", "ended")
    )


@metric(
    "open_cases",
    label=_("処理中の案件数"),
    unit="件",
    aggregation="at_date",
    every=("day", *_EVERY),
    definition=_(
        "期間の最後の日が終わった時に、到達していて、まだ完了も取下げもされていなかった案件の数です。決定して通知を待つものを含みます。試行は数えません。"
    ),
    least=_LEAST,
    public=False,
    words=("処理中", "未処理"),
    direction="decrease",
)
def open_cases(scope: Scope) -> Iterable[Measured]:
    """Two statements: what is open still, and what ended later."""
    yield from numbers(_not_over(scope, _cases(scope)))


def _not_over(scope: Scope, cases: QuerySet[Case]) -> Iterator[tuple[UUID, int]]:
    """How many had arrived and not ended when the period did: what is open still, and what ended later.

    They are few beside what was closed over the years, so each is found by its own index and counted here: with more in the statement
    SQLite takes another index and walks through all cases.
    """
    end = scope.period.end
    still = cases.filter(completed_at__isnull=True).values_list("municipality_id", "arrived_at")
    yield from Counter(town for town, arrived_at in still if arrived_at < end).items()
    later = cases.filter(completed_at__gte=end, arrived_at__lt=end)
    yield from Counter(later.values_list("municipality_id", flat=True)).items()


@metric(
    "overdue_cases",
    label=_("期限を過ぎた処理中の案件数"),
    unit="件",
    aggregation="at_date",
    every=("day", *_EVERY),
    definition=_(
        "期間の最後の日が終わった時に、処理の期限がその日までに来ていて、まだ決定（決定のない届出は完了）していなかった案件の数です。"
        "補正を待っていて期限が止まっている案件と試行は数えません。期限は補正のたびに動くため、過ぎた日の数は後から数え直せません。"
    ),
    least=_LEAST,
    public=False,
    words=("期限超過", "期限を過ぎた"),
    direction="decrease",
    recomputable=False,
)
def overdue_cases(scope: Scope) -> Iterable[Measured]:
    """Two statements, as above. A term is over when its last day is: while a period runs, its last day that is over is yesterday."""
    last = min(scope.period.last, clock.today() - dt.timedelta(days=1))
    late = (
        _cases(scope)
        .filter(due_on__lte=last)
        .filter(Q(decided_at__isnull=True) | Q(decided_at__gte=scope.period.end))
    )
    yield from numbers(_not_over(scope, late))


@metric(
    "digital_notice_share",
    label=_("通知書をオンラインで受け取った割合"),
    unit="%",
    aggregation="ratio",
    every=_EVERY,
    version=2,
    definition=_(
        "施行の日の翌日から数えて14日目が期間中にある通知書のうち、その日までに申請した人が画面で開いたものの割合です。"
        "残りは、郵送・手渡ししたものと、その日までに開かれなかったものです。開かれたあとに郵送したものも、開かれたものとして数えます。試行は数えません。"
    ),
    earlier=(
        Earlier(
            1,
            _(
                "期間中の日付で施行した通知書のうち、期間の終わりまでに申請した人が画面で開いたものの割合です。残りは、郵送・手渡ししたものと、まだ開かれていないものです。"
                "開かれたあとに郵送したものも、開かれたものとして数えます。試行は数えません。"
            ),
            "令和8年11月",
        ),
    ),
    least=_LEAST,
    empty="none",
    words=("電子通知", "通知の電子化", "オンライン通知"),
)
def digital_notice_share(scope: Scope) -> Iterable[Measured]:
    """One statement. A notice counts on the day on which it is settled, so that it counts in one month as it does in the year.

    Asked instead whether it was opened by the end of the period, what was opened on 3 May would be in the year and in no month.
    """
    waited = dt.timedelta(days=_WAITED)
    settled = Notice.unscoped.filter(
        scope.where(),
        issued_on__gte=scope.period.first - waited,
        issued_on__lte=scope.period.last - waited,
        case__test=False,
    ).exclude(state="draft")
    in_time = Q(opened_at__lt=DayEnd(F("issued_on"), later=_WAITED))
    yield from shares(
        settled.order_by()
        .values("municipality_id")
        .annotate(opened=Count("municipality", filter=in_time), settled=Count("municipality"))
        .values_list("municipality_id", "opened", "settled")
    )
