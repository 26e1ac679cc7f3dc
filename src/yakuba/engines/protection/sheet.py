"""The register as a sheet that goes out and comes back: one row a person, new ones written under the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from yakuba.engines.protection.actions.register import KEYS
from yakuba.engines.protection.models import Protected
from yakuba.kernel.sheets.table import Column, Row, Table, columns_of


def columns() -> tuple[Column, ...]:
    """The columns of the sheet."""
    return columns_of(Protected, *KEYS)


def rows(entries: Sequence[Protected]) -> list[Row]:
    """The persons as rows with id and version."""
    return [Row({key: getattr(one, key) for key in KEYS}, one.pk, one.version) for one in entries]


def table(entries: Sequence[Protected], *, municipality: str, as_of: dt.datetime) -> Table:
    """The sheet."""
    hint = _("直した表は、同じ画面の「表を取り込む」から戻せます。表から行を消しても、登録は消えません。")
    return Table(
        name=_("支援措置の登録"),
        municipality=municipality,
        columns=columns(),
        rows=rows(entries),
        as_of=as_of,
        editable=True,
        notes=((_("編集"), hint),),
        fresh=True,
    )
