"""Everything that changes in series."""

from yakuba.engines.metrics.series.actions.bringing import (
    BringValues,
    TypeValue,
    bring_values,
    type_value,
)
from yakuba.engines.metrics.series.actions.defining import (
    Because,
    DefineSeries,
    DescribeSeries,
    EndSeries,
    RedefineSeries,
    define_series,
    describe_series,
    end_series,
    redefine_series,
    resume_series,
)

__all__ = [
    "Because",
    "BringValues",
    "DefineSeries",
    "DescribeSeries",
    "EndSeries",
    "RedefineSeries",
    "TypeValue",
    "bring_values",
    "define_series",
    "describe_series",
    "end_series",
    "redefine_series",
    "resume_series",
    "type_value",
]
