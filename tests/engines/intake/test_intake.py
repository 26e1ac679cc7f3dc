"""From the submission to the record: what a completed procedure says stands in the ledger after one press, and both know each other."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import translation

from tests.engines.intake.worlds import RULE, WIFI, completed, entry, report
from tests.engines.ledger.worlds import open_book
from tests.engines.protection.specimens import hold
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.intake import queries
from yakuba.engines.intake.actions import Bind, CarryOut, SetAside, bind, carry_out, set_aside, unbind
from yakuba.engines.intake.models import Binding, Intake
from yakuba.engines.ledger import queries as ledgers
from yakuba.engines.ledger.actions.books import SetExtra, set_extra
from yakuba.engines.ledger.actions.joints import FROM_CASE, relation_of
from yakuba.engines.ledger.models import Book, Joint
from yakuba.engines.protection.models import Hold
from yakuba.kernel.actions import Denied, NoData, Problem, Problems
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.outbox import running
from yakuba.kernel.outbox import store as outbox
from yakuba.services.procedures.models import Procedure

pytestmark = pytest.mark.django_db


@pytest.fixture
def bound(mihon: Town) -> Binding:
    """The procedure, bound by its keeper."""
    book, subject = open_book(mihon), report(mihon)
    bind(mihon.ctx("ledger_keeper"), book, Bind(f"procedure/{subject.pk}", RULE))
    return Binding.unscoped.select_related("book").get()


def arrive(town: Town, bound: Binding, **answers: object) -> Intake:
    """A report comes in, and the worker puts it before the keeper."""
    case = completed(town, Procedure.unscoped.get(pk=bound.topic_id), **answers)
    work_off()
    return Intake.unscoped.select_related("binding__book", "case").get(case=case)


def work_off() -> None:
    """What the worker does at the desk."""
    while leased := outbox.claim(10, ("desk",)):
        for one in leased:
            running.run(one)


def test_a_completed_report_changes_the_entry_that_it_names(mihon: Town, bound: Binding) -> None:
    there = entry(mihon, bound.book)
    one = arrive(mihon, bound, what="hours", site=there.number, hours="9時から17時まで")
    keeper = mihon.ctx("ledger_keeper")
    found = queries.proposed(keeper, one)
    assert [(change.label, change.before, change.after) for change in found.changes] == [
        ("利用時間", "", "9時から17時まで")
    ]
    there.refresh_from_db()
    assert there.hours == "", "nothing changes before the keeper looked at it"
    with translation.override("en"):
        carry_out(keeper, one, CarryOut())
    there.refresh_from_db()
    assert there.hours == "9時から17時まで"
    one.refresh_from_db()
    assert (one.state, one.entry) == ("carried_out", there.pk)
    joint = Joint.unscoped.get()
    assert (joint.entry, joint.other_kind, joint.other_id) == (there.pk, "case", one.case_id)
    assert ledgers.amendments(keeper, there)[0].reason == f"{one.case.title}（{one.case.number}）"
    assert (joint.relation, relation_of(joint)) == (FROM_CASE, "手続から反映"), "kept in nobody's language"
    with pytest.raises(Denied):
        carry_out(keeper, one, CarryOut())


def test_a_move_is_made_from_the_day_that_was_reported(mihon: Town, bound: Binding) -> None:
    there = entry(mihon, bound.book)
    day = japan_date(clock.now()) - dt.timedelta(3)
    one = arrive(mihon, bound, what="stop", site=there.number, day=day.isoformat())
    carry_out(mihon.ctx("ledger_keeper"), one, CarryOut())
    there.refresh_from_db()
    assert there.state == "paused"
    move = ledgers.moves(mihon.ctx("ledger_keeper"), there)[0]
    assert (move.day, move.document) == (day, one.case.number)


def test_a_new_one_is_added_once(mihon: Town, bound: Binding) -> None:
    one = arrive(mihon, bound, what="new", title="新しい公民館")
    carry_out(mihon.ctx("ledger_keeper"), one, CarryOut())
    found = list(ledgers.entries(mihon.ctx("ledger_keeper"), WIFI.ledger))
    assert [entry.name for entry in found] == ["新しい公民館"]
    work_off()
    assert Intake.unscoped.count() == 1


def test_an_entry_that_is_not_found_is_chosen_by_the_keeper(mihon: Town, bound: Binding) -> None:
    there, keeper = entry(mihon, bound.book), mihon.ctx("ledger_keeper")
    one = arrive(mihon, bound, what="hours", site="W9999", hours="終日")
    with pytest.raises(Problems) as told:
        carry_out(keeper, one, CarryOut())
    assert told.value.problems[0].field == "entry"
    assert "W9999" in told.value.problems[0].message
    carry_out(keeper, one, CarryOut(str(there.pk)))
    there.refresh_from_db()
    assert there.hours == "終日"


def test_what_is_set_aside_changes_nothing(mihon: Town, bound: Binding) -> None:
    there = entry(mihon, bound.book)
    one = arrive(mihon, bound, what="hours", site=there.number, hours="終日")
    set_aside(mihon.ctx("ledger_keeper"), one, SetAside("台帳にもうある"))
    there.refresh_from_db()
    assert there.hours == ""
    assert not Joint.unscoped.exists()


def test_tests_and_unbound_procedures_leave_nothing(mihon: Town, bound: Binding) -> None:
    subject = Procedure.unscoped.get(pk=bound.topic_id)
    unbind(mihon.ctx("ledger_keeper"), bound, NoData())
    completed(mihon, subject, what="new", title="新しい公民館")
    completed(mihon, report(mihon), what="new", title="別の手続")
    work_off()
    assert not Intake.unscoped.exists()


def test_a_rule_that_asks_for_what_is_not_there_is_refused(mihon: Town) -> None:
    subject = report(mihon)
    wrong = {**RULE, "branches": [{"do": "add", "fields": {"nothing": "site", "name": "nobody"}}]}
    with pytest.raises(Problems) as told:
        bind(mihon.ctx("ledger_keeper"), open_book(mihon), Bind(f"procedure/{subject.pk}", wrong))
    assert {one.found for one in told.value.problems} == {"nothing", "nobody"}
    with pytest.raises(Problem) as topic:
        bind(mihon.ctx("ledger_keeper"), Book.unscoped.get(), Bind("procedure/none", RULE))
    assert topic.value.field == "topic"


def test_the_pages_show_what_changes_and_the_case_shows_what_became_of_it(
    mihon: Town, bound: Binding, client: Client
) -> None:
    there = entry(mihon, bound.book)
    one = arrive(mihon, bound, what="hours", site=there.number, hours="9時から17時まで")
    sign_in(client, mihon.account("ledger_keeper"))
    listed = client.get(f"/{mihon.ref.code}/desk/intake/").content.decode()
    assert one.case.number in listed
    page = client.get(f"/{mihon.ref.code}/desk/intake/{one.pk}/").content.decode()
    assert "9時から17時まで" in page
    assert "台帳に反映する" in page
    searched = client.get(f"/{mihon.ref.code}/desk/intake/{one.pk}/?q=W").content.decode()
    assert there.number in searched
    answer = client.post(f"/{mihon.ref.code}/desk/intake/{one.pk}/", {"do": "set_aside", "reason": ""})
    assert answer.status_code == 422
    bindings = client.get(f"/{mihon.ref.code}/desk/intake/bindings/{bound.book_id}/").content.decode()
    assert bound.topic_title in bindings


@pytest.mark.parametrize("field", ["more.kept", "renewal", "place", "disaster"])
def test_an_entry_may_be_found_by_a_field_of_any_kind(mihon: Town, field: str) -> None:
    book, subject, keeper = open_book(mihon), report(mihon), mihon.ctx("ledger_keeper")
    own = {"key": "kept", "kind": "text", "label": "旧番号", "classification": "internal", "required": False}
    set_extra(mihon.ctx("ledger_secretariat"), book, SetExtra({"format": 1, "fields": [own]}))
    book.refresh_from_db()
    rule = {**RULE, "find": {"answer": "site", "field": field}}
    bind(keeper, book, Bind(f"procedure/{subject.pk}", rule))
    bound = Binding.unscoped.select_related("book").get()
    there = entry(mihon, book, renewal="2027-03-31", **{"more.kept": "旧12"})
    nobody = arrive(mihon, bound, what="hours", site="そのようなものはない", hours="終日")
    with pytest.raises(Problems) as told:
        carry_out(keeper, nobody, CarryOut())
    assert [one.field for one in told.value.problems] == ["entry"]
    if said := {"more.kept": "旧12", "renewal": "令和9年3月31日"}.get(field):
        carry_out(keeper, arrive(mihon, bound, what="hours", site=said, hours="終日"), CarryOut())
        there.refresh_from_db()
        assert there.hours == "終日"


def test_what_a_held_case_says_is_neither_shown_nor_taken_over(
    mihon: Town, bound: Binding, client: Client
) -> None:
    there = entry(mihon, bound.book)
    one = arrive(mihon, bound, what="hours", site=there.number, hours="9時から17時まで")
    Hold.unscoped.filter(pk=hold(mihon).pk).update(subject_kind="case", subject_id=one.case_id)
    with pytest.raises(Denied) as told:
        carry_out(mihon.ctx("ledger_keeper"), one, CarryOut())
    assert told.value.code == "held"
    there.refresh_from_db()
    assert there.hours == ""
    sign_in(client, mihon.account("ledger_keeper"))
    here = f"/{mihon.ref.code}/desk/intake/{one.pk}/"
    page = client.get(here).content.decode()
    assert "9時から17時まで" not in page
    assert "支援措置の確認が済むまで" in page
    Hold.unscoped.update(state="released", released_at=clock.now())
    assert "9時から17時まで" in client.get(here).content.decode()
    carry_out(mihon.ctx("ledger_keeper"), one, CarryOut())
