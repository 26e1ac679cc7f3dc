"""Whatever a paper holds: it is read or refused with a message, soon, always alike, and nothing that was printed is lost.

Papers are made of what plan documents are made of: headings in any enumeration, sentences, tables under real head words in any order,
label and value tables, merged cells, years, offices, marks. Every cell with a text of its own carries a word that stands nowhere else;
the word has to come out again: in a field, in a warning, or among what found no place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yakuba.services.plan.reading import Reading, Unreadable, to_document
from yakuba.services.plan.reading.blocks import Block, Paper, Span
from yakuba.services.plan.reading.reader import readings_of
from yakuba.services.plan.reading.wording import squeeze

#: Characters of words that no recogniser knows.
RARE = "鶴亀松竹梅桜椿菊藤萩鷺鷹鯉鮎狐狸兎蝶蛍蝉琴笛鼓扇"

NUMBERS = ("1", "2-1", "③", "1-1-1", "No.4", "(5)", "12", "７")
MARKS = ("○", "◎", "-", "―", "", "有", "無", "■", "□", "【新】", "新規", "再掲", "重点")
VALUES = (
    "10件",
    "約30件",
    "81.5%",
    "12",
    "1,045件",
    "未実施",
    "検討中",
    "-",
    "①10人 ②80%",
    "R5:3件",
    "100％以上",
    "",
)
PROGRESS = ("順調", "ほぼ順調", "遅れ", "完了", "推進中", "検討中", "達成", "廃止", "")
STAGES = ("検討", "構築", "導入", "運用", "→", "⇒", "継続", "拡大", "")
HEADS = {
    "number": ("NO", "No.", "番号", "取組No.", "施策番号", "№"),
    "level": ("区分", "施策分野", "基本目標", "基本施策", "分野", "基本方針", "大項目"),
    "title": ("具体的な取組", "取組名", "施策名", "事業名", "取組項目", "具体的施策"),
    "text": ("取組方針", "取組の目的", "取組内容", "現状と課題", "取組計画", "取組結果", "事業概要", "内容", "スケジュール(R6～R8)", "備考"),
    "indicator": ("KPI", "指標", "成果指標", "評価指標"),
    "value": ("令和5年度実績値", "現状値", "目標値", "令和6年度", "令和7年度", "実績値(KPI)", "2025年度", "R6.3末現状値"),
    "office": ("担当課", "主管課", "担当部署", "所管課", "関係課"),
    "progress": ("進捗状況", "進捗", "達成状況", "評価"),
    "mark": ("新規", "再掲", "重点", "DX", "SDGs", "区分"),
    "stage": ("令和6年度", "令和7年度", "令和8年度", "R9", "2027年度"),
    "unknown": ("その他の欄", "色", "甲", "ABC"),
}  # fmt: skip
LABELS = (
    "現状・課題",
    "施策内容",
    "目的",
    "期待される効果",
    "担当課",
    "実施計画",
    "目標",
    "取組内容",
    "SDGs",
    "備考",
)
ENUMERATIONS = (
    "第1章 ",
    "1 ",
    "1-1 ",
    "1-1-1 ",
    "(1) ",
    "①",
    "ア ",
    "(ア) ",
    "● ",
    "◆ ",
    "【",
    "■",
    "・",
    "※1 ",
    "基本目標1 ",
    "Ⅰ ",
)


class Words:
    """Makes words that stand once in a paper, and remembers them."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def new(self) -> str:
        """Three rare characters, another three each time."""
        count, base = len(self.made), len(RARE)
        word = RARE[count % base] + RARE[(count // base + 7) % base] + RARE[(count * 5 + 3) % base]
        self.made.append(word)
        return word


@st.composite
def papers(draw: st.DrawFn) -> tuple[Paper, list[str]]:
    """A paper, and the words that may not be lost."""
    words = Words()
    blocks: list[Block] = []
    if draw(st.booleans()):
        _add(blocks, "みほん市情報化推進計画")
    if draw(st.integers(0, 3)):
        _add(
            blocks,
            draw(
                st.sampled_from(
                    ("計画期間：令和6年度～令和9年度", "(2024年度から2027年度まで)", "令和6年度版")
                )
            ),
        )
    # Without any table that names initiatives a paper is refused, and nothing is learned: mostly there is one.
    sure = draw(st.integers(0, 9)) > 0
    for number in range(1, draw(st.integers(1, 5)) + 1):
        for _ in range(draw(st.integers(0, 3))):
            _add(blocks, _line(draw, words), level=draw(st.sampled_from((0, 0, 0, 1, 2, 3))))
        shapes = (_surely, _labels) if sure and number == 1 else (_wide, _wide, _labels, _pairs, _none)
        made = draw(st.sampled_from(shapes))(draw, words)
        for cells, spans in made:
            blocks.append(Block(len(blocks) + 1, cells, table=number, spans=spans))
    container = draw(st.sampled_from(("text", "xlsx", "docx", "pdf")))
    paper = Paper("計画.txt", container, tuple(blocks), ends_inside=draw(st.booleans()))
    return paper, words.made


def _add(blocks: list[Block], text: str, level: int = 0) -> None:
    blocks.append(Block(len(blocks) + 1, (text,), level=level))


def _line(draw: st.DrawFn, words: Words) -> str:
    mark = draw(st.sampled_from((*ENUMERATIONS, "", "", "")))
    word = words.new()
    text = draw(
        st.sampled_from(
            (
                f"{word}の推進",
                f"{word}を進めるため、手続を見直します。",
                f"<目指す姿> {word}",
                f"{word}は28件、うち順調は10件です。",
                f"令和5年度の{word}の結果",
                f"計画名：{word}計画",
                f"{word}課",
            )
        )
    )
    return f"{mark}{text}】" if mark == "【" else mark + text


def _cell(draw: st.DrawFn, kind: str, words: Words) -> str:
    if kind == "text":
        return draw(
            st.sampled_from(
                ("", f"{words.new()}を行います。", f"①{words.new()}をする\n②{words.new()}をやめる")
            )
        )
    if kind == "title":
        return draw(st.sampled_from(("", f"{words.new()}の推進", f"{words.new()}の推進", f"{words.new()}")))
    if kind == "level":
        return draw(st.sampled_from(("", "", f"{words.new()}の向上", f"1 {words.new()}")))
    if kind == "office":
        return draw(
            st.sampled_from(
                (
                    "",
                    f"{words.new()}課",
                    f"{words.new()}課、{words.new()}室",
                    f"{words.new()}課({words.new()}係)",
                    "関係各課",
                )
            )
        )
    if kind == "indicator":
        return draw(st.sampled_from(("", f"{words.new()}の件数", f"①{words.new()}数 ②{words.new()}率")))
    if kind == "unknown":
        return draw(st.sampled_from(("", words.new())))
    plain = {"number": NUMBERS, "value": VALUES, "progress": PROGRESS, "stage": STAGES, "mark": MARKS}
    return draw(st.sampled_from(plain[kind]))


Rows = Iterator[tuple[tuple[str, ...], tuple[tuple[int, Span], ...]]]


def _wide(draw: st.DrawFn, words: Words) -> Rows:
    """A table under head words, in any order; cells may be shifted, missing or merged."""
    kinds = draw(st.lists(st.sampled_from(sorted(HEADS)), min_size=2, max_size=9))
    if draw(st.integers(0, 4)):
        kinds = ["number", "title", *kinds]
    if draw(st.integers(0, 5)):
        yield tuple(draw(st.sampled_from(HEADS[kind])) for kind in kinds), ()
    for _ in range(draw(st.integers(0, 5))):
        cells = [_cell(draw, kind, words) for kind in kinds]
        change = draw(st.integers(0, 9))
        if change == 0:
            cells.insert(draw(st.integers(0, len(cells))), "")
        elif change == 1:
            cells.pop(draw(st.integers(0, len(cells) - 1)))
        elif change == 2:
            at = draw(st.integers(0, len(cells) - 2)) if len(cells) > 1 else 0
            cells[at : at + 2] = ["".join(cells[at : at + 2])]
        spans = ((0, Span(1, 2)),) if draw(st.integers(0, 5)) == 0 else ()
        yield tuple(cells), spans


def _surely(draw: st.DrawFn, words: Words) -> Rows:
    """A table that nobody would take for anything else, and after it rows that may be broken."""
    kinds = ("number", "title", "text", "indicator", "value", "office")
    yield tuple(HEADS[kind][draw(st.integers(0, 1))] for kind in kinds), ()
    for number in range(1, draw(st.integers(2, 4)) + 1):
        cells = [_cell(draw, kind, words) for kind in kinds]
        yield (str(number), f"{words.new()}の推進", *cells[2:]), ()
    if draw(st.booleans()):
        yield tuple(_cell(draw, kind, words) for kind in kinds[: draw(st.integers(2, 6))]), ()


def _labels(draw: st.DrawFn, words: Words) -> Rows:
    """A fact sheet: a label and its value in each row, perhaps a row of years with a row of stages below."""
    yield (f"{draw(st.sampled_from(NUMBERS))} {words.new()}の充実", "主管課", f"{words.new()}課"), ()
    for _ in range(draw(st.integers(0, 5))):
        yield (
            (
                draw(st.sampled_from(LABELS)),
                _cell(draw, draw(st.sampled_from(("text", "office", "indicator"))), words),
            ),
            (),
        )
    if draw(st.booleans()):
        years = ("令和6年度", "令和7年度", "令和8年度")
        yield ("実施計画", *years), ()
        yield ("", *(draw(st.sampled_from(STAGES)) for _ in years)), ()


def _pairs(draw: st.DrawFn, words: Words) -> Rows:
    """Any cells without a head, as glossaries, memberships and counts are."""
    columns = draw(st.integers(2, 4))
    for _ in range(draw(st.integers(1, 5))):
        kinds = [
            draw(st.sampled_from(("unknown", "text", "office", "value", "mark"))) for _ in range(columns)
        ]
        yield tuple(_cell(draw, kind, words) for kind in kinds), ()


def _none(draw: st.DrawFn, words: Words) -> Rows:
    """No table here."""
    yield from ()


def strings(value: object) -> Iterator[str]:
    """Every text of a document, keys of free objects among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


def attempt(paper: Paper) -> tuple[Reading, ...] | Unreadable:
    try:
        return readings_of(paper)
    except Unreadable as unreadable:
        return unreadable


MANY = settings(
    max_examples=75, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@MANY
@given(papers())
def test_any_paper_is_read_whole_or_refused(made: tuple[Paper, list[str]]) -> None:
    paper, words = made
    found = attempt(paper)
    if isinstance(found, Unreadable):
        assert found.code
        assert "。" in found.message
        return
    printed = squeeze(" ".join(block.text for block in paper.blocks))
    read = squeeze(
        "\n".join(text for one in found for text in strings(to_document(one, "000000", "みほん市")))
    )
    assert [word for word in words if word in printed and word not in read] == []


@settings(parent=MANY, max_examples=40)
@given(papers())
def test_the_same_paper_reads_the_same(made: tuple[Paper, list[str]]) -> None:
    paper, _words = made
    first, second = attempt(paper), attempt(replace(paper))
    if isinstance(first, Unreadable):
        assert isinstance(second, Unreadable)
        assert (first.code, first.message) == (second.code, second.message)
    else:
        assert first == second


@settings(parent=MANY, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.lists(
                st.text(st.sampled_from("①1-2()（）【】・:：、。令和5年度R6目標課%件○\n\t 　No.<>&|*-あ順調新規計画"), max_size=14),
                min_size=1,
                max_size=7,
            ),
            st.integers(0, 2),
        ),
        max_size=25,
    )
)  # fmt: skip
def test_any_characters_are_read_or_refused(rows: list[tuple[list[str], int]]) -> None:
    blocks = tuple(
        Block(number, tuple(cell.strip() for cell in cells), table=table if len(cells) > 1 else 0)
        for number, (cells, table) in enumerate(rows, 1)
    )
    found = attempt(Paper("計画.txt", "text", blocks))
    assert isinstance(found, Unreadable) or found


def test_a_long_paper_is_read_whole() -> None:
    words, count = Words(), 600
    head = ("NO", "区分", "具体的な取組", "取組方針", "KPI", "令和5年度実績値", "担当課")
    rows = [
        head,
        *(
            (str(n), "窓口", f"{words.new()}{n}の推進", "進めます。", "件数", f"{n}件", "企画課")
            for n in range(count)
        ),
    ]
    blocks = [
        Block(1, ("計画期間：令和6年度～令和9年度",)),
        *(Block(n, row, table=1) for n, row in enumerate(rows, 2)),
    ]
    assert len(readings_of(Paper("計画.txt", "text", tuple(blocks)))[0].initiatives) == count
