"""Sign-in by the city's directory: the real code flow with PKCE against the demo's own directory, over HTTP."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount

from tests.kernel.access.conftest import PASSWORD
from tests.kernel.town.people import APRIL, office, person
from yakuba.kernel.access import actions as access
from yakuba.kernel.access import demo
from yakuba.kernel.access.directory import staff_account
from yakuba.kernel.actions import Problem

START = "/desk/sign-in/by/directory/"


@pytest.fixture
def yotsuba(cli):
    office(cli, "0101", "総務課")
    person(cli, "1004", "架空よつば", "0101", "課長", APRIL)
    return access.create_account(cli, None, access.CreateAccount("yotsuba", "1004", PASSWORD))


@pytest.fixture
def demo_home(settings, tmp_path):
    (tmp_path / "demo").touch()
    settings.HOME = tmp_path
    return tmp_path


def test_whose_account_it_is(cli, mihon, karina, yotsuba, settings):
    by_number = {"sub": "1", "municipality_code": "990019", "staff_number": "1004"}
    assert staff_account(by_number, None) == (yotsuba, "")
    assert staff_account({"preferred_username": "yotsuba"}, None) == (yotsuba, "")
    assert staff_account({}, yotsuba) == (yotsuba, "")
    for claims in (
        {},
        {"preferred_username": "dareka"},
        {"preferred_username": ["yotsuba"]},
        {"municipality_code": "990027", "staff_number": "1004"},
        {"staff_number": "1004"},
    ):
        account, reason = staff_account(claims, None)
        assert account is None
        assert reason
    settings.DIRECTORY_MUNICIPALITY = "990019"
    assert staff_account({"staff_number": "1004"}, None) == (yotsuba, "")
    settings.DIRECTORY_MUNICIPALITY = "990027"
    assert staff_account({"preferred_username": "yotsuba"}, None)[0] is None
    assert staff_account({}, yotsuba)[0] is None


def test_a_directory_does_not_reach_stopped_and_platform_accounts(cli, yotsuba):
    access.create_account(cli, None, access.CreateAccount("kiban", platform=True))
    assert staff_account({"preferred_username": "kiban"}, None)[0] is None
    access.deactivate_account(cli, yotsuba, access.NoData())
    account, reason = staff_account({"preferred_username": "yotsuba"}, None)
    assert account is None
    assert "停止" in reason


def test_the_demo_is_refused_elsewhere(cli, mihon, yotsuba, settings, tmp_path):
    settings.HOME = tmp_path
    assert demo.addresses() == []
    for act in (
        lambda: demo.enrol_factor(yotsuba),
        lambda: demo.register_client(["http://127.0.0.1:8000"]),
    ):
        with pytest.raises(Problem, match="デモ"):
            act()
    assert demo.DemoDirectory().list_private_keys() == []


class Browser(requests.Session):
    """Follows redirects and fills in forms; loopback only."""

    def fill(self, page: requests.Response, **typed: str) -> requests.Response:
        """Send the page's first form."""
        form = re.search(
            r'<form class="form" method="post" action="([^"]*)">(.*?)</form>', page.text, re.DOTALL
        )
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[2]))
        address = requests.compat.urljoin(page.url, unescape(form[1]))
        return self.post(address, {**{k: unescape(v) for k, v in fields.items()}, **typed})


@pytest.fixture
def city(live_server, settings, demo_home, mihon, yotsuba):
    """A server that plays both parts."""
    origin = live_server.url
    here = demo.directory_environment(origin)
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "directory",
                    "name": here["YAKUBA_OIDC_NAME"],
                    "client_id": here["YAKUBA_OIDC_CLIENT_ID"],
                    "secret": here["YAKUBA_OIDC_CLIENT_SECRET"],
                    "settings": {"server_url": here["YAKUBA_OIDC_ISSUER"]},
                }
            ],
        }
    }
    demo.register_client([origin])
    return origin


@pytest.mark.urls("tests.kernel.access.demo_urls")
@pytest.mark.django_db(transaction=True)
class TestTheWholeFlow:
    def test_in_by_the_directory(self, city, yotsuba):
        with Browser() as browser:
            page = browser.get(f"{city}/desk/sign-in/?next=/990019/desk/people/")
            assert "庁内の職員認証（デモ）でサインイン" in page.text
            link = unescape(re.search(r'href="(/desk/sign-in/by/directory/[^"]*)"', page.text)[1])
            first = browser.get(f"{city}{link}", allow_redirects=False)
            asked = parse_qs(urlsplit(first.headers["Location"]).query)
            assert asked["code_challenge_method"] == ["S256"]
            assert asked["response_type"] == ["code"]
            page = browser.get(first.headers["Location"])
            assert page.url.startswith(f"{city}/desk/demo-directory/sign-in/")
            assert f"form-action 'self' {city}" in page.headers["Content-Security-Policy"]
            page = browser.fill(page, username="yotsuba", password="ちがう ことば 1234")
            assert "違います" in page.text
            page = browser.fill(page, username="yotsuba", password=PASSWORD)
            assert page.url == f"{city}/990019/desk/people/"
            assert page.status_code == 200
            assert "架空よつば" in page.text
            kept = SocialAccount.objects.get()
            assert kept.user == yotsuba
            assert kept.extra_data == {}
            # Signed out here, the directory asks again: it keeps no session either.
            out = browser.get(f"{city}/desk/sign-in/account/")
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', out.text)[1]
            browser.post(f"{city}/desk/sign-in/out/", {"csrfmiddlewaretoken": token})
            page = browser.get(f"{city}{START}")
            assert page.url.startswith(f"{city}/desk/demo-directory/sign-in/")
            page = browser.fill(page, username="yotsuba", password=PASSWORD)
            assert SocialAccount.objects.count() == 1

    def test_somebody_without_an_account_is_refused(self, city, yotsuba, cli, remembered, monkeypatch):
        monkeypatch.setattr(
            demo.DemoDirectory,
            "get_claims",
            lambda *_a, **_k: {"sub": "x", "municipality_code": "990019", "staff_number": "9"},
        )
        with Browser() as browser:
            page = browser.fill(browser.get(f"{city}{START}"), username="yotsuba", password=PASSWORD)
            assert page.status_code == 403
            assert "役場システムにありません" in page.text
            assert browser.get(f"{city}/990019/desk/people/").url.startswith(f"{city}/desk/sign-in/")
        assert remembered.denied_[-1][0] == "access.directory_sign_in"
        assert not SocialAccount.objects.exists()

    def test_an_answer_that_nobody_asked_for(self, city):
        with Browser() as browser:
            page = browser.get(f"{city}{START}back/?code=abc&state=def")
            assert page.status_code == 401
            assert "確かな答えが届きませんでした" in page.text
            page = browser.get(f"{city}{START}back/?error=access_denied")
            assert page.status_code == 401
