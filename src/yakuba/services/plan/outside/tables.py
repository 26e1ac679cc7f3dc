"""An answer sheet as a table, for pages and command alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import kinds
from yakuba.kernel.sheets.table import Column, Table
from yakuba.kernel.sheets.table import Row as SheetRow
from yakuba.services.plan.models import OUTSIDE_SYSTEMS, Edition
from yakuba.services.plan.outside import answers
from yakuba.services.plan.views.desk.frame import name_of
from yakuba.services.plan.views.desk.listed import text_column


@dataclass(frozen=True)
class _NumberOrWord(kinds.Number):
    """A number; a word stays as it is written (検討中), since an answer may be one."""

    def to_cell(self, value: Decimal | str) -> kinds.Cell:
        return value if isinstance(value, str) else super().to_cell(value)


def _column(key: str) -> Column:
    column = text_column(key, str(answers.COLUMNS[key]))
    return (
        column._replace(spec=replace(column.spec, kind=_NumberOrWord())) if key in answers.NUMBERS else column
    )


def answer_table(
    ctx: Context, edition: Edition, system: str, year: FiscalYear, phase: answers.Phase
) -> tuple[Table, list[answers.Line]]:
    """An answer sheet as a table, and its lines."""
    lines = answers.answers(ctx, edition, system, year, phase)
    cells: list[Mapping[str, object]] = [dict(line.cells) for line in lines]
    name = _("%(survey)s_%(year)s_%(phase)s") % {
        "survey": dict(OUTSIDE_SYSTEMS)[system], "year": year.wareki, "phase": answers.PHASES[phase],
    }  # fmt: skip
    table = Table(
        name=name,
        municipality=ctx.municipality.name,
        columns=[_column(key) for key in answers.LAYOUTS[system]],
        rows=[SheetRow(one) for one in cells],
        as_of=ctx.now,
        notes=(
            (_("版"), name_of(edition)),
            (_("年度"), year.wareki),
            (_("確度"), str(answers.PHASES[phase])),
            (_("編集"), _("読み取り専用")),
        ),
    )
    return table, lines
