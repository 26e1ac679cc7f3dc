"""Charts as components: an SVG with title and description, and the table under it."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yakuba.kernel.ui import charts
from yakuba.kernel.ui.charts import Point, Series
from yakuba.kernel.ui.components.content import TableColumn
from yakuba.kernel.ui.drawing import Text, draw
from yakuba.kernel.ui.formats import fiscal_year, year_name


def bar_line_chart(
    key: str,
    title: Text,
    actual: Series,
    target: Series,
    *,
    unit: Text = "",
    word_order: Sequence[str] = (),
    description: Text = "",
    lang: str = "",
) -> SafeString:
    """Draw target and actual by fiscal year as chart and table in one, numbers and words alike.

    `key` makes the ids in the page unique. `word_order` lists words from the lowest to the highest (検討, 試行, 実施).
    `lang` is the language of title, unit and values where it may not be the page's.
    Years without a value are gaps. Where nothing can be drawn the table stands alone; without any value nothing is drawn.
    """
    years = charts.years_of((actual, target))
    if not years:
        return SafeString("")
    drawing = charts.numbers_drawing(actual, target)
    in_words = drawing is None
    if drawing is None:
        drawing = charts.words_drawing(actual, target, word_order)
    shown = [one for one in (target, actual) if one.points]
    columns = [TableColumn(_("年度")), *(TableColumn(one.label, number=not in_words) for one in shown)]
    rows = [[fiscal_year(year), *(_cell(one.by_year().get(year)) for one in shown)] for year in years]
    return draw(
        "bar_line_chart",
        key=key,
        title=title,
        lang=lang,
        unit=unit,
        description=description or _summary(shown),
        drawing=drawing,
        actual=actual,
        target=target,
        in_words=in_words,
        provisional=any(not point.is_firm and point.number is not None for point in actual.points),
        columns=columns,
        rows=[list(zip(columns, row, strict=True)) for row in rows],
    )


def _cell(point: Point | None) -> str:
    if point is None:
        return "―"
    if point.status == "provisional":
        return _("%(value)s（見込）") % {"value": point.raw}
    if point.status == "preliminary":
        return _("%(value)s（速報）") % {"value": point.raw}
    return point.raw


def _summary(series: Sequence[Series]) -> str:
    """The drawing in one sentence per series, for those who hear it: first and last value."""
    parts = []
    for one in series:
        points = sorted(one.points, key=lambda point: point.year)
        first, last = points[0], points[-1]
        text = _("%(label)sは%(year)s %(value)s") % {
            "label": one.label,
            "year": year_name(first.year),
            "value": first.raw,
        }
        if last is not first:
            text += _("から%(year)s %(value)sまで") % {
                "year": year_name(last.year),
                "value": last.raw,
            }
        parts.append(text)
    return _("。").join(parts)


def spark_line(points: Sequence[Point], *, label: Text, goal: Decimal | None = None) -> SafeString:
    """Draw a word-sized line of the numbers by year, the target as a dashed level; nothing below two numbers.

    `label` is read instead of the picture and should hold the last value.
    """
    drawing = charts.spark(points, goal)
    if drawing is None:
        return SafeString("")
    return draw(
        "spark_line", drawing=drawing, label=label, width=charts.SPARK_WIDTH, height=charts.SPARK_HEIGHT
    )
