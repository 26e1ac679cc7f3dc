from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests.kernel.ui.markup import read, read_page
from yakuba.kernel.ui import errors
from yakuba.kernel.ui.drawing import Link
from yakuba.kernel.ui.lists import BadQuery, Column, ListSpec
from yakuba.kernel.ui.shells import DeskPage, EmbedPage, Emergency, PlainPage, PortalPage, PrintPage
from yakuba.kernel.ui.style import SampleTown
from yakuba.kernel.ui.stylesheet import HERE
from yakuba.kernel.ui.templatetags.ui import COMPONENTS
from yakuba.kernel.ui.views import style

get = RequestFactory().get


@pytest.mark.parametrize("shell", ["portal", "desk", "plain"])
def test_the_style_page_is_well_formed_in_every_shell(shell):
    response = style(get("/style", {"shell": shell}))
    reader = read_page(response.content.decode())
    assert response.status_code == 200
    title = reader.text[: reader.text.index("本文へ移る")]
    assert "画面の部品" in title
    assert ("みほん市" in title) == (shell != "plain")
    levels = [int(tag[1]) for tag, _attrs in reader.tags if tag in {"h1", "h2", "h3", "h4"}]
    assert all(
        later - earlier <= 1
        for earlier, later in zip(levels[levels.index(1) :], levels[levels.index(1) + 1 :], strict=False)
    )


def test_the_style_page_shows_every_component():
    source = (HERE / "templates" / "ui" / "style.html").read_text(encoding="utf-8")
    drawn_by_others = {"breadcrumbs", "empty_state", "pager"}  # by the shells and by the list
    missing = {tag.__name__ for tag in COMPONENTS if f"{{% {tag.__name__} " not in source}
    assert missing == drawn_by_others


def test_the_style_page_refuses_other_shells_and_parameters():
    for query in ({"shell": "attic"}, {"page": "2"}):
        with pytest.raises(BadQuery):
            style(get("/style", query))


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_error_pages_are_friendly_and_lead_back(status):
    response = errors.page(get("/x"), status, "理由はこれです。", back_href="/list" if status == 400 else "")
    reader = read_page(response.content.decode())
    assert response.status_code == status
    assert str(status) in reader.text
    assert "/" in [attrs.get("href") for tag, attrs in reader.tags if tag == "a"]
    if status != 404:
        assert "理由はこれです。" in reader.text


def test_a_page_for_another_status_is_a_mistake():
    with pytest.raises(ValueError, match="418"):
        errors.page(get("/x"), 418)


def test_a_bad_list_address_is_explained_and_other_bad_requests_are_not():
    spec: ListSpec[object] = ListSpec(columns=(Column("a", "A", sortable=True),))
    with pytest.raises(BadQuery) as refused:
        spec.parse(QueryDict("page=<b>2"))
    explained = errors.bad_request(get("/list"), refused.value).content.decode()
    assert "「page」に「&lt;b&gt;2」は使えません" in explained
    assert 'href="/list"' in explained
    silent = errors.bad_request(get("/list"), SuspiciousOperation("internal detail"))
    assert "internal detail" not in silent.content.decode()
    assert silent.status_code == 400


def test_the_handlers_answer_with_their_status():
    assert errors.denied(get("/x"), Exception("internal detail")).status_code == 403
    assert errors.missing(get("/x"), Exception("internal detail")).status_code == 404
    assert errors.failure(get("/x")).status_code == 500
    response = errors.csrf_failure(get("/x"), "no cookie")
    assert response.status_code == 403
    assert "no cookie" not in read_page(response.content.decode()).text


def test_the_page_of_last_resort_needs_no_context():
    read_page(render_to_string("500.html"))


def test_an_emergency_pushes_everything_down():
    page = PortalPage(
        title="計画",
        municipality=SampleTown(accent="green"),
        emergency=Emergency("避難指示", datetime(2026, 6, 20, tzinfo=UTC), "/990019/notice/"),
    )
    html = render_to_string("ui/portal.html", {"page": page}, request=get("/990019/plan/"))
    read_page(html)
    assert html.index("避難指示") < html.index("masthead")
    assert 'class="accent-green"' in html
    assert "<title>計画 | みほん市</title>" in html


def test_the_desk_names_office_year_and_account_and_can_sign_out():
    page = DeskPage(
        title="年度版",
        municipality=SampleTown(),
        office="DX推進課",
        year="令和8年度",
        account="雛形いつき",
        sign_out="/desk/out/",
    )
    html = render_to_string("ui/desk.html", {"page": page}, request=get("/990019/desk/"))
    reader = read_page(html)
    for text in ("DX推進課", "令和8年度", "雛形いつき", "サインアウト"):
        assert text in reader.text
    assert 'name="csrfmiddlewaretoken"' in html


def test_a_plain_page_has_the_house_accent_and_a_title():
    html = render_to_string(
        "ui/plain.html", {"page": PlainPage(title="サインイン")}, request=get("/desk/sign-in/")
    )
    read_page(html)
    assert "<title>サインイン | Yakuba</title>" in html


@pytest.mark.parametrize(("sheet", "size"), [("a3", "A3 landscape"), ("a4", "A4")])
def test_a_page_for_paper_names_itself_and_has_no_navigation(sheet, size):
    page = PrintPage(
        title="課別シート",
        municipality=SampleTown(),
        day=date(2026, 4, 1),
        sheet=sheet,
        about="令和8年度版",
        back=Link("計画", "/990019/plan/"),
    )
    html = render_to_string("ui/print.html", {"page": page}, request=get("/990019/plan/print/"))
    reader = read_page(html)
    for text in ("課別シート", "みほん市", "令和8年度版", "令和8年4月1日現在"):
        assert text in reader.text
    assert "<title>課別シート | みほん市</title>" in html
    assert not any(tag == "nav" for tag, _attrs in reader.tags)
    (button,) = [attrs for tag, attrs in reader.tags if tag == "button"]
    assert "hidden" in button, "only a script can print"
    assert f"sheet-{sheet}" in next(attrs["class"] for tag, attrs in reader.tags if tag == "body")
    css = (HERE / "css" / "print.css").read_text(encoding="utf-8")
    assert f"@page sheet-{sheet} {{ size: {size};" in css
    assert f".sheet-{sheet} {{ page: sheet-{sheet}; }}" in css


def test_an_embedded_page_names_its_source_and_leads_out_of_the_frame():
    page = EmbedPage(
        title="電子申請の拡大",
        municipality=SampleTown(),
        source=Link("令和8年度版", "/990019/plan/2026/"),
        day=date(2026, 4, 1),
    )
    reader = read_page(
        render_to_string("ui/embed.html", {"page": page}, request=get("/990019/plan/x/chart/"))
    )
    for text in ("出典：みほん市", "令和8年度版", "令和8年4月1日現在", "新しい画面で開きます"):
        assert text in reader.text
    links = [attrs for tag, attrs in reader.tags if tag == "a" and attrs["href"] != "#main"]
    assert [(link["href"], link["target"], link["rel"]) for link in links] == [
        ("/990019/plan/2026/", "_blank", "noopener")
    ]
    assert not any(tag in {"script", "form", "nav"} for tag, _attrs in reader.tags)


@pytest.mark.parametrize("shell", ["print-a3", "print-a4", "embed"])
def test_the_style_page_shows_the_frames_for_paper_and_for_other_sites(shell):
    reader = read_page(style(get("/style", {"shell": shell})).content.decode())
    assert "オンライン化した手続の数" in reader.text


def test_the_markup_check_itself_finds_faults():
    for bad in (
        "<p><b></p>",
        '<p style="color:red">',
        '<a onclick="x">a</a>',
        '<a href="https://example.com/">a</a>',
        '<i id="a"></i><i id="a"></i>',
        "<script>1</script>",
        '<img src="//example.com/a.png">',
    ):
        with pytest.raises(AssertionError):
            read(bad)
