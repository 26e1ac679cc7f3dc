"""A round of `yakuba drill crash` at each point, on both databases; and that the drill sees what is wrong."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import yakuba
from tests.children import run_yakuba
from tests.kernel.outbox.conftest import administer, database
from tests.services.procedures.offers import submission
from tests.world import Town
from yakuba.engines.delivery.models import Delivery
from yakuba.kernel.actions import NoData
from yakuba.kernel.ids import uuid7
from yakuba.kernel.plugins import crash
from yakuba.services.procedures.actions.receiving import receive
from yakuba.services.procedures.drill import queries, rounds
from yakuba.services.procedures.drill.applicant import Acknowledged
from yakuba.services.procedures.models import Filing, Offer, Submission

ROUNDS = len(rounds.POINTS)


@pytest.mark.crash
@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path) -> None:
    home = tmp_path / "home"
    given, name = os.environ.get("YAKUBA_DATABASE_URL", ""), f"yakuba_test_drill_{os.getpid()}"
    asked = ["--database", database(given, name)] if given else []
    if given:
        administer(given, "CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0", name)
    try:
        done = run_yakuba("drill", "crash", "--rounds", str(ROUNDS), *asked, home=home, folder=tmp_path)
    finally:
        if given:
            administer(given, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"受け付けた申請：{ROUNDS}件" in done.stdout
    told = {
        line.rsplit(maxsplit=4)[0]
        for line in done.stdout.splitlines()
        if re.match(r"(web|worker|both): ", line)
    }
    assert told == set(rounds.POINTS)
    assert not (home / "yakuba.sqlite3").exists(), "the operator's home is left alone"
    assert list((home / "drill").iterdir()) == []


def test_every_named_point_between_the_sending_and_the_desk_is_tried() -> None:
    named = {
        name
        for path in Path(yakuba.__file__).parent.rglob("*.py")
        for name in re.findall(r'crash\.point\("([^"]+)"\)', path.read_text("utf-8"))
    }
    # Heads are written once a day, by a schedule of their own (tests/kernel/outbox/test_crash.py); tables go into ledgers,
    # offices are reminded and figures are measured on ways of their own (test_crash.py of engines/ledger/exchange, rounds, metrics).
    elsewhere = {"trail.before-heads-rename"} | {
        name for name in named if name.startswith(("ledger.", "metrics.", "rounds."))
    }
    assert named - elsewhere == {*rounds.WEB, *rounds.WORKER, rounds.UPLOADING}


def test_an_order_in_a_file_kills_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []
    monkeypatch.setattr(crash.os, "kill", lambda pid, _signal: killed.append(pid))
    order = tmp_path / "order"
    monkeypatch.setenv("YAKUBA_CRASH_FILE", str(order))
    crash.point("here.now")
    order.write_text("here.later")
    crash.point("here.now")
    assert (killed, order.exists()) == ([], True)
    order.write_text("here.now")
    crash.point("here.now")
    crash.point("here.now")
    assert (killed, order.exists()) == ([os.getpid()], False)


@pytest.fixture
def applied(mihon: Town) -> queries.Applied:
    made = submission(mihon)
    made.filling = uuid7()
    made.save()
    receive(mihon.ctx("cli"), made, NoData())
    Offer.unscoped.update(taken=1)
    return queries.Applied(made.filling, Acknowledged(made.pk, made.receipt), photo=False)


def wrong(*applied: queries.Applied) -> str:
    """What the drill complains of, but for the trail, which these tests do not seal, and the mail, which nobody asked for."""
    found = [one for one in queries.faults(applied) if not one.startswith(("trail:", "0 deliveries"))]
    return "; ".join(found)


@pytest.mark.django_db
def test_what_is_whole_is_no_fault(applied: queries.Applied) -> None:
    assert wrong(applied) == ""
    assert queries.arrived(applied.filling) == 1


@pytest.mark.django_db
def test_what_is_lost_or_doubled_is_seen(applied: queries.Applied, mihon: Town) -> None:
    nobody = queries.Applied(uuid7(), Acknowledged(uuid7(), "AAAA"), photo=False)
    assert "AAAA: acknowledged, and not at the portal" in wrong(applied, nobody)
    assert "1 submissions for 0 acknowledged" in wrong()
    assert "0 files, 1 were sent" in wrong(queries.Applied(applied.filling, applied.told, photo=True))
    Submission.unscoped.update(handed_over_at=None)
    assert "not handed over" in wrong(applied)
    Filing.unscoped.update(receipt="BBBB")
    assert "0 filings" in wrong(applied)
    Offer.unscoped.update(taken=2)
    assert "2 places taken for 1" in wrong(applied)


@pytest.mark.django_db
def test_a_mail_that_went_twice_is_seen(mihon: Town, tmp_path: Path) -> None:
    for name, number in (("a", 1), ("b", 2), ("c", 1)):
        (tmp_path / f"{name}.eml").write_text(f"Message-ID: <{number}@example.jp>\n\n見本\n", "utf-8")
    assert queries.mails(tmp_path)[1] == 1
    assert not Delivery.unscoped.exists()
