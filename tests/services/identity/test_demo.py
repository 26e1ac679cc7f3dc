"""The demo's provider: the real code flow over HTTP, and no address elsewhere."""

from __future__ import annotations

import importlib
import re
from html import unescape
from pathlib import Path

import pytest
import requests

from yakuba.engines.visitors.models import Visit
from yakuba.services.identity import demo, urls

AUTHORIZE = "/demo-identity/authorize"


@pytest.fixture
def demo_home(settings, tmp_path: Path) -> Path:
    """A home that is marked."""
    (tmp_path / "demo").touch()
    settings.HOME = tmp_path
    return tmp_path


def test_it_has_no_address_elsewhere(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    assert demo.addresses() == []
    importlib.reload(urls)  # an earlier test may have read the addresses in a home that is marked
    routes = [str(one.pattern) for one in urls.plain_portal]
    assert routes
    assert AUTHORIZE.lstrip("/") not in routes


class Browser(requests.Session):
    """Fills in forms and follows links; loopback only."""

    def fill(self, page: requests.Response, **typed: str) -> requests.Response:
        """Send the page's first form."""
        form = re.search(
            r'<form(?: class="form")? method="post"(?: action="([^"]*)")?>(.*?)</form>', page.text, re.DOTALL
        )
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[2]))
        address = requests.compat.urljoin(page.url, unescape(form[1] or ""))
        return self.post(address, {**{k: unescape(v) for k, v in fields.items()}, **typed})


@pytest.mark.urls("tests.services.identity.demo_urls")
@pytest.mark.django_db(transaction=True)
class TestTheWholeFlow:
    @pytest.fixture
    def city(self, live_server, settings, demo_home: Path, mihon) -> str:
        """A server that plays both parts."""
        for name, value in demo.environment(live_server.url).items():
            setattr(settings, name.removeprefix("YAKUBA_"), value)
        return str(live_server.url)

    def leave(self, browser: Browser, city: str) -> requests.Response:
        page = browser.fill(browser.get(f"{city}/990019/sign-in/provider/?next=/990019/my/"))
        assert page.status_code == 200
        there = unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', page.text)[1])
        assert there in unescape(page.text.split("</head>")[1]), "a link too, for who switched refreshing off"
        return browser.get(there)

    def test_in_by_the_provider(self, city: str) -> None:
        with Browser() as browser:
            page = self.leave(browser, city)
            assert "例示 はな" in page.text
            assert f"form-action 'self' {city}" in page.headers["Content-Security-Policy"]
            page = browser.fill(page, person="demo-1")
            assert page.url == f"{city}/990019/my/"
            assert "みほん市中央一丁目2番3号" in page.text
            again = browser.get(page.history[0].headers["Location"])
            assert "別のブラウザ" in again.text, "the answer counts once"
        visit = Visit.unscoped.get()
        assert visit.level == "verified"
        assert visit.facts["kana"] == "レイジ ハナ"

    def test_declined(self, city: str) -> None:
        with Browser() as browser:
            page = browser.fill(self.leave(browser, city), decline="1")
            assert page.status_code == 200
            assert "途中で終わりました" in page.text

    def test_it_sends_nobody_elsewhere_and_wants_pkce(self, city: str) -> None:
        good = {
            "client_id": demo.CLIENT_ID,
            "redirect_uri": f"{city}/990019/sign-in/provider/back/",
            "state": "s",
            "nonce": "n",
            "code_challenge": "c",
        }
        assert requests.get(f"{city}{AUTHORIZE}", good, timeout=10).status_code == 200
        for change in (
            {"client_id": "x"},
            {"redirect_uri": "https://evil.example/990019/sign-in/provider/back/"},
            {"redirect_uri": f"{city}/990019/my/"},
            {"redirect_uri": f"{city}/nowhere/"},
            {"code_challenge": ""},
        ):
            assert requests.get(f"{city}{AUTHORIZE}", good | change, timeout=10).status_code == 400, change
        answer = requests.post(f"{city}/demo-identity/token", {"code": "x"}, timeout=10)
        assert answer.status_code == 401
        assert requests.get(f"{city}/demo-identity/userinfo", timeout=10).status_code == 401
