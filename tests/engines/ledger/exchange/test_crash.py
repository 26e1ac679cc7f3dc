"""Between two chunks nothing is held, and a process that dies there leaves what the next one goes on with, or the sweeper takes."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.engines.ledger.exchange.sheets import HEADS, WIFI, begun, checked, confirmed, csv, site_row, worker
from tests.engines.ledger.worlds import open_book, site
from tests.world import Town
from yakuba.engines.ledger import subscriptions
from yakuba.engines.ledger.actions.entries import AddEntry
from yakuba.engines.ledger.exchange.actions import importing, staging
from yakuba.engines.ledger.exchange.actions.importing import (
    ConfirmImport,
    MatchImport,
    confirm_import,
    match_import,
)
from yakuba.engines.ledger.models import Amendment, Batch, Staged
from yakuba.kernel.dates import clock
from yakuba.kernel.plugins import crash
from yakuba.kernel.search.models import DeskRow

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = csv([HEADS, *(site_row(n) for n in range(8))])


class Killed(BaseException):
    """What a kill is to the database: everything since the last commit is gone, and no line of ours runs any more."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight rows are a large table of three chunks."""
    monkeypatch.setattr(staging, "CHUNK", 3)
    monkeypatch.setattr(staging, "_INDEXED", 3)
    monkeypatch.setattr(importing, "MOST", 1)


def die_at(monkeypatch: pytest.MonkeyPatch, point: str, time: int) -> None:
    passed: list[str] = []

    def pass_by(name: str) -> None:
        passed.append(name)
        if passed.count(point) == time and name == point:
            raise Killed(point)

    monkeypatch.setattr(crash, "point", pass_by)


def names() -> list[str]:
    return sorted(WIFI.ledger.model.unscoped.values_list("name", flat=True))


def test_others_write_between_two_chunks(mihon: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    book = open_book(mihon)
    ctx = mihon.ctx("ledger_keeper")
    written: list[str] = []

    def colleague(point: str) -> None:
        if point in {"ledger.chunk-staged", "ledger.chunk-indexed"}:
            assert not connection.in_atomic_block
            made = WIFI.actions.add(ctx, book, AddEntry(site(name=f"同僚{len(written)}")))
            written.append(made.number)

    monkeypatch.setattr(crash, "point", colleague)
    batch = confirmed(mihon, checked(mihon, book, TABLE, by=[]))
    assert batch.state == "done"
    assert len(written) == 6
    numbers = sorted(WIFI.ledger.model.unscoped.values_list("number", flat=True))
    assert numbers == [f"W{n:04}" for n in range(1, 15)]


@pytest.mark.parametrize("time", [1, 3])
def test_killed_while_it_is_read_it_is_read_anew(
    mihon: Town, monkeypatch: pytest.MonkeyPatch, time: int
) -> None:
    batch = begun(mihon, open_book(mihon), TABLE)
    batch = match_import(mihon.ctx("ledger_keeper"), batch, MatchImport(batch.columns, []))
    payload = {"batch": str(batch.pk)}
    with monkeypatch.context() as dying:
        die_at(dying, "ledger.chunk-staged", time)
        with pytest.raises(Killed):
            subscriptions.read(worker(mihon), payload, "")
    assert Staged.unscoped.count() == min(3 * time, 8)
    assert not names()
    subscriptions.read(worker(mihon), payload, "")
    batch.refresh_from_db()
    assert (batch.state, batch.counts, Staged.unscoped.count()) == ("checked", {"new": 8}, 8)


def test_killed_for_good_it_leaves_nothing(mihon: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = begun(mihon, open_book(mihon), TABLE)
    batch = match_import(mihon.ctx("ledger_keeper"), batch, MatchImport(batch.columns, []))
    with monkeypatch.context() as dying:
        die_at(dying, "ledger.chunk-staged", 2)
        with pytest.raises(Killed):
            subscriptions.read(worker(mihon), {"batch": str(batch.pk)}, "")
    assert staging.sweep(worker(mihon), clock.now() + 2 * staging.KEPT) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.file_id) == ("stopped", None)
    assert not Staged.unscoped.exists()
    assert not Amendment.unscoped.exists()
    assert not names()


@pytest.mark.parametrize(
    ("point", "time", "there"),
    [("ledger.import-written", 1, 0), ("action.after-commit", 1, 8), ("ledger.chunk-indexed", 2, 8)],
)
def test_killed_while_it_is_written_it_is_written_once(
    mihon: Town, monkeypatch: pytest.MonkeyPatch, point: str, time: int, there: int
) -> None:
    batch = checked(mihon, open_book(mihon), TABLE, by=[])
    confirm_import(mihon.ctx("ledger_keeper"), batch, ConfirmImport())
    payload = {"batch": str(batch.pk)}
    with monkeypatch.context() as dying:
        die_at(dying, point, time)
        with pytest.raises(Killed):
            subscriptions.write(worker(mihon), payload, "")
    assert len(names()) == there
    subscriptions.write(worker(mihon), payload, "")
    subscriptions.write(worker(mihon), payload, "")
    assert names() == [f"見本公民館{n}" for n in range(8)]
    assert Amendment.unscoped.count() == DeskRow.unscoped.filter(subject_kind="public_wifi").count() == 8
    assert Batch.unscoped.get().state == "done"
    assert not Staged.unscoped.exists()
