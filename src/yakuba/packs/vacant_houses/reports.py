"""Reports of vacant houses: how many were looked at, how far the measures have gone, for whom the tax office is told, where they are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import Report, ledger_of
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.reports import figures, in_force_on, share, shares, words
from yakuba.engines.ledger.small_cells import shown
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.dates.wareki import format_date
from yakuba.packs.vacant_houses import queries
from yakuba.packs.vacant_houses.chains import DANGEROUS, NEGLECTED, URGED
from yakuba.packs.vacant_houses.models import CONDITIONS, House
from yakuba.packs.vacant_houses.rules import chains_without_allowance


def _known(ctx: Context, book: Book, day: dt.date) -> set[UUID]:
    """The houses that are known on a day."""
    return {key for key, _values in in_force_on(ctx, ledger_of(House), book, day)}


def _rate(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    """分子は年度内に調査した空家等、分母は基準日に把握している空家等."""
    known = _known(ctx, book, day)
    seen = queries.surveyed(ctx, book, day) & known
    yield {
        "year": str(FiscalYear.of(day)),
        "surveyed": len(seen),
        "known": len(known),
        "rate": share(len(seen), len(known)),
    }


def _stages(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    """Every house stands in one line of each group."""
    houses = dict(in_force_on(ctx, ledger_of(House), book, day))
    judged = queries.conditions(ctx, book, day)
    conditions = Counter(judged.get(key, "") for key in houses)
    for code, label in (*CONDITIONS, ("", _("判定なし"))):
        yield {"group": _("状態判定"), "stage": label, "houses": conditions[code]}
    for chain in (NEGLECTED, DANGEROUS):
        stages = Counter(str(values.get(chain.column) or chain.first) for values in houses.values())
        for state, label in chain.states:
            yield {"group": str(chain.label), "stage": label, "houses": stages[state]}


def _year(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    """The first four lines add up: what was known, came and went comes to what is known."""
    year = FiscalYear.of(day)
    before, now = _known(ctx, book, year.start - dt.timedelta(days=1)), _known(ctx, book, day)
    moves = queries.moved(ctx, book, year, day)
    yield {"what": _("年度当初の把握件数"), "houses": len(before)}
    yield {"what": _("新たな把握など"), "houses": len(now - before)}
    yield {"what": _("減った件数"), "houses": len(before - now)}
    yield {"what": _("基準日の把握件数"), "houses": len(now)}
    yield {"what": _("除却"), "houses": moves["demolished"]}
    yield {"what": _("使用・活用"), "houses": moves["used"]}


def _tax(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    """Houses under a standing 勧告: on 1 January their ground has no allowance for residential land. The tax office decides."""
    told, names = queries.told(ctx, book, day), queries.names(ctx, book)
    chains = [chain for chain in (NEGLECTED, DANGEROUS) if chain.column in chains_without_allowance(day)]
    found: list[tuple[str, str, dict[str, object]]] = []
    for key, values in in_force_on(ctx, ledger_of(House), book, day):
        for chain in chains:
            state = str(values.get(chain.column) or "")
            if state in URGED[chain.column]:
                number, order = names.get(key, ("", ""))
                document, on, at = told.get(key, ("", None, None))
                found.append(
                    (
                        order,
                        number,
                        {
                            "number": number,
                            "address": values["address"],
                            "parcel": values.get("parcel") or "",
                            "stage": f"{chain.label} {chain.label_of(state)}",
                            "document": document,
                            "day": format_date(on) if on else "",
                            "told": format_date(at) if at else _("未通知"),
                        },
                    )
                )
    yield from (row for _order, _number, row in sorted(found, key=lambda one: one[:2]))


def _towns(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    """As everybody may see them: an empty house alone in its neighbourhood is not told."""
    houses = in_force_on(ctx, ledger_of(House), book, day)
    found = shown(Counter(str(values["town"]) for _key, values in houses))
    for town in sorted(found.cells):
        yield {"town": town, "houses": found.cells[town], "note": _hidden(found.cells[town])}
    yield {"town": _("計"), "houses": found.total, "note": _hidden(found.total)}


def _hidden(many: int | None) -> str:
    return _("秘匿") if many is None else ""


REPORTS = (
    Report(
        "rate",
        gettext_lazy("調査実施率"),
        (
            words("year", "年度"), figures("surveyed", "調査した件数", "件"), figures("known", "把握件数", "件"),
            shares("rate", "調査実施率"),
        ),
        _rate,
        yearly=True,
    ),
    Report(
        "stages",
        gettext_lazy("状態判定と措置の段階"),
        (words("group", "区分"), words("stage", "段階"), figures("houses", "件数", "件")),
        _stages,
        yearly=True,
    ),
    Report(
        "year",
        gettext_lazy("年度の増減"),
        (words("what", "区分"), figures("houses", "件数", "件")),
        _year,
        yearly=True,
    ),
    Report(
        "tax",
        gettext_lazy("勧告中の空家等（住宅用地特例、税務の担当へ）"),
        (
            words("number", "整理番号"), words("address", "所在地"), words("parcel", "地番"), words("stage", "段階"),
            words("document", "勧告の文書番号"), words("day", "勧告の日"), words("told", "税務の担当へ知らせた日"),
        ),
        _tax,
    ),
    Report(
        "towns",
        gettext_lazy("町字別の件数（公表用）"),
        (words("town", "町字"), figures("houses", "件数", "件"), words("note", "備考")),
        _towns,
        yearly=True,
    ),
)  # fmt: skip
