"""Hand-over as files: the filings of a procedure and a time, one row each, rows of groups in tables of their own.

Answers are laid out by the definition that each filing was made under; where versions differ, the columns are those of all of them, the
newest first. Filings on which 支援措置 stands are left out, and counted.
"""

from __future__ import annotations

import codecs
import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.engines.casework.models import CHANNELS, OUTCOMES, Case, Disposition
from yakuba.engines.casework.queries.reach import offices
from yakuba.engines.casework.states import state_label
from yakuba.engines.visitors.rules import level_label
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import JAPAN, format_date, japan_date
from yakuba.kernel.fields import INTERNAL, PERSONAL, JsonValue, Spec
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.sheets import csv_out
from yakuba.kernel.sheets.table import Column, Row, Table
from yakuba.kernel.text.codes import grouped
from yakuba.services.procedures.bundling.queries import held_of
from yakuba.services.procedures.definition.kinds import kind_of
from yakuba.services.procedures.definition.model import Definition, Question, said
from yakuba.services.procedures.filings import queries as filings_of
from yakuba.services.procedures.models import Filing, Procedure
from yakuba.services.procedures.published.queries import definition_of

FORMAT: Final = "yakuba-filings/1"
#: Rows of one file; a longer time is asked for in parts.
MOST: Final = 20_000
_FILES: Final = frozenset({"file", "photo"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which procedure, and from which day of arrival to which (both included)."""

    procedure: Procedure
    first: dt.date
    last: dt.date


@dataclass
class Group:
    """The rows of a repeating group, of all filings: its columns and its rows with the number of their filing."""

    label: str
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    rows: list[dict[str, Cell]] = field(default_factory=list)


@dataclass
class Gathered:
    """Everything of one hand-over. ``columns``: key → (label, kind of question)."""

    filings: list[Filing]
    held: int
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    rows: list[dict[str, Cell]] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)


def filings(ctx: Context, asked: Asked) -> tuple[list[Filing], int]:
    """The filings that the actor may hand over, by arrival, and how many are left out because of 支援措置.

    Raises :class:`Problem` for more than :data:`MOST`. The reader logs what it hands over.
    """
    begin = dt.datetime.combine(asked.first, dt.time(), JAPAN)
    end = dt.datetime.combine(asked.last, dt.time.max, JAPAN)
    found = list(
        Filing.objects.for_actor(ctx)
        .filter(
            procedure=asked.procedure,
            arrived_at__gte=begin,
            arrived_at__lte=end,
            case__office__in=offices(ctx),
            case__test=False,
        )
        .select_related("case", "publication")
        .defer("publication__head", "case__sought")
        .order_by("arrived_at", "pk")[: MOST + 1]
    )
    if len(found) > MOST:
        raise Problem(
            "too_many",
            _("一度に書き出せるのは%(most)d件までです。期間を短くしてください。") % {"most": MOST},
            field="last",
        )
    stopped = held_of(ctx, found)
    return [one for one in found if one.pk not in stopped], len(stopped)


def gather(ctx: Context, asked: Asked) -> Gathered:
    """Filings laid out as rows. A fixed number of queries."""
    found, stopped = filings(ctx, asked)
    made = Gathered(found, stopped)
    with translation.override("ja"):
        outcomes = _outcomes(ctx, found)
        for one in sorted(found, key=lambda filing: filing.publication.number, reverse=True):
            _head(made, definition_of(one.publication_id))
        for one in found:
            if one.case is not None:
                _fill(made, one, one.case, outcomes.get(one.case.pk, ""))
    return made


def _outcomes(ctx: Context, found: Sequence[Filing]) -> Mapping[UUID, str]:
    """What was decided of each, where something was."""
    rows = Disposition.objects.for_actor(ctx).filter(
        case__in=[one.case_id for one in found], decided_at__isnull=False
    )
    words = dict(OUTCOMES)
    return {case: words[outcome] for case, outcome in rows.values_list("case", "outcome")}


def _head(made: Gathered, definition: Definition) -> None:
    for section in definition.sections():
        for question in section.questions:
            if question.kind == "group":
                group = made.groups.setdefault(question.key, Group(said(question.label)))
                for inner in question.questions:
                    _columns(group.columns, inner)
            else:
                _columns(made.columns, question)


def _columns(columns: dict[str, tuple[str, str]], question: Question) -> None:
    for column in kind_of(question).columns(question):
        key = f"{question.key}{column.suffix}"
        kind = question.kind if not column.suffix else "text"
        known = columns.get(key)
        if known is None:
            columns[key] = (f"{said(question.label)}{column.label}", kind)
        elif known[1] != kind:
            columns[key] = (known[0], "text")  # it was asked in another way before: words hold both


def _fill(made: Gathered, filing: Filing, case: Case, outcome: str) -> None:
    made.rows.append({**_facts(filing, case, outcome), **_answers(filing)})
    for question in definition_of(filing.publication_id).by_key.values():
        if question.kind != "group":
            continue
        for number, row in enumerate(_rows(filing, question), start=1):
            made.groups[question.key].rows.append(
                {"number": case.number, "row": number, **_row(question, row)}
            )


def _facts(filing: Filing, case: Case, outcome: str) -> dict[str, Cell]:
    return {
        "number": case.number,
        "receipt": grouped(filing.receipt),
        "arrived_at": filing.arrived_at,
        "channel": dict(CHANNELS)[case.channel],
        "state": state_label(case.kind, case.state),
        "outcome": outcome,
        "decided_at": case.decided_at,
        "procedure_version": filing.publication.number,
        "level": level_label(filing.level) if filing.level else "",
        "fee": filing.fee,
    }


def _answers(filing: Filing) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    definition = definition_of(filing.publication_id)
    for section in definition.sections():
        for question in section.questions:
            if question.kind != "group":
                found |= _cells(question, filing.answers.get(question.key))
    return found


def _cells(question: Question, value: JsonValue) -> dict[str, Cell]:
    kind = kind_of(question)
    columns = kind.columns(question)
    return {
        f"{question.key}{column.suffix}": cell
        for column, cell in zip(columns, kind.cells(question, value), strict=True)
    }


def _rows(filing: Filing, question: Question) -> list[Mapping[str, JsonValue]]:
    value = filing.answers.get(question.key)
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _row(question: Question, row: Mapping[str, JsonValue]) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for inner in question.questions:
        found |= _cells(inner, row.get(inner.key))
    return found


# --- sheets ---------------------------------------------------------------------------------------------------------


def tables(ctx: Context, asked: Asked, made: Gathered) -> list[tuple[str, Table]]:
    """(key, table): the filings under an empty key, then each group that there are answers to."""
    notes = [
        (_("手続"), asked.procedure.title),
        (_("到達した日"), f"{format_date(asked.first)}～{format_date(asked.last)}"),
        (_("編集"), _("読み取り専用")),
    ]
    if made.held:
        words = _("支援措置の確認が済んでいない%(n)d件は載せていません。") % {"n": made.held}
        notes.append((_("支援措置"), words))
    main = Table(
        name=_("提出"),
        municipality=ctx.municipality.name,
        columns=(*_fact_columns(), *(_column(key, *of) for key, of in made.columns.items())),
        rows=[Row(_typed(row, made.columns)) for row in made.rows],
        as_of=ctx.now,
        notes=tuple(notes),
    )
    found = [("", main)]
    number = fields.text(label=_("収受番号"), classification=INTERNAL).spec
    row = fields.integer(label=_("行"), classification=INTERNAL).spec
    for key, group in made.groups.items():
        if group.rows:
            table = Table(
                name=group.label,
                municipality=ctx.municipality.name,
                columns=(
                    Column("number", number),
                    Column("row", row),
                    *(_column(name, *of) for name, of in group.columns.items()),
                ),
                rows=[Row(_typed(one, group.columns)) for one in group.rows],
                as_of=ctx.now,
                notes=tuple(notes),
            )
            found.append((key, table))
    return found


def _fact_columns() -> tuple[Column, ...]:
    def text(label: str) -> Spec:
        return fields.text(label=label, classification=INTERNAL, required=False).spec

    return (
        Column("number", text(_("収受番号"))),
        Column("receipt", text(_("受付番号"))),
        Column("arrived_at", fields.moment(label=_("到達"), classification=INTERNAL).spec),
        Column("channel", text(_("受付の方法"))),
        Column("state", text(_("状態"))),
        Column("outcome", text(_("結果"))),
        Column(
            "decided_at", fields.moment(label=_("決定日時"), classification=INTERNAL, required=False).spec
        ),
        Column("procedure_version", fields.integer(label=_("手続の版"), classification=INTERNAL).spec),
        Column("level", text(_("本人確認"))),
        Column(
            "fee", fields.integer(label=_("手数料"), classification=INTERNAL, required=False, unit="円").spec
        ),
    )


def _column(key: str, label: str, kind: str) -> Column:
    if kind == "date":
        return Column(key, fields.date(label=label, classification=PERSONAL, required=False).spec)
    if kind == "number":
        return Column(key, fields.decimal(label=label, classification=PERSONAL, required=False).spec)
    if kind == "yen" or kind in _FILES:
        return Column(key, fields.integer(label=label, classification=PERSONAL, required=False).spec)
    return Column(key, fields.text(label=label, classification=PERSONAL, required=False).spec)


def _typed(row: Mapping[str, Cell], columns: Mapping[str, tuple[str, str]]) -> dict[str, object]:
    """Cells of columns that hold words as words, whatever they were in their own version."""
    plain = {"date", "number", "yen", *_FILES}
    return {
        key: value if key not in columns or columns[key][1] in plain or value is None else str(value)
        for key, value in row.items()
    }


# --- other forms ----------------------------------------------------------------------------------------------------

#: Characters that systems of CP932 know under another number.
_CP932: Final = str.maketrans("〜−‖—¢£¬", "～－∥―￠￡￢")
_GETA: Final = "yakuba-geta"


def _geta(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "〓" * (error.end - error.start), error.end


codecs.register_error(_GETA, _geta)


def cp932_lines(table: Table) -> Iterator[bytes]:
    """A CSV file for programs that know CP932 alone; what it lacks (𠮷) stands as 〓."""
    for line in csv_out.lines(table):
        if line != codecs.BOM_UTF8:
            yield line.decode().translate(_CP932).encode("cp932", _GETA)


def as_json(ctx: Context, asked: Asked, made: Gathered) -> bytes:
    """The same as JSON: labels of the columns once, then each filing with its answers and the rows of its groups."""
    with translation.override("ja"):
        outcomes = _outcomes(ctx, made.filings)
        labels: dict[str, JsonValue] = {key: label for key, (label, _kind) in made.columns.items()}
        groups: dict[str, JsonValue] = {
            key: {
                "label": group.label,
                "columns": {name: label for name, (label, _k) in group.columns.items()},
            }
            for key, group in made.groups.items()
        }
        body: dict[str, JsonValue] = {
            "format": FORMAT,
            "municipality": ctx.municipality.code,
            "procedure": {"id": str(asked.procedure.pk), "title": asked.procedure.title},
            "from": asked.first.isoformat(),
            "to": asked.last.isoformat(),
            "left_out": made.held,
            "columns": labels,
            "groups": groups,
            "filings": [
                record(one, one.case, outcomes.get(one.case.pk, ""))
                for one in made.filings
                if one.case is not None
            ],
        }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def record(filing: Filing, case: Case, outcome: str) -> dict[str, JsonValue]:
    """One filing as JSON: facts, answers by column key, rows of groups. Dates are ISO 8601, decimals text."""
    definition = definition_of(filing.publication_id)
    groups: dict[str, JsonValue] = {
        question.key: [_json(_row(question, row)) for row in _rows(filing, question)]
        for question in definition.by_key.values()
        if question.kind == "group"
    }
    return {
        "id": str(filing.pk),
        **_json(_facts(filing, case, outcome)),
        "answers": _json(_answers(filing)),
        "groups": groups,
    }


def files_of(filing: Filing) -> list[JsonValue]:
    """What came with a filing, by name and kind; the bytes stay here."""
    return [
        {
            "question": one.question,
            "name": one.file.name,
            "size": one.file.size,
            "content_type": one.file.content_type,
            "sha256": one.file.sha256,
        }
        for one in filings_of.attachments(filing)
    ]


def _json(cells: Mapping[str, Cell]) -> dict[str, JsonValue]:
    return {key: _plain(value) for key, value in cells.items()}


def _plain(value: Cell) -> JsonValue:
    if isinstance(value, dt.datetime):
        return value.astimezone(JAPAN).replace(microsecond=0).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value


def default_days(ctx: Context) -> tuple[dt.date, dt.date]:
    """From the first of the month to today: what is asked for most."""
    today = japan_date(ctx.now)
    return today.replace(day=1), today
