from dataclasses import dataclass

import pytest
from django.core.exceptions import BadRequest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.ui.markup import read
from yakuba.kernel.ui.components import list_table
from yakuba.kernel.ui.lists import (
    BadQuery,
    Choice,
    Column,
    Filter,
    ListSpec,
    ListState,
    ListView,
    Slice,
    slice_rows,
)


@dataclass(frozen=True)
class Row:
    id: str
    title: str
    office: str
    count: int | None


ROWS = [
    Row("a", "電子申請の拡大", "DX推進課", 110),
    Row("b", "書かない窓口", "市民課", None),
    Row("c", "<b>ペーパーレス</b>会議", "総務課", 8),
    Row("d", "電子申告の普及", "税務課", 55),
]
SPEC: ListSpec[Row] = ListSpec(
    columns=(
        Column("title", "取組", sortable=True, main=True, link=lambda row: f"/{row.id}/"),
        Column("office", "担当"),
        Column("count", "数", kind="number", sortable=True),
    ),
    filters=(Filter("office", "担当", tuple(Choice(row.office, row.office) for row in ROWS)),),
    search="取組を探す",
    extra=frozenset({"tab"}),
)


def view(query: str = "", *, rows=ROWS, size=50, **more) -> ListView[Row]:
    state = SPEC.parse(QueryDict(query))
    return ListView(
        key="rows",
        caption="取組",
        spec=SPEC,
        state=state,
        page=slice_rows(SPEC, state, rows, size=size),
        path="/list",
        **more,
    )


def titles(query: str, **more) -> list[str]:
    return [row.id for row in view(query, **more).page.rows]


def test_state_is_read_from_the_address():
    state = SPEC.parse(QueryDict("q=電子&sort=-count&filter.office=税務課&after=4&tab=x"))
    assert state == ListState(
        q="電子", sort="-count", filters={"office": "税務課"}, after="4", extra={"tab": "x"}
    )
    assert state.descending
    assert state.sort_key == "count"
    assert state.narrowed


def test_empty_parameters_of_the_form_count_as_absent():
    assert SPEC.parse(QueryDict("q=&sort=&filter.office=&tab=")) == ListState()


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("page=2", "page"),
        ("sort=office", "sort"),
        ("sort=--count", "sort"),
        ("filter.office=無い課", "filter.office"),
        ("filter.other=1", "filter.other"),
        ("office=税務課", "office"),
        ("q=a&q=b", "q"),
        ("q=a%00b", "q"),
        ("after=1&before=2", "before"),
        ("q=" + "あ" * 201, "q"),
        ("after=" + "9" * 501, "after"),
    ],
)
def test_what_is_not_understood_is_refused_and_named(query, parameter):
    with pytest.raises(BadQuery) as refused:
        SPEC.parse(QueryDict(query))
    assert isinstance(refused.value, BadRequest)
    assert refused.value.parameter == parameter
    assert parameter in str(refused.value)
    assert refused.value.expected


def test_a_list_without_search_or_sort_refuses_their_parameters():
    bare: ListSpec[Row] = ListSpec(columns=(Column("title", "取組"),))
    for query in ("q=a", "sort=title"):
        with pytest.raises(BadQuery):
            bare.parse(QueryDict(query))


@given(
    st.builds(
        ListState,
        q=st.text(st.characters(exclude_categories=("C", "Z")), max_size=50),
        sort=st.sampled_from(["", "title", "-title", "count", "-count"]),
        filters=st.sampled_from([{}, {"office": "税務課"}]),
        after=st.text(st.characters(exclude_categories=("C", "Z")), max_size=20),
        extra=st.sampled_from([{}, {"tab": "x&y"}]),
    )
)
def test_an_address_leads_back_to_its_state(state):
    assert SPEC.parse(QueryDict(state.query().removeprefix("?"))) == state


@pytest.mark.parametrize(
    "change",
    [
        {"columns": (Column("a", "A"), Column("a", "B"))},
        {"default_sort": "office"},
        {"filters": (Filter("x", "X", ()), Filter("x", "Y", ()))},
    ],
)
def test_a_description_that_contradicts_itself_is_refused(change):
    with pytest.raises(ValueError, match=r"one key|not sortable"):
        ListSpec(**{"columns": SPEC.columns, **change})


def test_rows_are_searched_filtered_sorted_and_paged():
    assert titles("q=電子") == ["a", "d"]
    assert titles("q=電子+拡大") == ["a"]
    assert titles("q=dx") == ["a"]
    assert titles("filter.office=総務課") == ["c"]
    assert titles("sort=count") == ["c", "d", "a", "b"]
    assert titles("sort=-count") == ["a", "d", "c", "b"], "no value sorts last in both directions"
    first = view("sort=count", size=3).page
    assert (first.count, first.previous, first.following) == (4, "", "3")
    assert titles("sort=count&after=3", size=3) == ["b"]
    assert titles("sort=count&before=3", size=3) == ["c", "d", "a"]


@pytest.mark.parametrize("cursor", ["x", "-1", "１", "1.5"])
def test_a_cursor_that_is_none_is_refused(cursor):
    with pytest.raises(BadQuery, match="after"):
        titles(f"after={cursor}")


def test_rows_may_be_mappings():
    spec: ListSpec[dict[str, str]] = ListSpec(columns=(Column("name", "名"),))
    page = slice_rows(spec, ListState(), [{"name": "見本"}])
    drawn = list_table(ListView(key="m", caption="名", spec=spec, state=ListState(), page=page, path="/m"))
    assert "見本" in read(drawn).text


def test_the_list_is_drawn_with_all_its_parts():
    drawn = list_table(view("sort=-count", size=2, exports={"XLSX": "/list.xlsx"}, read_only=True))
    reader = read(drawn)
    heads = [attrs for tag, attrs in reader.tags if tag == "th" and attrs.get("scope") == "col"]
    assert [head.get("aria-sort") for head in heads] == [None, None, "descending"]
    links = [attrs["href"] for tag, attrs in reader.tags if tag == "a"]
    assert "/list?sort=title" in links, "press the head to sort by it"
    assert "/list?sort=count" in links, "press it again to turn round"
    assert "/list.xlsx?sort=-count" in links, "the file holds what is seen, from the first row"
    assert "/list?sort=-count&after=2" in links
    assert "/a/" in links
    assert "4件" in reader.text
    assert "読み取り専用" in reader.text
    labels = [attrs["data-label"] for tag, attrs in reader.tags if "data-label" in attrs]
    assert labels == ["取組", "担当", "数"] * 2


def test_cells_are_escaped():
    assert "&lt;b&gt;ペーパーレス" in list_table(view("q=会議"))


def test_what_narrows_the_list_is_shown_and_can_be_taken_away():
    reader = read(list_table(view("q=電子&filter.office=税務課&sort=count")))
    chips = [attrs["href"] for tag, attrs in reader.tags if attrs.get("class") == "chip"]
    assert [QueryDict(href.partition("?")[2]).dict() for href in chips] == [
        {"sort": "count", "filter.office": "税務課"},
        {"q": "電子", "sort": "count"},
    ]


def test_a_search_that_finds_nothing_offers_the_way_back():
    reader = read(list_table(view("q=無いもの&tab=x")))
    assert "条件に合うものがありません" in reader.text
    assert "/list?tab=x" in [attrs["href"] for tag, attrs in reader.tags if tag == "a"]
    assert any(attrs.get("type") == "search" for _tag, attrs in reader.tags), "the search stays at hand"


def test_an_empty_list_says_what_to_do_first():
    reader = read(
        list_table(
            view(
                rows=[],
                empty_title="まだ年度版がありません",
                empty_body="計画を取り込んでください。",
                empty_action="取り込む",
                empty_href="/import",
            )
        )
    )
    assert "計画を取り込んでください。" in reader.text
    assert "/import" in [attrs["href"] for tag, attrs in reader.tags if tag == "a"]
    assert not any(tag == "form" for tag, _attrs in reader.tags), "there is nothing to search"


def test_a_lower_bound_says_so():
    page: Slice[Row] = Slice(ROWS, 1000, at_least=True)
    drawn = list_table(
        ListView(key="r", caption="取組", spec=SPEC, state=ListState(), page=page, path="/list")
    )
    assert "1,000件以上" in read(drawn).text


def test_orders_are_called_what_they_are():
    spec: ListSpec[Row] = ListSpec(
        columns=(
            Column("id", "番号", sortable=True, by_size=True),
            Column("title", "取組", sortable=True),
            Column("count", "数", kind="number", sortable=True),
        )
    )
    state = ListState()
    page = slice_rows(spec, state, ROWS)
    text = read(
        list_table(ListView(key="o", caption="名", spec=spec, state=state, page=page, path="/o"))
    ).text
    for name in (
        "番号（小さい順）",
        "番号（大きい順）",
        "取組（昇順）",
        "取組（降順）",
        "数（小さい順）",
        "数（大きい順）",
    ):
        assert name in text
    assert "取組（小さい順）" not in text
