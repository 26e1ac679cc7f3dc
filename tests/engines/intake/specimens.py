"""How each action of intake is tried in the permission matrix."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.engines.intake.worlds import RULE, binding, report, waiting
from tests.engines.ledger.specimens import here
from tests.engines.ledger.worlds import open_book
from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.intake.actions import Bind, CarryOut, SetAside, Take
from yakuba.engines.intake.models import Intake
from yakuba.kernel.actions import NoData
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures.models import Procedure


def bound(town: Town, _subject: object) -> Bind:
    found = Procedure.unscoped.filter(municipality_id=town.ref.id).first() or report(town)
    return Bind(f"procedure/{found.pk}", RULE)


def post_carry(client: Client, town: Town, subject: Intake) -> HttpResponse:
    return client.post(f"/{town.ref.code}/desk/intake/{subject.pk}/", {"do": "carry_out"})


def post_aside(client: Client, town: Town, subject: Intake) -> HttpResponse:
    address = f"/{town.ref.code}/desk/intake/{subject.pk}/"
    return client.post(address, {"do": "set_aside", "reason": "台帳にもうある"})


def post_end(client: Client, town: Town, subject: Any) -> HttpResponse:
    return client.post(f"/{town.ref.code}/desk/intake/bindings/end/{subject.pk}/")


SPECIMENS = {
    "intake.bind": Specimen(open_book, bound),
    "intake.unbind": Specimen(binding, lambda _town, _subject: NoData(), page=post_end),
    "intake.take": Specimen(here, lambda _town, _subject: Take(str(uuid7()))),
    "intake.carry_out": Specimen(waiting, lambda _town, _subject: CarryOut(), page=post_carry),
    "intake.set_aside": Specimen(
        waiting, lambda _town, _subject: SetAside("台帳にもうある"), page=post_aside
    ),
}
