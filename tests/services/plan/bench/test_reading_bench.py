"""The bench of the reading: each document in a process of its own, beside what only opening it takes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.children import run_yakuba
from tests.services.plan.reading import samples
from yakuba.services.plan.bench import reading


def run(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return run_yakuba("bench", "reading", *arguments, home=home / "home", folder=home)


def test_the_report_says_what_was_read_and_what_it_took(tmp_path: Path) -> None:
    document = tmp_path / "計画.txt"
    document.write_text(samples.TWO_PAGES, "utf-8")
    done = run("--json", str(document), home=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    (case,) = report["cases"]
    assert (case["name"], case["editions"], case["initiatives"], case["problem"]) == ("計画.txt", 1, 5, "")
    assert case["bytes"] == len(samples.TWO_PAGES.encode())
    # A Python with Django takes tens of megabytes; hundreds would be somebody else's.
    for name in ("peak_mb", "bare_mb"):
        assert 15 < case[name] < 200
    assert 0 < case["bare_seconds"] < reading.SECONDS
    assert report["total"]["seconds"] == case["seconds"]
    assert report["total"]["holds"] is True


def test_what_cannot_be_read_fails_the_bench(tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    document.write_text("計画ではない文章です。\n", "utf-8")
    done = run(str(document), home=tmp_path)
    assert done.returncode == 1
    assert "NG" in done.stdout
    assert "。" in done.stdout


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    done = run(str(tmp_path / "no.pdf"), home=tmp_path)
    assert done.returncode != 0
    assert "no.pdf" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_bars() -> None:
    one = reading.Read("a", 1, 4.0, 300.0, 1.0, 50.0, 1, 1)
    assert reading._holds([one, one])
    assert not reading._holds([one, one, one])
    assert not reading._holds([reading.Read("a", 1, 1.0, 500.0, 1.0, 50.0, 1, 1)])
    assert not reading._holds([reading.Read("a", 1, 1.0, 50.0, 1.0, 50.0, 0, 0, "読めません。")])


def test_documents_are_found_without_being_named() -> None:
    assert reading.documents()
    assert list(reading._INVENTED.glob("*.txt")), "the demo has documents to read"
