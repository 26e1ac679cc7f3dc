"""Reports of buried cultural property: what a fiscal year brought, as the prefecture asks for it, and what there is."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import MERGED, VOID, Report, ledger_of
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.reports import figures, in_force_on, words
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.packs.buried_heritage.models import (
    ANSWERS,
    ARTICLES,
    INSTRUCTIONS,
    KINDS,
    Inquiry,
    Notice,
    Remains,
)
from yakuba.packs.buried_heritage.rules import in_time

_MISTAKEN = (VOID, MERGED)


def _notices(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    year = FiscalYear.of(day)
    rows = (
        Notice.objects.for_actor(ctx)
        .filter(entry__book=book, filed_on__range=(year.start, min(day, year.end)))
        .exclude(entry__state__in=_MISTAKEN)
        .values_list("article", "filed_on", "starts_on", "instruction")
    )
    filed: Counter[str] = Counter()
    late: Counter[str] = Counter()
    told: Counter[tuple[str, str]] = Counter()
    for article, filed_on, starts_on, instruction in rows:
        filed[article] += 1
        late[article] += not in_time(article, filed_on, starts_on)
        told[article, instruction] += 1
    for article, label in ARTICLES:
        yield {
            "article": label,
            "filed": filed[article],
            "late": late[article],
            **{key: told[article, key] for key, _label in INSTRUCTIONS},
            "waiting": told[article, ""],
        }


def _inquiries(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    year = FiscalYear.of(day)
    rows = (
        Inquiry.objects.for_actor(ctx)
        .filter(entry__book=book, day__range=(year.start, min(day, year.end)))
        .exclude(entry__state__in=_MISTAKEN)
        .values_list("answer", flat=True)
    )
    counted = Counter(rows)
    for key, label in (*ANSWERS, ("", "回答していない")):
        yield {"answer": label, "count": counted[key]}


def _sites(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    standing = [
        values
        for _key, values in in_force_on(ctx, ledger_of(Remains), book, day)
        if values["state"] == "listed"
    ]
    counted = Counter(str(values["kind"]) for values in standing)
    feared = Counter(str(values["kind"]) for values in standing if values.get("looting"))
    for key, label in KINDS:
        yield {"kind": label, "count": counted[key], "feared": feared[key]}


REPORTS = (
    Report(
        "sites",
        gettext_lazy("周知の包蔵地の数"),
        (
            words("kind", "種別"),
            figures("count", "数", "箇所"),
            figures("feared", "うち範囲を丸めて公開", "箇所"),
        ),
        _sites,
        yearly=True,
    ),
    Report(
        "notices",
        gettext_lazy("年度の届出・通知と指示"),
        (
            words("article", "根拠"),
            figures("filed", "届出・通知", "件"),
            figures("late", "うち期限後", "件"),
            *(figures(key, label, "件") for key, label in INSTRUCTIONS),
            figures("waiting", "指示待ち", "件"),
        ),
        _notices,
        yearly=True,
    ),
    Report(
        "inquiries",
        gettext_lazy("年度の照会"),
        (words("answer", "回答"), figures("count", "件数", "件")),
        _inquiries,
        yearly=True,
    ),
)
