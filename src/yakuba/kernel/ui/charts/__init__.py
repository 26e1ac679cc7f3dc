"""Geometry of the charts: pure arithmetic from values to positions, drawn by templates as SVG.

Bars start at zero, missing years are gaps, words (実施, 検討) are levels of a staircase and never dropped, and no line crosses
a year in which the definition changed. Lengths are SVG units (one CSS pixel at natural size), the origin is at the top left.

`values` what is drawn · `shapes` what a drawing consists of · `numbers`, `words`, `spark` the three ways to draw.
"""

from yakuba.kernel.ui.charts.numbers import Wish, figure, numbers_drawing, ticks_of
from yakuba.kernel.ui.charts.shapes import Drawing
from yakuba.kernel.ui.charts.spark import SPARK_HEIGHT, SPARK_WIDTH, Spark, spark
from yakuba.kernel.ui.charts.values import NOTHING, Point, Series, Status, merged, years_of
from yakuba.kernel.ui.charts.words import RISE, is_ordered, words_drawing

__all__ = [
    "NOTHING",
    "RISE",
    "SPARK_HEIGHT",
    "SPARK_WIDTH",
    "Drawing",
    "Point",
    "Series",
    "Spark",
    "Status",
    "Wish",
    "figure",
    "is_ordered",
    "merged",
    "numbers_drawing",
    "spark",
    "ticks_of",
    "words_drawing",
    "years_of",
]
