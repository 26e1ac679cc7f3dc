"""The lines of a figure's page as a sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from yakuba.kernel.sheets.table import Column, Row, Table, field_spec
from yakuba.services.plan.models import PublicBinding
from yakuba.services.plan.scoreboard.provenance import Measured, Printed

# Texts all of them: a line says of a value what a person reads of it.
_COLUMNS: Final = (
    ("sort", "値の種類"),
    ("period", "期間"),
    ("value", "値"),
    ("behind", "分子／分母"),
    ("status", "確度"),
    ("definition", "定義の版"),
    ("corrected", "訂正・改訂"),
    ("told", "日付"),
)


def figure_table(
    name: str,
    lines: Sequence[Measured],
    printed: Sequence[Printed],
    *,
    municipality: str,
    as_of: dt.datetime,
    definition: str,
    source: str,
) -> Table:
    """What was measured, then what the plan prints; the definition stands in the notes."""
    return Table(
        name=name[:60] or _("指標の値"),
        municipality=municipality,
        columns=[Column(key, field_spec(PublicBinding, "title", label)) for key, label in _COLUMNS],
        rows=_rows(lines, printed),
        as_of=as_of,
        notes=(
            *(((_("出所"), source),) if source else ()),
            *(((_("数え方"), definition),) if definition else ()),
            (_("編集"), _("読み取り専用")),
        ),
    )


def _rows(lines: Sequence[Measured], printed: Sequence[Printed]) -> Iterator[Row]:
    for one in lines:
        yield Row(
            {
                "sort": _("計測値"), "period": one.period, "value": one.value, "behind": one.behind,
                "status": one.status, "definition": one.definition, "corrected": one.corrected, "told": one.told,
            }
        )  # fmt: skip
    for said in printed:
        yield Row(
            {
                "sort": said.kind, "period": said.year, "value": said.value, "status": said.status,
                "corrected": said.corrected,
            }
        )  # fmt: skip
