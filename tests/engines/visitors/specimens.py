"""How each action of visitors is tried."""

from __future__ import annotations

from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.visitors.models import Visit
from yakuba.kernel.actions import NoData


def visit(here: Town) -> Visit:
    return here.visit("own")


SPECIMENS = {
    "visitors.sign_out": Specimen(visit, lambda _t, _s: NoData()),
}
