"""The language of formulas: what it reads, what it refuses and where, and what it reckons, beside Python's own arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.metrics.formula import (
    Binary,
    Cumulative,
    FormulaError,
    Name,
    Negative,
    Number,
    Operand,
    Share,
    States,
    Tree,
    aggregation_of,
    in_words,
    names_of,
    needs,
    read,
    reckon,
    spans,
    written,
)
from yakuba.engines.metrics.formula.reckoning import EXACTLY
from yakuba.engines.metrics.periods import Period
from yakuba.kernel.dates import FiscalYear

R6 = Period.year(FiscalYear(2024))
A, B = Name("a"), Name("b")


# --- what is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("[a]", A),
        ("[外部:konbini]", Name("konbini", "series")),
        ("［ 外部：コンビニ交付 ］", Name("コンビニ交付", "series")),
        ("[a]+[b]", Binary("+", A, B)),
        ("［ａ］＋［ｂ］", Binary("+", A, B)),
        ("[a] − [b] - 3", Binary("-", Binary("-", A, B), Number(Decimal(3)))),
        ("[a]ー１．５", Binary("-", A, Number(Decimal("1.5")))),
        ("[a]+[b]×2", Binary("+", A, Binary("*", B, Number(Decimal(2))))),
        ("（[a]＋[b]）÷2", Binary("/", Binary("+", A, B), Number(Decimal(2)))),
        ("-[a]", Negative(A)),
        ("100 - 割合([a],[b])", Binary("-", Number(Decimal(100)), Share(A, B))),
        ("割合（[a]、[b]＋1）", Share(A, Binary("+", B, Number(Decimal(1))))),
        ("累計([a], 令和5年度)", Cumulative(A, FiscalYear(2023))),
        ("累計（[a]，Ｒ５）", Cumulative(A, FiscalYear(2023))),
        ("累計([a], 平成31年度)", Cumulative(A, FiscalYear(2019))),
        ('件数([a], "順調", "おおむね順調")', States(A, ("順調", "おおむね順調"))),
        ("件数([a]、「順調」)", States(A, ("順調",))),
        ("件数([a], ”x”)", None),
    ],
)
def test_what_is_read(text: str, tree: Tree | None) -> None:
    if tree is None:
        with pytest.raises(FormulaError):
            read(text)
    else:
        assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "at", "word"),
    [
        ("", 1, "空"),
        ("   ", 1, "空"),
        ("12", 1, "指標の記号"),
        ("[a] +", 6, "途中"),
        ("[a] [b]", 5, "[b]"),
        ("[a] + + ", 9, "途中"),
        ("[a", 1, "]"),
        ("[]", 1, "記号"),
        ("[a[b]]", 1, "]"),
        ("([a]", 5, "閉じる"),
        ("[a])", 4, "対応"),
        ("[a] + 1,200", 8, "けた"),
        ("合計([a])", 1, "合計"),
        ("a + b", 1, "[ ]"),
        ("割合([a])", 7, "割合"),
        ("割合([a], [b], [c])", 12, "閉じる"),
        ("割合 [a]", 4, "("),
        ("累計([a], 令和5年)", 9, "年度"),
        ("累計([a], ", 9, "年度"),
        ("累計(累計([a], R5), R5)", 4, "もう1つ"),
        ("件数([a])", 7, "件数"),
        ("件数(1, 「x」)", 4, "件数"),
        ("件数([a], 順調)", 9, "件数"),
        ("件数([a], 「順調)", 9, "」"),
        ("件数([a], 「」)", 9, "語"),
        ("件数([a], 「x」, 「x」)", 14, "2回"),
        ("[a] % 2", 5, "%"),
        ("[a] + 1234567890123456", 7, "15"),
        ("[a] + " + "1+" * 70 + "1", 128, "60"),
        ("(" * 25 + "[a]" + ")" * 25, 22, "20重"),
        ("[a]" + "+1" * 260, 501, "500"),
    ],
)
def test_what_is_refused_says_where(text: str, at: int, word: str) -> None:
    with pytest.raises(FormulaError) as refused:
        read(text)
    assert refused.value.at == at, str(refused.value)
    assert str(refused.value).startswith(f"{at}文字目：")
    assert word in str(refused.value)


def test_too_many_names() -> None:
    text = " + ".join(f"[m{number}]" for number in range(21))
    with pytest.raises(FormulaError) as refused:
        read(text)
    assert refused.value.at == text.index("[m20]") + 1


@given(st.text(alphabet='[]()ab外部:割合累計件数, 、+-×÷12.「」令和5年度"', max_size=40))
def test_any_text_is_read_to_its_end_or_refused_at_a_place_in_it(text: str) -> None:
    tree, place = None, 1
    try:
        tree = read(text)
    except FormulaError as refused:
        place = refused.at
    assert 1 <= place <= len(text) + 1
    assert tree is None or read(written(tree)) == tree


# --- trees ------------------------------------------------------------------------------------------------------------

_numbers = st.decimals(min_value=0, max_value=9999, places=2, allow_nan=False, allow_infinity=False).map(
    Number
)
_names = st.sampled_from([Name("a"), Name("b"), Name("件数表", "series"), Name("c-1", "series")])
_words = st.lists(st.sampled_from(["順調", "遅れ", "a, b", "(x)"]), min_size=1, max_size=3, unique=True)


def _grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.one_of(
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.builds(Share, inner, inner),
        st.builds(Negative, inner),
    )


arithmetic = st.recursive(st.one_of(_numbers, _names), _grown, max_leaves=12)
_leaves = st.one_of(
    _numbers,
    _names,
    st.builds(States, _names, _words.map(tuple)),
    st.builds(Cumulative, _names, st.integers(2000, 2030).map(FiscalYear)),
)
trees = st.recursive(_leaves, _grown, max_leaves=12).filter(lambda tree: any(True for _ in names_of(tree)))


@given(trees)
def test_what_is_written_is_read_again(tree: Tree) -> None:
    assert read(written(tree)) == tree
    wide = written(tree).translate(
        {code - 0xFEE0: chr(code) for code in range(0xFF01, 0xFF5F)} | {0x20: "　"}
    )
    narrow = {Name(name.key) for name in names_of(read(wide))}
    assert narrow == {Name(name.key) for name in names_of(tree)}
    assert in_words(tree, lambda name: name.key)


def _python(tree: Tree, values: Mapping[Name, Decimal]) -> Decimal:
    """The same in Python's own signs, evaluated by Python."""

    def said(one: Tree) -> str:
        match one:
            case Number(value):
                return f"Decimal('{value}')"
            case Name():
                return f"Decimal('{values[one]}')"
            case Negative(of):
                return f"(-{said(of)})"
            case Binary(sign, left, right):
                return f"({said(left)} {sign} {said(right)})"
            case Share(top, bottom):
                return f"({said(top)} * 100 / {said(bottom)})"
            case _:
                raise TypeError(one)

    with localcontext(EXACTLY):
        return eval(said(tree), {"Decimal": Decimal})


_figures = st.fixed_dictionaries(
    {
        name: st.decimals(
            min_value=-(10**9), max_value=10**9, places=3, allow_nan=False, allow_infinity=False
        )
        for name in (Name("a"), Name("b"), Name("件数表", "series"), Name("c-1", "series"))
    }
)


@given(arithmetic, _figures)
def test_it_reckons_as_python_does(tree: Tree, values: dict[Name, Decimal]) -> None:
    found = reckon(tree, R6, lambda name, _period: Operand(values[name]))
    try:
        wanted = _python(tree, values)
    except (ZeroDivisionError, ArithmeticError):
        assert found.by_zero
        assert found.value is None or found.value.number is None
        return
    assert not found.by_zero
    if found.too_large:
        assert abs(wanted) >= 10**15 - 1 or isinstance(tree, Share)
        assert found.value is None
        return
    assert found.value is not None
    assert found.value.number == wanted


@given(trees, st.sets(_names))
def test_without_a_figure_there_is_no_value_and_it_says_which(tree: Tree, absent: set[Name]) -> None:
    found = reckon(tree, R6, lambda name, _period: None if name in absent else Operand(Decimal(1)))
    reachable = {name for name, _period in needs(tree, R6)}
    assert {one.name for one in found.lacking} >= absent & reachable
    if absent & reachable:
        assert found.value is None
    else:
        assert {one.name for one in found.lacking} <= {
            name for name in names_of(tree) if "件数" in written(tree)
        }


@given(trees)
def test_it_asks_for_nothing_that_it_did_not_announce(tree: Tree) -> None:
    announced = needs(tree, R6)
    asked: set[tuple[Name, Period]] = set()

    def resolve(name: Name, period: Period) -> Operand:
        asked.add((name, period))
        return Operand(Decimal(2), parts={"順調": Decimal(2)})

    reckon(tree, R6, resolve)
    assert asked == announced


# --- the three reckonings ---------------------------------------------------------------------------------------------


def test_a_share_keeps_its_two_numbers() -> None:
    figures = {A: Decimal(1), B: Decimal(3)}
    found = reckon(read("割合([a], [b])"), R6, lambda name, _period: Operand(figures[name])).value
    assert found is not None
    assert (found.numerator, found.denominator) == (1, 3)
    assert found.number is not None
    assert round(found.number, 3) == Decimal("33.333")


def test_of_nothing_there_is_no_share() -> None:
    found = reckon(read("割合([a], [b])"), R6, lambda _name, _period: Operand(Decimal(0)))
    assert found.by_zero
    assert found.value is not None
    assert found.value.number is None
    assert (found.value.numerator, found.value.denominator) == (0, 0)
    assert reckon(read("100 - 割合([a], [b])"), R6, lambda _n, _p: Operand(Decimal(0))).value is None


@pytest.mark.parametrize(
    ("text", "number", "fits"),
    [
        ("[a] × [a]", "31000000", True),
        ("[a] × [a]", "32000000", False),
        ("-[a] × [a] × [a] × [a]", "99999999999999", False),
        ("[a] + 0.9", "999999999999999", False),
        ("割合([a] × 10, [a] × 10)", "999999999999999", False),
    ],
)
def test_what_no_column_holds_is_no_value(text: str, number: str, fits: bool) -> None:
    found = reckon(read(text), R6, lambda _name, _period: Operand(Decimal(number)))
    assert ((found.value is not None), found.too_large) == (fits, not fits)


def test_a_metric_that_is_a_share_keeps_its_numbers_too() -> None:
    share = Operand(Decimal(50), numerator=Decimal(1), denominator=Decimal(2))
    found = reckon(read("[a]"), R6, lambda _name, _period: share).value
    assert found is not None
    assert (found.numerator, found.denominator) == (1, 2)


@given(
    st.integers(2015, 2030),
    st.integers(2015, 2030),
    st.sampled_from(["year", "as_of", "month"]),
    st.integers(0, 11),
)
def test_what_is_summed_covers_every_day_once(since: int, until: int, kind: str, month: int) -> None:
    year = FiscalYear(until)
    if kind == "year":
        period = Period.year(year)
    else:
        day = year.start.replace(month=(3 + month) % 12 + 1, year=until + (month >= 9))
        period = Period.month(day) if kind == "month" else Period.as_of(day)
    found = spans(FiscalYear(since), period)
    if since > until:
        assert found == ()
        return
    assert found[0].first == FiscalYear(since).start
    assert found[-1].last == period.last
    for before, after in pairwise(found):
        assert (after.first - before.last).days == 1


def test_what_is_summed_needs_every_year() -> None:
    by_year = {2022: Decimal(3), 2023: Decimal(4), 2024: Decimal(5)}

    def resolve(_name: Name, period: Period) -> Operand | None:
        found = by_year.get(period.fiscal_year.year)
        return None if found is None else Operand(found)

    found = reckon(read("累計([a], 令和4年度)"), R6, resolve)
    assert found.value is not None
    assert found.value.number == 12
    short = reckon(read("累計([a], 令和3年度)"), R6, resolve)
    assert short.value is None
    assert [one.period.fiscal_year.year for one in short.lacking] == [2021]
    assert reckon(read("累計([a], 令和7年度)"), R6, resolve).value is None


def test_states_are_counted_by_key_or_by_name() -> None:
    parts = {"on_track": Decimal(8), "late": Decimal(2), "done": Decimal(1)}
    labels = {"on_track": "順調", "late": "遅れ", "done": "完了"}
    operand = Operand(Decimal(11), parts=parts, labels=labels)

    def number(text: str, one: Operand | None = operand) -> Decimal | None:
        found = reckon(read(text), R6, lambda _name, _period: one).value
        return found.number if found else None

    assert number("件数([a], 「順調」)") == 8
    assert number("件数([a], 「on_track」, 「完了」)") == 9
    assert number("件数([a], 「検討」)") == 0
    assert number("件数([a], 「順調」)", Operand(None, state="順調")) == 1
    assert number("件数([a], 「順調」)", Operand(None, state="遅れ")) == 0
    assert number("件数([a], 「順調」)", Operand(Decimal(0))) == 0
    assert number("件数([a], 「順調」)", Operand(Decimal(4))) is None
    assert number("件数([a], 「順調」)", None) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[a]", "year_total"),
        ("[a] + [b]", "at_date"),
        ("[a] × 2", "year_total"),
        ("割合([a], [b])", "ratio"),
        ("100 - 割合([a], [b])", "ratio"),
        ("[a] ÷ [b]", "average"),
        ("[a] ÷ 12", "year_total"),
        ("累計([a], R5)", "cumulative"),
    ],
)
def test_how_it_is_made_of_a_period(text: str, wanted: str) -> None:
    assert aggregation_of(read(text), {A: "year_total", B: "at_date"}) == wanted


def test_in_words() -> None:
    titles = {A: "オンライン化した手続", B: "手続"}
    assert (
        in_words(read("割合([a], [b])"), titles.__getitem__)
        == "「手続」に占める「オンライン化した手続」の割合（％）"
    )
    assert (
        in_words(read("累計([a], R5) × 2"), titles.__getitem__)
        == "令和5年度からの「オンライン化した手続」の累計 × 2"
    )
