"""支援措置 comes after a notice lies ready: it is not handed over at the portal, and nothing there says why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.services.procedures.offers import submission
from tests.services.procedures.portal.sheets import text_of
from tests.services.procedures.portal.test_following import notice
from tests.world import Town
from yakuba.engines.casework.models import Case
from yakuba.engines.protection.actions import LookAgain, look_again, release
from yakuba.engines.protection.actions import Release as LetGo
from yakuba.engines.protection.actions.holds import as_thing
from yakuba.engines.protection.models import Hold, Protected
from yakuba.engines.protection.rules import Party
from yakuba.kernel.actions import Denied, NoData, SubjectRef
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.town.models import Municipality
from yakuba.services.procedures import subscriptions
from yakuba.services.procedures.actions.answering import open_notice
from yakuba.services.procedures.actions.receiving import receive
from yakuba.services.procedures.models import Release

pytestmark = pytest.mark.django_db
SAID = "窓口へお問い合わせください"


def held(town: Town, case: Case) -> None:
    """The register has somebody new, and what is already here is compared with it."""
    born = dt.date(1958, 4, 1)
    Protected.unscoped.create(
        municipality_id=town.ref.id, name="手本 くみこ", birth=born, valid_from=dt.date(2020, 1, 1)
    )
    thing = as_thing(SubjectRef("case", case.pk), [Party(name="手本 くみこ", birth=born)])
    ctx = town.ctx("cli")
    look_again(ctx, Municipality.unscoped.get(pk=town.ref.id), LookAgain([thing]))
    assert Hold.unscoped.filter(subject_id=case.pk, state="standing").exists()


def delivered(town: Town, topic: str, name: str) -> None:
    """The worker brings what was published to one of those who listen."""
    handlers = {
        "procedures.close_notices": subscriptions.on_held_notices,
        "procedures.open_notices": subscriptions.on_hold_released,
    }
    for row in OutboxMessage.unscoped.filter(topic=topic, handler=name).order_by("id"):
        handlers[name](town.ctx("cli"), row.payload)


@pytest.mark.parametrize("opened", [False, True])
def test_a_notice_is_closed_while_a_hold_stands(mihon: Town, client: Client, opened: bool) -> None:
    visit = mihon.enter(client)
    made = submission(mihon, visit=visit.pk)
    receive(mihon.ctx("cli"), made, NoData())
    case = Case.unscoped.get(receipt=made.receipt)
    lies = notice(made, mihon.ctx("cli").begin())
    home = f"/990019/procedures/applications/{made.pk}/"
    page, document = (f"{home}releases/{lies.pk}/{rest}/" for rest in ("open", "file"))
    if opened:
        assert client.post(page).status_code == 303
    held(mihon, case)
    delivered(mihon, "protection.held", "procedures.close_notices")
    assert SAID in text_of(client.get(home))
    shown = text_of(client.get(page))
    assert SAID in shown
    assert "開いて確認する" not in shown
    assert "ダウンロード" not in shown
    assert "支援" not in text_of(client.get(home)) + shown
    assert client.post(page).status_code == 200
    assert client.get(document)["Location"] == page
    lies.refresh_from_db()
    assert (lies.opened_at is not None) == opened, "nothing was opened"

    for one in Hold.unscoped.filter(subject_id=case.pk, state="standing"):
        release(mihon.ctx("protection_keeper"), one, LetGo("別の人と確かめた"))
    delivered(mihon, "protection.released", "procedures.open_notices")
    delivered(mihon, "protection.held", "procedures.close_notices")  # late, and out of order
    assert SAID not in text_of(client.get(home))
    assert client.post(page).status_code == 303
    assert b"".join(client.get(document).streaming_content) == b"%PDF-1.4 notice"


def test_the_action_itself_opens_nothing_that_is_closed(mihon: Town) -> None:
    mihon.visit("own")
    made = submission(mihon)
    lies = notice(made, mihon.ctx("cli").begin())
    Release.unscoped.filter(pk=lies.pk).update(closed_at=made.arrived_at)
    lies.refresh_from_db()
    with pytest.raises(Denied, match=SAID):
        open_notice(mihon.ctx("visitor"), lies, NoData())
