"""Tables as offices send them, and their way into a book as a person and the worker take it."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook

from tests.world import Town
from yakuba.engines.ledger.exchange import heads, opening
from yakuba.engines.ledger.exchange.actions.importing import (
    BeginImport,
    ConfirmImport,
    MatchImport,
    begin_import,
    confirm_import,
    match_import,
)
from yakuba.engines.ledger.exchange.actions.staging import read_in, write_out
from yakuba.engines.ledger.exchange.matching import columns_of, known
from yakuba.engines.ledger.models import Batch, Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import Installed, installed_of
from yakuba.kernel.access.pages import system_context
from yakuba.kernel.files import store as files

WIFI = installed_of("public_wifi")
assert WIFI is not None
HEADS = ("名称", "区分", "所在地", "SSID", "災害時に開放", "更新期限")
Rows = Sequence[Sequence[object]]


def workbook(rows: Rows, merged: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet, with merged areas."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    for area in merged:
        book.active.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(rows: Rows, codec: str = "utf-8-sig") -> bytes:
    """A CSV file."""
    return "\r\n".join(",".join(str(cell) for cell in row) for row in rows).encode(codec)


def site_row(number: int, **more: object) -> list[object]:
    """A row of an invented site, in the order of HEADS."""
    row = {
        "名称": f"見本公民館{number}",
        "区分": "避難所等",
        "所在地": f"みほん市見本町{number}番地",
        "SSID": "Mihon_Free",
        "災害時に開放": "○",
        "更新期限": "R9.3.31",
        **more,
    }
    return list(row.values())


def begun(
    town: Town, book: Book, data: bytes, name: str = "台帳.xlsx", ledger: Installed[Entry] = WIFI
) -> Batch:
    """A table that somebody chose."""
    found = opening.opened(io.BytesIO(data), most=opening.TOP)
    head = heads.find(found, known(ledger.ledger, columns_of(ledger.ledger, book, personal=True)))
    sha = files.put(data)
    return begin_import(
        town.ctx("ledger_keeper"),
        book,
        BeginImport(sha, name, list(head.labels), found.rows - head.below, found.system),
    )


def checked(
    town: Town,
    book: Book,
    data: bytes,
    name: str = "台帳.xlsx",
    ledger: Installed[Entry] = WIFI,
    **more: object,
) -> Batch:
    """A table that was matched as proposed, read and judged."""
    batch = begun(town, book, data, name, ledger)
    said = {
        "columns": batch.columns,
        "by": batch.by,
        "keep_blank": batch.keep_blank,
        "system": batch.system,
        **more,
    }
    matched = match_import(town.ctx("ledger_keeper"), batch, MatchImport(**said))
    return read_in(worker(town), matched)


def confirmed(town: Town, batch: Batch, *, without_wrong: bool = False) -> Batch:
    """Confirmed by a person, and written by the worker where it is large."""
    done = confirm_import(town.ctx("ledger_keeper"), batch, ConfirmImport(without_wrong))
    return write_out(worker(town), done) if done.state == "writing" else done


def worker(town: Town):
    """The worker's context."""
    return system_context("ledger.read_import", town.ref)
