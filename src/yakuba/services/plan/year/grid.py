"""A round's answers as a workbook that goes out, a sheet for each office, and comes back.

One row is one initiative, its indicators stand side by side in blocks of columns; what the plan says of them and last year's text are
there to be read. A cell that the initiative has no indicator for stays empty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Problem
from yakuba.kernel.fields import INTERNAL, Spec
from yakuba.kernel.sheets.changes import Preview, RowChange
from yakuba.kernel.sheets.rows import CellProblem
from yakuba.kernel.sheets.table import Column, Row, Table
from yakuba.services.plan import labels
from yakuba.services.plan.measured.beside import Beside
from yakuba.services.plan.models import NEXT_ACTIONS, SELF_RATINGS
from yakuba.services.plan.year import figures, queries
from yakuba.services.plan.year.actions import ReviewRow
from yakuba.services.plan.year.words import before_words, name_of, target_words

_FIGURE: Final = ("raw", "status", "as_of", "evidence", "next_target")
_OWN: Final = ("result", "progress", "progress_reason", "self_rating", "next_action", "next_reason")
_CODES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "self_rating": SELF_RATINGS,
    "next_action": tuple(one for one in NEXT_ACTIONS if one[0] != "merge"),
}


def _word(label: str) -> Spec:
    return fields.text(label=label, classification=INTERNAL, max_length=600, required=False).spec


def _prose(label: str) -> Spec:
    return fields.prose(label=label, classification=INTERNAL, max_length=4000).spec


def columns(wholes: Sequence[queries.Whole], phase: str) -> list[Column]:
    """The columns of a round's sheets; as many blocks of figures as its initiative with the most indicators has."""
    found = [
        Column("number", _word(_("番号")), fixed=True),
        Column("title", _word(_("取組名")), fixed=True),
        Column("state", _word(_("状態")), fixed=True),
    ]
    if phase != "final":
        found += [
            Column("last", _prose(_("昨年度の結果")), fixed=True),
            Column("result", _prose(_("取組の結果"))),
        ]
    measured = any(one.measured for one in wholes)
    most = max((len(one.form["indicators"]) for one in wholes if one.form is not None), default=0)
    for place in range(most):
        mark = chr(0x2460 + place) if place < 20 else f"({place + 1})"
        found += [
            Column(f"a{place}.name", _prose(_("%(mark)s指標") % {"mark": mark}), fixed=True),
            Column(f"a{place}.target", _word(_("%(mark)s目標") % {"mark": mark}), fixed=True),
            Column(f"a{place}.before", _word(_("%(mark)s前の値") % {"mark": mark}), fixed=True),
            *([Column(f"a{place}.measured", _word(_("%(mark)s計測値") % {"mark": mark}), fixed=True)] if measured else []),
            Column(f"a{place}.raw", _prose(_("%(mark)s実績値") % {"mark": mark})),
            Column(f"a{place}.status", _word(_("%(mark)s確度") % {"mark": mark})),
            Column(f"a{place}.as_of", fields.date(label=_("%(mark)s時点") % {"mark": mark}, classification=INTERNAL, required=False).spec),
            Column(f"a{place}.evidence", _prose(_("%(mark)s根拠") % {"mark": mark})),
            *([Column(f"a{place}.next_target", _prose(_("%(mark)s翌年度の目標") % {"mark": mark}))] if phase != "final" else []),
        ]  # fmt: skip
    if phase != "final":
        found += [
            Column("progress", _word(_("進捗状況"))),
            Column("progress_reason", _prose(_("遅れ・変更の理由"))),
            Column("self_rating", _word(_("自己評価"))),
            Column("next_action", _word(_("来年度の方針"))),
            Column("next_reason", _prose(_("方針の理由"))),
        ]
    found.append(Column("asked", _prose(_("確かめること")), fixed=True))
    return found


def values(whole: queries.Whole, state: str) -> dict[str, object]:
    """The cells of one review."""
    review = whole.review
    found: dict[str, object] = {
        "number": review.item.number,
        "title": review.item.label,
        "state": state,
        "last": whole.before.result or None,
        "asked": "\n".join([*whole.missing, *(one.text for one in whole.unanswered)]) or None,
        **{key: getattr(review, key) or None for key in _OWN},
    }
    for key, codes in _CODES.items():
        code = getattr(review, key)
        found[key] = next((_(label) for one, label in (*codes, *NEXT_ACTIONS) if one == code), None)
    if whole.form is None:
        return found
    said = {queries.place_of(whole.form, one): one for one in whole.actuals}
    for place, indicator in enumerate(whole.form["indicators"]):
        one = said.get(place)
        found |= {
            f"a{place}.name": name_of(indicator),
            f"a{place}.target": target_words(indicator, review.year.year) or None,
            f"a{place}.before": before_words(indicator, review.year.year) or None,
            f"a{place}.measured": _measured(whole.measured.get(place)),
            f"a{place}.raw": one.raw or None if one else None,
            f"a{place}.status": labels.of(labels.STATUSES, one.status) or None if one else None,
            f"a{place}.as_of": one.as_of if one else None,
            f"a{place}.evidence": one.evidence or None if one else None,
            f"a{place}.next_target": one.next_target or None if one else None,
        }
    return found


def _measured(one: Beside | None) -> str | None:
    return f"{one.printed}（{one.note}）" if one is not None and one.printed else None


def tables(
    wholes: Sequence[queries.Whole],
    *,
    phase: str,
    municipality: str,
    as_of: dt.datetime,
    offices: Mapping[UUID, str],
    states: Mapping[UUID, str],
    words: Iterable[str],
) -> list[Table]:
    """A sheet for each office, in the order of the offices' first initiatives; all with the same columns."""
    of = columns(wholes, phase)
    by_office: dict[str, list[Row]] = {}
    for one in wholes:
        row = Row(values(one, states[one.review.pk]), one.review.pk, one.review.version)
        by_office.setdefault(offices.get(one.review.item.part_id, ""), []).append(row)
    how = _("進捗状況は、次の言葉から：%(words)s。来年度の方針は、継続・変更・運用へ移行・延期・完了・廃止（統合は画面から）。") % {
        "words": "、".join(words)
    }  # fmt: skip
    return [
        Table(
            name=name or _("取組"),
            municipality=municipality,
            columns=of,
            rows=rows,
            as_of=as_of,
            editable=True,
            notes=(
                (_("編集"), _("書いた表は、「回答の確認」の「表で書く」から戻せます。")),
                (_("書き方"), how),
            ),
        )
        for name, rows in by_office.items()
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One cell that changes."""

    sheet: str
    address: str
    item: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the sheets of a file would change."""

    rows: Sequence[ReviewRow]
    lines: Sequence[Line]
    problems: Sequence[CellProblem]
    unchanged: int
    ignored: Sequence[str]


def wanted(previews: Sequence[tuple[str, Preview]], there: Mapping[UUID, queries.Whole]) -> Wanted:
    """What the previews of the sheets, each with its name, would change."""
    rows: list[ReviewRow] = []
    lines: list[Line] = []
    problems: list[CellProblem] = []
    for name, preview in previews:
        problems += preview.problems
        for change in preview.changes:
            whole = there[change.id]
            row, wrong = _row(change, whole)
            problems += wrong
            if not wrong:
                rows.append(row)
            lines += [
                Line(
                    name,
                    cell.address,
                    str(whole.review),
                    str(cell.column.label),
                    cell.before_text,
                    cell.after_text,
                )
                for cell in change.cells
            ]
    ignored = dict.fromkeys(name for _name, one in previews for name in one.ignored)
    return Wanted(rows, lines, problems, sum(one.unchanged for _name, one in previews), list(ignored))


def _row(change: RowChange, whole: queries.Whole) -> tuple[ReviewRow, list[CellProblem]]:
    """One row as the action takes it, and the cells that it cannot take."""
    value: dict[str, Any] = {}  # Any: JSON
    problems: list[CellProblem] = []
    touched: set[int] = set()
    for cell in change.cells:
        key = cell.column.key
        if "." in key:
            place = int(key.partition(".")[0].removeprefix("a"))
            if whole.form is None or place >= len(whole.form["indicators"]):
                message = _("この取組に、この列の指標はありません。空にしてください。")
                problems.append(CellProblem(cell.address, Problem("place", message, field=key)))
            touched.add(place)
            continue
        found = _coded(key, cell.after)
        if found is None:
            message = _("「%(found)s」は使えません。") % {"found": cell.after_text}
            expected = "、".join(_(label) for _code, label in _CODES[key])
            message += _("次のどれかにしてください：%(expected)s") % {"expected": expected}
            problems.append(CellProblem(cell.address, Problem("word", message, field=key)))
            continue
        value[key] = found
    if touched and not problems:
        value["actuals"] = _actuals(change, whole, touched, problems)
    return {"review": str(change.id), "version": change.version, "value": value}, problems


def _coded(key: str, after: object) -> str | None:
    """The code of a typed word; None for a word that is none."""
    text = str(after or "").strip()
    if key not in _CODES or not text:
        return text
    return next((code for code, label in _CODES[key] if text in (label, _(label))), None)


def _actuals(
    change: RowChange, whole: queries.Whole, touched: Iterable[int], problems: list[CellProblem]
) -> list[dict[str, Any]]:  # Any: JSON
    cells = {cell.column.key: cell for cell in change.cells}
    statuses = {str(label): code for code, label in labels.STATUSES.items()}
    said = {queries.place_of(whole.form, one): one for one in whole.actuals} if whole.form else {}
    found = []
    for place in sorted(touched):
        one: dict[str, Any] = {"place": place}  # Any: JSON
        known = said.get(place)
        for key in _FIGURE:
            cell = cells.get(f"a{place}.{key}")
            value = cell.after if cell is not None else (getattr(known, key) if known else None)
            text = value.isoformat() if isinstance(value, dt.date) else str(value or "").strip()
            if key == "status" and cell is not None and text:
                if text not in statuses:
                    message = _("確度は、%(words)sのどれかにしてください。") % {"words": "・".join(statuses)}
                    problems.append(CellProblem(cell.address, Problem("status", message, field=key)))
                text = statuses.get(text, "")
            one[key] = text
        if known is not None and f"a{place}.raw" not in cells:
            one |= {key: figures.plain(getattr(known, key)) or "" for key in ("numerator", "denominator")}
        found.append(one)
    return found
