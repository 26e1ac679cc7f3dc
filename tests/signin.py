"""A session as it stands after password and second factor; the sign-in itself has tests of its own."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.sessions import SECOND_FACTOR


def sign_in(client: Client, account: StaffAccount) -> None:
    """Sign an account in: its session is made as it would stand, without walking through the sign-in a thousand times."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session[SECOND_FACTOR] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
