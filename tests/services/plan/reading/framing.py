"""Reading one text with the frame's recognisers, for their tests."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.services.plan.reading.published import document, readings
from yakuba.services.plan.reading import Reading
from yakuba.services.plan.reading.blocks import Paper
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.mentions import Found, Recogniser
from yakuba.services.plan.reading.wording import squeeze

EXPECTED = Path(__file__).parent / "expected"
DOCUMENTS = ("shibukawa.txt", "shibata.txt", "oyama.txt", "ryugasaki.txt", "fujioka.txt")


def expected(name: str, of: str = "") -> list[dict[str, str]]:
    """The rows of a file of expected facts, those of one document if it is named."""
    with (EXPECTED / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if not of or row["document"] == of]


def own(name: str) -> Reading:
    """The reading of a published document's own plan."""
    return readings(name)[0]


def text_of(name: str) -> str:
    """A published document's text."""
    return document(name).decode("utf-8")


def paper(text: str, name: str = "plan.txt") -> Paper:
    """The paper of a text."""
    return open_paper(text.encode(), name)


def recognised(recognise: Recogniser, text: str, before: Sequence[Found] = ()) -> Found:
    """What one recogniser finds in a text."""
    return recognise(paper(text), before)


def share(right: Iterable[bool], invented: int = 0) -> float:
    """The share of facts that are right; each invented one counts as a wrong one."""
    facts = list(right)
    return sum(facts) / (len(facts) + invented)


def same(one: str | None, other: str | None) -> bool:
    """Whether two texts are one, but for widths and blanks."""
    return squeeze(one or "") == squeeze(other or "")
