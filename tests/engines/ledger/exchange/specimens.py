"""How each action on tables is tried in the permission matrix."""

from __future__ import annotations

from tests.engines.ledger.exchange.sheets import HEADS, begun, checked, csv, site_row
from tests.engines.ledger.worlds import open_book
from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.ledger.exchange.actions.importing import (
    BeginImport,
    ChooseImport,
    ConfirmImport,
    MatchImport,
)
from yakuba.engines.ledger.exchange.actions.staging import WriteImport
from yakuba.engines.ledger.models import Batch
from yakuba.kernel.actions import NoData
from yakuba.kernel.files import store as files

_TABLE = csv([HEADS, site_row(1)])


def _begun(town: Town) -> Batch:
    return begun(town, open_book(town), _TABLE)


def _checked(town: Town) -> Batch:
    return checked(town, open_book(town), _TABLE)


def _writing(town: Town) -> Batch:
    batch = _checked(town)
    batch.state = "writing"
    batch.save()
    return batch


def _as_proposed(_town: Town, batch: Batch) -> MatchImport:
    return MatchImport(batch.columns, batch.by)


SPECIMENS = {
    "ledger.begin_import": Specimen(
        open_book, lambda _town, _book: BeginImport(files.put(_TABLE), "台帳.csv", list(HEADS), 1)
    ),
    "ledger.match_import": Specimen(_begun, _as_proposed),
    "ledger.choose_import": Specimen(_checked, lambda _town, _batch: ChooseImport({}, [2])),
    "ledger.confirm_import": Specimen(_checked, lambda _town, _batch: ConfirmImport()),
    "ledger.stop_import": Specimen(_checked, lambda _town, _batch: NoData()),
    "ledger.write_import": Specimen(_writing, lambda _town, _batch: WriteImport(0, 0)),
    "ledger.drop_import": Specimen(_checked, lambda _town, _batch: NoData()),
}
