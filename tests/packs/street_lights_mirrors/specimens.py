"""How each action of the ledger is tried in the permission matrix."""

from tests.packs.inherited import ledger_specimens
from tests.packs.street_lights_mirrors.rows import ROWS
from yakuba.packs.street_lights_mirrors.ledger import STREET

SPECIMENS = ledger_specimens(STREET, ROWS[0])
