"""A cell merged over several rows says the same of each of them."""

from __future__ import annotations

import io

from openpyxl import Workbook

from yakuba.services.plan.reading import Reading, read_document

ROWS = (
    ("番号", "分野", "取組名", "概要", "担当課", "指標", "令和5年度実績", "令和6年度目標"),
    ("1", "窓口", "窓口の予約", "時間を予約できるようにします。", "市民課", "予約の件数", "10件", "20件"),
    ("2", None, "証明書の電子申請", "家から申請できるようにします。", None, "申請の件数", "5件", "9件"),
    ("3", None, "電子納付", "税を電子で納められるようにします。", "税務課", "納付の割合", "3%", "5%"),
    ("4", "庁内", "文書の電子化", "紙を減らします。", "総務課", "電子決裁の率", "40%", "60%"),
    ("5", None, "在宅勤務", None, None, "実施した日数", "100日", "200日"),
)


def read(*areas: str) -> Reading:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["みほん市情報化計画"])
    sheet.append([])
    for row in ROWS:
        sheet.append(row)
    for area in areas:
        sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return read_document(out.getvalue(), "計画.xlsx")


def leads(reading: Reading) -> dict[str, list[str]]:
    return {one.number: [office.name for office in one.offices] for one in reading.initiatives}


def test_offices_of_merged_cells():
    plain, merged = leads(read()), leads(read("E4:E5", "E7:E8"))
    assert merged == {"1": ["市民課"], "2": ["市民課"], "3": ["税務課"], "4": ["総務課"], "5": ["総務課"]}
    # Without a merged cell a blank is not asserted to mean «as above».
    assert plain["2"] != ["市民課"]


def test_texts_of_merged_cells_and_their_source():
    one = read("D7:D8").initiatives[4]
    assert one.texts["approach"] == "紙を減らします。"
    assert (one.sources["texts.approach"].line, one.sources["texts.approach"].rule) == (7, "merged-cell")
    assert "approach" not in read().initiatives[4].texts


def test_blank_levels_below_a_merged_cell_are_not_in_doubt():
    def doubts(reading: Reading) -> list[str]:
        return [
            one.number for one in reading.initiatives for doubt in one.doubts if doubt.code == "blank-cell"
        ]

    assert doubts(read("B4:B6", "B7:B8")) == []
    assert doubts(read()) == ["2", "3", "5"]
