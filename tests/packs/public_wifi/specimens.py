"""How each action of the Wi-Fi ledger is tried in the permission matrix."""

from tests.packs.inherited import ledger_specimens
from tests.packs.public_wifi.rows import ROWS
from yakuba.packs.public_wifi.ledger import WIFI

SPECIMENS = ledger_specimens(WIFI, ROWS[0])
