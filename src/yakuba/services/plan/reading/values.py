"""One printed value to what it says: number and unit, state word, parts, or no value at all.

Every rule is a pattern of how Japanese offices write figures; none knows an indicator or a city. The raw
text is kept beside whatever is read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from .wording import calendar_day, mentioned_years, plain, squeeze

#: A longer text is prose; patterns are not run over it.
MAX_VALUE: Final = 400

_DASHES: Final = re.compile(r"[-‐‑–—―ーｰ−─~〜・.…/]+")
_NO_VALUE: Final = re.compile(
    r"(?:数値|データ|実績|該当|回答|記載)?(?:なし|無し)"
    r"|不明|未定|未集計|集計中|未公表|非公表|未調査|対象外|該当せず|n/a|na"
)
#: A note that says why there cannot be a value yet: the plan or its start names another year.
_NOT_YET: Final = re.compile(
    r"(?:計画|開始|実施|導入|運用|着手|取組|設置|整備|稼働)[^※]{0,20}?(?:年度?|月)[^※]{0,20}?(?:ため|為|から|予定|開始)"
    r"|年度?[^※]{0,6}?(?:から|より)(?:実施|開始|導入|運用|稼働|公開|着手)"
    r"|年度?[^※0-9]{0,6}?(?:開始|実施|導入|運用|着手|稼働|整備)[^※]{0,10}?(?:ため|為|予定)"
    r"|(?:未実施|未着手|未導入|開始前|導入前|実施前|対象外)[^※]{0,10}(?:ため|為|です|$)"
)
_STATE_WORDS: Final = (
    *("未実施", "未着手", "未整備", "未導入", "未策定", "未達成", "未対応", "未完了"),
    *("実施済み", "実施済", "実施中", "実施予定", "実施", "検討中", "検討済", "検討", "着手済", "着手"),
    *("導入済み", "導入済", "導入中", "導入予定", "導入", "運用開始", "運用中", "運用", "構築中", "構築"),
    *("整備済み", "整備済", "整備中", "整備", "策定済み", "策定済", "策定中", "策定", "準備中", "準備"),
    *(
        "進行中",
        "試行中",
        "試行",
        "調査中",
        "調査",
        "研究",
        "協議中",
        "協議",
        "調整中",
        "調整",
        "作成中",
        "作成",
    ),
    *(
        "開始",
        "継続",
        "完了",
        "達成",
        "中止",
        "休止",
        "終了",
        "廃止",
        "移行済",
        "移行",
        "拡充",
        "推進",
        "公開",
    ),
    *(
        "稼働中",
        "稼働",
        "設計",
        "改修",
        "更新",
        "設置",
        "対応済",
        "対応中",
        "対応",
        "有",
        "無",
        "○",
        "△",
        "×",
    ),
)
_WORD: Final = "(?:" + "|".join(re.escape(word) for word in _STATE_WORDS) + ")"
_STATE: Final = re.compile(rf"{_WORD}(?:[・、/→]{_WORD})*")
_STATE_AT_END: Final = re.compile(rf"(?P<phrase>.{{0,60}}?)(?:の|を|より|から)\s*(?P<state>{_WORD})")

_NUMBER: Final = re.compile(
    r"(?P<about>約|およそ|概ね|おおむね|ほぼ)?\s*(?P<sum>延べ|のべ|延)?\s*"
    r"(?<![0-9A-Za-z.])(?P<sign>[-−▲△])?(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r"(?![0-9])\s*(?P<unit>%|‰|℃|[^\W\d_]{1,10})?"
)
_UNIT_TAIL: Final = re.compile(
    r"(?:準拠|達成|実施|程度|以上|以下|以内|未満|超|強|弱|増加?|減少?|削減|予定|見込み?|済み?|を|が|に|と|の|へ).*$"
)
_KNOWN_UNIT: Final = re.compile(
    r"%|‰|℃|ポイント|(?:千|百万|万|億)?円|(?:千|万)?(?:件|人|名|回|台|校|園|社|団体|世帯|枚|冊|本|個|点|種類?|項目)"
    r"|(?:か|ヶ|カ|ケ|箇|個)所|か国|時間|分|秒|日|週|月|年|システム|手続き?|業務|施設|地区|自治会|事業|講座|アカウント"
    r"|サービス|データセット|ページ|キロ|km|m|kwh|t|gb|mb|セット|組|局|課|室|店舗?|基|戸|棟|路線|言語"
)
_DATE_NUMBER: Final = re.compile(
    r"[0-9]{1,4}\s*年\s*(?:[0-9]{1,2}\s*月)?(?:\s*[0-9]{1,2}\s*日)?|[0-9]{1,2}\s*月(?:\s*[0-9]{1,2}\s*日)?"
    r"|(?:R|H|令和|平成)\s*[0-9]{1,2}(?:\.[0-9]{1,2}){1,2}|[0-9]{1,2}/[0-9]{1,2}(?=\s*(?:時点|現在|付))"
)
_OUT_OF: Final = re.compile(
    r"全?\s*(?P<whole>[0-9][0-9,]*)\s*[^\W\d_]{0,8}?\s*(?:中|のうち|うち)[、,]?\s*(?P<part>[0-9][0-9,]*)(?![0-9.%])"
)
_FRACTION: Final = re.compile(
    r"(?<![0-9/.])(?P<part>[0-9][0-9,]*)\s*[^\W\d_]{0,4}\s*/\s*(?P<whole>[0-9][0-9,]*)(?![0-9/.])"
)
_DAY_OF_VALUE: Final = re.compile(
    r"(?<![0-9/])(?P<month>[0-9]{1,2})\s*[/月]\s*(?P<day>[0-9]{1,2})\s*日?\s*(?:時点|現在)"
)
_BOUNDS: Final = (("以上", "at_least"), ("以下", "at_most"), ("以内", "at_most"), ("未満", "at_most"))
_TOTAL: Final = re.compile(r"[\s、,(]*(?P<word>合計|総計|計)\s*[::]?\s*(?=(?:約|延べ)?\s*[0-9０-９])")
_LABELLED: Final = re.compile(
    r"(?P<label>[^\s:：、,，()（）]{1,30}?(?:[(（][^()（）]{1,12}[)）])?)\s*[:：]\s*約?\s*\d[\d,，]*(?:[.．]\d+)?\s*(?:[%％]|[^\W\d_]{1,6})?"
    r"(?=[\s、,，;；)）]|$)"
)

_ENUMERATIONS: Final = (
    tuple(chr(0x2460 + place) for place in range(20)),
    tuple(chr(0x2474 + place) for place in range(20)),
    tuple(f"({place})" for place in range(1, 21)),
    tuple(f"（{place}）" for place in range(1, 21)),
)


@dataclass(frozen=True, slots=True)
class Question:
    """Something a person should look at: why, and what else it might be (the first is what was taken)."""

    code: str
    candidates: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Printed:
    """What one printed value says.

    `absent` means that it says there is no value. `label` is what the value counts, where the cell says so;
    `day` is a month and day that the cell names; `numbers` are all candidates, decimals in text.
    """

    number: str | None = None
    unit: str | None = None
    state: str | None = None
    approximate: bool = False
    numerator: str | None = None
    denominator: str | None = None
    bound: str | None = None
    label: str = ""
    absent: bool = False
    day: tuple[int, int] | None = None
    years: tuple[int, ...] = ()
    questions: tuple[Question, ...] = field(default=())

    @property
    def read(self) -> bool:
        """Whether something certain was read: a number, a state, or that there is no value."""
        return self.absent or self.number is not None or self.state is not None


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a cell: its mark (①, 計, or None for a labelled piece), its label and its text as printed."""

    mark: str | None
    label: str
    raw: str


def split_parts(raw: str) -> tuple[str, tuple[Part, ...]]:
    """A cell's heading and its parts ①②③ in order, a printed total last; no parts where none are marked.

    A mark counts only where its turn is (a note 「※②は…」 after ③ is no part).
    """
    for family in _ENUMERATIONS:
        places: list[tuple[int, str]] = []
        start = 0
        for mark in family:
            place = raw.find(mark, start)
            if place < 0:
                break
            places.append((place, mark))
            start = place + len(mark)
        if len(places) > 1 or (places and places[0][0] == 0):
            return _cut(raw, places)
    return raw, ()


def _cut(raw: str, places: list[tuple[int, str]]) -> tuple[str, tuple[Part, ...]]:
    parts: list[Part] = []
    ends = [place for place, _ in places[1:]] + [len(raw)]
    for (place, mark), end in zip(places, ends, strict=True):
        piece = raw[place:end].strip()
        total = _TOTAL.search(piece, 1) if end == len(raw) else None
        if total:
            parts.append(Part(mark, "", piece[: total.start()].strip()))
            parts.append(Part(total["word"], "", piece[total.start("word") :].strip()))
        else:
            parts.append(Part(mark, "", piece))
    return raw[: places[0][0]].strip(), tuple(parts)


def split_labels(raw: str, name: str) -> tuple[Part, ...]:
    """The parts of a cell that prints several labelled values (`甲:28人 乙:43人`); none for fewer than two."""
    if len(raw) > MAX_VALUE:
        return ()
    found = list(_LABELLED.finditer(raw))
    if len(found) < 2:
        return ()
    heading = raw[: found[0].start()].strip()
    # A heading that only repeats the indicator's name says nothing more.
    begin = found[0].start() if squeeze(heading) in squeeze(name) else 0
    begins = [begin, *(item.start() for item in found[1:]), len(raw)]
    return tuple(
        Part(None, plain(item["label"]), raw[begins[place] : begins[place + 1]].strip(" \t\n　、,，;；"))
        for place, item in enumerate(found)
    )


def strip_mark(part: Part) -> str:
    """The text of a part without its mark."""
    return part.raw.removeprefix(part.mark).strip() if part.mark else part.raw


def read_value(raw: str, name: str = "") -> Printed:
    """What the text of one value says; `name` is the indicator's, whose words explain figures beside it."""
    text = plain(raw)
    if len(text) > MAX_VALUE:
        return Printed(questions=(Question("unread-value", (), "値の欄に長い文章があります。"),))
    inner = text[1:-1].strip() if re.fullmatch(r"\([^()]*\)", text) else text
    bare = inner.rstrip("。. ")
    if not bare or _DASHES.fullmatch(bare) or _NO_VALUE.fullmatch(squeeze(bare)):
        return Printed(absent=True)
    if _STATE.fullmatch(squeeze(bare)):
        return Printed(state=squeeze(bare) if " " in bare else bare)
    body, _, note = inner.partition("※")
    if note and _NOT_YET.search(squeeze(note)) and not re.search(r"[1-9]", body):
        return Printed(absent=True)
    return _read_figures(inner, body if body.strip() else inner, name)


@dataclass(frozen=True, slots=True)
class _Figure:
    number: str
    unit: str | None
    approximate: bool
    bound: str | None
    label: str
    begin: int


def _read_figures(text: str, body: str, name: str) -> Printed:
    years = tuple(mention.year for mention in mentioned_years(body))
    day = _DAY_OF_VALUE.search(text)
    when = (int(day["month"]), int(day["day"])) if day else None
    if when and calendar_day(2024, *when) is None:
        when = None
    ratio = _OUT_OF.search(text)
    # 12/15時点 is a day; without such a day 39/43 are a part and its whole.
    fraction = None if day else _FRACTION.search(text)
    pair = ratio or fraction
    numerator = _decimal(pair["part"]) if pair else None
    denominator = _decimal(pair["whole"]) if pair else None
    outside = _blank(body, re.compile(r"\([^()]*\)"))
    figures = _figures(outside)
    if pair:
        figures = [figure for figure in figures if not _inside(figure, pair, text)]
    if not figures:
        return _worded(text, body, outside, pair is not None, when, years, numerator, denominator)
    main, questions = _main_figure(figures, name)
    side = _whole_of_name(figures, main, name)
    return Printed(
        number=main.number,
        unit=main.unit,
        approximate=main.approximate,
        numerator=numerator,
        denominator=denominator or side,
        bound=main.bound,
        label=main.label or _label_in_brackets(body, outside),
        day=when,
        years=years,
        questions=questions,
    )


def _worded(
    text: str,
    body: str,
    outside: str,
    paired: bool,
    when: tuple[int, int] | None,
    years: tuple[int, ...],
    numerator: str | None,
    denominator: str | None,
) -> Printed:
    """A value without a figure of its own: a state at the end of a phrase, a pair, a number in brackets."""
    bare = " ".join(outside.split()).rstrip("。. ")
    if _STATE.fullmatch(squeeze(bare)):
        return Printed(state=squeeze(bare), day=when, years=years)
    phrase = _STATE_AT_END.fullmatch(bare)
    if phrase:
        note = "語だけの値です。句の終わりの語を状態として読みました。"
        question = Question("state-in-phrase", (phrase["state"], bare), note)
        return Printed(
            state=phrase["state"], label=phrase["phrase"], day=when, years=years, questions=(question,)
        )
    if paired:
        return Printed(numerator=numerator, denominator=denominator, day=when, years=years)
    inside = _figures(body)
    if inside:
        question = Question(
            "number-in-brackets",
            tuple(item.number for item in inside),
            "かっこの中の数を値として読みました。",
        )
        first = inside[0]
        return Printed(
            first.number, first.unit, None, first.approximate, day=when, years=years, questions=(question,)
        )
    return Printed(years=years, questions=(Question("unread-value", (text,), "値として読めませんでした。"),))


def _figures(text: str) -> list[_Figure]:
    """The figures of an NFKC text, years and dates left out, each with the label printed before it."""
    covered = text
    for mention in mentioned_years(text):
        covered = covered[: mention.begin] + " " * (mention.end - mention.begin) + covered[mention.end :]
    covered = _blank(covered, _DATE_NUMBER)
    figures: list[_Figure] = []
    end = 0
    for found in _NUMBER.finditer(covered):
        number = _decimal(
            (found["sign"] or "").replace("−", "-").replace("▲", "-").replace("△", "-") + found["number"]
        )
        if number is None:
            continue
        unit, rest = _unit(found["unit"])
        label = covered[end : found.start()].strip(" 、,:のは")
        bound = next(
            (code for word, code in _BOUNDS if word in rest + covered[found.end() : found.end() + 4]), None
        )
        figures.append(_Figure(number, unit, bool(found["about"]), bound, label, found.start()))
        end = found.end()
    return figures


def _unit(printed: str | None) -> tuple[str | None, str]:
    """The unit at the head of the letters after a number, and the letters that follow it."""
    if not printed:
        return None, ""
    known = _KNOWN_UNIT.match(printed)
    trimmed = _UNIT_TAIL.sub("", printed)
    if known and len(known[0]) >= len(trimmed):
        return known[0], printed[known.end() :]
    return trimmed or None, printed[len(trimmed) :]


def _main_figure(figures: list[_Figure], name: str) -> tuple[_Figure, tuple[Question, ...]]:
    """The figure that is the value; several of them are a question, unless the others are named as parts."""
    if len(figures) == 1:
        return figures[0], ()
    unlabelled = [figure for figure in figures if not figure.label]
    others = [figure for figure in figures if figure.label and squeeze(figure.label) not in squeeze(name)]
    if len(unlabelled) == 1 and not others:
        return unlabelled[0], ()
    best = unlabelled[0] if unlabelled else figures[0]
    candidates = (best.number, *(figure.number for figure in figures if figure is not best))
    return best, (Question("several-numbers", candidates, "一つの欄に数が複数あります。"),)


def _whole_of_name(figures: list[_Figure], main: _Figure, name: str) -> str | None:
    """The denominator that a cell prints beside a rate, where the indicator is called part/whole."""
    _, slash, whole = squeeze(name).partition("/")
    if not slash or not whole:
        return None
    for figure in figures:
        if figure is not main and figure.label and squeeze(figure.label) == whole:
            return figure.number
    return None


def _label_in_brackets(body: str, outside: str) -> str:
    """Words in brackets beside the value (市民課分): what it counts, unless they hold figures."""
    if outside == body:
        return ""
    for found in re.finditer(r"\(([^()]*)\)", body):
        words = found[1].strip()
        if words and not re.search(r"[0-9]", words):
            return words
    return ""


def _inside(figure: _Figure, pair: re.Match[str], text: str) -> bool:
    return text[pair.start() : pair.end()] != "" and pair.start() <= figure.begin < pair.end()


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    """The text with what the pattern finds replaced by as many blanks, so that places stay the same."""
    return pattern.sub(lambda found: " " * len(found[0]), text)


def _decimal(printed: str) -> str | None:
    """A decimal in text, without separators and idle zeros (38.0 is 38); None past 15 significant digits."""
    text = printed.replace(",", "")
    sign = "-" if text.startswith("-") else ""
    whole, _, rest = text.lstrip("-").partition(".")
    whole, rest = whole.lstrip("0") or "0", rest.rstrip("0")
    if len((whole + rest).lstrip("0")) > 15:
        return None
    number = f"{whole}.{rest}" if rest else whole
    return number if number == "0" else sign + number
