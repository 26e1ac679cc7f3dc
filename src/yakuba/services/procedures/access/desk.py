"""Permissions of the desk. Who designs a procedure does not see what applicants write."""

from __future__ import annotations

from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from yakuba.engines.casework.access import SeeCases
from yakuba.kernel.actions import Everywhere, Own, Permission, viewed_by
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.town.models import Municipality, Office
from yakuba.services.procedures.models import (
    Attachment,
    Bundle,
    Filing,
    FilingRevision,
    Happening,
    InventoryCount,
    InventoryRow,
    InventorySpan,
    Procedure,
    Reply,
    Submission,
    Webhook,
)

_READERS: dict[str, Everywhere | Own] = {
    "staff": Everywhere(),
    "auditor": Everywhere(),
    "municipality_admin": Everywhere(),
    "cli": Everywhere(),
}
_DESIGNERS: dict[str, Everywhere | Own] = {
    "procedure_secretariat": Everywhere(),
    "procedure_editor": Own("office"),
    "cli": Everywhere(),
}
_KEEPERS = {"procedure_secretariat": Everywhere(), "cli": Everywhere()}

VIEW_PROCEDURE = viewed_by(Permission("procedures.view", Procedure, {**_READERS}))
DESIGN = Permission("procedures.design", Procedure, _DESIGNERS)
PUBLISH = Permission("procedures.publish", Procedure, _DESIGNERS)
# Whose office a new procedure is, is in what they send: the action asks DESIGN again for the row that it made or removes.
_ANY_DESIGNER = {
    "procedure_secretariat": Everywhere(),
    "procedure_editor": Everywhere(),
    "cli": Everywhere(),
}
CREATE = Permission("procedures.create", Procedure, _ANY_DESIGNER)
DELETE = Permission("procedures.delete", Municipality, _ANY_DESIGNER, municipality="pk")
ASSIGN = Permission("procedures.assign", Procedure, _KEEPERS)
VIEW_ROW = viewed_by(Permission("procedures.view_row", InventoryRow, {**_READERS}))
VIEW_SPAN = viewed_by(Permission("procedures.view_span", InventorySpan, {**_READERS}))
VIEW_COUNT = viewed_by(Permission("procedures.view_count", InventoryCount, {**_READERS}))
KEEP_INVENTORY = Permission("procedures.keep_inventory", Municipality, _KEEPERS, municipality="pk")
CHANGE_ROW = Permission("procedures.change_row", InventoryRow, _DESIGNERS)
VIEW_HAPPENING = viewed_by(Permission("procedures.view_happening", Happening, {**_READERS}))

_WORKERS = {"case_worker": Own("case__office"), "office_head": Own("case__office")}
_PART = {"case_worker": Own("filing__case__office"), "office_head": Own("filing__case__office")}
# Whoever may read a case reads what it is about: its office, deciders on its way, the office that handed it on.
VIEW_FILING = SeeCases("procedures.view_filing", Filing, _WORKERS)
viewed_by(VIEW_FILING)
VIEW_REVISION = viewed_by(SeeCases("procedures.view_revision", FilingRevision, _PART, path="filing__case"))
VIEW_ATTACHMENT = viewed_by(SeeCases("procedures.view_attachment", Attachment, _PART, path="filing__case"))
VIEW_WEBHOOK = viewed_by(
    Permission(
        "procedures.view_webhook",
        Webhook,
        {"procedure_secretariat": Everywhere(), "case_worker": Own("procedure__office")},
    )
)
KEEP_WEBHOOKS = Permission("procedures.keep_webhooks", Webhook, {"procedure_secretariat": Everywhere()})

NEW_WEBHOOK = Permission("procedures.new_webhook", Procedure, {"procedure_secretariat": Everywhere()})
#: The handler of the outbox whose rows are hand-overs of filings.
HANDOVER: Final = "procedures.hand_over"
_OURS = Everywhere(Q(handler=HANDOVER))


def _stuck(message: OutboxMessage) -> str:
    return "" if message.state in {"dead", "unconfirmed"} else _("失敗か未確認の引渡しだけを扱えます。")


# The rows themselves are the outbox's, whose administration sees all of them; who keeps the receivers settles what went to them.
SETTLE_HANDOVER = Permission(
    "procedures.settle_handover",
    OutboxMessage,
    {"procedure_secretariat": _OURS, "cli": _OURS},
    when=_stuck,
)

_BUNDLERS: dict[str, Everywhere | Own] = {"case_worker": Own("office"), "office_head": Own("office")}
VIEW_BUNDLE = viewed_by(Permission("procedures.view_bundle", Bundle, _BUNDLERS))
ORDER_BUNDLE = Permission(
    "procedures.order_bundle", Office, {"case_worker": Own("pk"), "office_head": Own("pk")}
)
FINISH_BUNDLE = Permission("procedures.finish_bundle", Bundle, {"cli": Everywhere()})

# The portal's rows reach the desk by the worker alone.
RECEIVE = Permission("procedures.receive", Submission, {"cli": Everywhere()})
TAKE_REPLY = Permission("procedures.take_reply", Reply, {"cli": Everywhere()})

_ENTERERS = {"case_worker": Own("office"), "office_head": Own("office")}
ENTER_INTO = Permission("procedures.enter_into", Procedure, _ENTERERS)
ENTER = Permission("procedures.enter", Filing, dict.fromkeys(_ENTERERS, Everywhere()))
ADD_PAGES = Permission("procedures.add_pages", Filing, _WORKERS)
