"""Who sees what was sent, and settles what the channel could not."""

import datetime as dt

from django.utils.translation import gettext as _

from yakuba.engines.delivery.models import Delivery
from yakuba.engines.delivery.purposes import PURPOSES
from yakuba.kernel.actions import Everywhere, Permission, viewed_by
from yakuba.kernel.dates import clock

_KEEPERS = {"records_keeper": Everywhere(), "municipality_admin": Everywhere()}
# The machine itself, when a hold is released and what it stopped is to go on.
_SENDERS = {**_KEEPERS, "cli": Everywhere()}
# Longer than a hand-over's lease: until then the worker may still be speaking with the other side.
_UNDER_WAY = dt.timedelta(minutes=6)


def _under_way(delivery: Delivery) -> bool:
    return (
        delivery.state == "unconfirmed"
        and delivery.begun_at is not None
        and clock.now() - delivery.begun_at < _UNDER_WAY
    )


def _may_again(delivery: Delivery) -> str:
    if _under_way(delivery):
        return _("送信の途中です。数分待ってから開き直してください。")
    if delivery.state not in {"failed", "unconfirmed", "unconfigured", "held"}:
        return _("送れなかったもの、未確認のもの、止めたものだけを、もう一度送れます。")
    if not PURPOSES[delivery.purpose].again:
        return _("この用件は、後から送っても役に立ちません。本人にやり直してもらってください。")
    return ""


def _may_settle(delivery: Delivery) -> str:
    if _under_way(delivery):
        return _("送信の途中です。数分待ってから開き直してください。")
    return "" if delivery.state == "unconfirmed" else _("未確認の送信だけを、届いたと記録できます。")


def _may_close(delivery: Delivery) -> str:
    if _under_way(delivery):
        return _("送信の途中です。数分待ってから開き直してください。")
    if delivery.state in {"failed", "unconfirmed", "unconfigured", "held"}:
        return ""
    return _("送れなかったもの、未確認のもの、止めたものだけを、取りやめにできます。")


VIEW = viewed_by(Permission("delivery.view", Delivery, roles=_KEEPERS))
SEND_AGAIN = Permission("delivery.send_again", Delivery, roles=_SENDERS, when=_may_again)
CONFIRM = Permission("delivery.confirm", Delivery, roles=_KEEPERS, when=_may_settle)
CLOSE = Permission("delivery.close", Delivery, roles=_KEEPERS, when=_may_close)
