"""What metrics hold, as subjects of actions and of the trail."""

from django.urls import reverse

from yakuba.engines.metrics import queries
from yakuba.engines.metrics.declaring import METRICS
from yakuba.engines.metrics.models import (
    FrozenFigure,
    MetricSetting,
    PublicFigure,
    PublicSeries,
    Series,
    SeriesValue,
    Snapshot,
)
from yakuba.engines.metrics.series import queries as series
from yakuba.engines.metrics.wording import period_name
from yakuba.kernel.actions import Context, register_subject


def _series_url(ctx: Context, one: Series) -> str:
    return reverse("metrics-series", args=[ctx.municipality.code, one.pk])


def _value_title(one: SeriesValue) -> str:
    return f"{one.series.title} {period_name(series.standing(one).period)}"


def _value_url(ctx: Context, one: SeriesValue) -> str:
    at = series.anchor(series.standing(one).period)
    return f"{reverse('metrics-series', args=[ctx.municipality.code, one.series_id])}#{at}"


def _label(key: str) -> str:
    """What a metric is called; the key of one that is no more, or of a figure from another source."""
    return str(METRICS.get(key).label) if key in METRICS else key


def _figure_title(one: Snapshot | FrozenFigure) -> str:
    return f"{_label(one.metric)} {period_name(queries.period_of(one))}"


def _setting_title(one: MetricSetting) -> str:
    return _label(one.metric)


def _metric_url(ctx: Context, one: Snapshot | FrozenFigure | MetricSetting) -> str:
    """The metric's page; figures of other sources have none here."""
    return (
        reverse("metrics-metric", args=[ctx.municipality.code, one.metric]) if one.metric in METRICS else ""
    )


register_subject("metric_snapshot", "計測値", Snapshot, title=_figure_title, url=_metric_url)
register_subject("metric_frozen", "確定した計測値", FrozenFigure, title=_figure_title, url=_metric_url)
register_subject("metric_public", "公開した計測値", PublicFigure)
register_subject("metric_public_series", "公開した外部の数値", PublicSeries)
register_subject("metric_setting", "計測の設定", MetricSetting, title=_setting_title, url=_metric_url)
register_subject("metric_series", "外部の数値", Series, url=_series_url)
register_subject("metric_series_value", "外部の数値の値", SeriesValue, title=_value_title, url=_value_url)
