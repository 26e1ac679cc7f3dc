"""Who sees and works on cases: the people of the office that has them, in posts that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, Q

from yakuba.engines.casework.models import (
    Case,
    CaseLink,
    CaseMessage,
    CaseNote,
    CheckMark,
    ClockStop,
    Disposition,
    Move,
    Notice,
    NumberBook,
    OfficeMailbox,
    Seal,
    Transfer,
)
from yakuba.engines.casework.queries import reach
from yakuba.kernel.actions import Context, Everywhere, Own, Permission, viewed_by
from yakuba.kernel.town.models import Office

M = TypeVar("M", bound=Model)
_OWN = {"case_worker": Own("office"), "office_head": Own("office")}
_OF_CASE = {"case_worker": Own("case__office"), "office_head": Own("case__office")}
_RECORDS = {"records_keeper": Everywhere()}


@dataclass(frozen=True)
class SeeCases(Permission[M]):
    """The cases of one's own office, those that it handed on, those whose decision one stands on the way of, and what one holds.

    For the records of services too: ``SeeCases("procedures.view_filing", Filing, roles, path="case")``.
    """

    path: str = "case"

    def q(self, ctx: Context) -> Q:
        return self.own(ctx) | reach.also_seen(ctx, self.path)

    def own(self, ctx: Context) -> Q:
        """Those that the actor sees by his role alone: the cases of his offices. Cheaper to ask where no others are meant."""
        return super().q(ctx)


VIEW_CASE = SeeCases("casework.view", Case, _OWN, path="pk")
viewed_by(VIEW_CASE)
VIEW_TRANSFER = viewed_by(SeeCases("casework.view_transfer", Transfer, _OF_CASE))
VIEW_MOVE = viewed_by(SeeCases("casework.view_move", Move, _OF_CASE))
VIEW_STOP = viewed_by(SeeCases("casework.view_stop", ClockStop, _OF_CASE))
VIEW_NOTE = viewed_by(SeeCases("casework.view_note", CaseNote, _OF_CASE))
VIEW_MESSAGE = viewed_by(SeeCases("casework.view_message", CaseMessage, _OF_CASE))
VIEW_MARK = viewed_by(SeeCases("casework.view_mark", CheckMark, _OF_CASE))
VIEW_LINK = viewed_by(SeeCases("casework.view_link", CaseLink, _OF_CASE))
VIEW_DISPOSITION = viewed_by(SeeCases("casework.view_disposition", Disposition, _OF_CASE))
VIEW_NOTICE = SeeCases("casework.view_notice", Notice, _OF_CASE)
viewed_by(VIEW_NOTICE)
VIEW_BOOK = viewed_by(
    Permission("casework.view_book", NumberBook, {**_RECORDS, "staff": Everywhere(), "cli": Everywhere()})
)
VIEW_SEAL = viewed_by(Permission("casework.view_seal", Seal, {**_RECORDS, "case_worker": Everywhere()}))
VIEW_MAILBOX = viewed_by(
    Permission(
        "casework.view_mailbox",
        OfficeMailbox,
        {"municipality_admin": Everywhere(), "staff": Everywhere(), "cli": Everywhere()},
    )
)
WORK = Permission("casework.work", Case, _OWN)
WORK_NOTICE = Permission("casework.work_notice", Notice, _OF_CASE)
# What the machine hears from the portal, and does by the clock.
OPENED = Permission("casework.opened", Notice, {"cli": Everywhere()})
GO_ON = Permission("casework.go_on_notice", Notice, {**_OF_CASE, "cli": Everywhere()})
KEEP_BOOK = Permission("casework.keep_book", NumberBook, _RECORDS)
KEEP_SEAL = Permission("casework.keep_seal", Seal, _RECORDS)
SET_MAILBOX = Permission(
    "casework.set_mailbox",
    Office,
    {"municipality_admin": Everywhere(), "office_head": Own("pk"), "cli": Everywhere()},
)
