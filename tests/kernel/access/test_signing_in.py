from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.kernel.access.conftest import PASSWORD
from tests.signin import sign_in
from yakuba.kernel.access import actions as access
from yakuba.kernel.access.adapters import SecondFactorAdapter
from yakuba.kernel.access.lockout import username_key
from yakuba.kernel.access.totp import totp_code
from yakuba.kernel.dates import clock, frozen

SIGN_IN = "/desk/sign-in/"
CODE = "/desk/sign-in/code/"
SET_UP = "/desk/sign-in/second-factor/"
CODES = "/desk/sign-in/recovery-codes/"
PEOPLE = "/990019/desk/people/"


def enter(client: Client, password: str = PASSWORD, username: str = "kanri", **more):
    return client.post(SIGN_IN, {"login": username, "password": password, **more})


def secret_of(account) -> str:
    kept = Authenticator.objects.get(user=account, type="totp").data["secret"]
    return SecondFactorAdapter().decrypt(kept)


@pytest.fixture
def enrolled(admin):
    """The administrator with an authenticator app."""
    key = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    Authenticator.objects.create(user=admin, type="totp", data={"secret": SecondFactorAdapter().encrypt(key)})
    return admin


def test_the_code_is_that_of_the_standard():
    # RFC 6238, appendix B, shortened to six digits.
    key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for second, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert totp_code(key, dt.datetime.fromtimestamp(second, dt.UTC)) == code


def test_the_first_sign_in_leads_to_the_app_then_the_codes_then_where_one_wanted_to_go(client, admin):
    assert client.get(PEOPLE).url == f"{SIGN_IN}?next=%2F990019%2Fdesk%2Fpeople%2F"
    assert client.get(SIGN_IN).status_code == 200
    answer = enter(client, next=PEOPLE)
    assert answer.url == PEOPLE
    assert client.get(PEOPLE).url == SET_UP
    assert client.get("/desk/sign-in/account/").url == SET_UP
    client.get(PEOPLE)
    page = client.get(SET_UP)
    shown = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page.content.decode())[1].replace(" ", "")
    picture = client.get(f"{SET_UP}qr.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<path" in picture.content
    wrong = client.post(SET_UP, {"code": "000000"})
    assert wrong.status_code == 200
    assert "確認コードが違います" in wrong.content.decode()
    assert shown in wrong.content.decode().replace(" ", "")
    answer = client.post(SET_UP, {"code": totp_code(shown, clock.now())})
    assert answer.url == CODES
    page = client.get(CODES)
    assert len(re.findall(r"<code>\d{8}</code>", page.content.decode())) == 10
    assert PEOPLE in page.content.decode()
    assert client.get(PEOPLE).status_code == 200
    assert "<code>" not in client.get(CODES).content.decode()
    # The secret is not in clear in the database.
    kept = Authenticator.objects.get(user=admin, type="totp").data["secret"]
    assert shown not in kept
    assert secret_of(admin) == shown


def test_password_and_code_open_the_desk(client, enrolled):
    assert enter(client).url == CODE
    assert client.get(PEOPLE).url.startswith(SIGN_IN)
    anonymous = client.session.session_key
    answer = client.post(CODE, {"code": totp_code(secret_of(enrolled), clock.now())})
    assert answer.url == "/desk/sign-in/done/"
    assert client.session.session_key != anonymous
    assert client.get(answer.url).url == "/990019/desk/"
    assert client.get(PEOPLE).status_code == 200


def test_a_code_works_once(client, enrolled):
    code = totp_code(secret_of(enrolled), clock.now())
    enter(client)
    client.post(CODE, {"code": code})
    other = Client()
    enter(other)
    assert other.post(CODE, {"code": code}).status_code == 200
    assert other.get(PEOPLE).url.startswith(SIGN_IN)


def test_a_wrong_password_says_no_more_than_an_unknown_name(client, admin):
    known, unknown = enter(client, "ちがう ことば 12"), enter(client, "ちがう ことば 12", "dareka")
    assert known.status_code == unknown.status_code == 200
    text = known.content.decode()
    assert "利用者IDかパスワードが違います" in text
    assert 'value="kanri"' in text
    assert PASSWORD not in text


def test_five_failures_lock_the_account_at_that_address(client, admin):
    for _ in range(4):
        assert enter(client, "ちがう ことば 12").status_code == 200
    fifth = enter(client, "ちがう ことば 12")
    assert fifth.status_code == 429
    assert "15分間" in fifth.content.decode()
    assert enter(client).status_code == 429
    # A colleague at the same counter PC still gets in.
    assert enter(Client(), "だれかの ことば", "doryo").status_code == 200


@pytest.mark.parametrize(
    "writings",
    [
        ("kanri", "Kanri", "KANRI", "kAnRi", "kanrI"),
        ("kanri", "ｋａｎｒｉ", "ＫＡＮＲＩ", "Ｋanri", "kanri　"),
        ("kanri", "\u212aanri", "kanr\u0131", "KANR\u0131", "\u212aANRI"),  # Kelvin sign, dotless i
    ],
)
def test_a_lock_out_is_not_walked_round_by_another_writing_of_the_name(client, admin, writings):
    answers = [enter(client, "ちがう ことば 12", name).status_code for name in writings]
    assert answers == [200, 200, 200, 200, 429]
    assert enter(Client()).status_code == 429


def test_a_long_name_stays_within_the_column(rf):
    # One character that NFKC writes as eighteen.
    assert len(username_key(rf.post("/"), {"username": "\ufdfa" * 150})) == 150


def test_passwords_and_codes_share_one_count(client, enrolled):
    enter(client)
    for _ in range(3):
        client.post(CODE, {"code": "000000"})
    assert enter(Client(), "ちがう ことば 12", "ＫＡＮＲＩ").status_code == 200
    assert client.post(CODE, {"code": "000000"}).status_code == 429
    assert enter(Client()).status_code == 429


def test_wrong_codes_count_as_failures_too(client, enrolled):
    enter(client)
    answers = [client.post(CODE, {"code": "000000"}).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    right = {"code": totp_code(secret_of(enrolled), clock.now())}
    assert client.post(CODE, right).status_code == 429
    assert client.get(PEOPLE).url.startswith(SIGN_IN)


def test_a_stopped_account_is_out_at_once(client, cli, admin):
    sign_in(client, admin)
    assert client.get(PEOPLE).status_code == 200
    access.deactivate_account(cli, admin, access.NoData())
    assert client.get(PEOPLE).url.startswith(SIGN_IN)
    refused = enter(client)
    assert refused.status_code == 403
    assert "停止" in refused.content.decode()
    access.reactivate_account(cli, admin, access.NoData())
    assert enter(client).status_code == 302


def test_a_new_password_ends_the_sessions(client, cli, admin):
    sign_in(client, admin)
    access.set_password(cli, admin, access.SetPassword("べつの ことば 3456"))
    assert client.get(PEOPLE).url.startswith(SIGN_IN)


def test_an_idle_session_ends(client, admin, settings):
    sign_in(client, admin)
    start = dt.datetime.now(dt.UTC)
    with frozen(start):
        assert client.get(PEOPLE).status_code == 200
    with frozen(start + dt.timedelta(minutes=settings.IDLE_MINUTES - 1)):
        assert client.get(PEOPLE).status_code == 200
    with frozen(start + dt.timedelta(minutes=2 * settings.IDLE_MINUTES)):
        assert client.get(PEOPLE).url == f"{SIGN_IN}?next=%2F990019%2Fdesk%2Fpeople%2F&idle=1"
    assert "しばらく操作がなかった" in client.get(f"{SIGN_IN}?idle=1").content.decode()
    assert client.get(PEOPLE).url.startswith(SIGN_IN)


def test_another_municipality_is_not_there(client, admin, karina):
    sign_in(client, admin)
    assert client.get("/990027/desk/people/").status_code == 404
    assert client.get("/152064/desk/people/").status_code == 404


def test_sign_out_needs_a_form(client, admin):
    sign_in(client, admin)
    assert client.get("/desk/sign-in/out/").status_code == 405
    assert client.get(PEOPLE).status_code == 200
    assert client.post("/desk/sign-in/out/").url == SIGN_IN
    assert client.get(PEOPLE).url.startswith(SIGN_IN)


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
    "https://testserver@evil.example/",
    "\thttps://evil.example/",
)


def leads_nowhere_else(page: str) -> bool:
    """Whether every link and every form of a page stays on our host."""
    found = re.findall(r'(?:href|action)="([^"]*)"', page)
    return bool(found) and all(re.match(r"/(?![/\\])|#|\?|$", address) for address in found)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_after_sign_in_no_other_host_is_opened(client, enrolled, elsewhere):
    """``next`` in the address and in the form, at the password and again at the code."""
    page = client.get(SIGN_IN, {"next": elsewhere}).content.decode()
    assert leads_nowhere_else(page)
    answer = enter(client, next=elsewhere)
    assert answer.url == CODE
    code = {"code": totp_code(secret_of(enrolled), clock.now()), "next": elsewhere}
    answer = client.post(f"{CODE}?{urlencode({'next': elsewhere})}", code)
    assert answer.url == "/desk/sign-in/done/"


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_setting_up_the_app_opens_no_other_host(client, admin, elsewhere):
    assert enter(client, next=elsewhere).url == "/desk/sign-in/done/"
    client.get("/desk/sign-in/done/")
    client.get(f"//evil.example{PEOPLE}")  # a path that would be a host as an address
    page = client.get(SET_UP, {"next": elsewhere}).content.decode()
    shown = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    form = {"code": totp_code(shown, clock.now()), "next": elsewhere}
    assert client.post(SET_UP, form).url == CODES
    assert leads_nowhere_else(client.get(CODES, {"next": elsewhere}).content.decode())


def test_recovery_codes_replace_the_app_once(client, admin):
    enter(client)
    page = client.get(SET_UP).content.decode()
    shown = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    client.post(SET_UP, {"code": totp_code(shown, clock.now())})
    codes = re.findall(r"<code>(\d{8})</code>", client.get(CODES).content.decode())
    for expected in (302, 200):
        other = Client()
        enter(other)
        assert other.post(CODE, {"code": codes[0]}).status_code == expected
    # Made anew, the former ones end.
    answer = client.post("/desk/sign-in/recovery-codes/new/")
    assert answer.url == CODES
    assert codes[1] not in client.get(CODES).content.decode()


def test_an_unlocked_session_is_not_enough_for_new_recovery_codes(client, enrolled):
    sign_in(client, enrolled)
    answer = client.post("/desk/sign-in/recovery-codes/new/")
    assert answer.url.startswith(SIGN_IN)
    assert not Authenticator.objects.filter(type="recovery_codes").exists()


def test_ones_own_password(client, admin):
    sign_in(client, admin)
    address = "/desk/sign-in/password/"
    form = {"present": PASSWORD, "wanted": "べつの ことば 3456", "again": "べつの ことば 3456"}
    for wrong in ({"present": "ちがう"}, {"again": "ちがう"}, {"wanted": "短い", "again": "短い"}):
        answer = client.post(address, {**form, **wrong})
        assert answer.status_code == 422
    assert client.post(address, form).url == "/desk/sign-in/account/"
    assert client.get("/desk/sign-in/account/").status_code == 200
    admin.refresh_from_db()
    assert admin.check_password("べつの ことば 3456")


def test_a_lost_app_is_forgotten_by_another_administrator(client, cli, enrolled):
    access.reset_second_factor(cli, enrolled, access.NoData())
    enter(client)
    assert client.get(PEOPLE).url == SET_UP


def test_only_the_addresses_that_are_needed_are_there(client, db):
    for path in ("signup/", "password/reset/", "email/", "second-factor/deactivate/", "social/", "mfa/"):
        assert client.get(f"/desk/sign-in/{path}").status_code == 404
    assert client.get("/desk/demo-directory/.well-known/openid-configuration").status_code == 404


def test_whoever_has_no_role_is_told_so(client, cli, mihon):
    made = access.create_account(cli, None, access.CreateAccount("nashi", "", PASSWORD))
    sign_in(client, made)
    page = client.get("/desk/sign-in/done/").content.decode()
    assert "今使える役割がありません" in page
    assert client.get(PEOPLE).status_code == 404


def test_the_platform_administration_chooses(client, cli, mihon, karina):
    made = access.create_account(cli, None, access.CreateAccount("kiban", "", PASSWORD, platform=True))
    access.grant_account_role(cli, made, access.AccountRoleData("platform_admin"))
    sign_in(client, made)
    page = client.get("/desk/sign-in/done/").content.decode()
    assert "/990019/desk/" in page
    assert "/990027/desk/" in page
    # … and reads no personal data there.
    assert client.get(PEOPLE).status_code == 403


@pytest.mark.parametrize("prefix", ["/en", "/ja-simple"])
def test_the_way_in_keeps_its_language(client, enrolled, prefix):
    assert client.get(f"{prefix}{PEOPLE}").url.startswith(f"{prefix}{SIGN_IN}?next=")
    assert client.get(f"{prefix}{SIGN_IN}").status_code == 200
    answer = client.post(f"{prefix}{SIGN_IN}", {"login": "kanri", "password": PASSWORD})
    assert answer.url == f"{prefix}{CODE}"
    answer = client.post(answer.url, {"code": totp_code(secret_of(enrolled), clock.now())})
    assert client.get(answer.url).status_code == 302


def test_forms_are_protected(enrolled):
    strict = Client(enforce_csrf_checks=True)
    assert enter(strict).status_code == 403
