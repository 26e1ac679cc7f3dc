"""The bench: what it counts, and that the command tells it without touching the operator's home."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.children import run_yakuba
from tests.world import Town
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import clock
from yakuba.services.procedures.bench import ground, load, measuring, sample
from yakuba.services.procedures.definition import checks, document

KEYS = {
    "name", "database", "clients", "n", "worker", "per_s", "baseline_per_s", "ratio", "p50_ms", "p95_ms", "figure", "bar", "holds",
}  # fmt: skip


def test_all_are_sent_once_by_whoever_is_free() -> None:
    sent: list[int] = []
    opened: list[int] = []

    def client():
        opened.append(1)
        return sent.append

    run = load.closed(3, 20, client)
    assert sorted(sent) == list(range(20))
    assert (len(opened), len(run.times_ms)) == (3, 20)
    assert load.together([run, run]).seconds == 2 * run.seconds


def test_a_constant_rate_counts_the_waiting_too() -> None:
    def client():
        return lambda _number: time.sleep(0.03)

    run = load.constant(100.0, 20, 1, client)
    assert len(run.times_ms) == 20
    # One client takes 30 ms where every 10 ms somebody comes: the last waits for all before.
    assert max(run.times_ms) > 20 * 20


def test_an_answer_that_is_none_ends_the_run() -> None:
    def client():
        def send(number: int) -> None:
            if number == 3:
                raise ValueError("500: 見本")

        return send

    with pytest.raises(ValueError, match="500"):
        load.closed(2, 10, client)


def test_nearest_rank() -> None:
    assert load.percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.0
    assert load.percentile([4.0, 1.0, 3.0, 2.0], 95) == 4.0


def test_the_sample_could_be_published() -> None:
    found = checks.look(document.read(sample.document(places=12)), today=clock.today())
    assert [one for one in found if one.level == "stop"] == []


@pytest.mark.django_db
def test_real_data_is_left_alone(mihon: Town) -> None:
    with pytest.raises(Problem, match="空のデータベース"):
        ground.demand_empty()


@pytest.mark.slow
def test_the_command_tells_every_case(tmp_path: Path) -> None:
    home = tmp_path / "home"
    asked = ("--json", "--share", "0.005")
    done = run_yakuba("bench", "procedures", *asked, home=home, folder=tmp_path, YAKUBA_WEB_WORKERS="1")
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    names = [case["name"] for case in report["cases"]]
    assert names == [
        f"{what}@{clients}" for clients in measuring.CLIENTS for what in ("submit", "acknowledged", "row")
    ] + ["submit at 20 a second"]
    for case in report["cases"]:
        assert set(case) == KEYS
        assert case["per_s"] > 0
    assert done.returncode == (0 if all(case["holds"] for case in report["cases"]) else 1)
    assert not (home / "yakuba.sqlite3").exists()
    assert list((home / "bench").iterdir()) == []
