"""A session as it stands after password and second factor; the sign-in itself has tests of its own."""

from __future__ import annotations

from django.test import Client

from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.sessions import SECOND_FACTOR


def sign_in(client: Client, account: StaffAccount) -> None:
    """Sign an account in."""
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR] = True
    session.save()
