"""Looking: called inside the actions of rooms above, in their transaction; and the gate before every automatic output."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from yakuba.engines.protection import queries, rules
from yakuba.engines.protection.models import Hold, Protected
from yakuba.engines.protection.rules import Facts, Party
from yakuba.kernel.actions import SUBJECTS, Context, Denied, SubjectRef, ports
from yakuba.kernel.dates import japan_date

_OUTPUTS = dict(rules.OUTPUTS)
_ORDER = [code for code, _label in rules.REASONS]


class Held(Denied):
    """An automatic output that stops until the keeper of 支援措置 releases it. Says nothing about whose protection it is."""

    def __init__(self, output: str) -> None:
        super().__init__(
            _(
                "支援措置の確認が済むまで、自動の出力（%(output)s）を止めています。支援措置の担当に確認してください。"
            )
            % {"output": _(_OUTPUTS[output])}
        )
        self.code = "held"


@dataclass(frozen=True, slots=True)
class Register:
    """The protections in force on one day, normalised once for many looks."""

    entries: Sequence[tuple[Protected, Facts]]


def register(ctx: Context) -> Register:
    """The register as it stands on the day of the context."""
    day = japan_date(ctx.now)
    return Register([(one, rules.protected_facts(one)) for one in queries.in_force(ctx, day)])


def look(
    ctx: Context, subject: SubjectRef, parties: Iterable[Party], *, against: Register | None = None
) -> None:
    """Compare the persons of a thing with the register, inside an action.

    A match raises a hold, once: a released one is not raised again for the same data. ``against`` saves reading the register for
    each of many things; what matches nobody then asks the database nothing.
    """
    known = register(ctx) if against is None else against
    if not known.entries:
        return
    people = [(one, rules.facts_of(one)) for one in parties]
    for protected, facts in known.entries:
        found = [(one, why) for one, own in people if (why := rules.match_facts(own, facts))]
        if found:
            _raise(ctx, subject, protected, found)


def _raise(
    ctx: Context, subject: SubjectRef, protected: Protected, found: Sequence[tuple[Party, str]]
) -> None:
    reasons = ",".join(sorted({why for _party, why in found}, key=_ORDER.index))
    matched = _digest(protected, [party for party, _why in found])
    about = Hold.unscoped.filter(
        municipality=ctx.municipality.id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        protected=protected,
    )
    if about.filter(matched=matched).exists():
        return  # stands already, or was looked at by a person and released
    standing = about.filter(state="standing").first()
    if standing is not None:
        # Other data, nobody has looked at it yet: the hold that stands is now about this.
        standing.reasons, standing.matched = reasons, matched
        standing.version += 1
        standing.save(update_fields=["reasons", "matched", "version"])
        return
    raised = Hold(
        municipality_id=ctx.municipality.id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        protected=protected,
        reasons=reasons,
        matched=matched,
        state="standing",
        raised_at=ctx.now,
    )
    raised.save(force_insert=True)
    # What was released before, and would go on being offered by itself, is for the room that released it to take back.
    ctx.publish("protection.held", {"kind": subject.kind, "id": str(subject.id)}, key=str(raised.pk))


def _digest(protected: Protected, parties: Sequence[Party]) -> str:
    """Of everything that a person who releases has looked at. Keyed: names and birth dates are soon guessed."""
    people = sorted([one.name, one.kana, str(one.birth or ""), one.address] for one in parties)
    known = [
        protected.name,
        protected.kana,
        str(protected.birth or ""),
        protected.address,
        protected.former_names,
        protected.former_addresses,
    ]
    text = json.dumps([people, known], ensure_ascii=True)
    return salted_hmac("protection.hold", text, algorithm="sha256").hexdigest()


def demand_free(ctx: Context, subject: SubjectRef, output: str) -> None:
    """Stop an automatic output (a key of :data:`.rules.OUTPUTS`) about a thing that is held. Raises :class:`Held`, a Problem «held».

    The attempt is noted in the trail: by the action that it happens in, or here where there is none.
    """
    if output not in _OUTPUTS:
        raise ValueError(f"no such output: {output}")
    if subject not in queries.held(ctx, [subject]):
        return
    stopped = Held(output)
    if ctx.work is None:
        kind = SUBJECTS.get(subject.kind)
        ports.trail().denied(
            ctx, f"protection.{output}", kind.key if kind else "", subject.id, "", stopped.message
        )
        stopped.logged = True
    raise stopped
