"""Sign-ins in the trail."""

from __future__ import annotations

import datetime as dt

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from tests.kernel.access.conftest import PASSWORD
from tests.signin import sign_in
from yakuba.kernel.access import actions as access
from yakuba.kernel.actions import ports
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.schedules import SCHEDULES, Due
from yakuba.kernel.trail.models import TrailEntry
from yakuba.kernel.trail.store import TrailStore

SIGN_IN = "/desk/sign-in/"
OWN_PASSWORD = "/desk/sign-in/password/"
WRONG = "ちがう ことば 12"


@pytest.fixture
def trail(admin, monkeypatch):
    """The real trail, from here on; gives (action, subject, reason) of what was written since."""
    monkeypatch.setattr(ports, "_trail", TrailStore())

    def written():
        found = TrailEntry.unscoped.order_by("pk")
        return [(one.kind, one.action, one.subject_label, one.reason) for one in found]

    return written


def enter(client, password=PASSWORD, username="kanri"):
    return client.post(SIGN_IN, {"login": username, "password": password})


def test_in_and_out(client, admin, trail):
    assert enter(client).status_code == 302
    client.post("/desk/sign-in/out/")
    assert trail() == [
        ("done", "access.sign_in", "kanri", ""),
        ("done", "access.sign_out", "kanri", ""),
    ]
    entry = TrailEntry.unscoped.order_by("pk").first()
    assert (entry.actor_kind, entry.actor_id) == ("staff", str(admin.pk))
    assert entry.subject_id == admin.pk
    assert entry.municipality_id == admin.municipality_id
    assert entry.request_id


def test_refusals_and_one_entry_for_a_lock_out(client, trail):
    for _ in range(8):
        enter(client, WRONG, "ＫＡＮＲＩ")
    refusal = ("denied", "access.sign_in_refused", "kanri", "パスワードの誤り")
    locked = ("denied", "access.locked", "kanri", "続けて失敗したため、一時的に停止")
    assert trail() == [refusal] * 4 + [locked]
    cache.clear()  # the waiting is over, and somebody goes on
    enter(client, WRONG)
    assert trail()[5:] == [locked]
    assert set(TrailEntry.unscoped.values_list("actor_kind", flat=True)) == {"public"}


def test_a_name_that_nobody_has_is_not_noted(client, trail):
    for _ in range(6):
        enter(client, WRONG, "himitsu-no-kotoba")
    assert trail() == []


def test_an_account_of_the_platform_belongs_to_no_trail(client, cli, trail):
    access.create_account(cli, None, access.CreateAccount("kiban", "", PASSWORD, platform=True))
    before = trail()
    enter(client, WRONG, "kiban")
    enter(client, username="kiban")
    assert trail() == before


def test_a_wrong_code_and_a_stopped_account(client, cli, admin, trail):
    access.deactivate_account(cli, admin, access.NoData())
    assert enter(client).status_code == 403
    assert trail()[-1] == ("denied", "access.sign_in_refused", "kanri", "利用の停止")


def test_the_password_page_is_no_place_to_guess(client, admin, trail):
    sign_in(client, admin)
    form = {"present": WRONG, "wanted": "べつの ことば 3456", "again": "べつの ことば 3456"}
    answers = [client.post(OWN_PASSWORD, form).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    assert client.post(OWN_PASSWORD, {**form, "present": PASSWORD}).status_code == 429
    assert enter(Client()).status_code == 429
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)
    assert [entry[1] for entry in trail()] == ["access.sign_in_refused"] * 4 + ["access.locked"]
    kept = "".join(AccessAttempt.objects.values_list("post_data", flat=True))
    assert kept
    assert "ことば" not in kept


@pytest.mark.parametrize(
    "end",
    [
        lambda cli, admin: access.reset_second_factor(cli, admin, access.NoData()),
        lambda cli, admin: access.set_password(cli, admin, access.SetPassword("べつの ことば 3456")),
    ],
)
def test_new_means_of_sign_in_end_the_sessions(client, cli, admin, end):
    other = access.create_account(cli, None, access.CreateAccount("doryo", "", PASSWORD))
    sign_in(client, admin)
    colleague = Client()
    sign_in(colleague, other)
    keys = client.session.session_key, colleague.session.session_key
    end(cli, admin)
    assert set(Session.objects.values_list("session_key", flat=True)) == {keys[1]}
    assert client.get("/desk/sign-in/account/").url.startswith(SIGN_IN)


def test_old_attempts_go(db):
    now = clock.now()
    for table in (AccessAttempt, AccessFailureLog, AccessLog):
        for days in (89, 91):
            more = {"failures_since_start": 1} if table is AccessAttempt else {}
            row = table.objects.create(username=f"{days}", ip_address="192.0.2.1", path_info="/", **more)
            table.objects.filter(pk=row.pk).update(attempt_time=now - dt.timedelta(days=days))
    SCHEDULES["access.forget_sign_ins"].run(Due("access.forget_sign_ins", "2026-11-20", None))
    for table in (AccessAttempt, AccessFailureLog, AccessLog):
        assert list(table.objects.values_list("username", flat=True)) == ["89"]
