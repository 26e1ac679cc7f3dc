"""How each action of the ledger is tried in the permission matrix."""

from tests.packs.boundary_records.rows import ROWS
from tests.packs.inherited import ledger_specimens
from yakuba.packs.boundary_records.ledger import BOUNDARIES

SPECIMENS = ledger_specimens(BOUNDARIES, ROWS[0])
