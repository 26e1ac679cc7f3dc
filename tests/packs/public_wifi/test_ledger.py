"""The ledger of public Wi-Fi sites: what every ledger does, and its own rules."""

from __future__ import annotations

from typing import ClassVar

from tests.packs.inherited import LedgerTests, World, refused
from tests.packs.public_wifi.rows import ROWS
from yakuba.packs.public_wifi.ledger import WIFI


class TestPublicWifi(LedgerTests):
    """Sites."""

    installed = WIFI
    rows = ROWS
    lines: ClassVar = {
        "outages": (
            {"day": "2026-05-01", "restored": "2026-05-02", "cause": "停電"},
            {"day": "2026-06-10"},
        )
    }

    def test_ssid_is_measured_in_bytes(self, world: World) -> None:
        """IEEE 802.11 counts octets: eleven kana are 33 of them."""
        assert world.add({**ROWS[0], "ssid": "あ" * 10}).ssid == "あ" * 10  # type: ignore[attr-defined]  # a Site
        with refused() as found:
            world.add({**ROWS[0], "ssid": "あ" * 11})
        assert found[0].field == "ssid"
        with refused() as found:
            world.change(world.add(ROWS[0]), {"ssid": "い" * 12})
        assert found[0].field == "ssid"
