"""Visits over HTTP: who makes one, what the browser keeps of it, and when it ends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.visitors import queries, rules, store
from yakuba.engines.visitors.models import ThrottleCount, Visit
from yakuba.kernel.dates import clock
from yakuba.kernel.trail.models import TrailEntry

pytestmark = pytest.mark.urls("tests.engines.visitors.views")
COOKIE = "yakuba_visit_990019"


def test_only_a_form_begins_a_visit(mihon: Town, client: Client) -> None:
    answer = client.get("/990019/who/")
    assert answer.content == b"public none -"
    assert COOKIE not in answer.cookies
    assert not Visit.unscoped.exists()
    with pytest.raises(RuntimeError, match="form"):
        client.get("/990019/begin/")
    answer = client.post("/990019/begin/", {"idempotency_key": "k1"})
    visit = Visit.unscoped.get()
    assert answer.content.decode() == f"visit:{visit.pk} k1"
    kept = answer.cookies[COOKIE]
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"
    assert kept["path"] == "/"
    assert not kept["secure"]
    assert not kept["max-age"]
    assert kept.value not in str(vars(visit)), "the database keeps a digest"
    assert client.get("/990019/who/").content.decode() == f"visit:{visit.pk} none -"
    assert Visit.unscoped.count() == 1


def test_the_cookie_is_secure_where_browsers_come_by_https(mihon: Town, client: Client, settings) -> None:
    settings.HTTPS = True
    assert client.post("/990019/begin/").cookies[COOKIE]["secure"]


def test_answers_are_kept_nowhere_also_when_something_is_refused(mihon: Town, client: Client) -> None:
    for answer in (
        client.get("/990019/who/"),
        client.post("/990019/begin/"),
        client.post("/990019/refused/"),
    ):
        assert answer["Cache-Control"] == "no-store, private"
    refused = Client().post("/990019/refused/")
    assert refused.status_code == 422
    assert "できません" in refused.content.decode()
    assert COOKIE in refused.cookies, "the visit that began goes on"


def test_a_form_without_its_token_is_refused(mihon: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/990019/begin/").status_code == 403
    assert not Visit.unscoped.exists()
    client.get("/990019/who/")
    token = client.cookies["yakuba_csrf"].value
    assert client.post("/990019/begin/", {"csrfmiddlewaretoken": token}).status_code == 200
    assert client.post("/990019/out/").status_code == 403


def test_a_visit_is_of_one_municipality(mihon: Town, karina: Town, client: Client) -> None:
    token = client.post("/990019/begin/").cookies[COOKIE].value
    client.cookies["yakuba_visit_990027"] = token
    assert client.get("/990027/who/").content == b"public none -"


def test_a_made_up_token_is_nobody(mihon: Town, client: Client) -> None:
    mihon.visit()
    for token in ("", "x", "0" * 64, Visit.unscoped.get().token_hash, str(Visit.unscoped.get().pk) + " "):
        client.cookies[COOKIE] = token
        assert client.get("/990019/who/").content == b"public none -", token


def test_who_signs_out_is_gone(mihon: Town, client: Client) -> None:
    visit = mihon.enter(client, level="account", citizen=mihon.visits["other"])
    Visit.unscoped.filter(pk=visit.pk).update(mail="rei@example.jp", facts={"name": "例示 れい"})
    token = client.cookies[COOKIE].value
    answer = client.post("/990019/out/")
    assert answer.cookies[COOKIE].value == ""
    client.cookies[COOKIE] = token
    assert client.get("/990019/who/").content == b"public none -"
    visit.refresh_from_db()
    assert (visit.mail, visit.facts, visit.citizen, visit.level) == ("", {}, None, "none")
    entry = TrailEntry.unscoped.get(action="visitors.sign_out")
    assert entry.actor_id == f"visit:{visit.pk}"


@pytest.mark.parametrize(("citizen", "minutes"), [(True, 30), (False, 24 * 60)])
def test_a_visit_without_pages_ends(mihon: Town, client: Client, citizen: bool, minutes: int) -> None:
    mihon.enter(client, citizen=mihon.visits["other"] if citizen else None)
    Visit.unscoped.update(ends_at=clock.now() + dt.timedelta(days=9))
    begun = clock.now()
    for passed, there in ((minutes - 1, True), (2 * minutes - 2, True), (3 * minutes - 1, False)):
        with clock.frozen(begun + dt.timedelta(minutes=passed)):
            found = client.get("/990019/who/").content.decode().startswith("visit:")
        assert found is there, passed


def test_a_page_costs_no_query_more_for_its_visitor(mihon: Town, client: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get("/990019/who/")
        return len(seen)

    nobody = cost()
    mihon.enter(client)
    assert cost() == nobody, "the visit is read with its municipality"


def test_staff_are_nobody_at_the_portal(mihon: Town, client: Client) -> None:
    sign_in(client, mihon.account("municipality_admin"))
    assert client.get("/990019/who/").content == b"public none -"
    client.post("/990019/begin/")
    fresh = Client()
    fresh.cookies[COOKIE] = client.cookies[COOKIE].value
    assert fresh.get("/990019/desk/").status_code == 302


class TestLevels:
    def test_more_is_known_and_the_token_changes(self, mihon: Town, client: Client) -> None:
        visit = mihon.enter(client)
        ctx = mihon.ctx("visitor")
        planted = client.cookies[COOKIE].value
        store.raise_level(ctx, visit.pk, store.Known("mail", "mail", mail="rei@example.jp"), "new-token")
        assert client.get("/990019/who/").content == b"public none -"
        assert planted
        client.cookies[COOKIE] = "new-token"
        assert client.get("/990019/who/").content.decode() == f"visit:{visit.pk} mail -"

    def test_less_takes_nothing_away(self, mihon: Town) -> None:
        visit, ctx = mihon.visit(), mihon.ctx("visitor")
        me = mihon.visits["other"]
        facts = {"name": "例示 れい"}
        store.raise_level(ctx, visit.pk, store.Known("verified", "oidc", me, facts=facts), "a")
        after = store.raise_level(ctx, visit.pk, store.Known("mail", "mail", mail="rei@example.jp"), "b")
        assert (after.level, after.method, after.citizen, after.facts) == ("verified", "oidc", me, facts)
        assert after.mail == "rei@example.jp"
        after = store.raise_level(ctx, visit.pk, store.Known("account", "account", me), "c")
        assert (after.level, after.facts) == ("verified", facts)

    def test_an_address_confirmed_before_signing_in_is_not_the_accounts(self, mihon: Town) -> None:
        visit, ctx = mihon.visit(), mihon.ctx("visitor")
        store.raise_level(ctx, visit.pk, store.Known("mail", "mail", mail="dareka@example.jp"), "a")
        after = store.raise_level(ctx, visit.pk, store.Known("verified", "oidc", visit.pk), "b")
        assert after.mail == ""

    def test_another_citizen_is_another_visit(self, mihon: Town) -> None:
        visit, ctx = mihon.visit(), mihon.ctx("visitor")
        one, other = mihon.visits["own"], mihon.visits["other"]
        store.raise_level(ctx, visit.pk, store.Known("account", "account", one), "a")
        after = store.raise_level(ctx, visit.pk, store.Known("verified", "oidc", other), "b")
        assert after.pk != visit.pk
        assert after.citizen == other
        visit.refresh_from_db()
        assert visit.citizen is None
        assert not queries.goes_on(visit, ctx.now)

    def test_whoever_signed_in_ends_after_half_a_day_however_busy(self, mihon: Town, client: Client) -> None:
        visit = mihon.enter(client)
        store.raise_level(
            mihon.ctx("visitor"), visit.pk, store.Known("account", "account", visit.pk), str(visit.pk)
        )
        begun = clock.now()
        for step in range(1, 37):
            with clock.frozen(begun + dt.timedelta(minutes=20 * step)):
                there = client.get("/990019/who/").content.startswith(b"visit:")
            assert there is (20 * step < 12 * 60), step

    def test_all_visits_of_a_citizen_end_but_one(self, mihon: Town) -> None:
        me = mihon.ref.id
        one, other = mihon.visit("own", citizen=me), mihon.visit("other", citizen=me)
        assert store.end_all(mihon.ctx("visitor"), me, but=one.pk) == 1
        other.refresh_from_db()
        one.refresh_from_db()
        assert other.citizen is None
        assert one.citizen == me


class TestThrottle:
    def test_a_visit_may_so_often_and_is_told_when_again(self, mihon: Town, client: Client) -> None:
        mihon.enter(client)
        with clock.frozen(dt.datetime(2026, 11, 20, 3, 10, tzinfo=dt.UTC)):
            for _n in range(20):
                assert client.post("/990019/often/").status_code == 200
            answer = client.post("/990019/often/")
        assert answer.status_code == 429
        assert answer["Retry-After"] == "300"
        assert "5分ほど" in answer.content.decode()
        with clock.frozen(dt.datetime(2026, 11, 20, 3, 15, tzinfo=dt.UTC)):
            assert client.post("/990019/often/").status_code == 200

    def test_a_new_session_or_a_forged_header_resets_nothing(self, mihon: Town, settings) -> None:
        with clock.frozen(dt.datetime(2026, 11, 20, 3, 10, tzinfo=dt.UTC)):
            for n in range(21):
                client = Client(REMOTE_ADDR=f"192.0.2.{n}", headers={"x-forwarded-for": f"198.51.100.{n}"})
                client.post("/990019/begin/")
                answer = client.post("/990019/often/", {"target": "A-1234"})
                assert answer.status_code == (200 if n < 20 else 429), n
            for n in range(400):
                forged = {"x-forwarded-for": f"198.51.{n % 200}.{n}"}
                assert Client(headers=forged).post("/990019/often/").status_code == 200
            assert (
                Client(headers={"x-forwarded-for": "203.0.113.1"}).post("/990019/often/").status_code == 429
            )
            settings.PROXIES = 1
            forged = {"x-forwarded-for": "198.51.100.7, 203.0.113.1"}
            assert Client(headers=forged).post("/990019/often/").status_code == 200

    def test_nothing_in_the_table_says_who(self, mihon: Town, client: Client) -> None:
        mihon.enter(client)
        client.post("/990019/often/", {"target": "rei@example.jp"})
        kept = str(list(ThrottleCount.unscoped.values()))
        assert ThrottleCount.unscoped.count() == 3
        assert "rei@" not in kept
        assert "127.0.0.1" not in kept

    def test_municipalities_do_not_count_for_each_other(
        self, mihon: Town, karina: Town, client: Client
    ) -> None:
        for _n in range(21):
            client.post("/990019/often/", {"target": "x"})
        assert client.post("/990019/often/", {"target": "x"}).status_code == 429
        assert client.post("/990027/often/", {"target": "x"}).status_code == 200


def test_the_sweep_takes_what_is_over(mihon: Town, client: Client) -> None:
    gone = mihon.visit("own")
    stays = mihon.visit("other")
    client.post("/990019/often/")
    Visit.unscoped.filter(pk=gone.pk).update(seen_at=clock.now() - rules.IDLE_ANONYMOUS)
    ctx = mihon.ctx("cli")
    assert store.sweep(ctx) == 1
    assert Visit.unscoped.get().pk == stays.pk
    with clock.frozen(clock.now() + dt.timedelta(days=8)):
        assert store.sweep(mihon.ctx("cli")) == 2
