"""How each action of what measures indicators is tried in the permission matrix."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from tests.matrix import Specimen
from tests.services.plan.year.tried import asked, edition
from tests.world import Town
from yakuba.engines.rounds import actions as rounds
from yakuba.engines.rounds.models import Round
from yakuba.kernel.actions import NoData
from yakuba.kernel.town.models import Municipality
from yakuba.services.plan.measured import actions
from yakuba.services.plan.models import Edition, Initiative

NAME = "手続の数"
HOW = "手続台帳にある手続を、年度末に数える。"


def _first(of: Edition) -> UUID:
    return Initiative.unscoped.get(edition=of).pk


def bound(_town: Town, subject: Edition) -> actions.BindIndicators:
    """The indicator of the draft's one initiative, counted by its office."""
    return actions.BindIndicators(
        [
            {
                "initiative": str(_first(subject)),
                "position": 0,
                "name": NAME,
                "seen": "",
                "source": "manual",
                "said": {},
                "reason": "計測するものがないため",
                "definition": HOW,
                "grounds": [],
                "sha256": "",
                "file": "",
            }
        ]
    )


def bind_page(client: Client, town: Town, subject: Edition) -> HttpResponse:
    """What a browser sends."""
    address = f"/{town.ref.code}/desk/plan/editions/{subject.pk}/measures/{_first(subject)}/0/"
    data = {"do": "bind", "source": "manual", "definition": HOW, "reason": "計測するものがないため"}
    return client.post(address, data)


def declined(_town: Town, subject: Edition) -> actions.DeclineSources:
    """A source that does not fit it."""
    one: actions.DeclinedRow = {
        "initiative": str(_first(subject)),
        "name": NAME,
        "source": "metric",
        "said": {"metric": "wifi_sites"},
        "reason": "",
    }
    return actions.DeclineSources([one])


def closed(town: Town) -> Round:
    """A round that ended without an answer."""
    made = asked(town)
    rounds.collect(town.ctx("plan_secretariat"), made, NoData())
    why = rounds.Close(unfinished=True, reason="年度が終わったため")
    return rounds.close(town.ctx("plan_secretariat"), Round.unscoped.get(pk=made.pk), why)


MEASURED_SPECIMENS = {
    "plan.bind_indicators": Specimen(edition, bound, page=bind_page),
    "plan.decline_sources": Specimen(edition, declined),
    "plan.release_bindings": Specimen(
        lambda town: Municipality.unscoped.get(pk=town.ref.id), lambda _t, _s: NoData()
    ),
    "plan.keep_measured": Specimen(closed, lambda _t, _s: NoData()),
}
