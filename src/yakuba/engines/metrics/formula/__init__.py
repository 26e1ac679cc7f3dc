"""Formulas of figures: a small fixed language, read to its end or refused with the place where it stops making sense. Pure.

    割合([online_procedures_count], [procedures_count])
    [外部:konbini_total] + 累計([e_applications_received], 令和5年度) × 2
    件数([initiatives_by_status], "順調", "おおむね順調") ÷ 件数([initiatives_by_status], "遅れ")

`tree` what a formula consists of · `reading` text to tree · `saying` tree to text and to words · `reckoning` its figure of a period.
"""

from yakuba.engines.metrics.formula.reading import FormulaError, read
from yakuba.engines.metrics.formula.reckoning import Answer, Lacking, Operand, Value, needs, reckon, spans
from yakuba.engines.metrics.formula.saying import in_words, written
from yakuba.engines.metrics.formula.tree import (
    Binary,
    Cumulative,
    Name,
    Negative,
    Number,
    Share,
    States,
    Tree,
    aggregation_of,
    names_of,
)

__all__ = [
    "Answer",
    "Binary",
    "Cumulative",
    "FormulaError",
    "Lacking",
    "Name",
    "Negative",
    "Number",
    "Operand",
    "Share",
    "States",
    "Tree",
    "Value",
    "aggregation_of",
    "in_words",
    "names_of",
    "needs",
    "read",
    "reckon",
    "spans",
    "written",
]
