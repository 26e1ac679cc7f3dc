"""One step of an entry along a chain: whether it may be taken, and what it needs. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yakuba.engines.ledger.actions.said import MoveEntry, MoveMany
from yakuba.engines.ledger.declaration import MERGED, VOID, Chain, Ledger, Step
from yakuba.engines.ledger.models import Move
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import demand_no_my_number
from yakuba.kernel.actions import Problem, Problems


@dataclass(frozen=True)
class Mover:
    """The steps of one ledger."""

    ledger: Ledger[Entry]

    def moved(self, entry: Entry, said: MoveEntry | MoveMany, day: dt.date) -> Move:
        """Put the entry into the state that the step leads to; the move is not saved. Raises :class:`Problem`, the entry as it was."""
        chain = self.ledger.chain_of(said.chain)
        if chain is None:
            raise Problem("chain", _("「%s」という区分はありません。") % said.chain, field="chain")
        if entry.state in {VOID, MERGED}:
            raise Problem("state", _("この行は取り消されています。"), field="state", found=entry.state)
        step = self._step(chain, entry, said.step)
        for need, given, label in (
            ("reason", said.reason, _("理由")),
            ("document", said.document, _("文書番号")),
        ):
            if need in step.needs and not given.strip():
                raise Problem("required", _("「%s」が空です。入力してください。") % label, field=need)
        demand_no_my_number(document=(_("文書"), said.document), reason=(_("理由"), said.reason))
        known = {(one.code, one.field) for one in self.ledger.check(entry)}
        setattr(entry, chain.column, step.go_to)
        # What contradicted itself before does not keep an entry from moving on; what the move brings about does.
        if brought := [one for one in self.ledger.check(entry) if (one.code, one.field) not in known]:
            setattr(entry, chain.column, step.come_from)
            raise Problems(brought)
        return Move(
            chain=chain.column,
            come_from=step.come_from,
            go_to=step.go_to,
            day=day,
            document=said.document.strip(),
            reason=said.reason.strip(),
        )

    def _step(self, chain: Chain, entry: Entry, key: str) -> Step:
        before = str(getattr(entry, chain.column))
        if key == VOID and chain.column == "state":
            return Step(VOID, _("誤登録として取り消す"), before, VOID, frozenset({"reason"}))
        step = next((one for one in chain.steps_from(before) if one.key == key), None)
        if step is None:
            raise Problem(
                "step",
                _("「%s」からこの異動はできません。画面を開き直してください。") % chain.label_of(before),
                field="step",
                found=key,
                expected="・".join(str(one.label) for one in chain.steps_from(before)),
            )
        return step
