"""The way by mail: a code, its tries and its end."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.services.identity.conftest import MAIL, Citizenry, sent_code
from tests.world import Town
from yakuba.engines.delivery.models import Delivery
from yakuba.engines.visitors.models import Visit
from yakuba.kernel.dates import clock
from yakuba.kernel.trail.models import TrailEntry, TrailPayload
from yakuba.services.identity.models import MailCode

COOKIE = "yakuba_visit_990019"


def test_the_whole_way(browser: Citizenry) -> None:
    assert browser.get("/990019/sign-in/mail/?next=/990019/x/").status_code == 200
    assert not browser.cookies.get(COOKIE)
    answer = browser.ask_code(next="/990019/x/?a=1")
    assert answer.url == "/990019/sign-in/code/"
    before = browser.cookies[COOKIE].value
    page = browser.get("/990019/sign-in/code/").content.decode()
    assert "r•••@example.jp" in page
    assert MAIL not in page
    answer = browser.enter()
    assert answer.url == "/990019/x/?a=1"
    assert browser.cookies[COOKIE].value != before, "a new token at every rise"
    visit = Visit.unscoped.get()
    assert (visit.level, visit.method, visit.mail, visit.citizen) == ("mail", "mail", MAIL, None)
    assert "r•••@example.jp" in browser.my
    assert MAIL not in browser.my


def test_the_token_of_before_opens_nothing(browser: Citizenry) -> None:
    browser.ask_code()
    planted = browser.cookies[COOKIE].value
    browser.enter()
    thief = Citizenry()
    thief.cookies[COOKIE] = planted
    assert not thief.my


def test_the_mail(browser: Citizenry) -> None:
    browser.ask_code()
    mail = Delivery.unscoped.get()
    assert (mail.zone, mail.purpose, mail.address, mail.state) == ("portal", "code", MAIL, "queued")
    assert sent_code() not in mail.subject_line
    assert "10分以内" in mail.body
    assert "みほん市" in mail.subject_line


def test_an_address_that_no_server_takes_is_told_and_not_kept(browser: Citizenry) -> None:
    for mail in (f"{'a' * 250}@example.jp", f"rei@{'b.' * 126}jp", "rei@example.jp\r\nBcc: all@example.jp"):
        answer = browser.ask_code(mail=mail)
        assert answer.status_code == 422
        assert "メールアドレスとして使えません" in answer.content.decode()
    assert not MailCode.unscoped.exists()


def test_five_tries_and_no_more(browser: Citizenry) -> None:
    browser.ask_code()
    right = sent_code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for left in (4, 3, 2, 1):
        answer = browser.enter(wrong)
        assert answer.status_code == 422
        assert f"あと{left}回" in answer.content.decode()
    assert "もう使えません" in browser.enter(wrong).content.decode()
    assert browser.enter(right).url == "/990019/sign-in/"
    assert not browser.my
    assert MailCode.unscoped.get().tries == 5


def test_a_code_is_good_for_ten_minutes_once_and_in_one_browser(
    browser: Citizenry, other_browser: Citizenry
) -> None:
    browser.ask_code()
    code = sent_code()
    assert other_browser.enter(code).url == "/990019/sign-in/"
    other_browser.ask_code(mail="dareka@example.jp")
    assert other_browser.enter(code).status_code == 422
    with clock.frozen(clock.now() + dt.timedelta(minutes=10)):
        assert browser.enter(code).url == "/990019/sign-in/"
    assert browser.enter(code).status_code == 302
    assert browser.enter(code).url == "/990019/sign-in/", "used"


def test_a_new_code_ends_the_former(browser: Citizenry) -> None:
    browser.ask_code()
    first = sent_code()
    browser.ask_code()
    if first != sent_code():
        assert browser.enter(first).status_code == 422
    assert browser.enter().status_code == 302


@pytest.mark.parametrize(
    "typed", ["", "  ", "rei", "rei@", "a@b", "rei@example.jp\nBcc: x@example.jp", "れい@example.jp"]
)
def test_an_address_that_is_none(browser: Citizenry, typed: str) -> None:
    answer = browser.ask_code(mail=typed)
    assert answer.status_code == 422
    assert 'href="#id_mail"' in answer.content.decode()
    assert not Delivery.unscoped.exists()


def test_codes_are_throttled_by_address_whoever_asks(mihon: Town) -> None:
    with clock.frozen(dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)):
        for n in range(6):
            browser = Citizenry(REMOTE_ADDR=f"192.0.2.{n}", headers={"x-forwarded-for": f"198.51.100.{n}"})
            answer = browser.ask_code(mail=MAIL.upper() if n % 2 else MAIL)
            assert answer.status_code == (302 if n < 5 else 429), n
    assert "30分ほど" in answer.content.decode()
    assert 'value="REI@EXAMPLE.JP"' in answer.content.decode(), "what was typed stays"
    assert Delivery.unscoped.count() == 5


def test_guessing_over_new_codes_is_throttled(mihon: Town) -> None:
    """Twenty guesses an hour at one address, over all codes, visits and addresses of the Internet."""
    with clock.frozen(dt.datetime(2026, 11, 20, 3, 50, tzinfo=dt.UTC)) as first:
        guesses = []
        for n in range(6):
            at = first if n < 5 else first + dt.timedelta(minutes=1)
            with clock.frozen(at):
                browser = Citizenry(REMOTE_ADDR=f"192.0.2.{n}")
                if browser.ask_code().status_code == 302:
                    guesses += [browser.enter("000000").status_code for _n in range(4)]
                    guesses.append(browser.post("/990019/sign-in/code/", {"code": "000000"}).status_code)
    assert guesses.count(422) + guesses.count(302) <= 20
    assert 429 in guesses


def test_patience_does_not_help_guessing(mihon: Town) -> None:
    """Forty guesses a day at one mail address, however they are spread over hours, visits and places."""
    day, answers = dt.datetime(2026, 11, 20, 0, 5, tzinfo=dt.UTC), []
    for hour in range(5):
        with clock.frozen(day + dt.timedelta(hours=hour)):
            for n in range(2):
                browser = Citizenry(REMOTE_ADDR=f"192.0.{hour}.{n}")
                browser.ask_code()
                answers += [browser.enter("12345") for _n in range(5)]
    assert [one.status_code for one in answers] == [422] * 40 + [429] * 10
    assert "20時間ほど" in answers[-1].content.decode()
    with clock.frozen(day + dt.timedelta(days=1)):
        browser = Citizenry()
        browser.ask_code()
        assert browser.enter("12345").status_code == 422


def test_so_many_codes_a_day_go_to_one_address(mihon: Town) -> None:
    day = dt.datetime(2026, 11, 20, 0, 5, tzinfo=dt.UTC)
    for hour in range(11):
        with clock.frozen(day + dt.timedelta(hours=hour)):
            for n in range(2):
                Citizenry(REMOTE_ADDR=f"192.0.{hour}.{n}").ask_code()
    assert Delivery.unscoped.count() == 20


def test_nothing_personal_in_the_trail(browser: Citizenry) -> None:
    browser.confirm()
    told = "".join(TrailPayload.unscoped.values_list("text", flat=True))
    told += "".join(f"{one.subject_label}{one.actor_label}{one.reason}" for one in TrailEntry.unscoped.all())
    assert TrailEntry.unscoped.filter(action="identity.enter_code").exists()
    assert MAIL not in told
    assert sent_code() not in told


def test_forms_need_their_token(mihon: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    for page in (
        "sign-in/mail/",
        "sign-in/code/",
        "sign-in/account/",
        "sign-in/account/new/",
        "sign-in/account/password/",
        "sign-in/out/",
        "my/name/",
        "my/mail/",
        "my/password/",
        "my/close/",
        "my/links/remove/",
    ):
        assert client.post(f"/990019/{page}", {"mail": MAIL}).status_code == 403, page
    client.get("/990019/sign-in/mail/")
    data = {"mail": MAIL, "csrfmiddlewaretoken": client.cookies["yakuba_csrf"].value}
    assert client.post("/990019/sign-in/mail/", data).status_code == 302


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/", "/990027/my/", "/990019/desk/"])
def test_nobody_is_led_elsewhere(browser: Citizenry, evil: str) -> None:
    for page in ("", "mail/", "account/", "account/new/"):
        assert evil not in browser.get(f"/990019/sign-in/{page}", {"next": evil}).content.decode(), page
    assert browser.confirm(next=evil).url == "/990019/my/"


def test_without_a_channel_it_says_so(browser: Citizenry, settings) -> None:
    settings.MAIL_URL = ""
    page = browser.get("/990019/sign-in/").content.decode()
    assert "メールを送る用意がまだありません" in page
    assert "/sign-in/mail/" not in page
    assert "窓口や郵送で" in page
    assert "メールを送る用意がまだありません" in browser.ask_code().content.decode()
    assert not Delivery.unscoped.exists()


def test_the_counter_is_named_for_who_has_no_mail(browser: Citizenry) -> None:
    for page in ("", "mail/"):
        assert "窓口や郵送" in browser.get(f"/990019/sign-in/{page}").content.decode()


def test_a_level_that_nobody_offers(browser: Citizenry) -> None:
    page = browser.get("/990019/sign-in/?level=signature").content.decode()
    assert "インターネットでは確認できません" in page
    assert browser.get("/990019/sign-in/?level=nonsense").status_code == 200


@pytest.mark.parametrize("prefix", ["/en", "/ja-simple"])
def test_in_every_language(browser: Citizenry, prefix: str) -> None:
    answer = browser.post(f"{prefix}/990019/sign-in/mail/", {"mail": MAIL})
    assert answer.url == f"{prefix}/990019/sign-in/code/"
    answer = browser.post(f"{prefix}/990019/sign-in/code/", {"code": sent_code()})
    assert answer.url == f"{prefix}/990019/my/"
    assert Delivery.unscoped.get().language == prefix.strip("/")


def test_the_sweep_forgets_codes(browser: Citizenry, mihon: Town) -> None:
    from yakuba.services.identity.actions import forget_old

    browser.ask_code()
    assert forget_old(mihon.ctx("cli")) == 0
    with clock.frozen(clock.now() + dt.timedelta(hours=1)):
        assert forget_old(mihon.ctx("cli")) == 1
