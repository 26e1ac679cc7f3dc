"""The inventory: figures by day, forms, sheets out and in, the public's copy."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.services.procedures.specimens_designing import desk, published
from tests.signin import sign_in
from tests.world import Town
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.trail.models import TrailPayload
from yakuba.services.procedures.actions import inventory
from yakuba.services.procedures.actions.designing import StopProcedure, close_procedure
from yakuba.services.procedures.inventory import queries, rules
from yakuba.services.procedures.models import InventoryRow


@dataclass
class Facts:
    """A row without a database."""

    online: str = "no"
    online_url: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    yearly_count: int | None = None
    yearly_online: int | None = None
    counted_year: FiscalYear | None = None
    planned_year: FiscalYear | None = None
    why_not: str = ""


DAY = dt.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("row", "online"),
    [
        (Facts("yakuba", since=DAY), True),
        (Facts("yakuba", since=DAY + dt.timedelta(days=1)), False),
        (Facts("joint"), True),
        (Facts("planned", planned_year=FiscalYear(2026)), False),
        (Facts("no"), False),
        (Facts("no", since=dt.date(2025, 1, 1), until=DAY), True),
        (Facts("no", since=dt.date(2025, 1, 1), until=DAY - dt.timedelta(days=1)), False),
        (Facts("no", until=DAY), False),
    ],
)
def test_on_which_day_a_row_is_online(row: Facts, online: bool) -> None:
    assert rules.is_online(row, DAY) is online


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        (Facts(), []),
        (Facts(yearly_count=3, yearly_online=4), ["yearly_online"]),
        (Facts(yearly_online=4), ["yearly_online"]),
        (Facts("no", since=DAY, until=DAY - dt.timedelta(days=1)), ["until"]),
        (Facts("joint", since=DAY, until=DAY), ["until"]),
        (Facts("planned"), ["planned_year"]),
        (Facts("other", online_url="javascript:alert(1)"), ["online_url"]),
        (Facts("other", online_url="https://example.jp/"), []),
    ],
)
def test_what_contradicts_itself(row: Facts, fields: list[str]) -> None:
    assert [one.field for one in rules.problems(row)] == fields


def test_figures_say_what_they_leave_out() -> None:
    found = rules.figures(
        [
            Facts("yakuba", since=DAY, yearly_count=100, yearly_online=40, counted_year=FiscalYear(2025)),
            Facts("joint", yearly_count=100, yearly_online=10, counted_year=FiscalYear(2024)),
            Facts("no", yearly_count=50),
            Facts("no", why_not="対面で確かめるため"),
            Facts("planned", planned_year=FiscalYear(2027)),
        ],
        DAY,
    )
    assert (found.rows, found.online, found.planned) == (5, 2, 1)
    assert (found.filings, found.online_filings, found.uncounted) == (250, 50, 2)
    assert found.share == 0.2
    assert (found.years, found.without_year) == ((FiscalYear(2024), FiscalYear(2025)), 1)
    assert (found.without_reason, found.without_day) == (1, 1)
    assert rules.figures([], DAY).share is None


def put(town: Town, *given: dict[str, Any]) -> None:
    """Rows of the inventory."""
    here = Municipality.unscoped.get(pk=town.ref.id)
    changes: list[inventory.RowChange] = [
        {"id": "", "version": 0, "row": {"kind": "notification", "online": "no", **one}} for one in given
    ]
    inventory.change_inventory(town.ctx("cli"), here, inventory.ChangeInventory(changes))


@pytest.fixture
def keeper(mihon: Town) -> Client:
    """The browser of whoever keeps the inventory."""
    client = Client()
    sign_in(client, mihon.account("procedure_secretariat"))
    return client


def test_online_count_of_a_day(mihon: Town) -> None:
    put(
        mihon,
        {"title": "見本1", "online": "joint", "since": "2024-04-01"},
        {"title": "見本2", "online": "other", "since": "2026-04-01"},
        {"title": "見本3"},
    )
    ctx = mihon.ctx("staff")
    assert queries.online_count(ctx, DAY) == 1
    assert queries.online_count(ctx, dt.date(2026, 4, 1)) == 2


def test_nothing_is_counted_as_taken_here_that_is_not(mihon: Town) -> None:
    with pytest.raises(Problem) as refused:
        put(mihon, {"title": "見本1", "online": "yakuba"})
    assert [one.field for one in refused.value.problems] == ["0.online"]  # type: ignore[attr-defined]  # several
    assert not InventoryRow.unscoped.exists()


def noted(action: str) -> dict[str, Any]:
    """What the newest entry of an action keeps beside its subject."""
    payload = TrailPayload.unscoped.filter(entry__action=action).order_by("-entry_id").first()
    assert payload is not None
    found: dict[str, Any] = json.loads(payload.text)["notes"]
    return found


def test_the_trail_keeps_what_a_sheet_changed(mihon: Town) -> None:
    put(mihon, {"title": "見本1", "since": "2025-04-01", "online": "joint"}, {"title": "見本2"})
    one, two = InventoryRow.unscoped.order_by("title")
    here = Municipality.unscoped.get(pk=mihon.ref.id)
    changes: list[inventory.RowChange] = [
        {"id": str(one.pk), "version": one.version, "row": {"since": "2019-04-01", "yearly_count": 9}},
        {"id": str(two.pk), "version": two.version, "remove": True},
    ]
    inventory.change_inventory(mihon.ctx("cli"), here, inventory.ChangeInventory(changes, "見直し"))
    removed, backdated = noted("procedures.change_inventory")["rows"]
    assert backdated["before"] == {"since": "2025-04-01", "yearly_count": None}
    assert backdated["after"] == {"since": "2019-04-01", "yearly_count": 9}
    assert (removed["before"]["title"], removed["after"]) == ("見本2", {})


def test_the_trail_keeps_what_publishing_and_closing_made_of_the_row(mihon: Town) -> None:
    put(
        mihon,
        {
            "title": "見本の申請",
            "kind": "application",
            "office": "見本課",
            "online": "planned",
            "planned_year": 2027,
        },
    )
    procedure = published(mihon)
    row = noted("procedures.publish")["inventory_row"]
    assert (row["before"]["online"], row["after"]["online"]) == ("planned", "yakuba")
    assert row["before"]["planned_year"] == 2027
    close_procedure(mihon.ctx("cli"), procedure, StopProcedure("見本の終了"))
    row = noted("procedures.close")["inventory_row"]
    assert (row["before"]["online"], row["after"]["online"]) == ("yakuba", "no")
    assert row["after"]["why_not"] == "見本の終了"


def test_of_a_past_day_only_what_is_known_of_it_is_told(keeper: Client, mihon: Town) -> None:
    put(
        mihon,
        {"title": "見本1", "online": "joint", "since": "2026-04-01", "yearly_count": 8, "yearly_online": 2},
    )
    page = keeper.get(desk(mihon, "inventory") + "?on=2026-03-31").content.decode()
    of_the_day, standing = page.split('id="standing"')
    assert "オンラインの手続" in of_the_day
    assert "25.0%" not in of_the_day
    assert "25.0%" in standing


def test_publishing_a_procedure_puts_its_row_online(mihon: Town) -> None:
    put(
        mihon,
        {
            "title": "見本の申請",
            "kind": "application",
            "office": "見本課",
            "online": "joint",
            "since": "2024-04-01",
        },
    )
    published(mihon)
    row = InventoryRow.unscoped.get()
    assert (row.online, row.since) == ("yakuba", dt.date(2024, 4, 1)), "online elsewhere is online since then"
    assert row.procedure_id is not None


def test_the_form_of_a_row(keeper: Client, mihon: Town) -> None:
    put(mihon, {"title": "見本の届出", "office": "見本課", "yearly_count": 12})
    row = InventoryRow.unscoped.get()
    assert row.office == mihon.offices["own"]
    path = desk(mihon, "inventory", row.pk)
    typed = {"title": "見本の届出", "kind": "notification", "online": "planned", "office": "見本課"}
    typed |= {"by_paper": "1", "by_phone": "0", "seal_needed": "1", "version": str(row.version)}
    wrong: Any = keeper.post(path, {**typed, "yearly_count": "たくさん"})
    assert wrong.status_code == 422
    assert "たくさん" in wrong.content.decode()
    wrong = keeper.post(path, typed)
    assert "予定年度を入力してください" in wrong.content.decode()
    done: Any = keeper.post(path, {**typed, "planned_year": "令和9年度"})
    assert done.status_code == 303
    row.refresh_from_db()
    assert (row.planned_year, row.seal_needed, row.yearly_count) == (FiscalYear(2027), True, None)


def test_out_as_a_sheet_changed_and_in_again(keeper: Client, mihon: Town) -> None:
    put(
        mihon,
        {"number": "1", "title": "見本の届出", "office": "見本課", "yearly_count": 12},
        {"number": "2", "title": "見本の申込", "kind": "booking", "online": "joint", "since": "2025-04-01"},
    )
    answer: Any = keeper.get(desk(mihon, "inventory").rstrip("/") + ".xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer)))
    sheet: Any = book.worksheets[0]
    heads = {
        cell.value: cell.column
        for cell in next(row for row in sheet.iter_rows() if any(one.value == "手続名" for one in row))
    }
    top = next(row[0].row for row in sheet.iter_rows() if any(one.value == "手続名" for one in row))
    sheet.cell(top + 1, heads["年間件数（件）"], 20)
    sheet.cell(top + 1, heads["番号"], "2")
    sheet.cell(top + 2, heads["番号"], "1")
    sheet.cell(top + 3, heads["手続名"], "新しい手続")
    sheet.cell(top + 3, heads["種類"], "届出")
    sheet.cell(top + 3, heads["オンライン"], "オンライン化していない")
    looked = send(keeper, mihon, book)
    assert looked.status_code == 200, looked.content.decode()[-2000:]
    assert "新しい手続" in looked.content.decode()
    assert InventoryRow.unscoped.count() == 2
    done: Any = keeper.post(
        desk(mihon, "inventory", "import", "confirm"),
        {"changes": looked.context["changes"], "places": looked.context["places"]},
    )
    assert done.status_code == 303, done.content.decode()[-2000:]
    found = {row.title: (row.number, row.yearly_count) for row in InventoryRow.unscoped.all()}
    assert found == {"見本の届出": ("2", 20), "見本の申込": ("1", None), "新しい手続": ("", None)}


def send(client: Client, town: Town, book: Any) -> Any:
    """The workbook, sent to be looked at."""
    file = io.BytesIO()
    book.save(file)
    return client.post(
        desk(town, "inventory", "import"),
        {"file": SimpleUploadedFile("台帳.xlsx", file.getvalue(), "application/octet-stream")},
    )


def test_what_would_be_refused_stands_in_the_preview_by_its_cell(keeper: Client, mihon: Town) -> None:
    put(
        mihon,
        {"number": "1", "title": "見本の届出", "yearly_count": 12, "yearly_online": 10},
        {"number": "2", "title": "見本の申込", "kind": "booking"},
    )
    answer: Any = keeper.get(desk(mihon, "inventory").rstrip("/") + ".xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer)))
    sheet: Any = book.worksheets[0]
    heads = {cell.value: cell for cell in sheet[1]}
    less = sheet.cell(2, heads["年間件数（件）"].column, 9)
    twice = sheet.cell(3, heads["番号"].column, "1")
    looked = send(keeper, mihon, book)
    assert looked.status_code == 422
    told = [(one.address, one.problem.code) for one in looked.context["found"].problems]
    # The count that contradicts was not touched: its row is named. What is looked for over all rows comes once the rows are well.
    assert told == [(f"A{less.row}", "more_online")]
    assert "この変更を取り込む" not in looked.content.decode()
    sheet.cell(less.row, less.column, 12)
    told = [(one.address, one.problem.code) for one in send(keeper, mihon, book).context["found"].problems]
    assert told == [(twice.coordinate, "number")]
    assert set(InventoryRow.unscoped.values_list("number", "yearly_count", "version")) == {
        ("1", 12, 1),
        ("2", None, 1),
    }


def test_what_is_wrong_in_a_sheet_is_told_by_its_row(mihon: Town) -> None:
    put(mihon, {"number": "1", "title": "見本の届出"})
    here = Municipality.unscoped.get(pk=mihon.ref.id)
    row = InventoryRow.unscoped.get()
    changes: list[inventory.RowChange] = [
        {"id": str(row.pk), "version": row.version, "row": {"yearly_count": 1, "yearly_online": 2}},
        {"id": "", "version": 0, "row": {"title": "別", "kind": "notification", "online": "nowhere"}},
    ]
    with pytest.raises(Problem) as refused:
        inventory.change_inventory(mihon.ctx("cli"), here, inventory.ChangeInventory(changes))
    assert [one.field for one in refused.value.problems] == ["0.yearly_online", "1.online"]  # type: ignore[attr-defined]  # several
    with pytest.raises(Problem):
        put(mihon, {"number": "1", "title": "同じ番号"})
    assert InventoryRow.unscoped.count() == 1


def test_the_public_reads_a_frozen_copy(keeper: Client, mihon: Town) -> None:
    put(mihon, {"title": "見本の届出", "office": "見本課", "why_not": "対面で確かめるため"})
    public = Client()
    path = f"/{mihon.ref.code}/procedures/all/"
    assert public.get(path).status_code == 404
    assert keeper.post(desk(mihon, "inventory", "publish"), {"note": ""}).status_code == 303
    page: Any = public.get(path)
    assert page.status_code == 200
    assert "対面で確かめるため" in page.content.decode()
    assert not page.cookies
    assert public.get(path, headers={"if-none-match": page["ETag"]}).status_code == 304
    put(mihon, {"title": "あとから"})
    assert "あとから" not in public.get(path).content.decode()
    assert "今の台帳と違います" in keeper.get(desk(mihon, "inventory")).content.decode()
    sheet = b"".join(public.get(f"/{mihon.ref.code}/procedures/all.csv")).decode("utf-8-sig")
    assert "見本の届出" in sheet


def test_what_was_public_on_a_day(mihon: Town) -> None:
    here = Municipality.unscoped.get(pk=mihon.ref.id)
    for day, title in ((30, "はじめの届出"), (2, "あとの届出")):
        with clock.frozen(dt.datetime(2026, 9 if day == 30 else 10, day, 3, tzinfo=dt.UTC)):
            put(mihon, {"title": title})
            inventory.publish_inventory(mihon.ctx("cli"), here, inventory.PublishInventory())
    public, path = Client(), f"/{mihon.ref.code}/procedures/all"

    def page(day: str) -> str:
        return public.get(f"{path}/?on={day}").content.decode()

    assert "はじめの届出" in page("2026-10-01")
    assert "あとの届出" not in page("R8.10.1")
    assert "ある日に公開されていた" in page("2026-10-01")
    assert "あとの届出" in page("2026-10-02")
    sheet = b"".join(public.get(f"{path}.csv?on=2026-10-01")).decode("utf-8-sig")
    assert "あとの届出" not in sheet
    assert public.get(f"{path}/?on=2026-09-29").status_code == 404
    assert public.get(f"{path}/?on=きのう").status_code == 400


def test_a_day_that_is_none_is_refused(keeper: Client, mihon: Town) -> None:
    put(mihon, {"title": "見本の届出"})
    assert keeper.get(desk(mihon, "inventory") + "?on=R8.3.31").status_code == 200
    assert keeper.get(desk(mihon, "inventory") + "?on=きのう").status_code == 400
    assert keeper.get(desk(mihon, "inventory") + "?filter.open=no_reason").status_code == 200
