"""How allauth is bound to staff accounts: who may sign in, what the messages say, who the directory's people are.

Accounts are made by actions alone: nobody signs up, and the directory never creates an account.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.access import noted
from yakuba.kernel.access.directory import refused, staff_account
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.sessions import SECOND_FACTOR
from yakuba.kernel.ui.shells import PlainPage

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.contrib.auth.base_user import AbstractBaseUser

log = logging.getLogger(__name__)


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Password sign-in of staff accounts."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("利用者IDかパスワードが違います。"),
        "account_inactive": gettext_lazy("この利用者IDは停止されています。"),
        "too_many_login_attempts": gettext_lazy(
            "失敗が続いたため、しばらく受け付けません。5分ほど待ってください。"
        ),
        "rate_limited": gettext_lazy("失敗が続いたため、しばらく受け付けません。5分ほど待ってください。"),
        "incorrect_code": gettext_lazy("確認コードが違います。アプリに今出ている6桁を入力してください。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by actions."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """No throttle of allauth's own here: axes counts failures in the database, for all processes alike."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:  # Any: allauth's own
        """Our views ask for a fresh sign-in themselves (``sessions.fresh``), by a whole new sign-in."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Sign-in is a page; there is no JSON side door."""
        return False

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse:  # Any: allauth's
        """Note in the session whether a second factor was passed."""
        methods = {record["method"] for record in get_authentication_records(request, user)}
        request.session[SECOND_FACTOR] = bool(methods & {"mfa", "socialaccount"})
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """The page for an account that was stopped; only who knows its password gets here."""
        if isinstance(user, StaffAccount):
            noted.refuse(request, user, noted.STOPPED)
        page = PlainPage(title=_("サインインできません"))
        context = {"page": page, "message": self.error_messages["account_inactive"]}
        return render(request, "access/refused.html", context, status=403)


class DirectoryAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-in by the city's directory (OpenID Connect)."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """The directory creates no accounts."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account behind the directory's person, or refuse."""
        claims = dict(sociallogin.account.extra_data)
        claims = {**claims.get("id_token", {}), **claims.get("userinfo", {})}
        # The claims hold personal data that nobody needs here; the subject alone binds the two sides.
        sociallogin.account.extra_data = {}
        known = sociallogin.user if sociallogin.is_existing else None
        account, reason = staff_account(claims, known)
        if account is None:
            log.warning("directory sign-in refused: %s", reason)
            refused(request, claims, known, reason)
            page = PlainPage(title=_("サインインできません"))
            response = render(request, "access/refused.html", {"page": page, "message": reason}, status=403)
            raise ImmediateHttpResponse(response)
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
        else:
            sociallogin.connect(request, account)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,  # Any: allauth's
        error: Any = None,  # Any: allauth's
        exception: Exception | None = None,
        extra_context: Any = None,  # Any: allauth's
    ) -> None:
        """The directory did not answer as it should, or the person turned back there."""
        # What they say comes from outside, and from anybody who opens the address.
        log.warning("directory sign-in failed (%s)", type(exception or error).__name__)
        page = PlainPage(title=_("サインインできませんでした"))
        message = _(
            "庁内の職員認証から確かな答えが届きませんでした。もう一度試し、続くときはシステムの担当へ知らせてください。"
        )
        raise ImmediateHttpResponse(
            render(request, "access/refused.html", {"page": page, "message": message}, status=401)
        )


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """TOTP and recovery codes. Their secrets stand encrypted in the database, under a key made from the signing key."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("確認コードが違います。アプリに今出ている6桁を入力してください。"),
    }

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """What the authenticator app shows."""
        return user.get_username()

    def encrypt(self, text: str) -> str:
        """For the database."""
        return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """From the database. ``InvalidToken`` when the signing key is another one: the second factor is set up again."""
        return _cipher(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()


@cache
def _cipher(secret: str) -> Fernet:
    return Fernet(
        base64.urlsafe_b64encode(hashlib.sha256(b"yakuba second factor\0" + secret.encode()).digest())
    )
