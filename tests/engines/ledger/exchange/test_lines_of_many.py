"""Sub-rows of many entries, written some at a time: as if they had been written entry by entry."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.engines.ledger.exchange.sheets import worker
from tests.engines.ledger.worlds import open_book
from tests.packs.dog_registry.rows import ROWS
from tests.world import Town
from yakuba.engines.ledger.actions.entries import ChangeMany
from yakuba.engines.ledger.declaration import VOID
from yakuba.engines.ledger.exchange.actions import lines
from yakuba.engines.ledger.exchange.actions.lines import (
    BeginLines,
    ConfirmLines,
    MatchLines,
    begin_lines,
    confirm_lines,
    match_lines,
    write_all,
)
from yakuba.engines.ledger.exchange.actions.reading_lines import read_lines
from yakuba.engines.ledger.models import Amendment, Batch, Staged
from yakuba.kernel.files import store as files
from yakuba.kernel.trail.models import TrailEntry
from yakuba.packs.dog_registry.ledger import DOGS
from yakuba.packs.dog_registry.models import Dog, Vaccination

pytestmark = pytest.mark.django_db
HEADS = ["登録番号", "接種日", "注射済票番号"]
MANY = 60


@pytest.fixture
def dogs(mihon: Town) -> list[Dog]:
    book = open_book(mihon, "dog_registry")
    plain = {name: value for name, value in ROWS[1].items() if name not in {"tag", "chip"}}
    said = [
        {"id": "", "version": 0, "values": {**plain, "name": f"れい{n}", "number": f"D-{n}"}}
        for n in range(MANY)
    ]
    DOGS.actions.many(mihon.ctx("ledger_keeper"), book, ChangeMany(said))  # type: ignore[arg-type]  # JSON
    return list(Dog.unscoped.order_by("number_order"))


def confirmed(town: Town, rows: Sequence[Sequence[str]]) -> Batch:
    """A table of vaccinations that a person confirmed."""
    ctx = town.ctx("ledger_keeper")
    data = "\r\n".join(",".join(row) for row in [HEADS, *rows]).encode()
    said = BeginLines(files.put(data), "注射.csv", "vaccinations", HEADS, len(rows))
    batch = begin_lines(ctx, open_book(town, "dog_registry"), said)
    match_lines(ctx, batch, MatchLines(["entry.number", "day", "tag"], "entry.number"))
    batch.refresh_from_db()
    batch = read_lines(worker(town), batch)
    return confirm_lines(ctx, batch, ConfirmLines(without_wrong=True))


def table(many: int = MANY) -> list[list[str]]:
    return [[f"D-{n}", "R8.4.20", f"26-{n:04}"] for n in range(many)]


def test_some_hundred_rows_are_one_transaction_and_say_what_each_would(
    mihon: Town, dogs: list[Dog], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "_TOGETHER", 25)
    before = TrailEntry.unscoped.filter(action="ledger.write_lines").count()
    batch = write_all(worker(mihon), confirmed(mihon, [*table(), ["D-0", "R7.4.20", "25-0000"]]))
    assert (batch.state, batch.counts["late"], batch.step) == ("done", 0, MANY + 1)
    assert TrailEntry.unscoped.filter(action="ledger.write_lines").count() - before == 3
    assert Vaccination.unscoped.count() == MANY + 1
    for dog in Dog.unscoped.all():
        assert dog.last_year is not None
        assert (dog.last_year.year, dog.version) == (2026, 2)
    kept = Amendment.unscoped.filter(values={"last_year": 2026})
    assert kept.count() == MANY
    assert {one.reason for one in kept} == {"表の取り込み（注射.csv）"}


def test_writing_takes_fewer_statements_than_rows_of_entries(mihon: Town, dogs: list[Dog]) -> None:
    batch = confirmed(mihon, table())
    with CaptureQueriesContext(
        connection,
    ) as caught:
        write_all(worker(mihon), batch)
    writes = [one["sql"] for one in caught if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(writes) < MANY


def test_what_one_row_contradicts_is_told_there_and_the_others_come_in(mihon: Town, dogs: list[Dog]) -> None:
    write_all(worker(mihon), confirmed(mihon, [["D-0", "R8.4.20", "26-0000"]]))
    rows = table()[1:]
    rows[4][2] = "26-0000"  # another dog has it since the last table
    rows[9][2] = rows[8][2]  # two dogs of this table share it: the first one keeps it
    batch = confirmed(mihon, rows)
    Dog.unscoped.filter(number="D-20").update(state=VOID)  # meanwhile
    batch = write_all(worker(mihon), batch)
    wrong = {
        row.row: row.problems[0] for row in Staged.unscoped.filter(batch=batch, sort="wrong").order_by("row")
    }
    assert sorted(wrong) == [6, 11, 21]
    assert wrong[6][0] == "C6"
    assert "もう使われています" in wrong[6][1]
    assert wrong[11][0] == "C11"
    assert "取り消されています" in wrong[21][1]
    assert batch.counts["late"] == 2  # the first one was known before
    given = set(Vaccination.unscoped.values_list("entry__number", flat=True))
    assert given == {f"D-{n}" for n in range(MANY)} - {"D-5", "D-10", "D-20"}
    assert Vaccination.unscoped.get(tag=rows[8][2]).entry.number == "D-9"


def test_killed_between_two_it_goes_on(mihon: Town, dogs: list[Dog], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_TOGETHER", 25)
    batch = confirmed(mihon, table())
    once = lines.write_lines
    turns: list[int] = []

    def dying(*given: object) -> Batch:
        turns.append(1)
        if len(turns) == 2:
            raise KeyboardInterrupt
        return once(*given)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(lines, "write_lines", dying)
    with pytest.raises(KeyboardInterrupt):
        write_all(worker(mihon), batch)
    assert Vaccination.unscoped.count() == 25
    batch.refresh_from_db()
    assert write_all(worker(mihon), batch).state == "done"
    assert Vaccination.unscoped.count() == MANY
