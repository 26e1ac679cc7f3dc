"""Addresses of signing in and of one's own page."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…>
from yakuba.services.identity import demo
from yakuba.services.identity.views import account, mine, provider, ways

_IN = "<code6:code>/sign-in/"
_MY = "<code6:code>/my/"
portal: list[URLPattern | URLResolver] = [
    path(_IN, ways.choose, name="identity-sign-in"),
    path(f"{_IN}mail/", ways.mail, name="identity-mail"),
    path(f"{_IN}code/", ways.code, name="identity-code"),
    path(f"{_IN}account/", account.account, name="identity-account"),
    path(f"{_IN}account/new/", account.new, name="identity-account-new"),
    path(f"{_IN}account/password/", account.password, name="identity-account-password"),
    path(f"{_IN}provider/", provider.start, name="identity-provider"),
    path(f"{_IN}out/", ways.sign_out, name="identity-sign-out"),
    path(_MY, mine.my, name="identity-my"),
    path(f"{_MY}name/", mine.name, name="identity-my-name"),
    path(f"{_MY}mail/", mine.mail, name="identity-my-mail"),
    path(f"{_MY}password/", mine.password, name="identity-my-password"),
    path(f"{_MY}close/", mine.close, name="identity-my-close"),
    path(f"{_MY}links/remove/", mine.remove_link, name="identity-my-unlink"),
]
# One address in every language: a provider knows the way back by its exact address.
plain_portal: list[URLPattern | URLResolver] = [
    path(f"{_IN}provider/back/", provider.back, name="identity-provider-back"),
    *demo.addresses(),
]
