"""How each action of the ledger of vacant houses is tried in the permission matrix."""

from tests.packs.inherited import ledger_specimens
from tests.packs.vacant_houses.rows import ROWS
from yakuba.packs.vacant_houses.ledger import HOUSES

SPECIMENS = ledger_specimens(HOUSES, ROWS[0])
