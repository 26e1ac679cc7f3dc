"""Accounts: made, signed in to, changed, closed. No page tells whether there is one."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tests.services.identity.conftest import MAIL, PASSWORD, Citizenry, sent_code
from tests.signin import sign_in as staff_sign_in
from tests.world import Town
from yakuba.engines.delivery.models import Delivery
from yakuba.engines.visitors.models import Visit
from yakuba.engines.visitors.sections import SECTIONS, Section
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.handlers import HANDLERS, Handler
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.trail.models import TrailEntry, TrailPayload
from yakuba.services.identity.models import Citizen, MailCode

COOKIE = "yakuba_visit_990019"
OTHER = "あたらしい ことば 5678"


def same(page: str) -> str:
    """A page without what differs from one request to the next."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def test_made_and_signed_in_to(browser: Citizenry, other_browser: Citizenry) -> None:
    assert browser.open_account().url == "/990019/my/"
    mine = Citizen.unscoped.get()
    assert mine.mail == MAIL
    assert PASSWORD not in mine.password
    assert "アカウントを閉じる" in browser.my
    assert "メールアドレスとパスワード" in browser.my
    assert other_browser.sign_in(MAIL.upper(), next="/990019/x/").url == "/990019/x/"
    assert Visit.unscoped.filter(citizen=mine.pk, level="account", mail=MAIL).count() == 2


def test_no_page_tells_whether_there_is_an_account(browser: Citizenry, other_browser: Citizenry) -> None:
    browser.open_account()
    known = other_browser.sign_in(password="ちがう ことば 9999")
    unknown = other_browser.sign_in("dareka@example.jp", "ちがう ことば 9999")
    assert known.status_code == unknown.status_code == 422
    assert same(known.content.decode()) == same(unknown.content.decode()).replace("dareka@example.jp", MAIL)
    there, not_there = (other_browser.ask_code("account/new", mail) for mail in (MAIL, "dareka@example.jp"))
    assert there.url == not_there.url
    bodies = [re.sub(r"[0-9]{6}", "", one.body) for one in Delivery.unscoped.filter(purpose="code")]
    assert len(set(bodies)) == 1
    assert TrailEntry.unscoped.filter(action="identity.sign_in_refused").count() == 2


def test_an_account_without_a_password_is_opened_by_none(browser: Citizenry, mihon: Town) -> None:
    Citizen.unscoped.create(
        municipality_id=mihon.ref.id, mail=MAIL, mail_key=MAIL, password="", created_at=clock.now()
    )
    for password in ("", "x", "!"):
        assert browser.sign_in(password=password).status_code == 422


def test_guessing_is_throttled_wherever_it_comes_from(browser: Citizenry) -> None:
    browser.open_account()
    with clock.frozen(dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)):
        for n in range(10):
            guesser = Citizenry(REMOTE_ADDR=f"192.0.2.{n}", headers={"x-forwarded-for": f"198.51.100.{n}"})
            assert guesser.sign_in(password=f"ちがう ことば {n}").status_code == 422
        assert Citizenry(REMOTE_ADDR="192.0.2.99").sign_in().status_code == 429, "the right one too"
    with clock.frozen(dt.datetime(2026, 11, 20, 3, 15, tzinfo=dt.UTC)):
        assert Citizenry(REMOTE_ADDR="192.0.2.99").sign_in().status_code == 302


@pytest.mark.parametrize(
    ("wanted", "again", "field"),
    [
        ("", "", "wanted"),
        ("みじかい", "みじかい", "wanted"),
        ("123456789012", "123456789012", "wanted"),
        ("rei@example.jp", "rei@example.jp", "wanted"),
        (PASSWORD, OTHER, "again"),
    ],
)
def test_a_password_that_will_not_do(browser: Citizenry, wanted: str, again: str, field: str) -> None:
    browser.ask_code("account/new")
    browser.enter()
    answer = browser.post("/990019/sign-in/account/password/", {"wanted": wanted, "again": again})
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert not Citizen.unscoped.exists()
    assert not wanted or wanted == MAIL or f'value="{wanted}"' not in answer.content.decode()


def test_a_password_is_set_only_after_the_code_and_once(browser: Citizenry) -> None:
    set_it = {"wanted": PASSWORD, "again": PASSWORD}
    there = "/990019/sign-in/account/password/"
    assert browser.post(there, set_it).url == "/990019/sign-in/account/new/"
    browser.confirm()
    assert browser.post(there, set_it).url == "/990019/sign-in/account/new/", "a code for something else"
    browser.open_account()
    assert browser.post(there, set_it).url == "/990019/sign-in/account/new/"
    browser.ask_code("account/new")
    browser.enter()
    with clock.frozen(clock.now() + dt.timedelta(minutes=30)):
        assert browser.post(there, set_it).url == "/990019/sign-in/account/new/"
    assert Citizen.unscoped.count() == 1


def test_a_forgotten_password(browser: Citizenry, other_browser: Citizenry) -> None:
    browser.open_account()
    assert other_browser.open_account(password=OTHER).status_code == 302
    assert Citizen.unscoped.count() == 1
    assert not browser.my, "whoever was signed in elsewhere is not any more"
    assert Citizenry().sign_in().status_code == 422
    assert Citizenry().sign_in(password=OTHER).status_code == 302
    assert "設定されました" in Delivery.unscoped.filter(purpose="account").last().body


def test_another_municipality_has_accounts_of_its_own(browser: Citizenry, karina: Town) -> None:
    browser.open_account()
    answer = browser.post("/990027/sign-in/account/", {"mail": MAIL, "password": PASSWORD})
    assert answer.status_code == 422
    assert browser.get("/990027/my/").status_code == 302


def test_signing_out(browser: Citizenry) -> None:
    browser.open_account()
    token = browser.cookies[COOKIE].value
    assert browser.get("/990019/sign-in/out/").status_code == 405
    assert browser.my
    assert browser.post("/990019/sign-in/out/").url == "/990019/sign-in/?out=1"
    assert "サインアウトしました" in browser.get("/990019/sign-in/?out=1").content.decode()
    browser.cookies[COOKIE] = token
    assert not browser.my


def test_somebody_else_at_the_same_browser_gets_a_visit_of_their_own(browser: Citizenry) -> None:
    browser.open_account()
    first = Visit.unscoped.get(citizen__isnull=False)
    other = Citizenry()
    other.open_account("dareka@example.jp")
    browser.sign_in("dareka@example.jp")
    first.refresh_from_db()
    assert first.citizen is None
    assert first.mail == ""
    assert "d•••@example.jp" in browser.my


def test_citizens_never_become_staff_nor_staff_citizens(browser: Citizenry, mihon: Town) -> None:
    browser.open_account()
    assert browser.get("/990019/desk/").url.startswith("/desk/sign-in/")
    assert browser.get("/desk/sign-in/account/").status_code == 302
    assert "yakuba_staff" not in browser.cookies
    assert not StaffAccount.unscoped.exists()
    staff = Citizenry()
    staff_sign_in(staff, mihon.account("municipality_admin"))
    assert staff.get("/990019/my/").status_code == 302
    assert staff.sign_in(mihon.account("municipality_admin").username, "x").status_code == 422
    # The same browser as both: two cookies, two people, neither knows of the other.
    browser.cookies["yakuba_staff"] = staff.cookies["yakuba_staff"].value
    assert "氏名" in browser.my
    assert browser.get("/990019/desk/").status_code == 200
    assert MAIL not in browser.get("/990019/desk/").content.decode()


class TestMyAccount:
    def test_the_name(self, browser: Citizenry) -> None:
        browser.open_account()
        answer = browser.post("/990019/my/name/", {"name": "髙橋 例示", "kana": "たかはし れいじ"})
        assert answer.url == "/990019/my/?done=name"
        mine = Citizen.unscoped.get()
        assert (mine.name, mine.kana) == ("髙橋 例示", "タカハシ レイジ")
        assert "髙橋 例示" in browser.my
        answer = browser.post("/990019/my/name/", {"name": "髙橋\u0007", "kana": "taka"})
        assert answer.status_code == 422
        assert 'value="taka"' in answer.content.decode()
        told = "".join(TrailPayload.unscoped.values_list("text", flat=True))
        assert "髙橋" not in told

    def test_the_address(self, browser: Citizenry) -> None:
        browser.open_account()
        there = {"mail": "atarashii@example.jp"}
        assert browser.post("/990019/my/mail/", there | {"present": "ちがう ことば 12"}).status_code == 422
        assert browser.post("/990019/my/mail/", there | {"present": PASSWORD}).url == "/990019/sign-in/code/"
        assert Citizen.unscoped.get().mail == MAIL, "not before the code"
        assert browser.enter().url == "/990019/my/?done=mail"
        assert Citizen.unscoped.get().mail == "atarashii@example.jp"
        warned = Delivery.unscoped.filter(purpose="account").last()
        assert warned.address == MAIL
        assert "atarashii" not in warned.body
        assert "a•••@example.jp" in browser.my
        assert Citizenry().sign_in("atarashii@example.jp").status_code == 302

    def test_an_address_that_has_another_account(self, browser: Citizenry, other_browser: Citizenry) -> None:
        browser.open_account()
        other_browser.open_account("dareka@example.jp")
        other_browser.post("/990019/my/mail/", {"mail": MAIL, "present": PASSWORD})
        answer = other_browser.enter()
        assert answer.status_code == 422
        assert "別のアカウント" in answer.content.decode()
        assert Citizen.unscoped.filter(mail=MAIL).count() == 1

    def test_the_password(self, browser: Citizenry, other_browser: Citizenry) -> None:
        browser.open_account()
        other_browser.sign_in()
        words = {"present": PASSWORD, "wanted": OTHER, "again": OTHER}
        answer = browser.post("/990019/my/password/", words | {"present": "ちがう ことば 12"})
        assert answer.status_code == 422
        assert browser.post("/990019/my/password/", words).url == "/990019/my/?done=password"
        assert browser.my
        assert not other_browser.my
        assert Citizenry().sign_in(password=OTHER).status_code == 302

    def test_an_open_session_is_no_place_to_guess_the_password(self, browser: Citizenry) -> None:
        browser.open_account()
        with clock.frozen(dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)):
            Visit.unscoped.update(seen_at=clock.now(), ends_at=clock.now() + dt.timedelta(hours=1))
            for n in range(11):
                wrong = {"present": f"ちがう {n}", "sure": "1"}
                answer = browser.post("/990019/my/close/", wrong)
                assert answer.status_code == (422 if n < 10 else 429), n
        assert Citizen.unscoped.get().closed_at is None

    def test_closing_it(self, browser: Citizenry, other_browser: Citizenry, monkeypatch) -> None:
        topic = "identity.account_closed"
        listener = Handler("identity.test_listener", topic, "desk", effect=lambda _ctx, _payload: None)
        monkeypatch.setitem(HANDLERS, listener.name, listener)
        browser.open_account()
        browser.post("/990019/my/name/", {"name": "例示 れい", "kana": ""})
        other_browser.sign_in()
        assert browser.post("/990019/my/close/", {"present": PASSWORD}).status_code == 422, "asked first"
        answer = browser.post("/990019/my/close/", {"present": PASSWORD, "sure": "1"})
        assert "アカウントの内容を消しました" in answer.content.decode()
        assert not browser.my
        assert not other_browser.my
        gone = Citizen.unscoped.get()
        assert gone.closed_at
        assert (gone.mail, gone.mail_key, gone.name, gone.kana, gone.password) == ("", "", "", "", "")
        assert not MailCode.unscoped.filter(mail=MAIL).exists()
        assert not Visit.unscoped.filter(mail=MAIL).exists()
        events = list(OutboxMessage.unscoped.filter(topic=topic))
        assert {str(one.payload["citizen"]) for one in events} == {str(gone.pk)}, "to all who want to know"
        assert Citizenry().sign_in().status_code == 422
        again = Citizenry()
        again.open_account()
        assert Citizen.unscoped.filter(closed_at__isnull=True).exclude(pk=gone.pk).count() == 1
        told = "".join(TrailPayload.unscoped.values_list("text", flat=True))
        assert MAIL not in told
        assert "例示" not in told

    @pytest.mark.parametrize("page", ["name", "mail", "password", "close"])
    def test_only_for_who_is_signed_in(self, browser: Citizenry, page: str) -> None:
        browser.confirm()
        for answer in (
            browser.get(f"/990019/my/{page}/"),
            browser.post(f"/990019/my/{page}/", {"sure": "1"}),
        ):
            assert answer.status_code == 302
            assert answer.url.startswith("/990019/sign-in/?level=account")

    def test_nobody_is_asked_who_they_are(self, browser: Citizenry) -> None:
        assert browser.get("/990019/my/").url == "/990019/sign-in/?level=mail&next=%2F990019%2Fmy%2F"

    def test_pages_open(self, browser: Citizenry) -> None:
        browser.open_account()
        for page in ("", "name/", "mail/", "password/", "close/"):
            answer = browser.get(f"/990019/my/{page}")
            assert answer.status_code == 200, page
            assert answer["Cache-Control"] == "no-store, private"
            assert MAIL not in answer.content.decode(), "masked"

    def test_other_rooms_have_their_sections(self, browser: Citizenry) -> None:
        from django.utils.html import format_html
        from django.utils.safestring import SafeString

        seen = []

        def draw(_request, ctx, visitor):
            seen.append((ctx.actor.id, visitor.citizen))
            return format_html("<p>申請 {}</p>", "1件")

        with SECTIONS.temporarily("test", Section("test", "試みの節", draw)):
            browser.open_account()
            assert "<p>申請 1件</p>" in browser.my
            assert 'id="section-test"' in browser.my
            with SECTIONS.temporarily("test", Section("test", "試みの節", lambda *_all: SafeString())):
                assert "試みの節" not in browser.my
        assert seen[0][1] == Citizen.unscoped.get().pk


def test_the_code_page_knows_why(browser: Citizenry) -> None:
    browser.ask_code("account/new", next="/990019/x/")
    assert (
        "/990019/sign-in/account/new/?next=%2F990019%2Fx%2F"
        in browser.get("/990019/sign-in/code/").content.decode()
    )
    assert sent_code()
    assert browser.enter().url == "/990019/sign-in/account/password/?next=%2F990019%2Fx%2F"
