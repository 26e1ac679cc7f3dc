"""Series as a place that an indicator's figures come from: ``{"series": "コンビニ交付_住民票"}``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.metrics.models import Series
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import queries
from yakuba.engines.metrics.sources import SOURCES, Figure, Operand, Said, Source
from yakuba.kernel.actions import Context

KEY: Final = "series"


class SeriesSource(Source):
    """A figure that is measured elsewhere."""

    key = KEY
    label = gettext_lazy("外部の数値（課が届けるもの）")

    def _series(self, ctx: Context, said: Said) -> Series | None:
        key = said.get("series")
        return queries.by_keys(ctx, [key]).get(key) if isinstance(key, str) else None

    def check(self, ctx: Context, said: Said) -> list[str]:
        """What is wrong with it. A series that ended keeps its figures and is no fault."""
        if set(said) != {"series"} or not isinstance(said["series"], str):
            return [_("外部の数値を選んでください。")]
        if self._series(ctx, said) is None:
            return [_("外部の数値「%s」がありません。") % str(said["series"])[:60]]
        return []

    def title(self, ctx: Context, said: Said) -> str:
        found = self._series(ctx, said)
        return found.title if found else ""

    def unit(self, ctx: Context, said: Said) -> str:
        found = self._series(ctx, said)
        return found.unit if found else ""

    def aggregation(self, ctx: Context, said: Said) -> str:
        found = self._series(ctx, said)
        return found.aggregation if found else "year_total"

    def definition(self, ctx: Context, said: Said) -> str:
        found = self._series(ctx, said)
        if found is None:
            return ""
        source = _("（出所：%s）") % found.supplier if found.supplier else ""
        return f"{found.definition}{source}"

    def href(self, ctx: Context, said: Said) -> str:
        found = self._series(ctx, said)
        return reverse("metrics-series", args=[ctx.municipality.code, found.pk]) if found else ""

    def figures(self, ctx: Context, said: Said, periods: Sequence[Period]) -> Mapping[Period, Figure]:
        key = said.get("series")
        return queries.figures(ctx, [key], periods).get(key, {}) if isinstance(key, str) else {}

    def figures_of_many(
        self, ctx: Context, many: Sequence[Said], periods: Sequence[Period]
    ) -> Sequence[Mapping[Period, Figure]]:
        keys = [one.get("series") for one in many]
        found = queries.figures(ctx, {key for key in keys if isinstance(key, str)}, periods)
        return [found.get(key, {}) if isinstance(key, str) else {} for key in keys]

    def operands(self, ctx: Context, said: Said) -> Sequence[Operand]:
        key = said.get("series")
        return (Operand("series", key),) if isinstance(key, str) else ()

    def may_be_public(self, ctx: Context, said: Said) -> bool:
        found = self._series(ctx, said)
        return found is not None and found.public

    def freeze(self, ctx: Context, said: Said, periods: Sequence[Period], ground: str) -> None:
        """Nothing to do: a value is never written over, what comes later is its next revision with who, when and why."""


SOURCES.register(KEY, SeriesSource())
