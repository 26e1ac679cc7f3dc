"""What a reading would do to the draft of its edition, before anybody decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.trail.labels import CellName
from yakuba.services.plan import elsewhere, queries, rules
from yakuba.services.plan.cells import Change, changes
from yakuba.services.plan.models import Edition
from yakuba.services.plan.rows import Form
from yakuba.services.plan.staging import Row, by_line


@dataclass(frozen=True, slots=True)
class Changed:
    """One initiative of the draft that the new reading changes; ``kept`` names fields that people corrected."""

    number: str
    title: str
    changes: tuple[Change, ...]
    kept: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """One document beside the draft that it would go into (None: it makes a new one)."""

    document: Form
    year: FiscalYear
    edition: Edition | None
    new: tuple[Form, ...]
    changed: tuple[Changed, ...]
    same: int
    removed: tuple[Form, ...]
    stays: tuple[Form, ...]
    """Rows that the reading does not have and that stay, because somebody corrected them."""

    @property
    def warnings(self) -> list[Form]:
        """What the reading warns of, but for what is asked when it goes into the draft."""
        return [one for one in self.document["warnings"] if one["code"] != elsewhere.CODE]

    @property
    def figures(self) -> dict[str, int]:
        """How much was read."""
        initiatives = self.document["initiatives"]
        indicators = [indicator for form in initiatives for indicator in form["indicators"]]
        return {
            "initiatives": len(initiatives),
            "nodes": len(self.document["nodes"]),
            "flags": sum(len(form["flags"]) for form in initiatives),
            "indicators": len(indicators),
            "values": sum(len(indicator["values"]) for indicator in indicators),
            "doubts": sum(len({doubt["field"] for doubt in form["doubts"]}) for form in initiatives),
            "unplaced": len(by_line(self.document["unplaced"])),
            "warnings": len(self.warnings),
        }


def review(ctx: Context, document: Form, decided: Mapping[int, Sequence[str]] | None = None) -> Review:
    """Compare a reading with the draft it would go into, as :func:`commit_import` would merge them.

    ``decided`` names the fields of each row that somebody decided about this reading.
    """
    decided = decided or {}
    year = rules.edition_year(document["plan"])
    edition = queries.edition_like(ctx, document["plan"], year)
    fresh: list[Form] = document["initiatives"]
    if edition is None:
        return Review(document, year, None, tuple(fresh), (), 0, (), ())
    current = [form for _row, form in queries.forms(queries.initiatives(ctx, edition))]
    pairing = rules.pair(current, fresh)
    new: list[Form] = []
    changed: list[Changed] = []
    same = 0
    for place, (form, match) in enumerate(zip(fresh, pairing.matches, strict=True)):
        if match is None:
            new.append(form)
            continue
        before = current[match]
        merged, lost = rules.keep_corrections(before, form, decided.get(place, ()))
        different = changes(before, merged)
        if different or lost:
            kept = tuple(path for path in before["corrected"] if path not in lost)
            changed.append(Changed(merged["number"], merged["title"], tuple(different), kept, tuple(lost)))
        else:
            same += 1
    left = [current[index] for index in pairing.left]
    return Review(
        document,
        year,
        edition,
        tuple(new),
        tuple(changed),
        same,
        tuple(form for form in left if not form["corrected"]),
        tuple(form for form in left if form["corrected"]),
    )


def continued(ctx: Context, documents: Sequence[Form]) -> dict[Row, Form]:
    """The rows of a reading that continue one of their draft, each with that; documents without doubts are not asked for."""
    found: dict[Row, Form] = {}
    for number, document in enumerate(documents):
        rows: list[Form] = document["initiatives"]
        edition = queries.edition_like(ctx, document["plan"], rules.edition_year(document["plan"]))
        if edition is None or not any(form["doubts"] for form in rows):
            continue
        current = [form for _row, form in queries.forms(queries.initiatives(ctx, edition))]
        for row, match in enumerate(rules.pair(current, rows).matches):
            if match is not None:
                found[number, row] = current[match]
    return found


def answers(there: Mapping[Row, Form], documents: Sequence[Form]) -> dict[Row, frozenset[str]]:
    """What the corrections of existing drafts answer of a reading: document and row → the doubtful fields that are decided there.

    ``there`` are the draft's rows that the reading's continue.
    """
    found: dict[Row, frozenset[str]] = {}
    for (number, row), current in there.items():
        read = documents[number]["initiatives"][row]
        if current["corrected"] and read["doubts"]:
            found[number, row] = rules.answered(current, read)
    return found


def own_words(_ctx: Context, _keys: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], CellName]:
    """Nothing: what is decided about a reading is noted in the trail with its names, because a reading may be thrown away."""
    return {}
