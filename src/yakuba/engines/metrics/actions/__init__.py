"""Everything that changes of metrics' figures. Series have actions of their own (:mod:`..series.actions`)."""

from yakuba.engines.metrics.actions.correcting import (
    CorrectFigure,
    FreezeFigure,
    MeasureNow,
    correct_figure,
    freeze_figure,
    measure_now,
)
from yakuba.engines.metrics.actions.loading import EarlierRow, LoadEarlier, load_earlier
from yakuba.engines.metrics.actions.settling import SettleMetric, settle_metric

__all__ = [
    "CorrectFigure",
    "EarlierRow",
    "FreezeFigure",
    "LoadEarlier",
    "MeasureNow",
    "SettleMetric",
    "correct_figure",
    "freeze_figure",
    "load_earlier",
    "measure_now",
    "settle_metric",
]
