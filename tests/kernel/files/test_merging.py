"""Several PDFs bound into one."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from tests.kernel.files.samples import pdf
from yakuba.kernel.actions import Problem
from yakuba.kernel.files import merging
from yakuba.kernel.pdf import render


def test_parts_follow_one_another_with_a_bookmark_each() -> None:
    parts = [render("= 申請書\n髙橋", title="一"), pdf(pages=2), pdf()]
    bound = merging.merge_pdfs(parts, ["申請書 第1号", "届出 (2)", "控え"])
    reader = PdfReader(io.BytesIO(bound))
    assert len(reader.pages) == 4
    marks = [mark for mark in reader.outline if not isinstance(mark, list)]
    assert [(mark.title, reader.get_destination_page_number(mark)) for mark in marks] == [
        ("申請書 第1号", 0),
        ("届出 (2)", 1),
        ("控え", 3),
    ]
    assert "髙橋" in reader.pages[0].extract_text()
    assert reader.root_object["/Lang"] == "ja-JP"


def test_the_same_parts_give_the_same_bytes() -> None:
    parts = [render("= 申請書", title="一"), pdf()]
    assert merging.merge_pdfs(parts) == merging.merge_pdfs(parts)


def test_without_titles_the_parts_are_numbered() -> None:
    reader = PdfReader(io.BytesIO(merging.merge_pdfs([pdf(), pdf()])))
    assert [mark.title for mark in reader.outline if not isinstance(mark, list)] == ["1", "2"]


LOCKED = pdf({10: b"<</Filter/Standard/V 1/R 2/O<00>/U<00>/P -4>>"}, trailer=b"/Encrypt 10 0 R/ID[<00><00>]")


@pytest.mark.parametrize(
    "part", [b"", b"no PDF", pdf()[:-60], LOCKED], ids=["empty", "text", "cut", "locked"]
)
def test_a_part_that_cannot_be_bound_is_named(part: bytes) -> None:
    with pytest.raises(Problem, match="2番目の「図面」") as caught:
        merging.merge_pdfs([pdf(), part, pdf()], ["申請書", "図面", "控え"])
    assert caught.value.code == "file_unreadable"


def test_the_whole_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "MAX_BYTES", len(pdf()))
    assert merging.merge_pdfs([pdf()])
    with pytest.raises(Problem, match="大きすぎます"):
        merging.merge_pdfs([pdf(), pdf()])


def test_something_is_to_be_bound_and_every_part_has_its_title() -> None:
    for parts, titles in (([], []), ([pdf()], ["一", "二"])):
        with pytest.raises(ValueError, match="one title a part"):
            merging.merge_pdfs(parts, titles)


def test_what_stands_behind_ours_is_numbered_and_ours_stays_readable() -> None:
    front = render("= 会議資料\n#table(columns: 2, table.header[一][二])", title="会議資料")
    bound = merging.append_pdfs(front, [pdf(pages=2), pdf()], ["資料1", "資料2"])
    reader = PdfReader(io.BytesIO(bound))
    assert [page.extract_text().strip().splitlines()[-1] for page in reader.pages[1:]] == [
        "2 / 4",
        "3 / 4",
        "4 / 4",
    ]
    assert reader.root_object["/StructTreeRoot"]["/K"], "our own structure"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert "/Metadata" not in reader.root_object, "not all of it is PDF/UA"
    assert [mark.title for mark in reader.outline if not isinstance(mark, list)][-2:] == ["資料1", "資料2"]
    assert merging.append_pdfs(front, [], []) == front
