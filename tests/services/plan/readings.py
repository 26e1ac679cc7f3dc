"""A reading with doubts and its stored document, ready to be reviewed; invented, as large as a test wants it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.services.plan.forms import document, indicator, initiative, value
from tests.world import Town
from yakuba.kernel.files import store as files
from yakuba.services.plan import actions
from yakuba.services.plan.models import Import

Form = dict[str, Any]
FILE = "mihon.txt"
SHIFTED = "列がずれた行です。この欄を空としました。"
YEARS = "欄の年度と、欄の中の年度が異なります。"


def line_of(number: int) -> int:
    """The line of a row in the document: a title, a blank line, the heads, then row by row."""
    return number + 3


def doubtful(number: int) -> Form:
    """A row with a doubt: of every four rows three have an empty field, one a year that is printed otherwise."""
    at = {"file": FILE, "line": line_of(number), "cell": 4, "rule": "header-column", "part": ""}
    if number % 4:
        doubt = {
            "field": "texts.schedule_past",
            "code": "shifted-row",
            "candidates": ["", "-"],
            "note": SHIFTED,
        }
    else:
        doubt = {
            "field": "indicators[0].values[0].year",
            "code": "year-differs",
            "candidates": ["2023", "2024"],
            "note": YEARS,
        }
    return initiative(
        str(number),
        f"見本の取組その{number}",
        offices=[{"name": "見本課", "role": "lead", "doubtful": False}],
        progress="順調" if number % 3 else "停滞",
        indicators=[indicator("手続の件数", [value(f"{number}0件", 2023, number=f"{number}0")], unit="件")],
        doubts=[doubt],
        source={"file": FILE, "line": line_of(number), "part": ""},
        sources={"indicators[0].values[0].raw": at},
    )


def text(count: int) -> bytes:
    """The document that the rows were read from."""
    rows = [
        f"{n}\t見本の取組その{n}\t見本課\t{n}0件\t{'順調' if n % 3 else '停滞'}" for n in range(1, count + 1)
    ]
    return "\n".join(
        ["みほん市情報化推進計画", "", "番号\t取組\t担当課\t実績\t進捗", *rows, "※端数は四捨五入した。"]
    ).encode()


def reading(count: int = 8, **more: Any) -> Form:
    """A document of as many rows, each with one doubt; two pieces without a place; counts that the document claims."""
    made = document([doubtful(n) for n in range(1, count + 1)], edition="令和6年度版", **more)
    made["unplaced"] = [
        {"line": line_of(count) + 1, "text": "※端数は四捨五入した。", "part": ""},
        {"line": 1, "text": "みほん市の宣言", "part": ""},
    ]
    made["stated"] = {"progress": {"順調": count}, "counts": {"total": count}}
    return made


def ready(town: Town, count: int = 8, *documents: Form) -> Import:
    """An import that waits for its review."""
    ctx = town.ctx("cli")
    job = actions.receive_file(ctx, None, actions.ReceiveFile(FILE, str(uuid4())))
    sha256 = files.put(text(count))
    given = list(documents) or [reading(count)]
    return actions.record_reading(ctx, job, actions.RecordReading(given, sha256))
