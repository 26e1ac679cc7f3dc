"""The table of decision rules as a sheet that goes out and comes back: one row a rule, new ones written under the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from yakuba.engines.approval.actions.table import KEYS
from yakuba.engines.approval.models import DecisionRule
from yakuba.kernel.sheets.table import Column, Row, Table, columns_of


def columns() -> tuple[Column, ...]:
    """The columns of the sheet."""
    return columns_of(DecisionRule, *KEYS)


def rows(rules: Sequence[DecisionRule]) -> list[Row]:
    """The rules as rows with id and version."""
    return [Row({key: getattr(one, key) for key in KEYS}, one.pk, one.version) for one in rules]


def table(
    rules: Sequence[DecisionRule], *, name: str, municipality: str, as_of: dt.datetime, editable: bool
) -> Table:
    """The sheet."""
    return Table(
        name=name,
        municipality=municipality,
        columns=columns(),
        rows=rows(rules),
        as_of=as_of,
        editable=editable,
        notes=(
            (_("事項"), _("空にすると、ほかの行にない事項すべての定めになります。")),
            (_("金額の上限"), _("空にすると、上限がありません。")),
            (_("代決する職"), _("第1次と第2次を「、」で区切ります。")),
        ),
        fresh=True,
    )
