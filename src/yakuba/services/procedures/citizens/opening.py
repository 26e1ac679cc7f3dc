"""Whether an offer takes applications now, and why not. Pure; words for it are :func:`said_of`."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

from django.utils.translation import gettext as _

from yakuba.kernel.ui.formats import moment
from yakuba.services.procedures.models import Offer

State = Literal["open", "early", "closed", "full", "paused", "offline"]

#: Whoever began before the closing may still send this long after it: clocks differ, and lines are slow.
GRACE: Final = dt.timedelta(minutes=5)


def state_of(offer: Offer, identity: str, now: dt.datetime) -> State:
    """What the offer's page says at a moment of the server's clock. ``identity`` is the level that the procedure asks for."""
    if identity == "signature":
        return "offline"
    if not offer.open:
        return "paused"
    if offer.opens_at is not None and now < offer.opens_at:
        return "early"
    if offer.closes_at is not None and now >= offer.closes_at:
        return "closed"
    if offer.places is not None and offer.taken >= offer.places:
        return "full"
    return "open"


def sendable(offer: Offer, began_at: dt.datetime, now: dt.datetime) -> State:
    """What stands against sending now what was begun at ``began_at``; ``open`` for nothing. Places are counted at the sending."""
    if not offer.open:
        return "paused"
    if offer.opens_at is not None and now < offer.opens_at:
        return "early"
    if offer.closes_at is not None and now >= offer.closes_at:
        in_time = began_at < offer.closes_at and now < offer.closes_at + GRACE
        return "open" if in_time else "closed"
    return "open"


def label_of(state: State) -> str:
    """The state in a word or two, for lists."""
    return {
        "open": _("オンラインで受付中"),
        "early": _("受付前"),
        "closed": _("受付終了"),
        "full": _("定員に達しました"),
        "paused": _("停止中"),
        "offline": _("窓口・郵送のみ"),
    }[state]


def said_of(state: State, offer: Offer) -> str:
    """The state in a sentence that says when it was or will be otherwise; empty for an open offer."""
    match state:
        case "early":
            return _("受付は %(at)s に始まります。") % {"at": moment(offer.opens_at)}
        case "closed":
            return _("受付は %(at)s に終わりました。") % {"at": moment(offer.closes_at)}
        case "full":
            return _("定員（%(places)d）に達したため、受付を終わりました。") % {"places": offer.places or 0}
        case "paused":
            return offer.note or _("いまは受付を止めています。")
        case "offline":
            return _(
                "この手続には電子署名が必要です。オンラインでは確かめられないため、窓口か郵送でお願いします。"
            )
        case "open":
            return ""
