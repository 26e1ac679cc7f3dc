"""Charts as components: an SVG with title and description, and the table under it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.ui import charts
from yakuba.kernel.ui.charts import NOTHING, Drawing, Point, Series, Wish
from yakuba.kernel.ui.charts.shapes import REVISED
from yakuba.kernel.ui.charts.words import words_of
from yakuba.kernel.ui.drawing import Text, draw
from yakuba.kernel.ui.formats import fiscal_year, plain_day, year_mark, year_name

_MANY = 8  # more years than this have short names in the table's head


@dataclass(frozen=True, slots=True)
class _Year:
    """A column of the table; `note` stands under its name: what changed from this year on."""

    name: str
    note: str


@dataclass(frozen=True, slots=True)
class _Cell:
    year: str
    value: str
    status: str = ""
    notes: tuple[str, ...] = ()
    blank: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    cells: tuple[_Cell, ...]


def indicator_chart(
    key: str,
    title: Text,
    actual: Series,
    target: Series,
    *,
    baseline: Series = NOTHING,
    beside: Sequence[Series] = (),
    unit: Text = "",
    levels: Sequence[str] = (),
    direction: str = "",
    breaks: Mapping[int, str] | None = None,
    description: Text = "",
    fold: bool = False,
    lang: str = "",
) -> SafeString:
    """Draw 現状値, 目標 and 実績 of an indicator by fiscal year as chart and table in one, numbers and words alike.

    `key` makes the ids in the page unique. `levels` lists words from the lowest to the highest (検討, 試行, 実施) and may name
    more than occur; without the order the steps stand in order of appearance, and the chart says so. `direction` is the
    indicator's (`increase`, `decrease`, `maintain`, `reach`, `none`, or empty where the plan is silent): a wanted fall gets an
    arrow and 「下げる目標」. `breaks` gives, by the first fiscal year of a new definition, what changed (empty for no words): a cut
    marked 「定義変更」 that no line crosses. `fold` puts the table behind a line to open. `lang` is the language of title, unit
    and values where it may not be the page's. `beside` are further series of numbers (計測, 予測): each has its row in the table and
    is drawn in the years that have nothing else. `description` replaces the sentence for those who hear the chart.
    Years without a value are gaps. Where nothing can be drawn the table stands alone; without any value nothing is drawn.
    """
    shown = [one for one in (baseline, target, actual, *beside) if one.points]
    years = charts.years_of(shown)
    if not years:
        return SafeString("")
    changed = {year: text for year, text in (breaks or {}).items() if year in years}
    marks = dict.fromkeys(changed, pgettext("chart", "定義変更"))
    drawing = charts.numbers_drawing(
        actual, target, baseline=baseline, beside=beside, wish=_wish(direction), breaks=marks
    )
    in_words = drawing is None
    if drawing is None:
        drawing = charts.words_drawing(actual, target, levels, baseline=baseline, breaks=marks)
    return draw(
        "indicator_chart",
        key=key,
        title=title,
        lang=lang,
        description=description or _described(actual, target, baseline, str(unit), direction, changed),
        drawing=drawing,
        in_words=in_words,
        legend=[
            *([_("単位：%(unit)s") % {"unit": unit}] if unit else []),
            *(
                _legend(drawing, actual, target, baseline, beside, levels, in_words=in_words)
                if drawing
                else []
            ),
        ],
        years=[_head(year, marks.get(year, ""), short=len(years) > _MANY) for year in years],
        rows=[_row(one, years) for one in shown],
        end="" if in_words else "end",
        fold=fold,
        changes=[
            _("%(year)sから定義変更：%(change)s") % {"year": year_name(year), "change": text}
            for year, text in sorted(changed.items())
            if text
        ],
    )


def _head(year: int, change: str, *, short: bool) -> _Year:
    """令和7年度（2025）; in a long row of years R7 over 2025, so that a sheet of paper holds it."""
    if not short:
        return _Year(fiscal_year(year), change)
    mark, western = year_mark(year), str(year)
    return _Year(mark, "・".join(part for part in (western if western != mark else "", change) if part))


def _wish(direction: str) -> Wish | None:
    """What the eye would not guess: that less is wanted, or the same. More is what everybody takes a target for."""
    if direction == "decrease":
        return Wish(pgettext("chart", "↓ 下げる目標"), falls=True)
    return Wish(pgettext("chart", "維持する目標")) if direction == "maintain" else None


def _legend(
    drawing: Drawing,
    actual: Series,
    target: Series,
    baseline: Series,
    beside: Sequence[Series],
    levels: Sequence[str],
    *,
    in_words: bool,
) -> Iterator[str]:
    """Which sign means what; only signs that occur."""
    if actual.drawn():
        form = _("段：%(kind)s") if in_words else _("棒：%(kind)s")
        yield form % {"kind": actual.label}
    if "base" in drawing.looks:
        form = _("中抜きの点：%(kind)s") if in_words else _("枠だけの棒と点線：%(kind)s")
        yield form % {"kind": baseline.label}
    elif baseline.drawn() and drawing.levels:
        yield _("点線：%(kind)s") % {"kind": baseline.label}
    if drawing.dots:
        form = _("輪：%(kind)s") if in_words else _("丸：%(kind)s")
        yield form % {"kind": target.label}
    open_ends = {point.status for one in (baseline, actual, *beside) for point in one.drawn()} - {"final"}
    if "provisional" in drawing.looks and open_ends - {"expected"}:
        yield _("破線の枠：確定前")
    elif "provisional" in drawing.looks:
        yield _("破線の枠：これからの年度")
    if any(REVISED in label.text for label in drawing.labels):
        yield _("※：公表のあとで改めた値")
    if in_words and not charts.is_ordered(words_of(baseline, actual, target), levels):
        yield _("段の上下：計画に出てきた順")


def _row(series: Series, years: Sequence[int]) -> _Row:
    points = series.by_year()
    return _Row(series.label, tuple(_cell(year, points.get(year)) for year in years))


def _cell(year: int, point: Point | None) -> _Cell:
    name = year_name(year)
    if point is None:
        return _Cell(name, "―", blank=True)
    status = {"provisional": _("（見込）"), "preliminary": _("（速報）")}.get(point.status, "")
    return _Cell(name, point.raw, status, tuple(_notes(point)))


def _notes(point: Point) -> Iterator[str]:
    """What the printed value alone does not tell."""
    if point.numerator is not None and point.denominator is not None and not _says_parts(point):
        yield f"{charts.figure(point.numerator)}／{charts.figure(point.denominator)}"
    if point.as_of and point.as_of != FiscalYear(point.year).end:
        yield _("%(day)s現在") % {"day": plain_day(point.as_of)}
    if point.former:
        yield _("改める前：%(values)s") % {"values": " → ".join(point.former)}
    elif point.revision:
        yield _("%(times)d回改めた値") % {"times": point.revision}
    if point.note:
        yield point.note


def _says_parts(point: Point) -> bool:
    """Whether the printed value names its parts already: 6.2% (1,930/31,128)."""
    digits = "".join(
        one for one in point.raw.translate(_HALF) if (one.isascii() and one.isdigit()) or one == "/"
    )
    return f"{point.numerator:f}/{point.denominator:f}" in digits


_HALF = str.maketrans("０１２３４５６７８９／", "0123456789/")


def _with_unit(point: Point, unit: str) -> str:
    """A value as one says it: a bare number takes its unit, 見込 and 速報 are said."""
    bare = point.number is not None and point.raw.translate(_HALF).replace(",", "") == f"{point.number:f}"
    value = f"{point.raw}{unit}" if bare else point.raw
    match point.status:
        case "provisional":
            return _("%(value)s（見込）") % {"value": value}
        case "preliminary":
            return _("%(value)s（速報）") % {"value": value}
        case "final" | "expected":
            return value


def _described(
    actual: Series,
    target: Series,
    baseline: Series,
    unit: str,
    direction: str,
    breaks: Mapping[int, str],
) -> str:
    """The drawing in a few sentences, for those who hear it: from where to where, and what is wanted."""
    sentences = []
    measured = [point for point in charts.merged(baseline, actual) if point.is_drawn]
    if len(measured) > 1:
        first, last = measured[0], measured[-1]
        sentences.append(
            _("%(first_year)s%(first)sから%(last_year)s%(last)sへ。")
            % {
                "first_year": year_name(first.year),
                "first": _with_unit(first, unit),
                "last_year": year_name(last.year),
                "last": _with_unit(last, unit),
            }
        )
    elif measured:
        sentences.append(
            _("%(year)sは%(value)s。")
            % {"year": year_name(measured[0].year), "value": _with_unit(measured[0], unit)}
        )
    sentences += [
        _("%(year)sの目標は%(value)s。") % {"year": year_name(goal.year), "value": _with_unit(goal, unit)}
        for goal in target.drawn()[-1:]
    ]
    if direction == "decrease":
        sentences.append(_("下げることを目指す。"))
    elif direction == "maintain":
        sentences.append(_("維持することを目指す。"))
    sentences += [
        _("%(year)sから定義が変わり、前の年度とは比べられない。") % {"year": year_name(year)}
        for year in sorted(breaks)
    ]
    # A Japanese full stop needs no blank after it.
    return ("" if (get_language() or "ja").startswith("ja") else " ").join(sentences)


def spark_line(
    points: Sequence[Point],
    *,
    label: Text = "",
    goal: Decimal | str | None = None,
    levels: Sequence[str] = (),
) -> SafeString:
    """Draw a word-sized line (96 × 24) of the numbers by year, or of the words as small steps; nothing below two values.

    `goal` is the target, drawn as a dashed level: a number, or a word of `levels`, which ranks the words from the lowest.
    `label` is read instead of the picture; without it first and last value are. The last value in figures stands beside the
    line, written by the page.
    """
    drawing = charts.spark(points, goal, levels=levels)
    if drawing is None:
        return SafeString("")
    told = escape(label or _described(Series("", tuple(points)), NOTHING, NOTHING, "", "", {}))
    parts = [f'<polyline points="{line}"/>' for line in drawing.lines]
    parts += [f'<circle cx="{dot.x:g}" cy="{dot.y:g}" r="3"/>' for dot in drawing.dots]
    if drawing.goal is not None:
        parts.insert(
            0,
            f'<line class="goal" x1="0" x2="{charts.SPARK_WIDTH}" y1="{drawing.goal:g}" y2="{drawing.goal:g}"/>',
        )
    # Without a template of its own: a page with three hundred of them would spend a tenth of a second on templates alone.
    size = f'width="{charts.SPARK_WIDTH}" height="{charts.SPARK_HEIGHT}"'
    return mark_safe(  # noqa: S308  # the label is escaped, the rest are numbers
        f'<svg class="spark" {size} viewBox="0 0 {charts.SPARK_WIDTH} {charts.SPARK_HEIGHT}" role="img" aria-label="{told}">'
        f"<title>{told}</title>{''.join(parts)}</svg>"
    )
