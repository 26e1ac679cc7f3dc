"""Header rows to columns: what each column of a wide plan table holds, by the words of its head."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Final

from .blocks import Block
from .vocabulary import OFFICE_LEAD, OFFICE_RELATED, THING
from .wording import calendar_day, dated_year, fiscal_year, mentioned_years, plain, squeeze, year_span


class Role(Enum):
    """What a column holds."""

    NUMBER = "number"
    FLAGS = "flags"
    LEVEL = "level"
    TITLE = "title"
    TEXT = "text"
    OFFICE = "office"
    INDICATOR = "indicator"
    UNIT = "unit"
    VALUE = "value"
    SCHEDULE = "schedule"
    PROGRESS = "progress"
    STAGE = "stage"
    TAGS = "tags"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its role, its head as printed, and what the head says about the role.

    `detail` is the text's key, the office's role or the value's kind (empty where the head does not say);
    `year`, `as_of` and `status` belong to values, `span` to schedules and to stages of several years.
    """

    role: Role
    head: str
    detail: str = ""
    year: int | None = None
    as_of: str | None = None
    span: tuple[int, int] | None = None
    status: str | None = None

    @property
    def years(self) -> tuple[int, ...]:
        """The years that a stage holds for: each of a head like R6～R7."""
        if self.span and self.span[1] - self.span[0] < MAX_COLUMNS:
            return tuple(range(self.span[0], self.span[1] + 1))
        return (self.year,) if self.year is not None else ()


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a table: its columns, and the lines it takes."""

    columns: tuple[Column, ...]
    rows: tuple[Block, ...]

    def of(self, role: Role) -> list[int]:
        """The places of the columns of one role."""
        return [place for place, column in enumerate(self.columns) if column.role is role]

    @property
    def wording(self) -> tuple[tuple[str, ...], ...]:
        """The words of the head, by which a repeated head is recognised."""
        return tuple(tuple(squeeze(cell) for cell in row.cells if cell) for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Word:
    """A head's meaning; of several heads that could be the title the highest `rank` is it."""

    role: Role
    detail: str = ""
    rank: int = 0
    otherwise: tuple[Role, str] = (Role.UNKNOWN, "")


_THING: Final = rf"(?:{THING}|取組事業)"
_WORDS: Final[tuple[tuple[str, _Word], ...]] = (
    (
        # A text tool may melt the column of flags into that of numbers (新規取組No).
        r"(?:新規)?(?:再掲)?(?:取組|事業|施策|整理|通し|管理|一連)?(?:no\.?|番号|ナンバー|#|項番|連番)",
        _Word(Role.NUMBER),
    ),
    (rf"(?:具体的な|具体的|個別|主な|主要)?{_THING}(?:名|名称|件名|項目|事項)", _Word(Role.TITLE, rank=4)),
    (
        r"(?:具体的な|具体的|個別|主な|主要)(?:取組|取り組み|取組み|事業|施策)(?:内容)?",
        _Word(Role.TITLE, rank=3),
    ),
    (r"取組|取り組み|取組み|事業|プロジェクト|事務事業|件名|項目名", _Word(Role.TITLE, rank=3)),
    (
        r"取組内容|取り組み内容|事業内容|施策内容",
        _Word(Role.TITLE, rank=1, otherwise=(Role.TEXT, "approach")),
    ),
    (rf".{{0,6}}{_THING}.{{0,6}}名称?", _Word(Role.TITLE, rank=4)),
    (r"(?:個別|具体的な|主要)?施策", _Word(Role.TITLE, rank=2, otherwise=(Role.LEVEL, ""))),
    (r"項目|名称", _Word(Role.TITLE, rank=1)),
    (rf"{_THING}?の?(?:方針|概要|内容|説明)|概要説明", _Word(Role.TEXT, "approach")),
    (
        rf"{_THING}?の?(?:目的|ねらい|狙い)(?:(?:及び|・|と|や|、|/)(?:概要|内容|効果))?",
        _Word(Role.TEXT, "purpose"),
    ),
    (rf"{_THING}の?目標", _Word(Role.TEXT, "target_state")),
    (rf"(?:年度|{_THING})の?計画", _Word(Role.TEXT, "approach")),
    (r"(?:(?:現状|現況)(?:と|・|及び))?課題", _Word(Role.TEXT, "issue")),
    (r"(?:期待(?:される|できる|する)|見込まれる)?効果", _Word(Role.TEXT, "effect")),
    (r"(?:目指す|めざす|あるべき)姿|到達点", _Word(Role.TEXT, "target_state")),
    (r"(?:.{1,4}・)?(?:取組|実施|事業)の?(?:結果|成果|実績|状況)", _Word(Role.TEXT, "result")),
    (
        r"(?:成果|評価|目標|管理|達成|活動|重要業績評価)?指標(?:名|名称|項目)?|k[pg]i(?:名|項目|指標)?|数値目標",
        _Word(Role.INDICATOR),
    ),
    (r"単位", _Word(Role.UNIT)),
    (OFFICE_LEAD, _Word(Role.OFFICE, "lead")),
    (OFFICE_RELATED, _Word(Role.OFFICE, "related")),
    (r"進捗(?:状況|度|評価)?|達成(?:状況|度)|評価", _Word(Role.PROGRESS)),
    (r"新規.{0,8}|新・.{0,6}|状態|異動区分|継続.{0,4}新規", _Word(Role.FLAGS)),
    (r"sdgs?(?:.{0,6})", _Word(Role.TAGS, "SDGs")),
    (
        r"区分|体系|政策|(?:施策|政策|取組|重点)?の?(?:分野|領域|区分|分類|体系)|(?:基本|重点|個別)?(?:目標|施策|政策|方針|戦略|理念)",
        _Word(Role.LEVEL),
    ),
    (
        r"施策の?(?:方向性?|柱)|(?:.{0,3}の)?柱|(?:大|中|小)(?:項目|分類|施策|区分)|カテゴリー?|テーマ|ビジョン",
        _Word(Role.LEVEL),
    ),
)
_COMPILED: Final = tuple((re.compile(pattern), word) for pattern, word in _WORDS)

_VALUE_KINDS: Final = (
    (re.compile(r"実績|結果"), "actual"),
    (re.compile(r"基準|現状|現況|策定時|当初"), "baseline"),
    (re.compile(r"目標|計画値|目安"), "target"),
    (re.compile(r"見込|速報|確定"), "actual"),
)
_STATUSES: Final = (("見込", "provisional"), ("速報", "preliminary"), ("確定", "final"))
_OF_INDICATOR: Final = re.compile(r"(?:目標|成果|評価|管理項目)\((?:k[pg]i|指標)[^()]*\)")
_VALUE_OF_INDICATOR: Final = re.compile(r"(?:指標|k[pg]i)の?値")
_SCHEDULE: Final = re.compile(
    r"スケジュール|工程|ロードマップ|年次計画|実施計画|(?:実施|年度別)?予定|今後の(?:取組|予定|計画|展開)"
)
_PAST: Final = re.compile(r"これまで|従来|過去|前期|前計画|既往")
_YEAR_ONLY: Final = re.compile(
    # The year in which one era followed the other may bear both names (H31/R1).
    r"(?:(?:平成|h)\.?31(?:年度?)?[/・](?:令和|r)\.?(?:元|1)"
    r"|(?:令和|平成|r|h)\.?(?:元|[0-9]{1,2})|(?:fy)?20[0-9]{2})(?:年度?)?(?:\([^()]*\))?(?:[0-9]{1,2}月)?"
    r"(?:末|当初)?(?:時点|現在)?(?:実績値?|目標値?|基準値?|現状値?|値)?(?:\([^()]*\))?"
)
#: R060301, R7.3.31 without its points: era, year, month and day of two digits each.
_COMPACT_DAY: Final = re.compile(
    r"(?<![0-9A-Za-z])(?P<era>R|H|令和|平成)\s*(?P<nth>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])",
    re.IGNORECASE,
)
#: Sums of money: no field of the format holds them, and a year below them is no stage.
_MONEY: Final = re.compile(
    r"(?:概算|当初|補正|総|年度別|実施|計画)?(?:予算|事業費|決算|経費|費用|財源|執行|人件費)(?:総|実績|見込|予定|計画|執行|現)?(?:額|費)?(?:等|内訳|合計)?"
)
#: The detail of a column of sums: it holds no field, but belongs to the table.
MONEY: Final = "money"
_VALUE_ONLY: Final = re.compile(r"(?:実績|目標|基準|現状|現況)値?")
_HEAD_LENGTH: Final = 40
#: Wider heads are no plan's; matching rows to columns costs their product.
MAX_COLUMNS: Final = 60


def heading_at(rows: Sequence[Block], place: int) -> Heading | None:
    """The head of a wide plan table that begins at a row, or None.

    A head names the title, the indicator and at least one value by year, in one row or in a row and the one
    below it.
    """
    row = rows[place]
    if (
        row.filled < 4
        or len(row.cells) > 2 * MAX_COLUMNS
        or any(len(cell) > _HEAD_LENGTH for cell in row.cells)
    ):
        return None
    below = rows[place + 1] if place + 1 < len(rows) else None
    if below is not None and _is_second_line(below):
        columns = _columns(row, below)
        if _complete(columns):
            return Heading(tuple(columns), (row, below))
    columns = _columns(row, None)
    return Heading(tuple(columns), (row,)) if _complete(columns) else None


def _is_second_line(row: Block) -> bool:
    """Whether a row only refines the head above it: years, spans of years, kinds of values."""
    filled = [cell for cell in row.cells if cell]
    return bool(filled) and all(len(cell) <= _HEAD_LENGTH and _refines(cell) for cell in filled)


def _refines(cell: str) -> bool:
    words = squeeze(cell)
    return bool(
        _YEAR_ONLY.fullmatch(words)
        or re.fullmatch(r"\(?(?:実績|目標|基準|現状|現況)値?\)?", words)
        or _PAST.fullmatch(words.strip("()"))
        or (year_span(plain(cell)) and len(words) <= 16)
    )


def _complete(columns: list[Column]) -> bool:
    roles = [column.role for column in columns]
    known = sum(1 for role in roles if role is not Role.UNKNOWN)
    return (
        len(roles) <= MAX_COLUMNS
        and roles.count(Role.TITLE) == 1
        and Role.INDICATOR in roles
        and any(column.role is Role.VALUE and column.year for column in columns)
        and known * 2 > len(roles)
    )


def _columns(row: Block, below: Block | None) -> list[Column]:
    heads = list(row.cells)
    while heads and not heads[-1]:
        heads.pop()
    spans = _spans(heads)
    if below is None:
        columns = [column_of(heads[begin], "") for begin, end in spans for _ in range(begin, end)]
    else:
        spans = _widened(spans, heads, [cell for cell in below.cells if cell])
        lower = _lower_heads(spans, list(below.cells))
        starts = _starts(spans)
        columns = [
            column_of(heads[begin], lower.get(start + step, ""))
            for (begin, end), start in zip(spans, starts, strict=True)
            for step in range(end - begin)
        ]
    return told_apart(one_title(columns))


def _spans(heads: list[str]) -> list[tuple[int, int]]:
    """The printed heads with the blank cells to their right, which they span; a leading blank stands alone."""
    starts = [place for place, head in enumerate(heads) if head or place == 0]
    return list(zip(starts, [*starts[1:], len(heads)], strict=True))


def _widened(spans: list[tuple[int, int]], heads: list[str], lower: list[str]) -> list[tuple[int, int]]:
    """The spans, one of values widened where the second line has more years than they have columns.

    The last head spans what is left when its blank cells were not written; else it must be the only wide one.
    """
    wide = [span for span in spans if span[1] - span[0] > 1]
    missing = len(lower) - sum(end - begin for begin, end in wide)
    values = [span for span in spans if any(kind.search(heads[span[0]]) for kind, _ in _VALUE_KINDS)]
    if missing <= 0 or not values:
        return spans
    if values[-1] == spans[-1] and spans[-1] not in wide:
        begin, _ = spans[-1]
        return [*spans[:-1], (begin, begin + missing)]
    if len(wide) != 1 or wide[0] not in values:
        return spans
    return [(begin, end + missing) if (begin, end) == wide[0] else (begin, end) for begin, end in spans]


def _starts(spans: list[tuple[int, int]]) -> list[int]:
    """The first column of each span, once spans may have been widened."""
    starts = [0]
    for begin, end in spans:
        starts.append(starts[-1] + end - begin)
    return starts[:-1]


def _lower_heads(spans: list[tuple[int, int]], cells: list[str]) -> dict[int, str]:
    """Which column each cell of the second line belongs to.

    By place, where the spans above agree; else in order over the spans that take as many columns as there
    are cells, because a text tool may shift the whole second line.
    """
    placed = [(place, cell) for place, cell in enumerate(cells) if cell]
    wide = [
        (start, start + end - begin)
        for (begin, end), start in zip(spans, _starts(spans), strict=True)
        if end - begin > 1
    ]
    inside = [place for begin, end in wide for place in range(begin, end)]
    if [place for place, _ in placed] == inside:
        return dict(placed)
    if len(placed) == len(inside):
        return dict(zip(inside, (cell for _, cell in placed), strict=True))
    for begin, end in sorted(wide, key=lambda span: abs(span[0] - placed[0][0])):
        if end - begin == len(placed):
            return dict(zip(range(begin, end), (cell for _, cell in placed), strict=True))
    return dict(placed)


@lru_cache(maxsize=4096)
def column_of(head: str, lower: str) -> Column:
    """One column by its head and the cell below it."""
    printed = " ".join(part for part in (head, lower) if part)
    words = squeeze(head)
    core = re.sub(r"\([^()]*\)", "", words) or words.strip("()")
    span = year_span(plain(printed))
    if _MONEY.fullmatch(core):
        return Column(Role.UNKNOWN, printed, MONEY)
    if _SCHEDULE.search(core) and not re.search(r"実績|目標値", core):
        past = bool(_PAST.search(squeeze(printed)))
        return Column(Role.SCHEDULE, printed, "schedule_past" if past else "", span=span)
    year, as_of = _year_of(plain(lower) or plain(head))
    whole = squeeze(printed)
    kind = next((kind for pattern, kind in _VALUE_KINDS if pattern.search(whole)), "")
    only_year = _YEAR_ONLY.fullmatch(words) or (lower and not head)
    if year is not None and span is None and (kind or only_year):
        status = next((status for word, status in _STATUSES if word in whole), None)
        return Column(Role.VALUE, printed, kind, year, as_of, status=status)
    if _OF_INDICATOR.fullmatch(words):
        return Column(Role.INDICATOR, head)
    if _VALUE_OF_INDICATOR.fullmatch(core):
        return Column(Role.VALUE, printed, kind, year, as_of)
    for pattern, word in _COMPILED:
        if pattern.fullmatch(core):
            return Column(word.role, head, word.detail, span=span)
    if kind and _VALUE_ONLY.fullmatch(core):
        return Column(Role.VALUE, printed, kind)
    return Column(Role.UNKNOWN, printed, span=span)


def head_of(words: Sequence[str], above: str) -> Column:
    """One column of a head of several lines: the lowest word tells what it holds, with what stands (merged) `above` it.

    Below 予算額 years are sums, below KPI 現状 and 目標 are its values.
    """
    own, lower = column_of(words[-1], ""), squeeze(words[-1])
    if not above or above == words[-1]:
        return own
    group = column_of(above, "")
    if group.detail == MONEY:
        return replace(group, head=f"{above} {words[-1]}")
    kind = next((kind for pattern, kind in _VALUE_KINDS if pattern.search(lower)), "")
    if group.role is Role.INDICATOR and kind and _VALUE_ONLY.fullmatch(lower):
        return Column(Role.VALUE, words[-1], kind)
    return own


def spread(line: Block, below: Block | None) -> tuple[str, ...]:
    """The words of a head's line over every column that they span: by merged cells, else over the blanks beside them.

    Blanks belong to the word on their left where the line below prints something under it and under each of them.
    """
    words = list(line.cells)
    merged = dict(line.spans)
    for place, span in merged.items():
        if place < len(words):
            words[place + 1 : place + span.columns] = [words[place]] * (
                min(len(words), place + span.columns) - place - 1
            )
    if merged or below is None:
        return tuple(words)

    def filled(place: int) -> bool:
        return place < len(below.cells) and bool(below.cells[place])

    width = max(len(words), len(below.cells))
    words += [""] * (width - len(words))
    for place in range(1, width):
        if not words[place] and words[place - 1] and filled(place) and filled(place - 1):
            words[place] = words[place - 1]
    return tuple(words)


def _year_of(text: str) -> tuple[int | None, str | None]:
    """The fiscal year that a value's head names, and its day: 令和3年度末 is 31 March of the year after."""
    dated = dated_year(text) or _compact_day(text)
    if dated:
        return dated
    mention = next(mentioned_years(text), None)
    if mention is None:
        return None, None
    end_of_year = text[mention.begin :].find("年度末") >= 0 or text[mention.end :].lstrip().startswith("末")
    day = calendar_day(mention.year + 1, 3, 31)
    return mention.year, day[1] if end_of_year and day else None


def _compact_day(text: str) -> tuple[int, str] | None:
    """Fiscal year and day of a date that is printed without points (R060301)."""
    found = _COMPACT_DAY.search(text)
    year = fiscal_year(found["era"].upper(), str(int(found["nth"])), None) if found else None
    return calendar_day(year, int(found["month"]), int(found["day"])) if found and year else None


def one_title(columns: list[Column]) -> list[Column]:
    """Leaves one title: the head with the strongest word; the others take their second meaning."""
    words = {
        place: word
        for place, column in enumerate(columns)
        if column.role is Role.TITLE and (word := _word_of(column))
    }
    if not words:
        return columns
    best = max(words, key=lambda place: (words[place].rank, -place))
    changed = list(columns)
    for place, word in words.items():
        if place != best:
            role, detail = word.otherwise
            changed[place] = replace(columns[place], role=role, detail=detail)
    return changed


def _word_of(column: Column) -> _Word | None:
    words = squeeze(column.head)
    core = re.sub(r"\([^()]*\)", "", words) or words
    return next((word for pattern, word in _COMPILED if pattern.fullmatch(core)), None)


def told_apart(columns: list[Column]) -> list[Column]:
    """Tells past and coming schedules apart, and what a head leaves to its neighbours."""
    schedules = [place for place, column in enumerate(columns) if column.role is Role.SCHEDULE]
    changed = list(columns)
    spans = {place: columns[place].span for place in schedules}
    latest = max((span[0] for span in spans.values() if span), default=None)
    for place in schedules:
        if columns[place].detail:
            continue
        span = spans[place]
        past = latest is not None and span is not None and span[1] < latest
        changed[place] = replace(columns[place], detail="schedule_past" if past else "schedule")
    seen: set[tuple[Role, str]] = set()
    for place, column in enumerate(changed):
        if column.role not in {
            Role.NUMBER,
            Role.INDICATOR,
            Role.UNIT,
            Role.PROGRESS,
            Role.SCHEDULE,
            Role.TEXT,
        }:
            continue
        key = (column.role, column.detail)
        if key in seen:
            changed[place] = replace(column, role=Role.UNKNOWN, detail="")
        seen.add(key)
    return changed
