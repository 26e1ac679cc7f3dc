from dataclasses import dataclass

import pytest
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.ui.markup import read
from yakuba.kernel.ui.components import Link, list_table
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
OFFICES = [row.office for row in ROWS]
SPEC: ListSpec[Row] = ListSpec(
    columns=(
        Column("title", "取組", sortable=True, main=True, link=lambda row: f"/{row.id}/"),
        Column("office", "担当"),
        Column("count", "数", kind="number", sortable=True),
    ),
    filters=(
        Filter("office", "担当", tuple(Choice(name, name) for name in OFFICES)),
        Filter("id", "記号", (Choice("a", "A"), Choice("d", "D")), single=True),
    ),
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
        q="電子", sort="-count", filters={"office": ("税務課",)}, after="4", extra={"tab": "x"}
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
        ("filter.office=税務課&filter.office=無い課", "filter.office"),
        ("filter.office=税務課&filter.office=a%00", "filter.office"),
        ("filter.id=a&filter.id=d", "filter.id"),
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


@settings(deadline=None)
@given(st.lists(st.sampled_from(["", *OFFICES]), max_size=8))
def test_a_filter_may_be_chosen_several_times_and_each_choice_has_one_address(names):
    query = QueryDict(mutable=True)
    query.setlist("filter.office", names)
    state = SPEC.parse(query)
    assert state.chosen("office") == tuple(name for name in OFFICES if name in names)
    shown = [row.office for row in slice_rows(SPEC, state, ROWS).rows]
    assert shown == [row.office for row in ROWS if not any(names) or row.office in names]
    again = QueryDict(mutable=True)
    again.setlist("filter.office", names[::-1])
    assert SPEC.parse(again).query() == state.query()


@settings(deadline=None)
@given(st.sets(st.sampled_from(OFFICES)), st.sampled_from(OFFICES))
def test_a_choice_can_be_taken_away_alone(names, gone):
    state = ListState(q="電", after="3").with_filter("office", *sorted(names))
    left = state.without("office", gone)
    assert set(left.chosen("office")) == names - {gone}
    assert ("office" in left.filters) == bool(names - {gone})
    assert (left.q, left.after) == ("電", "")


def test_different_filters_leave_the_rows_of_all():
    assert titles("filter.office=税務課&filter.office=総務課&filter.id=d") == ["d"]
    assert titles("filter.office=総務課&filter.id=d") == []
    assert SPEC.parse(QueryDict("filter.id=d")).only("id") == "d"
    assert ListState().only("id") == ""


def test_a_row_with_several_values_belongs_to_each():
    rows = [{"name": "a", "offices": ("税務課", "市民課")}, {"name": "b", "offices": ()}]
    spec: ListSpec[dict[str, object]] = ListSpec(
        columns=(Column("name", "名"),), filters=(Filter("offices", "担当", (Choice("市民課", "市民課"),)),)
    )
    state = spec.parse(QueryDict("filter.offices=市民課"))
    assert [row["name"] for row in slice_rows(spec, state, rows).rows] == ["a"]


def test_many_choices_stand_behind_a_line_few_are_open_and_one_is_selected():
    many = Filter("office", "担当", tuple(Choice(name, name, 1) for name in OFFICES))
    few = Filter("title", "取組", (Choice("a", "A"), Choice("b", "B")))
    spec: ListSpec[Row] = ListSpec(columns=SPEC.columns, filters=(many, few, SPEC.filters[1]))
    state = spec.parse(QueryDict("filter.office=税務課&filter.office=総務課&filter.title=b"))
    page = slice_rows(spec, state, ROWS)
    drawn = list_table(ListView(key="f", caption="名", spec=spec, state=state, page=page, path="/f"))
    reader = read(drawn)
    boxes = [attrs for tag, attrs in reader.tags if attrs.get("type") == "checkbox"]
    assert [(box["name"], box["value"]) for box in boxes if "checked" in box] == [
        ("filter.office", "総務課"),
        ("filter.office", "税務課"),
        ("filter.title", "b"),
    ]
    assert len(boxes) == len(OFFICES) + 2
    assert drawn.count('<details class="pick">') == 1
    assert "2つ選択" in reader.text
    assert "税務課（1）" in reader.text
    assert [attrs["name"] for tag, attrs in reader.tags if tag == "select"] == ["filter.id", "sort"]


def test_the_address_of_a_narrowed_list_is_shown_to_keep():
    def address(query: str) -> str | None:
        drawn = list_table(view(query), origin="https://example.jp")
        fields = [attrs for tag, attrs in read(drawn).tags if attrs.get("id") == "rows-address"]
        return fields[0]["value"] if fields else None

    assert address("") is None
    assert address("tab=x") is None
    kept = address("filter.office=税務課&filter.office=総務課&after=1")
    assert kept is not None
    assert kept.startswith("https://example.jp/list?")
    assert QueryDict(kept.partition("?")[2]).getlist("filter.office") == ["総務課", "税務課"]
    assert "after" not in kept
    assert address("sort=count") == "https://example.jp/list?sort=count"


def test_a_button_that_needs_a_script_is_hidden_until_there_is_one():
    reader = read(list_table(view("q=電子")))
    (copy,) = [attrs for tag, attrs in reader.tags if "data-copy" in attrs]
    assert "hidden" in copy
    assert copy["type"] == "button"
    assert copy["data-copy"] in reader.ids


def test_the_tag_takes_scheme_and_host_from_the_request():
    request = RequestFactory().get("/list", secure=True)
    drawn = Template("{% list_table view %}").render(Context({"view": view("q=電子"), "request": request}))
    assert 'value="https://testserver/list?q=' in drawn
    assert 'value="/list?q=' in Template("{% list_table view %}").render(Context({"view": view("q=電子")}))


def test_saved_views_stand_above_the_list():
    saved = (Link("自分の課", "/list?filter.office=税務課", current=True, count=1), Link("すべて", "/list"))
    reader = read(list_table(view(saved=saved)))
    assert [
        (attrs["href"], attrs.get("aria-current"))
        for tag, attrs in reader.tags
        if tag == "a" and attrs["href"].startswith("/list") and "sort" not in attrs["href"]
    ] == [("/list?filter.office=税務課", "true"), ("/list", None)]


def test_a_column_may_stay_off_the_paper_or_stand_only_there():
    spec: ListSpec[Row] = ListSpec(
        columns=(
            Column("title", "取組", main=True),
            Column("office", "担当", paper="drop"),
            Column("id", "号", paper="only"),
        )
    )
    state = ListState()
    drawn = list_table(
        ListView(
            key="p", caption="名", spec=spec, state=state, page=slice_rows(spec, state, ROWS[:1]), path="/p"
        )
    )
    classes = [attrs.get("class") for tag, attrs in read(drawn).tags if tag in {"th", "td"}]
    assert classes == ["main", "no-print", "print-only"] * 2


def test_a_list_without_search_or_sort_refuses_their_parameters():
    bare: ListSpec[Row] = ListSpec(columns=(Column("title", "取組"),))
    for query in ("q=a", "sort=title"):
        with pytest.raises(BadQuery):
            bare.parse(QueryDict(query))


@settings(deadline=None)
@given(
    st.builds(
        ListState,
        q=st.text(st.characters(exclude_categories=("C", "Z")), max_size=50),
        sort=st.sampled_from(["", "title", "-title", "count", "-count"]),
        filters=st.dictionaries(
            st.just("office"),
            st.sets(st.sampled_from(OFFICES), min_size=1).map(
                lambda names: tuple(name for name in OFFICES if name in names)
            ),
        ),
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


def test_each_choice_has_its_chip_and_all_go_at_once():
    reader = read(list_table(view("filter.office=税務課&filter.office=総務課&sort=count")))
    chips = [
        attrs["href"] for tag, attrs in reader.tags if tag == "a" and "chip" in (attrs.get("class") or "")
    ]
    assert [QueryDict(href.partition("?")[2]).getlist("filter.office") for href in chips] == [
        ["税務課"],
        ["総務課"],
        [],
    ]
    assert chips[-1] == "/list?sort=count"
    assert "担当：税務課" in reader.text
    assert "すべて外す" not in read(list_table(view("q=電子"))).text, "one chip takes everything away itself"


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
