"""The client of an identity provider, against a provider that lies in every way it can."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.cache import cache

from tests.services.identity.conftest import MAIL, Citizenry
from tests.world import Town
from yakuba.engines.visitors.models import Visit
from yakuba.kernel.dates import clock
from yakuba.kernel.trail.models import TrailPayload
from yakuba.services.identity import oidc
from yakuba.services.identity.models import Citizen, ExternalIdentity, SignInAttempt

ISSUER = "https://id.example.jp"
CLIENT = "yakuba"
LOST = "/990019/sign-in/?problem=lost"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
HANA = {
    "sub": "s1",
    "name": "例示 はな",
    "birthdate": "1988-04-12",
    "address": {"formatted": "みほん市中央一丁目2番3号"},
    "individual_number": "123456789018",
}


class Provider:
    """Answers what a client asks; a test changes what it says."""

    def __init__(self) -> None:
        self.configuration: dict[str, object] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
            "jwks_uri": f"{ISSUER}/keys",
        }
        public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        self.keys: list[object] = [{**public, "kid": "k1", "use": "sig"}]
        self.userinfo: dict[str, object] = dict(HANA)
        self.claims: dict[str, object] = {}
        self.without: tuple[str, ...] = ()
        self.key: object = KEY
        self.header: dict[str, object] = {"kid": "k1"}
        self.algorithm = "RS256"
        self.nonce = ""
        self.challenge = ""
        self.asked: list[tuple[str, str, dict[str, object]]] = []

    def __call__(self, method: str, address: str, **more: object) -> dict[str, object]:
        """In place of the network."""
        assert oidc._may_be_asked(address)
        self.asked.append((method, address, more))
        path = address.removeprefix(ISSUER)
        if path == "/.well-known/openid-configuration":
            return self.configuration
        if path == "/keys":
            return {"keys": self.keys}
        if path == "/userinfo":
            assert more["headers"] == {"Authorization": "Bearer at"}
            return self.userinfo
        assert (method, path) == ("POST", "/token")
        form = more["data"]
        assert isinstance(form, dict)
        if self.challenge:
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.challenge
        return {"access_token": "at", "token_type": "Bearer", "id_token": self.id_token()}

    def id_token(self) -> str:
        """Signed as the test wants it."""
        now = clock.now()
        claims = {
            "iss": ISSUER,
            "sub": "s1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + dt.timedelta(minutes=5),
            "nonce": self.nonce,
            **self.claims,
        }
        for name in self.without:
            claims.pop(name, None)
        return jwt.encode(claims, self.key, algorithm=self.algorithm, headers=self.header)


@pytest.fixture
def provider(settings, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """A provider that is set up."""
    settings.CITIZEN_OIDC_ISSUER = ISSUER
    settings.CITIZEN_OIDC_NAME = "例示の本人確認"
    settings.CITIZEN_OIDC_CLIENT_ID = CLIENT
    settings.CITIZEN_OIDC_CLIENT_SECRET = "s&cret"
    settings.CITIZEN_OIDC_CLIENT_KEY = ""
    cache.clear()
    made = Provider()
    monkeypatch.setattr(oidc, "_asked", made)
    return made


def exchange(provider: Provider) -> oidc.Vouched:
    client = oidc.Client.configured()
    assert client is not None
    provider.nonce = provider.nonce or "n1"
    return client.exchange("c", nonce="n1", verifier="v", redirect_uri="https://x.example/back/")


class TestTheAnswer:
    def test_that_fits(self, provider: Provider) -> None:
        found = exchange(provider)
        assert (found.issuer, found.subject, found.claims["name"]) == (ISSUER, "s1", "例示 はな")
        method, _address, more = next(one for one in provider.asked if one[1].endswith("/token"))
        assert method == "POST"
        assert more["auth"] == (CLIENT, "s%26cret")

    @pytest.mark.parametrize(
        "claims",
        [
            {"iss": "https://evil.example"},
            {"aud": "another"},
            {"aud": ["another"]},
            {"aud": [CLIENT, "another"]},
            {"aud": [CLIENT, "another"], "azp": "another"},
            {"azp": "another"},
            {"nonce": "another"},
            {"nonce": ""},
            {"nonce": None},
            {"sub": ""},
            {"sub": "x" * 256},
            {"sub": "s2"},
            {"exp": 0},
            {"exp": "soon"},
            {"iat": 0},
            {"iat": 9_999_999_999},
        ],
        ids=str,
    )
    def test_that_does_not(self, provider: Provider, claims: dict[str, object]) -> None:
        provider.claims = claims
        with pytest.raises(oidc.ProviderProblem):
            exchange(provider)

    @pytest.mark.parametrize("name", ["iss", "sub", "aud", "exp", "iat", "nonce"])
    def test_that_lacks_something(self, provider: Provider, name: str) -> None:
        provider.without = (name,)
        with pytest.raises(oidc.ProviderProblem):
            exchange(provider)

    def test_for_several_clients_and_made_for_us(self, provider: Provider) -> None:
        provider.claims = {"aud": [CLIENT, "another"], "azp": CLIENT}
        assert exchange(provider).subject == "s1"

    def test_signed_by_somebody_else(self, provider: Provider) -> None:
        provider.key = OTHER_KEY
        with pytest.raises(oidc.ProviderProblem):
            exchange(provider)

    def test_not_signed(self, provider: Provider) -> None:
        provider.key, provider.algorithm = None, "none"
        with pytest.raises(oidc.ProviderProblem):
            exchange(provider)

    def test_signed_with_the_public_key_as_a_shared_secret(self, provider: Provider, monkeypatch) -> None:
        pem = KEY.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        digest = jwt.algorithms.HMACAlgorithm
        monkeypatch.setattr(digest, "prepare_key", lambda _self, key: key)
        provider.key, provider.algorithm = pem, "HS256"
        with pytest.raises(oidc.ProviderProblem):
            exchange(provider)

    def test_signed_with_a_curve(self, provider: Provider) -> None:
        curve = ec.generate_private_key(ec.SECP256R1())
        public = jwt.algorithms.ECAlgorithm.to_jwk(curve.public_key(), as_dict=True)
        provider.keys = [{**public, "kid": "k2"}]
        provider.key, provider.algorithm, provider.header = curve, "ES256", {"kid": "k2"}
        assert exchange(provider).subject == "s1"

    def test_a_key_that_changed_is_asked_for_once_more(self, provider: Provider) -> None:
        exchange(provider)
        public = jwt.algorithms.RSAAlgorithm.to_jwk(OTHER_KEY.public_key(), as_dict=True)
        provider.keys = [{**public, "kid": "k9"}]
        provider.key, provider.header = OTHER_KEY, {"kid": "k9"}
        assert exchange(provider).subject == "s1"
        provider.header = {"kid": "k10"}
        with pytest.raises(oidc.ProviderProblem):
            exchange(provider)

    def test_facts_about_somebody_else(self, provider: Provider) -> None:
        provider.userinfo["sub"] = "s2"
        with pytest.raises(oidc.ProviderProblem):
            exchange(provider)

    def test_what_is_signed_wins(self, provider: Provider) -> None:
        provider.claims = {"name": "署名 はな"}
        assert exchange(provider).claims["name"] == "署名 はな"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("issuer", "https://evil.example"),
            ("token_endpoint", "http://id.example.jp/token"),
            ("token_endpoint", "file:///etc/passwd"),
            ("jwks_uri", ""),
        ],
    )
    def test_a_configuration_that_is_not_to_be_relied_on(
        self, provider: Provider, name: str, value: str
    ) -> None:
        provider.configuration[name] = value
        with pytest.raises(oidc.ProviderProblem):
            exchange(provider)

    def test_a_signed_statement_instead_of_a_secret(
        self, provider: Provider, settings, tmp_path: Path
    ) -> None:
        path = tmp_path / "client.pem"
        path.write_bytes(
            OTHER_KEY.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        settings.CITIZEN_OIDC_CLIENT_SECRET, settings.CITIZEN_OIDC_CLIENT_KEY = "", str(path)
        exchange(provider)
        form = next(more["data"] for _m, address, more in provider.asked if address.endswith("/token"))
        assert isinstance(form, dict)
        said = jwt.decode(
            form["client_assertion"], OTHER_KEY.public_key(), algorithms=["RS256"], audience=f"{ISSUER}/token"
        )
        assert said["iss"] == said["sub"] == CLIENT
        assert said["exp"] - said["iat"] == 60
        assert "client_secret" not in form


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"CITIZEN_OIDC_ISSUER": "http://id.example.jp"}, "https"),
        ({"CITIZEN_OIDC_CLIENT_ID": ""}, "CLIENT_ID"),
        ({"CITIZEN_OIDC_CLIENT_SECRET": ""}, "CLIENT_SECRET"),
        ({"CITIZEN_OIDC_CLIENT_KEY": "/nowhere"}, "CLIENT_KEY"),
        ({"CITIZEN_OIDC_SCOPE": "name"}, "openid"),
    ],
)
def test_settings_that_are_wrong(
    provider: Provider, settings, browser: Citizenry, change: dict[str, str], words: str
) -> None:
    assert "本人確認をして" in browser.get("/990019/sign-in/").content.decode()
    for name, value in change.items():
        setattr(settings, name, value)
    client = oidc.Client.configured()
    assert client is not None
    assert any(words in one for one in client.check())
    assert browser.get("/990019/sign-in/provider/").status_code == 404
    assert "本人確認をして" not in browser.get("/990019/sign-in/").content.decode()


def leave(browser: Citizenry, provider: Provider, **form: str) -> dict[str, str]:
    """To the provider; what it was asked."""
    answer = browser.post("/990019/sign-in/provider/", form)
    assert answer.status_code == 200, answer.content.decode()
    there = answer.context["there"]
    assert there.startswith(f"{ISSUER}/authorize?")
    asked = {key: value[0] for key, value in parse_qs(urlsplit(there).query).items()}
    provider.nonce, provider.challenge = asked["nonce"], asked["code_challenge"]
    return asked


def come_back(browser: Citizenry, asked: dict[str, str], **more: str):
    words = {"code": "c1", "state": asked["state"], **more}
    return browser.get("/990019/sign-in/provider/back/", {k: v for k, v in words.items() if v})


class TestTheWay:
    def test_there_and_back(self, provider: Provider, browser: Citizenry) -> None:
        page = browser.get("/990019/sign-in/provider/?next=/990019/x/").content.decode()
        assert "例示の本人確認" in page
        assert not SignInAttempt.unscoped.exists()
        asked = leave(browser, provider, next="/990019/x/")
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == "http://testserver/990019/sign-in/provider/back/"
        kept = SignInAttempt.unscoped.get()
        assert asked["state"] not in str(vars(kept))
        before = browser.cookies["yakuba_visit_990019"].value
        assert come_back(browser, asked, iss=ISSUER).url == "/990019/x/"
        assert browser.cookies["yakuba_visit_990019"].value != before
        visit, mine = Visit.unscoped.get(), Citizen.unscoped.get()
        assert (visit.level, visit.method, visit.citizen) == ("verified", "oidc", mine.pk)
        assert visit.facts == {
            "name": "例示 はな",
            "birth": "1988-04-12",
            "address": "みほん市中央一丁目2番3号",
        }
        page = browser.my
        assert "みほん市中央一丁目2番3号" in page
        assert "123456789018" not in page
        everything = "".join(TrailPayload.unscoped.values_list("text", flat=True))
        for word in ("例示 はな", "中央一丁目", "123456789018", asked["state"], provider.nonce, '"s1"'):
            assert word not in everything

    def test_the_answer_counts_once(self, provider: Provider, browser: Citizenry) -> None:
        asked = leave(browser, provider)
        come_back(browser, asked)
        assert come_back(browser, asked).url == LOST

    def test_the_answer_belongs_to_the_browser_that_left(
        self, provider: Provider, browser: Citizenry, other_browser: Citizenry
    ) -> None:
        """Nobody is signed in as somebody else by a link that they were sent."""
        asked = leave(browser, provider)
        assert come_back(other_browser, asked).url == LOST
        leave(other_browser, provider)
        assert come_back(other_browser, asked).url == LOST
        assert not Citizen.unscoped.exists()

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"state": "another"}, "別のブラウザ"),
            ({"state": ""}, "別のブラウザ"),
            ({"code": ""}, "途中で終わりました"),
            ({"code": "", "error": "access_denied"}, "途中で終わりました"),
            ({"iss": "https://evil.example"}, "確かな答えが届きませんでした"),
        ],
        ids=str,
    )
    def test_an_answer_that_does_not_fit(
        self, provider: Provider, browser: Citizenry, more: dict[str, str], words: str
    ) -> None:
        asked = leave(browser, provider)
        answer = come_back(browser, asked, **more)
        assert asked["state"] not in answer.url
        page = browser.get(answer.url).content.decode()
        assert words in page
        assert "evil" not in page
        assert "窓口か郵送" in page or "窓口や郵送" in page
        assert Visit.unscoped.get().level == "none"

    def test_too_late(self, provider: Provider, browser: Citizenry) -> None:
        asked = leave(browser, provider)
        with clock.frozen(clock.now() + dt.timedelta(minutes=15)):
            assert come_back(browser, asked).url == LOST

    def test_the_same_person_again(
        self, provider: Provider, browser: Citizenry, other_browser: Citizenry
    ) -> None:
        come_back(browser, leave(browser, provider))
        come_back(other_browser, leave(other_browser, provider))
        assert Citizen.unscoped.count() == 1
        assert Visit.unscoped.filter(citizen=Citizen.unscoped.get().pk).count() == 2

    def test_in_the_language_that_one_left_in(self, provider: Provider, browser: Citizenry) -> None:
        answer = browser.post("/en/990019/sign-in/provider/", {})
        asked = parse_qs(urlsplit(answer.context["there"]).query)
        provider.nonce = asked["nonce"][0]
        assert come_back(browser, {"state": asked["state"][0]}).url == "/en/990019/my/"

    def test_a_provider_that_is_down(self, provider: Provider, browser: Citizenry, monkeypatch) -> None:
        def down(*_all: object, **_more: object) -> None:
            raise oidc.ProviderProblem("ConnectTimeout")

        monkeypatch.setattr(oidc, "_asked", down)
        answer = browser.post("/990019/sign-in/provider/", {"next": "/990019/x/"})
        assert answer.status_code == 502
        assert "確かな答えが届きませんでした" in answer.content.decode()
        assert "ConnectTimeout" not in answer.content.decode()
        assert 'value="/990019/x/"' in answer.content.decode()

    def test_without_a_provider_there_is_no_way(self, browser: Citizenry) -> None:
        assert browser.get("/990019/sign-in/provider/").status_code == 404
        assert browser.post("/990019/sign-in/provider/").status_code == 404
        assert browser.get("/990019/sign-in/provider/back/?code=a&state=b").status_code == 404


class TestLinking:
    def test_only_who_asks_for_it_has_it_linked(self, provider: Provider, browser: Citizenry) -> None:
        """At a shared computer the account that somebody left open is not the next one's."""
        browser.open_account()
        mine = Citizen.unscoped.get()
        come_back(browser, leave(browser, provider))
        assert Citizen.unscoped.count() == 2
        assert ExternalIdentity.unscoped.get().citizen_id != mine.pk
        assert MAIL[0] + "•••" not in browser.my
        assert not Visit.unscoped.filter(citizen=mine.pk).exists()

    def test_linked_and_taken_off(self, provider: Provider, browser: Citizenry, other_browser) -> None:
        browser.open_account()
        mine = Citizen.unscoped.get()
        assert "link=1" in browser.my
        assert "結び付けます" in browser.get("/990019/sign-in/provider/?link=1").content.decode()
        come_back(browser, leave(browser, provider, link="1"))
        link = ExternalIdentity.unscoped.get()
        assert link.citizen_id == mine.pk
        assert Visit.unscoped.get(citizen=mine.pk).level == "verified"
        come_back(other_browser, leave(other_browser, provider))
        assert "r•••@example.jp" in other_browser.my
        assert browser.post("/990019/my/links/remove/", {"link": "nonsense"}).url == "/990019/my/"
        assert browser.post("/990019/my/links/remove/", {"link": str(link.pk)}).url.endswith("?done=link")
        assert not ExternalIdentity.unscoped.exists()

    def test_what_is_anothers_is_not_linked(
        self, provider: Provider, browser: Citizenry, other_browser: Citizenry
    ) -> None:
        come_back(other_browser, leave(other_browser, provider))
        browser.open_account()
        answer = come_back(browser, leave(browser, provider, link="1"))
        assert "別のアカウント" in browser.get(answer.url).content.decode()
        assert ExternalIdentity.unscoped.count() == 1

    def test_the_last_way_in_stays(self, provider: Provider, browser: Citizenry) -> None:
        come_back(browser, leave(browser, provider))
        link = ExternalIdentity.unscoped.get()
        answer = browser.post("/990019/my/links/remove/", {"link": str(link.pk)})
        assert answer.status_code == 422
        assert "先にパスワードを" in answer.content.decode()

    def test_mail_and_password_for_whoever_came_by_the_provider(
        self, provider: Provider, browser: Citizenry
    ) -> None:
        come_back(browser, leave(browser, provider))
        assert "メールアドレスを登録する" in browser.my
        words = {"wanted": "あたらしい ことば 5678", "again": "あたらしい ことば 5678"}
        assert browser.post("/990019/my/password/", words).status_code == 422, "where would the proof go"
        browser.post("/990019/my/mail/", {"mail": MAIL})
        assert browser.enter().url == "/990019/my/?done=mail"
        assert browser.post("/990019/my/password/", words).status_code == 302
        assert Citizenry().sign_in(password=words["wanted"]).status_code == 302

    def test_a_closed_account_is_not_found_again(self, provider: Provider, browser: Citizenry) -> None:
        come_back(browser, leave(browser, provider))
        browser.post("/990019/my/close/", {"sure": "1"})
        assert not ExternalIdentity.unscoped.exists()
        come_back(browser, leave(browser, provider))
        assert Citizen.unscoped.filter(closed_at__isnull=True).count() == 1
        assert Citizen.unscoped.count() == 2


class TestTheNetwork:
    def test_redirects_are_not_followed_and_answers_are_objects(self, monkeypatch) -> None:
        class Raw:
            def __init__(self, body: bytes) -> None:
                self.body = body

            def read(self, amount: int, *, decode_content: bool) -> bytes:
                assert decode_content
                return self.body[:amount]

        class Answer:
            def __init__(self, status: int, body: bytes) -> None:
                self.status_code, self.raw = status, Raw(body)

            def __enter__(self) -> Self:
                return self

            def __exit__(self, *_all: object) -> None:
                return None

        seen: list[dict[str, object]] = []

        def request(_session: object, _method: str, _address: str, **more: object) -> Answer:
            seen.append(more)
            return answer

        monkeypatch.setattr(requests.Session, "request", request)
        answer = Answer(200, json.dumps({"a": 1}).encode())
        assert oidc._asked("GET", ISSUER) == {"a": 1}
        assert seen[0]["allow_redirects"] is False
        assert seen[0]["timeout"] == oidc.TIMEOUT
        for bad in (
            Answer(302, b"{}"),
            Answer(200, b"[]"),
            Answer(200, b"no json"),
            Answer(200, b"\xff"),
            Answer(500, b"{}"),
            Answer(200, b'"' + b"x" * 300_000 + b'"'),
        ):
            answer = bad
            with pytest.raises(oidc.ProviderProblem):
                oidc._asked("GET", ISSUER)
        with pytest.raises(oidc.ProviderProblem):
            oidc._asked("GET", "http://id.example.jp/")

    def test_nobody_there(self) -> None:
        with pytest.raises(oidc.ProviderProblem):
            oidc._asked("GET", "http://127.0.0.1:9/")


def test_accounts_of_two_municipalities_are_two(
    provider: Provider, browser: Citizenry, mihon: Town, karina: Town
) -> None:
    come_back(browser, leave(browser, provider))
    answer = browser.post("/990027/sign-in/provider/", {})
    asked = parse_qs(urlsplit(answer.context["there"]).query)
    provider.nonce, provider.challenge = asked["nonce"][0], ""
    assert asked["redirect_uri"] == ["http://testserver/990027/sign-in/provider/back/"]
    browser.get("/990027/sign-in/provider/back/", {"code": "c", "state": asked["state"][0]})
    assert sorted(Citizen.unscoped.values_list("municipality__code", flat=True)) == ["990019", "990027"]
