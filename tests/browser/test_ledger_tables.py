"""Tables into a ledger, in axe's eyes on a phone and on a desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import PHONE, Visitor
from tests.browser.test_ledger_walk import come_in, look_at
from tests.engines.ledger.exchange.sheets import HEADS, csv, site_row
from tests.services.ledgers.worlds import HERE, add, open_book
from tests.world import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOT = f"{HERE}public_wifi/"


@pytest.mark.parametrize("visitor", [{"width": PHONE, "js": True}], indirect=True, ids=["phone"])
def test_every_page_of_an_import_is_sound(visitor: Visitor, town: Town, tmp_path: Path) -> None:
    come_in(visitor, town)
    book = open_book(town)
    add(town, book, name="見本公民館1", ssid="Mihon_Free", number="W77")
    table = tmp_path / "公衆無線LAN.csv"
    heads = [*HEADS, "緯度", "経度", "備考"]
    rows = [[*site_row(n), "36.4", "139.1", "架空"] for n in range(1, 4)]
    table.write_bytes(csv([heads, *rows, [*site_row(4, 区分="城"), "36.4", "", ""]]))
    page = visitor.page
    visitor.open(f"{ROOT}import/")
    look_at(visitor, "tables-choose")
    page.set_input_files("input[type=file]", str(table))
    page.get_by_role("button", name="列を確かめる").click()
    look_at(visitor, "tables-match")
    page.select_option("#id_system", "6668")
    page.get_by_role("radio", name="突き合わせない").check()
    page.get_by_role("button", name="変わる内容を確かめる").click()
    look_at(visitor, "tables-checked")
    page.get_by_role("checkbox", name="直すところがある行を除いて取り込む").check()
    page.get_by_role("button", name="3行を台帳に取り込む").click()
    look_at(visitor, "tables-done")
    visitor.open(f"{ROOT}export/")
    look_at(visitor, "tables-export")
    visitor.open(f"{ROOT}forms/")
    look_at(visitor, "tables-forms")
