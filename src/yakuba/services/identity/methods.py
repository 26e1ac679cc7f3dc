"""The ways to show who one is that this room offers."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from yakuba.engines.delivery.channels import CHANNELS
from yakuba.engines.visitors.methods import METHODS, register_choice
from yakuba.kernel.actions import Context
from yakuba.services.identity.oidc import Client

MAIL, ACCOUNT, OIDC = "mail", "account", "oidc"


@dataclass(frozen=True)
class _Way:
    """What the three have in common: a page where it begins."""

    key: str
    label: str | Promise
    about: str | Promise
    level: str
    page: str

    def start_url(self, ctx: Context, return_to: str) -> str:
        """The page where it begins."""
        address = reverse(self.page, args=[ctx.municipality.code])
        return f"{address}?{urlencode({'next': return_to})}" if return_to else address


class ByMail(_Way):
    """A code sent to a mail address."""

    @property
    def name(self) -> str | Promise:
        """What it is called."""
        return _("メールの確認コード")

    def available(self) -> bool:
        """Whether mail leaves this house."""
        return mail_works()

    def check_config(self) -> list[str]:
        """The channel says itself what is wrong with it."""
        return []


class ByAccount(_Way):
    """Mail address and password."""

    @property
    def name(self) -> str | Promise:
        """What it is called."""
        return _("メールアドレスとパスワード")

    def available(self) -> bool:
        """Accounts are always there; without mail nobody gets a new one."""
        return True

    def check_config(self) -> list[str]:
        """There is nothing to set."""
        return []


class ByProvider(_Way):
    """An identity provider that the operator registered with: デジタル認証アプリ, for one."""

    @property
    def name(self) -> str | Promise:
        """What the operator calls it."""
        return str(settings.CITIZEN_OIDC_NAME)

    def available(self) -> bool:
        """Whether an operator set one up, and rightly."""
        client = Client.configured()
        return client is not None and not client.check()

    def check_config(self) -> list[str]:
        """What is wrong with the settings."""
        client = Client.configured()
        return client.check() if client else []


def mail_works() -> bool:
    """Whether mail leaves this house."""
    return CHANNELS.get("mail").configured()


def register() -> None:
    """Offer the ways; called once at start-up."""
    METHODS.register(
        MAIL,
        ByMail(
            MAIL,
            _("メールで確認する"),
            _("メールアドレスに届く6桁のコードを入力します。登録はいりません。"),
            "mail",
            "identity-mail",
        ),
    )
    METHODS.register(
        ACCOUNT,
        ByAccount(
            ACCOUNT,
            _("アカウントでサインインする"),
            _("メールアドレスとパスワードを使います。はじめての方は、ここで作れます。"),
            "account",
            "identity-account",
        ),
    )
    METHODS.register(
        OIDC,
        ByProvider(
            OIDC,
            _("マイナンバーカードなどで本人確認をする"),
            _("別のサイトやアプリで本人確認をして、ここに戻ります。個人番号は受け取りません。"),
            "verified",
            "identity-provider",
        ),
    )
    register_choice(lambda ctx: reverse("identity-sign-in", args=[ctx.municipality.code]))
