"""How each action of the ledger is tried in the permission matrix."""

from tests.packs.inherited import ledger_specimens
from tests.packs.shelters.rows import ROWS
from yakuba.packs.shelters.ledger import SHELTERS

SPECIMENS = ledger_specimens(SHELTERS, ROWS[0])
