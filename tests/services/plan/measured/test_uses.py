"""A metric's page names the indicators that rest on it: on the desk those of the newest edition, in public those that stand."""

from __future__ import annotations

from django.test import Client

from tests.engines.metrics.sample import Said
from tests.services.plan.measured.conftest import KEY, ONLINE, bind, row, standing
from tests.services.plan.year.conftest import Year, initiative_of
from tests.signin import sign_in
from yakuba.engines.metrics.sources import Operand
from yakuba.engines.metrics.uses import public_uses, uses
from yakuba.services.plan.actions import PublishEdition, publish_edition
from yakuba.services.plan.models import Edition

ASKED = Operand("metric", KEY)


def test_an_indicator_that_rests_on_a_metric_is_named_with_its_page(year: Year, metric: Said) -> None:
    staff, anybody = year.ctx("staff"), year.ctx("public")
    online = initiative_of(year, ONLINE).pk
    assert uses(staff, ASKED) == []
    bind(year, row(online))
    [found] = uses(staff, ASKED)
    assert (found.label, found.within, found.note) == ("指標", str(year.edition), "")
    client = Client()
    sign_in(client, year.town.account("staff"))
    assert client.get(found.href).status_code == 200
    assert uses(staff, Operand("series", KEY)) == []
    # Nothing of it is public until the edition is.
    assert public_uses(anybody, ASKED) == []
    publish_edition(year.ctx("cli"), Edition.unscoped.get(pk=year.edition.pk), PublishEdition())
    [public] = public_uses(anybody, ASKED)
    assert public.label == "指標"
    assert Client().get(public.href).status_code == 200


def test_a_formula_uses_what_it_names(year: Year, metric: Said) -> None:
    told = {"formula": f"[{KEY}] + 1", "unit": "手続"}
    bind(year, row(initiative_of(year, ONLINE).pk, "formula", said=told))
    [found] = uses(year.ctx("staff"), ASKED)
    assert "計算式" in found.note
    publish_edition(year.ctx("cli"), Edition.unscoped.get(pk=year.edition.pk), PublishEdition())
    assert len(public_uses(year.ctx("public"), ASKED)) == 1


def test_a_binding_that_ended_is_named_no_more(year: Year, metric: Said) -> None:
    online = initiative_of(year, ONLINE).pk
    bind(year, row(online))
    bind(year, row(online, "", seen=str(standing(year).pk), reason="この指標をやめるため"))
    assert uses(year.ctx("staff"), ASKED) == []
