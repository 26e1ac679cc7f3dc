"""How each action on tables is tried in the permission matrix."""

from __future__ import annotations

from tests.engines.ledger.exchange.sheets import HEADS, begun, checked, csv, site_row
from tests.engines.ledger.worlds import open_book
from tests.matrix import Specimen
from tests.packs.dog_registry.rows import ROWS as DOG_ROWS
from tests.world import Town
from yakuba.engines.ledger.actions.entries import AddEntry
from yakuba.engines.ledger.actions.rounds import WriteRound
from yakuba.engines.ledger.exchange.actions.importing import (
    BeginImport,
    ChooseImport,
    ConfirmImport,
    MatchImport,
)
from yakuba.engines.ledger.exchange.actions.lines import (
    BeginLines,
    ConfirmLines,
    MatchLines,
    WriteLines,
    begin_lines,
    confirm_lines,
    match_lines,
)
from yakuba.engines.ledger.exchange.actions.reading_lines import read_lines
from yakuba.engines.ledger.exchange.actions.staging import WriteImport
from yakuba.engines.ledger.exchange.actions.words import RewordImport
from yakuba.engines.ledger.models import Batch, Book
from yakuba.kernel.actions import NoData
from yakuba.kernel.files import store as files
from yakuba.packs.dog_registry.ledger import DOGS
from yakuba.packs.dog_registry.models import Dog

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


_LINES = csv([("登録番号", "接種日", "注射済票番号"), ("D-1", "R8.4.20", "26-0001")])


def _dogs(town: Town) -> Book:
    return open_book(town, "dog_registry")


def _lines_begun(town: Town) -> Batch:
    """A table of vaccinations, and the dog that it is about."""
    book, ctx = _dogs(town), town.ctx("ledger_keeper")
    if not Dog.unscoped.filter(book=book, number="D-1").exists():  # several specimens may stand in one town
        DOGS.actions.add(ctx, book, AddEntry(dict(DOG_ROWS[1]), "D-1"))  # type: ignore[arg-type]  # JSON
    return begin_lines(ctx, book, _beginning())


def _beginning() -> BeginLines:
    return BeginLines(
        files.put(_LINES), "注射.csv", "vaccinations", ["登録番号", "接種日", "注射済票番号"], 1
    )


def _lines_checked(town: Town) -> Batch:
    batch = _lines_begun(town)
    return read_lines(
        town.ctx("ledger_keeper"), match_lines(town.ctx("ledger_keeper"), batch, _lines_meant())
    )


def _lines_writing(town: Town) -> Batch:
    return confirm_lines(town.ctx("ledger_keeper"), _lines_checked(town), ConfirmLines())


def _lines_meant() -> MatchLines:
    return MatchLines(["entry.number", "day", "tag"], "entry.number")


def _dogs_kept(town: Town) -> Book:
    return _lines_begun(town).book


def _given(_town: Town, book: Book) -> WriteRound:
    dog = Dog.unscoped.get(book=book)
    return WriteRound(
        "vaccinations", [{"entry": str(dog.pk), "values": {"day": "2026-04-20", "tag": "26-1"}}]
    )


def _strange(town: Town) -> Batch:
    """A table with a word that the ledger does not know."""
    return checked(town, open_book(town), csv([HEADS, site_row(1, 区分="S")]))


SPECIMENS = {
    "ledger.begin_lines": Specimen(_dogs, lambda _town, _book: _beginning()),
    "ledger.match_lines": Specimen(_lines_begun, lambda _town, _batch: _lines_meant()),
    "ledger.confirm_lines": Specimen(_lines_checked, lambda _town, _batch: ConfirmLines()),
    "ledger.write_lines": Specimen(_lines_writing, lambda _town, _batch: WriteLines([2])),
    "ledger.write_round": Specimen(_dogs_kept, _given),
    "ledger.reword_import": Specimen(_strange, lambda _town, _batch: RewordImport({"use": {"s": "shelter"}})),
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
