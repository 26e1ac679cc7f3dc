"""Rounds of the drill: fill in a form, say where to die, send, and press again until it is acknowledged."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from yakuba.services.procedures.drill import queries
from yakuba.services.procedures.drill.applicant import PATIENCE, Applicant, Lost
from yakuba.services.procedures.drill.queries import Applied
from yakuba.services.procedures.drill.stage import PID

#: Named points that the web server passes between 「提出する」 and its answer.
WEB: Final = ("action.before-commit", "action.after-commit", "procedures.before-acknowledgement")
#: Named points that the worker passes between the answer and the day when all is at the desk and the mail is out.
WORKER: Final = (
    "outbox.after-claim",
    "action.before-commit",
    "action.after-commit",
    "outbox.before-commit",
    "outbox.after-commit",
    "outbox.before-effect",
    "delivery.begun",
    "delivery.accepted",
    "outbox.after-effect",
    "outbox.before-done",
    "outbox.after-done",
    "trail.before-seal-commit",
)
#: The point that a file passes on its way in.
UPLOADING: Final = "files.kept"
POINTS: Final = (
    *(f"web: {point}" for point in WEB),
    f"web: {UPLOADING}",
    "web: any moment",
    "web: the line drops",
    *(f"worker: {point}" for point in WORKER),
    "worker: any moment",
    "both: any moment",
)
#: Every so many rounds somebody attaches a photograph: each is made anew in a process of its own, which takes a while.
PHOTO_EVERY: Final = 5
_LATEST: Final = {"web": 0.04, "worker": 0.3, "both": 0.06}
"""Seconds after the sending within which a kill at any moment comes: about as long as there is something to be killed in."""


@dataclass(slots=True)
class Tally:
    """What became of the rounds of one point."""

    rounds: int = 0
    acknowledged: int = 0
    kept: int = 0
    gone: int = 0
    """Not answered, and not there when the applicant pressed again: it was as if it had not been sent."""


@dataclass(slots=True)
class Drill:
    """A drill under way, against a server at a port and a worker beside it."""

    home: Path
    port: int
    procedure: UUID
    seed: int = 1
    tallies: dict[str, Tally] = field(default_factory=dict)
    applied: list[Applied] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def round(self, number: int) -> None:
        """One application, one death."""
        point = POINTS[number % len(POINTS)]
        who, _colon, where = point.partition(": ")
        photo = where == UPLOADING or number % PHOTO_EVERY == 0
        applicant = Applicant(self.port, number, self.procedure)
        tally = self.tallies.setdefault(point, Tally())
        tally.rounds += 1
        try:
            if where == UPLOADING:
                self._arm("web", where)
            applicant.fill_in(photo=photo)
            self._send(applicant, who, where, tally, random.Random(self.seed * 1_000_003 + number))  # noqa: S311 – moments to kill at
            told = applicant.send_again()
            if applicant.first not in (None, told.submission):
                self.faults.append(f"{point}: two acknowledgements of one form")
            assert applicant.filling is not None  # noqa: S101 – filled in above
            self.applied.append(Applied(applicant.filling, told, photo))
        except Lost as lost:
            self.faults.append(f"{point}: {lost}")
        finally:
            applicant.close()
        self._demand_dead(point)

    def _send(self, applicant: Applicant, who: str, where: str, tally: Tally, dice: random.Random) -> None:
        """Send once, and die; count what the applicant and the database know afterwards."""
        assert applicant.filling is not None  # noqa: S101 – filled in above
        if where == "the line drops":
            applicant.hang_up()
        else:
            killer = self._killer(who, where, dice)
            applicant.first = applicant.send()
            killer()
        if applicant.first is not None:
            tally.acknowledged += 1
        found = queries.arrived(applicant.filling)
        if found > 1:
            self.faults.append(f"{who}: {where}: one form became {found} submissions")
        if found == 0 and applicant.first is not None:
            self.faults.append(f"{who}: {where}: acknowledged, and gone after the crash")
        tally.kept += found
        tally.gone += found == 0

    def _killer(self, who: str, where: str, dice: random.Random) -> Callable[[], None]:
        """See to the death that the point asks for; the result waits until it has happened."""
        if where == UPLOADING:
            return lambda: None  # it happened while the form was filled in
        if where != "any moment":
            self._arm(who, where)
            return lambda: None
        moment = dice.uniform(0, _LATEST[who])
        victims = ("web", "worker") if who == "both" else (who,)

        def kill() -> None:
            time.sleep(moment)
            for victim in victims:
                self._kill(victim)

        thread = threading.Thread(target=kill)
        thread.start()
        return thread.join

    def _kill(self, victim: str) -> None:
        """Kill a process with all that it started."""
        group = int((self.home / PID.format(victim)).read_text("ascii"))
        # It may have died meanwhile, and be started again.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)

    def _order(self, who: str) -> Path:
        return order(self.home, who)

    def _arm(self, who: str, where: str) -> None:
        """Tell a process where to die; it reads whole orders only."""
        fresh = self._order(who).with_suffix(".new")
        fresh.write_text(where, "utf-8")
        fresh.replace(self._order(who))

    def _demand_dead(self, point: str) -> None:
        """A point that nobody passes proves nothing."""
        end = time.monotonic() + PATIENCE
        who = point.partition(": ")[0]
        while self._order(who).exists():
            if time.monotonic() > end:
                self._order(who).unlink(missing_ok=True)
                self.faults.append(f"{point}: was not passed")
                return
            time.sleep(0.01)

    def drain(self, told: Callable[[int], None]) -> None:
        """Wait until the worker has nothing left to do; what was stopped half-way is tried again after 10 seconds or more."""
        end = time.monotonic() + 20 * PATIENCE
        while left := queries.waiting():
            if time.monotonic() > end:
                self.faults.append(f"{left} rows of the outbox were not worked off")
                return
            told(left)
            time.sleep(0.2)

    def close(self) -> Counter[str]:
        """Compare what is there with what was acknowledged; return the deliveries by state."""
        # A killed sealer leaves its entries to the next.
        self.faults += queries.faults(self.applied)
        states, twice = queries.mails(self.home / "mails")
        if twice:
            self.faults.append(f"{twice} mails were sent twice")
        return states


def order(home: Path, who: str) -> Path:
    """The file that tells a process where to die."""
    return home / f"{who}.crash"
