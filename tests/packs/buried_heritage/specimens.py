"""How each action of the ledger is tried in the permission matrix."""

from tests.packs.buried_heritage.rows import ROWS
from tests.packs.inherited import ledger_specimens
from yakuba.packs.buried_heritage.ledger import HERITAGE

SPECIMENS = ledger_specimens(HERITAGE, ROWS[0])
