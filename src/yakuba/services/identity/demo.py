"""An identity provider of the demo's own, with invented people. Only in a home marked ``demo``; elsewhere it has no address.

It does what a provider for citizens does, by the real code flow: a configuration document, keys, PKCE, one-time codes, an
``id_token`` and ``userinfo``. Whoever comes picks a person from a list instead of holding a card to a telephone.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path, resolve
from django.urls.exceptions import Resolver404
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.demo import is_demo, kept_key, kept_secret
from yakuba.kernel.dates import clock
from yakuba.kernel.ui.shells import PlainPage

PREFIX = "demo-identity/"
CLIENT_ID = "yakuba-portal-demo"
_SALT = "identity.demo"
_LASTS = 300


@dataclass(frozen=True)
class Invented:
    """Somebody who does not exist."""

    subject: str
    name: str
    kana: str
    birthdate: str
    address: str


PEOPLE = {
    one.subject: one
    for one in (
        Invented("demo-1", "例示 はな", "レイジ ハナ", "1988-04-12", "みほん市中央一丁目2番3号"),
        Invented("demo-2", "見本 たろう", "ミホン タロウ", "1955-11-03", "みほん市本町4番地5"),
        Invented("demo-3", "架空 みどり", "カクウ ミドリ", "2001-01-20", "みほん市緑町6番地 見本コーポ101"),
    )
}


def addresses() -> list[URLPattern | URLResolver]:
    """The provider's addresses: none outside the demo home."""
    return provider_addresses() if is_demo() else []


def provider_addresses() -> list[URLPattern | URLResolver]:
    """The provider's addresses."""
    return [
        path(f"{PREFIX}.well-known/openid-configuration", _configuration),
        path(f"{PREFIX}keys", _keys),
        path(f"{PREFIX}authorize", _authorize, name="identity-demo-authorize"),
        path(f"{PREFIX}token", _token),
        path(f"{PREFIX}userinfo", _userinfo),
    ]


def environment(origin: str) -> dict[str, str]:
    """What a server process at ``origin`` (``http://127.0.0.1:8000``) needs in its environment to use the provider."""
    return {
        "YAKUBA_CITIZEN_OIDC_ISSUER": f"{origin}/{PREFIX.rstrip('/')}",
        "YAKUBA_CITIZEN_OIDC_NAME": "本人確認のサイト（デモ）",
        "YAKUBA_CITIZEN_OIDC_CLIENT_ID": CLIENT_ID,
        "YAKUBA_CITIZEN_OIDC_CLIENT_SECRET": kept_secret("demo-identity-client"),
        "YAKUBA_CITIZEN_OIDC_CLIENT_KEY": "",
    }


def _issuer(request: HttpRequest) -> str:
    return request.build_absolute_uri(f"/{PREFIX.rstrip('/')}")


def _key() -> RSAPrivateKey:
    key = load_pem_private_key(kept_key("demo-identity.pem").encode(), password=None)
    assert isinstance(key, RSAPrivateKey)  # noqa: S101 – made as one
    return key


@require_safe
def _configuration(request: HttpRequest) -> HttpResponse:
    issuer = _issuer(request)
    return JsonResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
    )


@require_safe
def _keys(_request: HttpRequest) -> HttpResponse:
    public = jwt.algorithms.RSAAlgorithm.to_jwk(_key().public_key(), as_dict=True)
    return JsonResponse({"keys": [{**public, "kid": "demo", "use": "sig", "alg": "RS256"}]})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def _authorize(request: HttpRequest) -> HttpResponseBase:
    """Pick a person, or decline."""
    asked: Mapping[str, str] = request.POST if request.method == "POST" else request.GET
    names = ("client_id", "redirect_uri", "state", "nonce", "code_challenge")
    told = {name: asked.get(name, "") for name in names}
    back = told["redirect_uri"]
    if told["client_id"] != CLIENT_ID or not _known(request, back) or not told["code_challenge"]:
        return HttpResponse("invalid_request", status=400, content_type="text/plain")
    person = PEOPLE.get(request.POST.get("person", ""))
    if request.method == "POST" and request.POST.get("decline"):
        return redirect(f"{back}?{urlencode({'error': 'access_denied', 'state': told['state']})}")
    if request.method == "POST" and person is not None:
        given = {**told, "subject": person.subject, "once": secrets.token_urlsafe(16)}
        code = signing.dumps(given, salt=_SALT, compress=True)
        return redirect(
            f"{back}?{urlencode({'code': code, 'state': told['state'], 'iss': _issuer(request)})}"
        )
    context = {
        "page": PlainPage(title=_("本人確認のサイト（デモ）")),
        "told": told,
        "people": [(one.subject, f"{one.name}（{one.address}）") for one in PEOPLE.values()],
    }
    status = 422 if request.method == "POST" else 200
    response = render(request, "identity/demo_provider.html", context, status=status)
    # Browsers hold a form to its page's form-action also where redirects lead: from here back to the portal's host name.
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(back))
    response._csp_update = {"form-action": [origin]}  # type: ignore[attr-defined]  # noqa: SLF001 – django-csp's way
    return response


_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _known(request: HttpRequest, back: str) -> bool:
    """Whether it is the way back to the portal of this very server, by whichever name this machine has for itself."""
    parts, here = urlsplit(back), urlsplit(request.build_absolute_uri("/"))
    same = parts.netloc == here.netloc or (
        parts.port == here.port and parts.hostname in _LOOPBACK and here.hostname in _LOOPBACK
    )
    if not same or parts.scheme != here.scheme or parts.query or parts.fragment:
        return False
    try:
        return resolve(parts.path).view_name == "identity-provider-back"
    except Resolver404:
        return False


@csrf_exempt
@require_POST
def _token(request: HttpRequest) -> HttpResponse:
    if not _is_client(request.headers.get("Authorization", "")):
        return JsonResponse({"error": "invalid_client"}, status=401)
    try:
        given = signing.loads(request.POST.get("code", ""), salt=_SALT, max_age=_LASTS)
    except signing.BadSignature:
        return JsonResponse({"error": "invalid_grant"}, status=400)
    digest = hashlib.sha256(request.POST.get("code_verifier", "").encode()).digest()
    fits = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == given["code_challenge"]
    once = cache.add(f"identity.demo.{given['once']}", 1, _LASTS)
    if not fits or not once or request.POST.get("redirect_uri") != given["redirect_uri"]:
        return JsonResponse({"error": "invalid_grant"}, status=400)
    now = clock.now()
    claims = {
        "iss": _issuer(request),
        "sub": given["subject"],
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + timedelta(seconds=_LASTS),
        "nonce": given["nonce"],
    }
    return JsonResponse(
        {
            "access_token": signing.dumps(given["subject"], salt=f"{_SALT}.access"),
            "token_type": "Bearer",
            "expires_in": _LASTS,
            "id_token": jwt.encode(claims, _key(), algorithm="RS256", headers={"kid": "demo"}),
        }
    )


def _is_client(header: str) -> bool:
    scheme, _blank, encoded = header.partition(" ")
    try:
        name, _colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return False
    fits = constant_time_compare(unquote(secret), kept_secret("demo-identity-client"))
    return scheme.lower() == "basic" and unquote(name) == CLIENT_ID and fits


@require_safe
def _userinfo(request: HttpRequest) -> HttpResponse:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        subject = signing.loads(token, salt=f"{_SALT}.access", max_age=_LASTS)
    except signing.BadSignature:
        return JsonResponse({"error": "invalid_token"}, status=401)
    person = PEOPLE[subject]
    return JsonResponse(
        {
            "sub": person.subject,
            "name": person.name,
            "name_kana": person.kana,
            "birthdate": person.birthdate,
            "address": {"formatted": person.address},
        }
    )
