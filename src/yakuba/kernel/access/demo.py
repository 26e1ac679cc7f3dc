"""A directory (OpenID Connect provider) of the demo's own, and ready-made second factors. Only in a home marked ``demo``.

It plays the city's directory: its people sign in with the user name and password of their account here, in a session of its
own, and the desk learns who they are by the real code flow. In any other home none of this has an address.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.idp.oidc import views
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client, PrivateKey
from allauth.mfa.adapter import get_adapter as second_factor_adapter
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.actions import Problem
from yakuba.kernel.ui.components import FieldError
from yakuba.kernel.ui.shells import PlainPage

CLIENT_ID = "yakuba-demo"
PREFIX = "desk/demo-directory/"
_COOKIE = "yakuba_demo_directory"
_ACCOUNT = "account"

View = Callable[..., HttpResponseBase]


def is_demo() -> bool:
    """Whether this home is the demo's."""
    return (Path(settings.HOME) / "demo").exists()


def demand_demo() -> None:
    """Raises :class:`Problem` outside the demo home."""
    if not is_demo():
        raise Problem("no_demo", _("これはデモの環境だけで使えます。"))


def addresses() -> list[URLPattern | URLResolver]:
    """The directory's addresses: none outside the demo home."""
    return directory_addresses() if is_demo() else []


def directory_addresses() -> list[URLPattern | URLResolver]:
    """The directory's addresses. The names are those by which allauth's provider finds its own pages."""
    provider = [
        path(".well-known/openid-configuration", views.configuration, name="configuration"),
        path(".well-known/jwks.json", views.jwks, name="jwks"),
        path("authorize", _own_session(_signed_in(views.authorization)), name="authorization"),
        path("token", views.token, name="token"),
        path("userinfo", views.user_info, name="userinfo"),
        # Named in the configuration document, and not served here.
        path("none/revoke", _absent, name="revoke"),
        path("none/device", _absent, name="device_code"),
        path("none/logout", _absent, name="logout"),
    ]
    inside = [path("", include((provider, "oidc"), namespace="oidc"))]
    return [
        path(PREFIX, include((inside, "idp"), namespace="idp")),
        path(f"{PREFIX}sign-in/", never_cache(_own_session(_sign_in)), name="access-demo-directory"),
    ]


def directory_environment(origin: str) -> dict[str, str]:
    """What a server process at ``origin`` (``http://127.0.0.1:8000``) needs in its environment to use the directory."""
    return {
        "YAKUBA_OIDC_ISSUER": f"{origin}/{PREFIX.rstrip('/')}",
        "YAKUBA_OIDC_NAME": "庁内の職員認証（デモ）",
        "YAKUBA_OIDC_CLIENT_ID": CLIENT_ID,
        "YAKUBA_OIDC_CLIENT_SECRET": client_secret(),
    }


def client_secret() -> str:
    """The desk's secret at the directory, made once."""
    return kept_secret("demo-directory-client")


def redirect_addresses(origins: Sequence[str]) -> list[str]:
    """Where the directory may send a person back to."""
    back = reverse("openid_connect_callback", args=["directory"])
    return [f"{origin}{back}" for origin in origins]


def register_client(origins: Sequence[str]) -> None:
    """Make the desk known to the directory, with the origins (``http://127.0.0.1:8000``) it may send people back to.

    Raises :class:`Problem` outside the demo home, as :func:`enrol_factor` does.
    """
    demand_demo()
    client = Client.objects.filter(pk=CLIENT_ID).first() or Client(pk=CLIENT_ID, name="役場")
    client.set_secret(client_secret())
    client.set_scopes(["openid", "profile", "email"])
    client.set_redirect_uris(redirect_addresses(origins))
    client.skip_consent = True
    client.save()


def enrol_factor(account: StaffAccount) -> None:
    """Give an account of the demo a second factor, whose codes ``yakuba demo code`` prints; one that it has stays."""
    demand_demo()
    key = base64.b32encode(secrets.token_bytes(20)).decode()
    Authenticator.objects.get_or_create(
        user=account,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": second_factor_adapter().encrypt(key)}},
    )


class DemoDirectory(DefaultOIDCAdapter):  # type: ignore[misc]  # allauth ships no types
    """What allauth's provider asks of us: the key, and what is told of a person."""

    def list_private_keys(self, **_which: Any) -> list[PrivateKey]:  # Any: allauth's own
        """One key, made when first needed."""
        return [PrivateKey(pem=kept_key("demo-directory.pem"))] if is_demo() else []

    def get_issuer(self) -> str:
        """The address under which the configuration document stands."""
        return str(self.request.build_absolute_uri(f"/{PREFIX.rstrip('/')}"))

    def get_claims(
        self,
        purpose: str,
        user: Any,  # Any: allauth's own
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **_more: Any,  # Any: allauth's own
    ) -> dict[str, Any]:  # Any: allauth's own
        """Who it is, in the claims that a city's directory sends."""
        del purpose, scopes, email
        claims = {"sub": self.get_user_sub(client, user), "preferred_username": user.get_username()}
        person = user.person if isinstance(user, StaffAccount) else None
        if person is not None:
            claims["name"] = person.name
            claims["staff_number"] = person.staff_number
            claims["municipality_code"] = person.municipality.code
        return claims


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def kept_secret(name: str) -> str:
    """A random text of the demo home, made once; for rooms that play another party of the demo."""
    return _kept(name, lambda: secrets.token_urlsafe(32))


def kept_key(name: str) -> str:
    """An RSA key of the demo home as PEM, made once."""
    return _kept(name, _new_key)


def _kept(name: str, make: Callable[[], str]) -> str:
    """A secret in the home: read, or made once and readable by its owner alone."""
    kept = Path(settings.HOME) / name
    if not kept.exists():
        fresh = kept.with_name(f"{name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(make())
        try:
            os.link(fresh, kept)  # fails for the second of two first starts, which reads the first one's
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return kept.read_text()


def _own_session(view: View) -> View:
    """Give a view of the directory a session of its own: who is signed in there is not signed in at the desk."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # Any: of any view
        engine = import_module(settings.SESSION_ENGINE)
        own = engine.SessionStore(request.COOKIES.get(_COOKIE))
        desk_session, desk_user = request.session, request.user
        account = StaffAccount.unscoped.filter(pk=own.get(_ACCOUNT), is_active=True).first()
        request.session, request.user = own, account or AnonymousUser()
        try:
            response = view(request, *args, **kwargs)
        finally:
            request.session, request.user = desk_session, desk_user
        if own.modified:
            own.save()
            response.set_cookie(
                _COOKIE,
                own.session_key or "",
                path=f"/{PREFIX}",
                httponly=True,
                secure=settings.HTTPS,
                samesite="Lax",
            )
        return response

    return page


def _signed_in(view: View) -> View:
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # Any: of any view
        if not request.user.is_authenticated:
            where = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('access-demo-directory')}?{where}")
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponse) and response.status_code in {301, 302}:
            # The next person at this browser signs in for themselves.
            request.session.flush()
        return response

    return page


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    """User name and password, as at any directory."""
    onward = request.POST.get("next") or request.GET.get("next", "")
    if not (onward.startswith(f"/{PREFIX}") and url_has_allowed_host_and_scheme(onward, None)):
        return redirect("access-sign-in")
    errors: list[FieldError] = []
    username = request.POST.get("username", "")
    if request.method == "POST":
        found = authenticate(request, username=username, password=request.POST.get("password", ""))
        if isinstance(found, StaffAccount):
            request.session.cycle_key()
            request.session[_ACCOUNT] = str(found.pk)
            return _allow(redirect(onward), onward)
        errors = [FieldError("", _("利用者IDかパスワードが違います。"))]
    page = PlainPage(title=_("庁内の職員認証（デモ）"))
    context = {"page": page, "errors": errors, "next": onward, "username": username}
    return _allow(render(request, "access/demo_directory.html", context), onward)


def _allow(response: HttpResponse, onward: str) -> HttpResponse:
    """Browsers hold a form to its page's form-action also where redirects lead: from here back to the desk's host name."""
    back = urlsplit(parse_qs(urlsplit(onward).query).get("redirect_uri", [""])[0])
    origin = f"{back.scheme}://{back.netloc}"
    known = Client.objects.filter(pk=CLIENT_ID).first()
    if known and any(uri.startswith(f"{origin}/") for uri in known.get_redirect_uris()):
        response._csp_update = {"form-action": [origin]}  # type: ignore[attr-defined]  # noqa: SLF001 – django-csp's way
    return response


def _absent(request: HttpRequest) -> HttpResponse:
    del request
    return HttpResponse(json.dumps({"error": "not_implemented"}), status=501, content_type="application/json")
