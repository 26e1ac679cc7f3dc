"""What a person should know of a reading as a whole: numbers that stand twice, claims that the rows do not bear out, what is left over."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from yakuba.kernel.dates import FiscalYear

from . import model
from .blocks import Block, Paper
from .cells import FLAG_WORDS
from .facts import Facts
from .mentions import LIKELY, Found, Mention
from .model import Initiative, Reading, Unplaced
from .wording import mentioned_years, plain, squeeze

#: So much of a document without a place is said first of all.
_UNPLACED_SHARE: Final = 0.4
_PAGE_NUMBER: Final = re.compile(
    r"[-‐―ー−—]*(?:p\.?|page)?[0-9]{1,4}(?:/[0-9]{1,4})?(?:ページ|頁)?[-‐―ー−—]*"
)
#: Brackets around a page's number close.
_IN_BRACKETS: Final = re.compile(r"[-‐―ー−—]*\((?P<inner>[^()]*)\)[-‐―ー−—]*")
_ENCLOSED: Final = re.compile("[①-⑳㉑-㉟⑴-⒇⒈-⒛]")
_LEADING: Final = re.compile(r"([0-9]{1,5})(?:[-－][0-9]{1,3})?$")
_KINDS: Final = {"advance": "推進取組", "operate": "運用取組"}
_CODES: Final = {"推進": "advance", "運用": "operate"}
_CLAIM: Final = re.compile(
    r"(?P<word>[^()]+?)(?:のうち(?P<part>[^()]+?))?(?:\((?P<year>(?:令和|平成)(?:元|[0-9]{1,2})年度)\))?"
)
_KIND_WORD: Final = re.compile(r"(?P<kind>推進|運用|advance|operate)(?:取組|取り組み|取組み|事業|施策)?")
_ALL: Final = re.compile(r"計|合計|総計|取組|取り組み|取組み|事業|施策|(?:個別|具体的な?)(?:取組|施策|事業)")


def unplaced_in(
    paper: Paper, found: Sequence[Found], claimed: set[int], facts: Facts, more: Sequence[Unplaced]
) -> list[Unplaced]:
    """Everything that found no place, in the order of the document; `more` are pieces that the resolver could not place."""
    used = {(paper.blocks[at].part, paper.blocks[at].line) for at in facts.used}
    left = [*more, *(one for each in found for one in each.unplaced if (one.part, one.line) not in used)]
    for at, block in enumerate(paper.blocks):
        if at in claimed or _furniture(block, facts.plan.title):
            continue
        cells = [cell for cell in block.cells if cell]
        if at in facts.used:
            cells = [cell for cell in cells if len(cells) > 1 and not _told(cell, facts.plan)]
        left += [Unplaced(block.line, cell, block.part) for cell in cells]
    order = {(block.part, block.line): at for at, block in reversed(list(enumerate(paper.blocks)))}
    return sorted(left, key=lambda one: order.get((one.part, one.line or 0), -1))


def _told(cell: str, plan: model.Plan) -> bool:
    """Whether a cell of a row that tells the plan's title or years is what tells it; its neighbours are kept."""
    words = plain(cell)
    return (
        squeeze(plan.title) in squeeze(cell)
        or any(True for _ in mentioned_years(words))
        or (len(words) <= 12 and "期間" in words)
    )


def _furniture(block: Block, title: str) -> bool:
    """Page numbers, and the title repeated at the head of a page."""
    if block.filled != 1:
        return False
    cell = next(cell for cell in block.cells if cell)
    text = squeeze(cell)
    enclosed = _IN_BRACKETS.fullmatch(text)
    # ① folds to 1, but numbers a part, not a page.
    page = _PAGE_NUMBER.fullmatch(enclosed["inner"] if enclosed else text) and not _ENCLOSED.search(cell)
    return bool(page) or text == squeeze(title)


def mostly_unplaced(paper: Paper, unplaced: Sequence[Unplaced]) -> list[model.Warning]:
    """A warning where much of a document found no place."""
    total = sum(len(cell) for block in paper.blocks for cell in block.cells)
    # The head that a piece is told with is printed once for all rows.
    left = sum(len(one.text.rpartition(": ")[2]) for one in unplaced)
    if left <= total * _UNPLACED_SHARE:
        return []
    text = f"文書の{left * 100 // total}%は、置き場所が分かりませんでした。読み取れた取組が足りているか確かめてください。"
    return [model.Warning(None, "mostly-unplaced", text)]


def numbers(initiatives: Sequence[Initiative]) -> list[model.Warning]:
    """Numbers that stand twice, and holes in a run of plain numbers, are said, not mended; each kind counts for itself."""
    warnings: list[model.Warning] = []
    for kind in dict.fromkeys(one.kind for one in initiatives):
        warnings += _numbers_of([one for one in initiatives if one.kind == kind])
    return warnings


def _numbers_of(initiatives: Sequence[Initiative]) -> list[model.Warning]:
    warnings = []
    counts = Counter(one.number for one in initiatives if one.number)
    for number, count in counts.items():
        if count > 1:
            source = next(one.source for one in initiatives if one.number == number)
            text = f"番号「{number}」の行が{count}行あります。"
            warnings.append(
                model.Warning(
                    source.line if source else None, "duplicate-number", text, source.part if source else ""
                )
            )
    plain = sorted(
        # 2-1 and 2-2 stand for 2.
        {int(found[1]) for number in counts if (found := _LEADING.match(number))}
    )
    gaps = [number for before, after in pairwise(plain) for number in range(before + 1, after)]
    if 0 < len(gaps) <= len(plain):
        listed = "、".join(str(number) for number in gaps[:20])
        text = f"番号が続いていません。見当たらない番号: {listed}"
        warnings.append(model.Warning(None, "number-gap", text))
    if counts:
        for one in initiatives:
            if not one.number:
                text = f"「{one.title[:40]}」に番号がありません。"
                line, part = (one.source.line, one.source.part) if one.source else (None, "")
                warnings.append(model.Warning(line, "number-missing", text, part))
    return warnings


def unfound(left: Sequence[Mention]) -> list[Unplaced]:
    """Places that add to an initiative that is not there: what they print, so that nothing is lost."""
    found = []
    for one in left:
        own = one.initiative
        texts = [text if isinstance(text, str) else "\n".join(text) for text in own.texts.values()]
        said = [
            " ".join(part for part in (own.number, own.title) if part),
            *texts,
            *own.stages.values(),
            *(item.text for item in own.items),
            *(indicator.name for indicator in own.indicators),
            *(value.raw for indicator in own.indicators for value in indicator.values),
            *(text for values in own.tags.values() for text in values),
            # What stands for a blank cell was not printed there.
            *(office.name for office in own.offices if one.weight("offices") >= LIKELY),
            own.progress or "",
        ]
        line, part = (own.source.line, own.source.part) if own.source else (None, "")
        found += [Unplaced(line, text, part) for text in said if text]
    return found


def told_of(stated: model.Stated, readings: Sequence[Reading]) -> list[model.Stated]:
    """Per reading the claims that are about it: a year's results are counted in next year's plan.

    A claim's key is a kind (advance, operate), a word for initiatives or for a level, with 「のうち新規」 for some of them and
    「(令和5年度)」 for another year than the plan's own. Progress words belong to the newest year whose rows bear such words.
    """
    counts: list[dict[str, int]] = [{} for _ in readings]
    for key, claimed in stated.counts.items():
        claim = _CLAIM.fullmatch(key)
        year = FiscalYear.parse(claim["year"]).year if claim and claim["year"] else None
        other = None if year is None else _of_year(readings, year)
        if claim is None or other is None:
            counts[0][key] = claimed
            continue
        kind = _KIND_WORD.fullmatch(claim["word"])
        word = _CODES.get(kind["kind"], kind["kind"]) if kind and not claim["part"] else claim["word"]
        part = f"のうち{claim['part']}" if claim["part"] else ""
        counts[readings.index(other)][f"{word}{part}"] = claimed
    judged = next((at for at, one in enumerate(readings) if any(row.progress for row in one.initiatives)), 0)
    return [model.Stated(stated.progress if at == judged else {}, own) for at, own in enumerate(counts)]


def differing(reading: Reading) -> list[model.Warning]:
    """What the document claims of a reading and its rows do not bear out: both numbers, nothing mended.

    Rows of one group (2-1 and 2-2) count once.
    """
    found = []
    year = FiscalYear(reading.initiatives[0].year).wareki
    for key, claimed in reading.stated.counts.items():
        claim = _CLAIM.fullmatch(key)
        counted = _counted(reading, claim["word"], claim["part"]) if claim and not claim["year"] else None
        if claim and counted is not None:
            word = _KINDS.get(claim["word"], claim["word"])
            part = f"のうち{claim['part']}" if claim["part"] else ""
            found += _differs(f"{year}の「{word}{part}」", claimed, counted)
    words: dict[str, list[Initiative]] = defaultdict(list)
    for row in reading.initiatives:
        if row.progress:
            words[squeeze(row.progress)].append(row)
    for word, claimed in reading.stated.progress.items() if words else ():
        found += _differs(f"{year}の進捗「{word}」", claimed, _once(words.get(squeeze(word), ())))
    return found


def _of_year(readings: Sequence[Reading], year: int) -> Reading | None:
    """The same plan's reading of another year."""
    return next(
        (
            one
            for one in readings
            if one.plan.title == readings[0].plan.title and one.initiatives[0].year == year
        ),
        None,
    )


def _counted(reading: Reading, word: str, part: str | None) -> int | None:
    """How many rows or goals of a reading a claim's words name; None where they name neither."""
    if word in reading.levels and not part:
        depth = reading.levels.index(word) + 1
        return sum(1 for node in reading.nodes if len(node.path) == depth)
    kind = _KIND_WORD.fullmatch(word)
    if kind:
        code = _CODES.get(kind["kind"], kind["kind"])
        rows = [row for row in reading.initiatives if row.kind == code]
        if not rows:
            return None
    elif _ALL.fullmatch(word):
        rows = list(reading.initiatives)
    else:
        return None
    if part is None:
        return _once(rows)
    flag = FLAG_WORDS.get(squeeze(part))
    # Where no row bears the mark the list does not print it.
    if flag is None or not any(flag in row.flags for row in reading.initiatives):
        return None
    return _once([row for row in rows if flag in row.flags])


def _once(rows: Sequence[Initiative]) -> int:
    return len({(row.kind, row.group or row.number or row.title) for row in rows})


def _differs(name: str, claimed: int, counted: int) -> list[model.Warning]:
    if claimed == counted:
        return []
    text = f"{name}は、文書には{claimed}件とありますが、読み取れた行は{counted}件です。"
    return [model.Warning(None, "stated-differs", text)]
