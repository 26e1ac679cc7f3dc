"""Signing in without the pages, for tests of what lies behind them."""

from __future__ import annotations

from django.test import Client

from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.sessions import SECOND_FACTOR


def sign_in(client: Client, account: StaffAccount) -> None:
    """A session as after password and second factor."""
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR] = True
    session.save()
