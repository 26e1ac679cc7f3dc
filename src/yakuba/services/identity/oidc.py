"""The client's side of an identity provider (OpenID Connect Core 1.0): authorization code with PKCE S256, state and nonce.

Nothing here touches the database. What the provider says is believed when the signature of its ``id_token`` fits one of its published
keys and every claim fits what was asked; facts come from there and from ``userinfo`` of the same subject.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import clock

Json = dict[str, Any]  # Any: whatever a foreign server sends; every value is looked at before use

TIMEOUT = 10  # seconds to connect, and between two pieces of an answer
_LARGEST = 256 * 1024
_KEPT = 600  # seconds for which configuration and keys are kept
_SKEW = timedelta(seconds=60)
_OLDEST = timedelta(minutes=10)
# Signatures with a public key only: with «none» or a shared secret anybody could sign.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_DISCOVERY = "/.well-known/openid-configuration"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class ProviderProblem(Problem):
    """The provider's answer is not to be relied on, or there was none. The details are for the operator, not for the citizen."""

    status = 502

    def __init__(self, detail: str) -> None:
        super().__init__(
            "provider",
            _("本人確認のサイトから、確かな答えが届きませんでした。時間をおいて、もう一度試してください。"),
        )
        self.detail = detail


@dataclass(frozen=True)
class Challenge:
    """What is made for one way to the provider and back. ``verifier`` and ``nonce`` stay here."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Challenge:
        """Three random texts of 256 bits and more (RFC 7636 §4.1)."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))

    @property
    def code_challenge(self) -> str:
        """RFC 7636 §4.2, S256."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True)
class Vouched:
    """Whom the provider means, and every claim it made."""

    issuer: str
    subject: str
    claims: Mapping[str, object]


@dataclass(frozen=True)
class Client:
    """Our registration at a provider, from the settings. ``key`` is the path of a PEM key for ``private_key_jwt``."""

    issuer: str
    client_id: str
    secret: str
    key: str
    scope: str

    @classmethod
    def configured(cls) -> Client | None:
        """The client that the operator set up, None without."""
        if not settings.CITIZEN_OIDC_ISSUER:
            return None
        return cls(
            settings.CITIZEN_OIDC_ISSUER.rstrip("/"),
            settings.CITIZEN_OIDC_CLIENT_ID,
            settings.CITIZEN_OIDC_CLIENT_SECRET,
            settings.CITIZEN_OIDC_CLIENT_KEY,
            settings.CITIZEN_OIDC_SCOPE,
        )

    def check(self) -> list[str]:
        """What is wrong with the settings themselves; asks nobody."""
        found = []
        if not _may_be_asked(self.issuer):
            found.append("YAKUBA_CITIZEN_OIDC_ISSUER: https が必要です。")
        if not self.client_id:
            found.append("YAKUBA_CITIZEN_OIDC_CLIENT_ID: 空です。")
        if bool(self.secret) == bool(self.key):
            found.append(
                "YAKUBA_CITIZEN_OIDC_CLIENT_SECRET か YAKUBA_CITIZEN_OIDC_CLIENT_KEY の一方が必要です。"
            )
        if self.key and not Path(self.key).is_file():
            found.append("YAKUBA_CITIZEN_OIDC_CLIENT_KEY: ファイルがありません。")
        if "openid" not in self.scope.split():
            found.append("YAKUBA_CITIZEN_OIDC_SCOPE: openid が必要です。")
        return found

    # --- to the provider ---------------------------------------------------------------------------------------------
    def authorization_url(self, challenge: Challenge, redirect_uri: str) -> str:
        """Where to send somebody. Raises :class:`ProviderProblem` when the provider's configuration cannot be had."""
        address = str(self._configuration()["authorization_endpoint"])
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": self.scope,
            "state": challenge.state,
            "nonce": challenge.nonce,
            "code_challenge": challenge.code_challenge,
            "code_challenge_method": "S256",
        }
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"

    # --- and back ----------------------------------------------------------------------------------------------------
    def exchange(self, code: str, *, nonce: str, verifier: str, redirect_uri: str) -> Vouched:
        """Who it is, for the code that came back. Raises :class:`ProviderProblem` where anything does not fit."""
        configuration = self._configuration()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        answer = self._token(configuration, form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderProblem("no id_token")
        claims = self._verified(configuration, token, nonce)
        subject = str(claims["sub"])
        if configuration.get("userinfo_endpoint") and isinstance(answer.get("access_token"), str):
            more = _asked(
                "GET",
                str(configuration["userinfo_endpoint"]),
                headers={"Authorization": f"Bearer {answer['access_token']}"},
            )
            # Core §5.3.2: of another subject it must not be used.
            if more.get("sub") != subject:
                raise ProviderProblem("userinfo is about somebody else")
            claims = {**more, **claims}
        return Vouched(self.issuer, subject, claims)

    def _token(self, configuration: Json, form: dict[str, str]) -> Json:
        endpoint = str(configuration["token_endpoint"])
        if self.key:
            form |= {"client_id": self.client_id, "client_assertion_type": _ASSERTION}
            form["client_assertion"] = self._assertion(endpoint)
            return _asked("POST", endpoint, data=form)
        accepted = configuration.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" in accepted:
            # RFC 6749 §2.3.1: form-encoded before they are joined.
            return _asked(
                "POST",
                endpoint,
                data=form,
                auth=(quote(self.client_id, safe=""), quote(self.secret, safe="")),
            )
        return _asked(
            "POST", endpoint, data=form | {"client_id": self.client_id, "client_secret": self.secret}
        )

    def _assertion(self, endpoint: str) -> str:
        """A signed statement that it is us (RFC 7523 §3), good for a minute and once."""
        key = load_pem_private_key(Path(self.key).read_bytes(), password=None)
        if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
            raise ProviderProblem("the client's key is neither RSA nor EC")
        now = clock.now()
        said = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": endpoint,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + _SKEW,
        }
        return jwt.encode(said, key, algorithm="RS256" if isinstance(key, RSAPrivateKey) else "ES256")

    def _verified(self, configuration: Json, token: str, nonce: str) -> Json:
        """The claims of an ``id_token`` (Core §3.1.3.7)."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in _ALGORITHMS:
                raise ProviderProblem("the signature is of no use")
            claims: Json = jwt.decode(
                token,
                self._key(configuration, str(header.get("kid") or "")),
                algorithms=[str(header["alg"])],
                audience=self.client_id,
                issuer=str(configuration["issuer"]),
                # Times are compared below, by the clock of the house.
                options={
                    "require": ["iss", "sub", "aud", "exp", "iat"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
            now = clock.now().timestamp()
            expires, issued = float(claims["exp"]), float(claims["iat"])
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise ProviderProblem(f"id_token: {type(error).__name__}") from None
        if expires <= now - _SKEW.total_seconds() or not (
            now - _OLDEST.total_seconds() <= issued <= now + _SKEW.total_seconds()
        ):
            raise ProviderProblem("id_token: too old or too new")
        if not secrets.compare_digest(str(claims.get("nonce", "")), nonce) or not nonce:
            raise ProviderProblem("id_token: another nonce")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", "" if several else self.client_id) != self.client_id:
            raise ProviderProblem("id_token: for another client")
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise ProviderProblem("id_token: no subject")
        return claims

    def _key(self, configuration: Json, kid: str) -> Any:  # Any: PyJWT's key
        """The provider's key of that name; asked for anew once, because keys change."""
        for fresh in (False, True):
            found = _kept(str(configuration["jwks_uri"]), fresh=fresh).get("keys")
            keys = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
            signing = [one for one in keys if one.get("use", "sig") == "sig"]
            mine = [one for one in signing if one.get("kid") == kid] if kid else signing
            if len(mine) == 1:
                return jwt.PyJWK(mine[0]).key
        raise ProviderProblem("no such key")

    def _configuration(self) -> Json:
        found = _kept(f"{self.issuer}{_DISCOVERY}")
        if str(found.get("issuer", "")).rstrip("/") != self.issuer:
            raise ProviderProblem("the configuration is another issuer's")
        for endpoint in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not _may_be_asked(str(found.get(endpoint, ""))):
                raise ProviderProblem(f"{endpoint} is missing or not https")
        return found


def _may_be_asked(address: str) -> bool:
    """HTTPS, or this very machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


def _kept(address: str, *, fresh: bool = False) -> Json:
    """A document of the provider, kept for ten minutes."""
    key = f"identity.oidc.{hashlib.sha256(address.encode()).hexdigest()}"
    found = None if fresh else cache.get(key)
    if isinstance(found, dict):
        return found
    found = _asked("GET", address)
    cache.set(key, found, _KEPT)
    return found


def _asked(
    method: str,
    address: str,
    *,
    data: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> Json:
    """A JSON object from the provider. Redirects are not followed: they would carry secrets elsewhere."""
    if not _may_be_asked(address):
        raise ProviderProblem("an address that is not asked")
    try:
        with requests.Session() as session:
            session.trust_env = False  # neither a netrc file nor a proxy that nobody configured here
            with session.request(
                method,
                address,
                data=data,
                headers={"Accept": "application/json", **(headers or {})},
                auth=auth,
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = answer.raw.read(_LARGEST + 1, decode_content=True)
                status = answer.status_code
        found = json.loads(body) if len(body) <= _LARGEST else None
    except (requests.RequestException, OSError, ValueError) as error:
        raise ProviderProblem(f"{type(error).__name__}") from None
    if status != requests.codes.ok or not isinstance(found, dict):
        raise ProviderProblem(f"status {status}")
    return cast("Json", found)
