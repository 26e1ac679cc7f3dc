"""Hostile and broken files: a Japanese sentence, in bounded work."""

from __future__ import annotations

import contextlib
import gzip
import io
import re
import unicodedata
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.plan.reading import samples
from yakuba.services.plan.reading import Unreadable, read_document
from yakuba.services.plan.reading.containers import grid
from yakuba.services.plan.reading.containers.decoding import MAX_BYTES, decode

GOOD = samples.TWO_PAGES
#: The same without the letters that JIS X 0208 does not have.
OLD = GOOD.replace("～", "〜").replace("①", "一、").replace("②", "二、")


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("plan.txt", GOOD)
    return buffer.getvalue()


def refused(data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as found:
        read_document(data, "plan.txt")
    assert any("ぁ" <= letter <= "ん" for letter in found.value.message)
    assert str(found.value) == found.value.message
    return found.value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \n\t\r\n", "empty"),
        ("　\n".encode(), "empty"),
        (zipped(), "not-text"),
        (gzip.compress(GOOD.encode()), "not-text"),
        (b"%PDF-1.7\n...", "truncated"),
        (b"\x89PNG\r\n\x1a\n....", "not-text"),
        (bytes(range(1, 32)) * 20, "not-text"),
        (GOOD.encode()[:40] + b"\0" + GOOD.encode()[40:], "nul-bytes"),
        (GOOD.encode("utf-16-le"), "nul-bytes"),
        (GOOD.encode("utf-16") + b"\0\0", "nul-bytes"),
        (GOOD.encode("utf-16")[:-1], "truncated"),
        (GOOD.encode("utf-32"), "encoding"),
        (GOOD.encode().rstrip(b"\n")[:-1], "truncated"),
        (b"\xef\xbb\xbf" + GOOD.encode().rstrip(b"\n")[:-1], "truncated"),
        (bytes(range(128, 256)) * 10, "encoding"),
        (GOOD.encode() + b"\xff\xfe\xfd", "encoding"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, code: str):
    assert refused(data).code == code


def test_where_the_nul_stands_is_said():
    data = GOOD.encode()
    line = 7
    place = 0
    for _ in range(line - 1):
        place = data.index(b"\n", place) + 1
    assert f"{line}行目" in refused(data[:place] + b"\0" + data[place:]).message


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp932", "iso2022_jp"])
def test_japanese_encodings_read_alike(codec: str):
    # The old tables have no wave dash of this kind; offices type the full-width tilde only where it exists.
    text = GOOD if codec.startswith("utf") or codec == "cp932" else OLD
    reading = read_document(text.encode(codec), "plan.txt")
    assert [item.title for item in reading.initiatives] == [
        "転入届の予約",
        "図書の予約",
        "庁舎の無線",
        "職員の研修",
        "回線の更新",
    ]
    assert (reading.plan.first_year, reading.plan.last_year) == (2024, 2026)


@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
def test_the_two_old_encodings_are_never_taken_for_one_another(codec: str):
    for text in (
        "取組の一覧です。",
        "情報化推進計画のあらまし",
        "ひらがなだけのぶんしょう",
        OLD.replace("〜", "から"),
    ):
        with contextlib.suppress(Unreadable):
            assert decode(text.encode(codec)) == text


@pytest.mark.parametrize("vendor", [b"", b"\xad\xa1"])
def test_euc_jp_is_named_and_refused(vendor: bytes):
    assert "EUC-JP" in refused(OLD.encode("euc_jp") + vendor).message


def test_line_ends_do_not_matter():
    for end in ("\r\n", "\r"):
        reading = read_document(GOOD.replace("\n", end).encode(), "plan.txt")
        first = reading.initiatives[0].source
        assert first is not None
        assert first.line == 7


def test_a_file_that_is_too_large_is_refused_before_it_is_decoded():
    assert refused(b"a" * (MAX_BYTES + 1)).code == "too-large"


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"\t" * (8 << 20), {"empty"}),
        (b"K P I" + b"\t" * (8 << 20), {"line-too-long"}),
        (b"\n" * (8 << 20) + b"x", {"too-many-lines"}),
        ("KPI,取組,R5実績,No\n".encode() + b"x," * 400_000, {"too-many-columns"}),
        ("\t".join(["KPI"] * 10_000).encode(), {"too-many-columns"}),
        ((b"KPI" + b"\t1" * 400 + b"\n") * 20_000, {"too-many-cells"}),
        ((b"KPI\t" + b'"""\t' * 400 + b"\n") * 3000, {"no-table", "unclosed-quotes"}),
        ((b"KPI\t\t\t\t" + b'"' * 999_001 + b"\n") * 2, {"no-table", "unclosed-quotes"}),
        ("取組,指標,令和5年度実績,番号\n".encode() * 2_000, {"too-many-rows"}),
        ("取組,指標,令和5年度実績,番号\n".encode() * 20, {"no-rows"}),
        (("\t".join(["番号", "取組", "KPI", "R5実績"] + ["区分"] * 490) + "\n").encode() * 200, {"no-table"}),
        (b'"' * (1 << 20), {"no-table", "line-too-long"}),
    ],
    ids=[
        "tabs",
        "one line",
        "lines",
        "commas",
        "columns",
        "cells",
        "quotes",
        "quote runs",
        "heads",
        "few heads",
        "wide head",
        "marks",
    ],
)
def test_hostile_shapes_end_in_a_refusal(data: bytes, codes: set[str]):
    assert refused(data).code in codes


def test_too_many_rows_are_refused():
    head = "番号\t取組名\t指標\t令和5年度実績\n"
    rows = "".join(f"{number}\t取組その{number}\t件数\t{number}件\n" for number in range(1, 2_100))
    assert refused(("みほん市計画\n" + head + rows).encode()).code == "too-many-rows"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_read_or_are_refused(data: bytes):
    for candidate in (data, GOOD.encode() + data, data + GOOD.encode()):
        with contextlib.suppress(Unreadable):
            read_document(candidate, "plan.txt")


#: As a page prints its number; brackets around it close.
PAGE_NUMBER = re.compile(r"[-\s]*(?:(?P<open>\()[-\s]*)?[0-9]+(?:\s*/\s*[0-9]+)?[-\s]*(?(open)\))[-\s]*")

CELL = st.text(
    st.sampled_from([*"取組番号指標実績計画令和年度末0123①②計約※%件()（）【新】：:、。-・ \n\"'=/"]),
    max_size=24,
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=1, max_size=16), min_size=1, max_size=8), st.sampled_from(["\t", ","])
)
def test_any_rows_below_a_head_read_or_are_refused_and_nothing_is_lost(rows: list[list[str]], delimiter: str):
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in '"\n,') else cell

    head = ["番号", "区分", "取組", "KPI", "令和4年度実績", "令和5年度実績", "スケジュール(R6～R8)"]
    body = [["1", "窓口", "予約", "予約の件数", "10件", "20件", "広げる。" * 200]]
    text = "\n".join(delimiter.join(map(quoted, row)) for row in [head, *body, *rows]) + "\n"
    try:
        reading = read_document(text.encode(), "plan.txt")
    except Unreadable:
        return
    found = "".join(
        piece
        for item in reading.initiatives
        for piece in (
            item.number,
            item.title,
            *(part for path in item.placements for part in path.path),
            *(str(words) for words in item.texts.values()),
            *(one.name + (one.number or "") for one in item.indicators),
            *(value.raw for one in item.indicators for value in one.values),
            *(doubt.note for doubt in item.doubts),
        )
    ) + "".join(item.text for item in reading.unplaced)
    kept = set("".join(found.split()))
    heads = set("".join("".join(head).split()))
    # A line with nothing but a number is the page's.
    lines = [row for row in rows if not PAGE_NUMBER.fullmatch(unicodedata.normalize("NFKC", "".join(row)))]
    printed = {mark for row in lines for cell in row for mark in cell if not mark.isspace()}
    # Brackets of flags and the quotation marks of the container are furniture.
    assert printed - kept - heads - set("【】新\"'") == set()


@pytest.mark.parametrize(
    ("line", "kept"),
    [("（0", True), ("12)", True), ("(3)(", True), ("（12）", False), ("- 12 -", False), ("12/30", False)],
)
def test_only_whole_page_numbers_are_furniture(line: str, kept: bool):
    head = "番号\t取組\tKPI\t令和5年度実績\n1\t窓口の予約\t予約の件数\t10件\n"
    reading = read_document(f"計画期間 令和6年度から令和8年度まで\n{head}\n{line}\n".encode(), "plan.txt")
    assert (line in [one.text for one in reading.unplaced]) is kept


def test_quoted_cells_may_hold_delimiters_and_line_ends():
    lines = grid.lines_of('a,"b\nc, ""d""",e\n"f"g,"h\ni\n')
    assert [(row.line, row.cells) for row in grid.rows_of(lines, ",")] == [
        (1, ("a", 'b\nc, "d"', "e")),
        (3, ('"f"g', '"h')),
        (4, ("i",)),
        (5, ("",)),
    ]


def test_what_stands_beside_the_plans_title_in_a_row_is_kept():
    head = "番号\t取組\tKPI\t令和5年度実績\n1\t窓口の予約\t予約の件数\t10件\n"
    text = f"計画期間 令和6年度～令和8年度\n\n実施計画\t窓口の予約を広げる\n\n{head}"
    reading = read_document(text.encode(), "計画.txt")
    assert (reading.plan.first_year, reading.plan.last_year) == (2024, 2026)
    assert "窓口の予約を広げる" in [one.text for one in reading.unplaced]
