"""Metrics as a source of an indicator's figures: ``{"metric": key}``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.metrics import queries, store
from yakuba.engines.metrics.declaring import METRICS, Metric
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import SOURCES, Figure, Ground, Operand, Said, Source
from yakuba.engines.metrics.wording import figure_text, number_text, period_name
from yakuba.kernel.access.desk import address
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.ui.formats import moment


def key_of(said: Said) -> str:
    """The metric that a binding names; empty where it names none."""
    found = said.get("metric")
    return found if isinstance(found, str) else ""


def metric_of(said: Said) -> Metric:
    """The same as it is declared. Raises :class:`Problem` for a metric that this installation does not have."""
    key = key_of(said)
    if key not in METRICS:
        raise Problem("metric", _missing(key), field="metric", found=key[:80])
    return METRICS.get(key)


def _missing(key: str) -> str:
    return _("「%(key)s」という計測値は、このシステムにありません。") % {"key": key[:80]}


class MetricSource(Source):
    """What a service of this system measures of itself."""

    key = "metric"
    label = gettext_lazy("このシステムの計測値")

    def check(self, ctx: Context, said: Said) -> list[str]:
        """That there is such a metric."""
        key = key_of(said)
        return [] if key in METRICS else [_missing(key)]

    def title(self, ctx: Context, said: Said) -> str:
        """Its label; the key of one that is gone."""
        key = key_of(said)
        return str(METRICS.get(key).label) if key in METRICS else key

    def unit(self, ctx: Context, said: Said) -> str:
        """Its unit."""
        return metric_of(said).unit

    def aggregation(self, ctx: Context, said: Said) -> str:
        """As it is declared."""
        return metric_of(said).aggregation

    def definition(self, ctx: Context, said: Said) -> str:
        """What is counted, as it is declared."""
        return str(metric_of(said).definition)

    def href(self, ctx: Context, said: Said) -> str:
        """Its page in the dictionary."""
        return address("metrics-metric", ctx, key_of(said))

    def figures(self, ctx: Context, said: Said, periods: Sequence[Period]) -> Mapping[Period, Figure]:
        """Three queries; nothing of a metric that is gone."""
        return self.figures_of_many(ctx, [said], periods)[0]

    def figures_of_many(
        self, ctx: Context, many: Sequence[Said], periods: Sequence[Period]
    ) -> Sequence[Mapping[Period, Figure]]:
        """As many queries as for one."""
        keys = [key_of(said) for said in many]
        found = queries.figures_of(ctx, sorted({key for key in keys if key in METRICS}), periods)
        return [
            {period: self._grounded(ctx, key, figure) for period, figure in found.get(key, {}).items()}
            for key in keys
        ]

    def _grounded(self, ctx: Context, key: str, figure: Figure) -> Figure:
        """With the two numbers of a share, else with itself, and the page that shows where they come from."""
        one = METRICS.get(key)
        href = address("metrics-metric", ctx, key) + f"#{anchor(figure.period)}"
        name = f"{one.label}（{period_name(figure.period)}）"
        note = _told(one, figure)
        if figure.numerator is None or figure.denominator is None:
            return replace(figure, grounds=(Ground(name, figure_text(figure, one.unit), href, note),))
        parts = ((_("分子"), figure.numerator), (_("分母"), figure.denominator))
        return replace(
            figure,
            grounds=tuple(
                Ground(f"{name} {label}", number_text(number), href, note) for label, number in parts
            ),
        )

    def operands(self, ctx: Context, said: Said) -> Sequence[Operand]:
        """Itself."""
        return (Operand("metric", key_of(said)),)

    def freeze(self, ctx: Context, said: Said, periods: Sequence[Period], ground: str) -> None:
        """From now on a correction is a new row with its reason."""
        metric_of(said)
        store.freeze(ctx, key_of(said), periods, ground)


def anchor(period: Period) -> str:
    """The row of a period on the metric's page."""
    return f"{period.kind}-{period.last.isoformat()}"


def _told(one: Metric, figure: Figure) -> str:
    """When it was counted or frozen, by whom, under which definition where that is not today's, and why it was corrected."""
    said = []
    if figure.at is not None and figure.status == "final":
        said.append(
            _("%(moment)sに%(who)sが確定") % {"moment": moment(figure.at), "who": figure.by or _("システム")}
        )
    elif figure.at is not None:
        said.append(_("%(moment)sに計測") % {"moment": moment(figure.at)})
    if figure.version == 0:
        said.append(_("以前のシステムの値"))
    elif figure.version != one.version:
        said.append(_("前の定義（第%(version)d版）の値") % {"version": figure.version})
    if figure.note:
        said.append(figure.note)
    return "。".join(said)


SOURCES.register("metric", MetricSource())
