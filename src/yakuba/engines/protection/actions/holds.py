"""Raising holds for what is already here, and releasing them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from yakuba.engines.protection import access, store
from yakuba.engines.protection.models import Hold
from yakuba.engines.protection.rules import Party
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, SubjectRef, action
from yakuba.kernel.fields import INTERNAL, PERSONAL, JsonValue
from yakuba.kernel.town.models import Municipality

RELEASED = "protection.released"


@dataclass(frozen=True)
class LookAgain:
    """Things with their persons: ``[{"kind", "id", "parties": [[name, kana, birth, address], …]}, …]``."""

    things: Annotated[list[dict[str, JsonValue]], fields.document(label="対象", classification=PERSONAL)]


def as_thing(subject: SubjectRef, parties: list[Party]) -> dict[str, JsonValue]:
    """One element of :class:`LookAgain`."""
    people: list[JsonValue] = [
        [one.name, one.kana, one.birth.isoformat() if one.birth else "", one.address] for one in parties
    ]
    return {"kind": subject.kind, "id": str(subject.id), "parties": people}


def _party(given: JsonValue) -> Party:
    name, kana, birth, address = (str(one) for one in given) if isinstance(given, list) else ("",) * 4
    return Party(name, kana, dt.date.fromisoformat(birth) if birth else None, address)


@action("protection.look_again", label="支援措置をもう一度照合する", may=access.LOOK_AGAIN, data=LookAgain)
def look_again(ctx: Context, municipality: Municipality, data: LookAgain) -> Municipality:
    """Compare things that are already here with the register as it stands now."""
    known = store.register(ctx)
    for thing in data.things:
        subject = SubjectRef(str(thing["kind"]), UUID(str(thing["id"])))
        parties = thing["parties"]
        people = [_party(one) for one in parties] if isinstance(parties, list) else []
        store.look(ctx, subject, people, against=known)
    return municipality


@dataclass(frozen=True)
class Release:
    """Why output may go on, and whether mail that was stopped is sent now."""

    reason: Annotated[
        str,
        fields.text(
            label="解除の理由",
            classification=INTERNAL,
            help="だれに何を確かめたか。氏名や住所は書きません",
        ),
    ]
    resume: Annotated[bool, fields.yes_no(label="止めたメールを送る", classification=INTERNAL)] = False


@action("protection.release", label="支援措置による停止を解除する", may=access.RELEASE, data=Release)
def release(ctx: Context, hold: Hold, data: Release) -> Hold:
    """Let output about one thing go on. When no other hold stands on it, those who stopped something are told."""
    ctx.because(data.reason)
    hold.state, hold.released_at, hold.released_by = "released", ctx.now, ctx.actor.label[:200]
    hold.release_note = data.reason
    hold.save(update_fields=["state", "released_at", "released_by", "release_note"])
    others = Hold.unscoped.filter(
        municipality=ctx.municipality.id,
        subject_kind=hold.subject_kind,
        subject_id=hold.subject_id,
        state="standing",
    )
    if not others.exists():
        ctx.publish(RELEASED, {"kind": hold.subject_kind, "id": str(hold.subject_id), "resume": data.resume})
    return hold
