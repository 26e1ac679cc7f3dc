"""A query on a ledger as a source of an indicator's figures (:mod:`.asked` says what it keeps).

It counts what held on the last day of a period, in the whole ledger: the figure is the municipality's, whoever reads it. What was
kept when a review closed stays as it is, whatever is written down later.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.counted.asked import Asked, read
from yakuba.engines.ledger.counted.queries import Told, opened_on, readable, told
from yakuba.engines.ledger.links import list_of
from yakuba.engines.metrics import queries as kept
from yakuba.engines.metrics import store
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import SOURCES, Figure, Ground, Said, Source
from yakuba.engines.metrics.wording import number_text, period_name
from yakuba.kernel.actions import Context, Denied, Problem
from yakuba.kernel.dates import japan_date

KEY: Final = "ledger"
_HUNDRED: Final = Decimal(100)


def key_of(said: Said) -> str:
    """Under which key the figures of a query are kept: the same for the same query, in whatever order it is written."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{KEY}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def asked_of(said: Said) -> Asked:
    """The query of a binding. Raises :class:`Problem` for one that cannot be followed."""
    found = read(said)
    if found.asked is None:
        raise Problem("ledger", " ".join(found.problems), field="ledger")
    return found.asked


class LedgerSource(Source):
    """What stands in a ledger."""

    key = KEY
    label = gettext_lazy("台帳の件数")

    def check(self, ctx: Context, said: Said) -> list[str]:
        """That it can be read, names nothing personal, and that the municipality has the ledger."""
        found = read(said)
        if found.asked is None:
            return found.problems
        ledger = found.asked.ledger
        if not opened_on(ctx, [ledger.key]):
            return [_("「%s」の台帳は、まだ開いていません。") % ledger.label]
        return []

    def check_new(self, ctx: Context, said: Said) -> list[str]:
        """That it cannot single persons out. Raises :class:`Denied` for a book whose entries this person may not see."""
        asked = asked_of(said)
        if not readable(ctx, asked.ledger.key):
            raise Denied(_("「%s」の台帳を見る権限がないため、数えられません。") % asked.ledger.label)
        return [
            _("人に関わる台帳なので、「%s」は条件にできません。選択肢のある項目で絞ってください。") % label
            for label in asked.narrow
        ]

    def title(self, ctx: Context, said: Said) -> str:
        """What is counted, in a line."""
        found = read(said)
        return str(said.get("ledger", "")) if found.asked is None else found.asked.words

    def unit(self, ctx: Context, said: Said) -> str:
        """件, % or that of the field."""
        asked = asked_of(said)
        if asked.what == "share":
            return "%"
        return asked.ledger.fields[asked.summed].unit if asked.what == "sum" else str(_("件"))

    def aggregation(self, ctx: Context, said: Said) -> str:
        """A level, or a share of one."""
        return "ratio" if asked_of(said).what == "share" else "at_date"

    def definition(self, ctx: Context, said: Said) -> str:
        """What is counted, and what is not."""
        asked = asked_of(said)
        lines = [_("%sを、期間の末日に台帳にあった内容で数えます。") % asked.words]
        if asked.states is None:
            lines.append(_("終わった状態の行、誤登録として取り消した行、ほかの行に統合した行は数えません。"))
        else:
            lines.append(_("誤登録として取り消した行、ほかの行に統合した行は数えません。"))
        if asked.what == "sum":
            lines.append(_("項目が空の行は、合計に入りません。"))
        if asked.persons:
            lines.append(_("人に関わる台帳なので、%d件より少ない数は出しません。") % asked.least)
        return "".join(lines)

    def href(self, ctx: Context, said: Said) -> str:
        """The ledger's list."""
        return list_of(ctx, asked_of(said).ledger.key)

    def figures(self, ctx: Context, said: Said, periods: Sequence[Period]) -> Mapping[Period, Figure]:
        """Four queries: what is kept, whether there is the ledger, and one count over all days."""
        return self.figures_of_many(ctx, [said], periods)[0]

    def figures_of_many(
        self, ctx: Context, many: Sequence[Said], periods: Sequence[Period]
    ) -> Sequence[Mapping[Period, Figure]]:
        """What is kept of all of them at once, and one count for each."""
        queries = [read(said).asked for said in many]
        keys = [key_of(said) for said in many]
        frozen = kept.figures_of(ctx, sorted(set(keys)), periods)
        opened = opened_on(ctx, {one.ledger.key for one in queries if one is not None})
        return [
            {} if asked is None else self._figures(ctx, asked, frozen.get(key, {}), opened, periods)
            for asked, key in zip(queries, keys, strict=True)
        ]

    def _figures(
        self,
        ctx: Context,
        asked: Asked,
        frozen: Mapping[Period, Figure],
        opened: Mapping[str, dt.date],
        periods: Sequence[Period],
    ) -> Mapping[Period, Figure]:
        if asked.ledger.key not in opened:
            return {}
        today = japan_date(ctx.now)
        fresh = [one for one in dict.fromkeys(periods) if one not in frozen and one.first <= today]
        days = sorted({one.last for one in fresh})
        by_day = dict(zip(days, told(ctx, asked, days), strict=True))
        found = {period: _grounded(ctx, asked, figure) for period, figure in frozen.items()}
        for period in fresh:
            made = _figure(ctx, asked, period, by_day[period.last])
            if by_day[period.last].many < asked.least and period.last < opened[asked.ledger.key]:
                continue  # the ledger was not kept here yet: that is no 0
            if made is not None:
                found[period] = _grounded(ctx, asked, made)
        return found

    def may_be_public(self, ctx: Context, said: Said) -> bool:
        """Not where it rests on a field that the public never sees."""
        found = read(said)
        return found.asked is not None and not found.asked.hidden

    def freeze(self, ctx: Context, said: Said, periods: Sequence[Period], ground: str) -> None:
        """Keep what is counted now; later knowledge of that day changes it no more."""
        asked_of(said)
        store.keep(ctx, key_of(said), list(self.figures(ctx, said, periods).values()), ground)


def _figure(ctx: Context, asked: Asked, period: Period, found: Told) -> Figure | None:
    """What was found as a figure; None where the ledger held nothing of it. Small counts of persons are kept from everybody."""
    status = "preliminary" if period.over(japan_date(ctx.now)) else "provisional"
    counts = {found.many}
    if asked.what == "share":
        counts |= {found.part, found.many - found.part}
    # 0 is kept back with the small ones: who tries one condition after another would learn that nobody meets it, or that all do.
    # So are those whom the count leaves of all that are in force, or counts beyond them: the whole is told elsewhere.
    near = (found.rest, found.beyond)
    if asked.persons and (min(counts) < asked.least or any(0 < one < asked.least for one in near)):
        return Figure(period, None, status=status, note=_("人数が少ないため、出しません。"), at=ctx.now)
    if not found.many and asked.what != "count":
        return None
    if asked.what == "share":
        top, bottom = Decimal(found.part), Decimal(found.many)
        return Figure(
            period, top * _HUNDRED / bottom, numerator=top, denominator=bottom, status=status, at=ctx.now
        )
    if asked.what == "sum":
        # Of nothing but unknown values there is no sum.
        number = None if found.unknown == found.many else found.total
        return Figure(period, number, status=status, at=ctx.now)
    return Figure(period, Decimal(found.many), status=status, at=ctx.now)


def _grounded(ctx: Context, asked: Asked, figure: Figure) -> Figure:
    """With what it was counted from: the ledger's list, on the day."""
    name = _("%(ledger)s（%(period)s）") % {
        "ledger": asked.ledger.label,
        "period": period_name(figure.period),
    }
    href, note = list_of(ctx, asked.ledger.key), figure.note
    pairs = (
        [(name, figure.number)]
        if figure.numerator is None or figure.denominator is None
        else [(f"{name} {_('分子')}", figure.numerator), (f"{name} {_('分母')}", figure.denominator)]
    )
    grounds = tuple(Ground(label, number_text(number), href, note) for label, number in pairs)
    return replace(figure, grounds=grounds)


SOURCES.register(KEY, LedgerSource())
