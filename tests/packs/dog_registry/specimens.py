"""How each action of the register of dogs is tried in the permission matrix."""

from tests.packs.dog_registry.rows import ROWS
from tests.packs.inherited import ledger_specimens
from yakuba.packs.dog_registry.ledger import DOGS

SPECIMENS = ledger_specimens(DOGS, ROWS[0])
