"""What the secretariat does with what came in, and with the days of single offices."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.casework.store import label_of
from yakuba.engines.rounds import store
from yakuba.engines.rounds.access import ACCEPT, EXTEND
from yakuba.engines.rounds.actions.answering import (
    Because,
    Chosen,
    ChosenBecause,
    demand_asking,
    demand_later,
    move_all,
    whole_of,
)
from yakuba.engines.rounds.models import OfficePart, Round
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, action
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.ids import read_id
from yakuba.kernel.town.models import Office


@dataclass(frozen=True)
class GrantExtension:
    """The office's new day."""

    until: Annotated[dt.date, fields.date(label="延長後の期限", classification=INTERNAL)]


@dataclass(frozen=True)
class HandOver:
    """Which items, by id, and the id of the office that is asked for them from now on."""

    items: Annotated[
        list[str], fields.document(label="項目", classification=INTERNAL, default=list, required=True)
    ]
    office: Annotated[str, fields.text(label="答える課", classification=INTERNAL, max_length=40)]


@action("rounds.accept", label="受理する", may=ACCEPT, data=Chosen)
def accept(ctx: Context, round_: Round, data: Chosen) -> Round:
    """The secretariat has checked these. Nobody accepts what he entered or confirmed."""
    move_all(ctx, store.of_round(round_, data.items), "accept")
    return round_


@action("rounds.return", label="各課に差し戻す", may=ACCEPT, data=ChosenBecause)
def return_items(ctx: Context, round_: Round, data: ChosenBecause) -> Round:
    """Something is to be put right: the office answers once more."""
    move_all(ctx, store.of_round(round_, data.items), "return", data.reason, by="secretariat")
    return round_


@action("rounds.reopen", label="決定したものを訂正のため戻す", may=ACCEPT, data=ChosenBecause)
def reopen(ctx: Context, round_: Round, data: ChosenBecause) -> Round:
    """What was decided is wrong: it goes back to the office, and is decided anew."""
    move_all(ctx, store.of_round(round_, data.items), "reopen", data.reason)
    return round_


@action("rounds.hand_over", label="答える課を変える", may=ACCEPT, data=HandOver)
def hand_over(ctx: Context, round_: Round, data: HandOver) -> Round:
    """Ask another office for these: a task changed hands without any succession, or nobody had known whose it is.

    Only what is not entered; its moves stay with it. The office that is asked now has the day of the round, or the one it was granted.
    """
    items = store.of_round(round_, data.items)
    office = Office.unscoped.filter(municipality=ctx.municipality.id, pk=read_id(data.office)).first()
    if office is None:
        raise Problem("office", _("答える課を選んでください。"), field="office", found=data.office[:40])
    store.hand_over(ctx, round_, items, office)
    return round_


@action("rounds.grant_extension", label="期限を延ばす", may=EXTEND, data=GrantExtension, parent=whole_of)
def grant_extension(ctx: Context, part: OfficePart, data: GrantExtension) -> OfficePart:
    """Give an office a later day, asked for or not."""
    demand_asking(part)
    demand_later(ctx, part, data.until)
    part.extension, part.extension_by = data.until, label_of(ctx)
    part.due_since = japan_date(ctx.now)
    part.asked_until, part.refused_reason = None, ""
    part.save(update_fields=["extension", "extension_by", "due_since", "asked_until", "refused_reason"])
    return part


@action("rounds.refuse_extension", label="期限の延長を認めない", may=EXTEND, data=Because, parent=whole_of)
def refuse_extension(ctx: Context, part: OfficePart, data: Because) -> OfficePart:
    """The office's day stays."""
    if part.asked_until is None:
        raise Problem("not_asked", _("この課は、期限の延長を求めていません。"))
    ctx.because(data.reason)
    part.asked_until, part.refused_reason = None, data.reason.strip()
    part.save(update_fields=["asked_until", "refused_reason"])
    return part
