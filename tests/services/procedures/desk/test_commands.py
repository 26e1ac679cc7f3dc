"""`yakuba procedures …` and the desk's API: the same actions, told in other words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.services.procedures.desk.test_inventory import put
from tests.services.procedures.specimens_designing import OTHER, SHEET, draft, published
from tests.signin import sign_in
from tests.world import Town
from yakuba.cli import main
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.models import InventoryRow, Procedure


def run(capfdbinary: Any, *words: str, expect: int = 0) -> tuple[str, str]:
    """A command's two outputs."""
    assert main(["procedures", *words, "--municipality", "990019"]) == expect
    found = capfdbinary.readouterr()
    return found.out.decode(), found.err.decode()


def test_a_procedure_goes_in_and_out(mihon: Town, tmp_path: Path, capfdbinary: Any) -> None:
    file = tmp_path / "p.json"
    file.write_text(json.dumps(SHEET), "utf-8")
    run(capfdbinary, "import", str(file), "--office", "own-1", "--dry-run")
    assert not Procedure.unscoped.exists()
    out, _told = run(capfdbinary, "import", str(file), "--office", "own-1", "--publish")
    made = Procedure.unscoped.get()
    assert out.strip() == str(made.pk)
    assert made.published == 1
    assert json.loads(run(capfdbinary, "list", "--json")[0])[0]["title"] == "見本の申請"
    text, _told = run(capfdbinary, "export", str(made.pk), "--number", "1")
    assert document.load(text) == document.read(SHEET)
    file.write_text(json.dumps(OTHER), "utf-8")
    run(capfdbinary, "import", str(file), "--procedure", str(made.pk))
    assert Procedure.unscoped.get().draft == OTHER


def test_an_office_is_named_by_code_or_name_and_who_misses_it_is_told_all(
    mihon: Town, tmp_path: Path, capfdbinary: Any
) -> None:
    file = tmp_path / "p.json"
    file.write_text(json.dumps(OTHER), "utf-8")
    _out, told = run(capfdbinary, "import", str(file), "--office", "ない課", expect=1)
    assert "own-1 見本課" in told
    run(capfdbinary, "import", str(file), "--office", "見本課", "--dry-run")
    run(capfdbinary, "import", str(file), "--office", "own-1", "--dry-run")


@pytest.mark.parametrize("content", ["", "{}", '{"format": "yakuba-procedure/1"}'])
def test_what_is_no_procedure_is_refused(mihon: Town, tmp_path: Path, content: str, capfdbinary: Any) -> None:
    file = tmp_path / "p.json"
    file.write_text(content, "utf-8")
    _out, told = run(capfdbinary, "import", str(file), "--office", "own-1", expect=1)
    assert told.strip()
    assert "Traceback" not in told


def test_the_inventory_goes_out_and_in(mihon: Town, tmp_path: Path, capfdbinary: Any) -> None:
    put(mihon, {"title": "見本の届出", "yearly_count": 12})
    text, _told = run(capfdbinary, "inventory", "export")
    file = tmp_path / "台帳.csv"
    file.write_text(text.replace("見本の届出", "見本の届出（新）").lstrip("\ufeff"), "utf-8-sig")
    run(capfdbinary, "inventory", "import", str(file))
    assert InventoryRow.unscoped.get().title == "見本の届出（新）"
    assert json.loads(run(capfdbinary, "inventory", "count")[0])["procedures"] == 1


def test_a_dry_run_refuses_what_would_be_refused(mihon: Town, tmp_path: Path, capfdbinary: Any) -> None:
    put(mihon, {"title": "見本の届出", "yearly_count": 12, "yearly_online": 10})
    text, _told = run(capfdbinary, "inventory", "export")
    file = tmp_path / "台帳.csv"
    file.write_text(text.replace(",12,10,", ",9,10,").lstrip("\ufeff"), "utf-8-sig")
    for more in (["--dry-run"], []):
        _out, told = run(capfdbinary, "inventory", "import", str(file), *more, expect=1)
        assert "A2：" in told
    assert InventoryRow.unscoped.get().yearly_count == 12


def test_the_count_of_a_day(mihon: Town, capfdbinary: Any) -> None:
    put(mihon, {"title": "見本の届出", "online": "joint", "since": "2026-04-01"})
    for day, count in (("R8.3.31", 0), ("2026-04-01", 1)):
        assert json.loads(run(capfdbinary, "inventory", "count", "--on", day)[0])["online"] == count
    run(capfdbinary, "inventory", "count", "--on", "きのう", expect=1)


@pytest.fixture
def program(mihon: Town) -> Client:
    """A program with the session of somebody who designs the own office's procedures."""
    client = Client()
    sign_in(client, mihon.account("procedure_editor"))
    return client


def test_a_draft_over_http(program: Client, mihon: Town) -> None:
    made = draft(mihon)
    path = f"/api/v1/{mihon.ref.code}/desk/procedures"
    assert program.get(path).json()["items"][0]["title"] == "見本の申請"
    one = program.get(f"{path}/{made.pk}")
    assert one.json()["draft"] == SHEET
    body = json.dumps({"document": OTHER})
    sent: Any = program.put(f"{path}/{made.pk}/draft", body, content_type="application/json")
    assert sent.status_code == 428
    match: dict[str, Any] = {"headers": {"if-match": one["ETag"]}, "content_type": "application/json"}
    assert program.put(f"{path}/{made.pk}/draft", body, **match).json()["draft"] == OTHER
    assert program.put(f"{path}/{made.pk}/draft", body, **match).status_code == 409
    wrong: Any = program.put(
        f"{path}/{made.pk}/draft",
        json.dumps({"document": {**OTHER, "kind": "wish"}}),
        headers={"if-match": f'"{Procedure.unscoped.get().version}"'},
        content_type="application/json",
    )
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "kind"
    fresh = program.get(f"{path}/{made.pk}")["ETag"]
    done: Any = program.post(
        f"{path}/{made.pk}/publish", "{}", headers={"if-match": fresh}, content_type="application/json"
    )
    assert (done.status_code, done.json()["published"]) == (200, 1)


def test_the_inventory_over_http(program: Client, mihon: Town) -> None:
    published(mihon)
    row = InventoryRow.unscoped.get()
    path = f"/api/v1/{mihon.ref.code}/desk/inventory"
    whole = program.get(path).json()
    assert (whole["count"], whole["online"]) == (1, 1)
    assert program.get(f"{path}?on=2020-01-01").json()["online"] == 0
    assert program.get(f"{path}?on=x").status_code == 400
    changed: Any = program.patch(
        f"{path}/{row.pk}",
        json.dumps({"row": {"yearly_count": 40}}),
        headers={"if-match": f'"{row.version}"'},
        content_type="application/json",
    )
    assert changed.status_code == 200, changed.content
    assert changed.json()["row"]["yearly_count"] == 40
    assert InventoryRow.unscoped.get().online == "yakuba"


def test_who_has_no_session_gets_nothing(mihon: Town) -> None:
    assert Client().get(f"/api/v1/{mihon.ref.code}/desk/procedures").status_code == 401
