"""Tables: the desk's in :mod:`.desk`, the portal's in :mod:`.portal`."""

from yakuba.services.procedures.models.desk import (
    BUNDLE_STATES,
    ONLINE_STATES,
    PROCEDURE_STATES,
    Attachment,
    Bundle,
    Filing,
    FilingRevision,
    InventoryRow,
    Procedure,
    Webhook,
)
from yakuba.services.procedures.models.portal import (
    RELEASES,
    EarlierAnswer,
    Filling,
    Happening,
    Offer,
    Release,
    Reply,
    Reuse,
    Submission,
    Upload,
)

__all__ = [
    "BUNDLE_STATES",
    "ONLINE_STATES",
    "PROCEDURE_STATES",
    "RELEASES",
    "Attachment",
    "Bundle",
    "EarlierAnswer",
    "Filing",
    "FilingRevision",
    "Filling",
    "Happening",
    "InventoryRow",
    "Offer",
    "Procedure",
    "Release",
    "Reply",
    "Reuse",
    "Submission",
    "Upload",
    "Webhook",
]
