"""Who sees and settles what the outbox could not do by itself."""

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Everywhere, Permission, viewed_by
from yakuba.kernel.outbox.models import OutboxMessage

_ADMINISTRATORS = {"municipality_admin": Everywhere(), "cli": Everywhere()}


def _stuck(message: OutboxMessage) -> str:
    return "" if message.state in {"dead", "unconfirmed"} else _("失敗か未確認の処理だけを扱えます。")


def _unconfirmed(message: OutboxMessage) -> str:
    return "" if message.state == "unconfirmed" else _("未確認の処理だけを扱えます。")


VIEW = viewed_by(Permission("outbox.view", OutboxMessage, roles=_ADMINISTRATORS))
RETRY = Permission("outbox.retry", OutboxMessage, roles=_ADMINISTRATORS, when=_stuck)
CANCEL = Permission("outbox.cancel", OutboxMessage, roles=_ADMINISTRATORS, when=_stuck)
CONFIRM = Permission("outbox.confirm", OutboxMessage, roles=_ADMINISTRATORS, when=_unconfirmed)
