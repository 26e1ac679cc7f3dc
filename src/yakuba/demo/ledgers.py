"""The ledgers of みほん市, as their offices keep them: opened, filled from their sheets, some of them open to everybody.

The sheets in ``data/ledgers`` bear the words of the forms: a column for each field that is filled, dates and choices as people write
them. Sub-rows stand in a sheet of their own beside them, by the number of their entry. All of it is invented.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from yakuba.demo.steps import Steps, japan
from yakuba.engines.casework.origins import topics
from yakuba.engines.intake.actions import Bind, bind
from yakuba.engines.intake.ready import ready_for
from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.books import ArrangeBook, OpenBook, arrange_book, open_book
from yakuba.engines.ledger.actions.entries import ChangeEntry, ChangeMany, WriteNote
from yakuba.engines.ledger.declaration import Ledger
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import installed_of
from yakuba.engines.ledger.values import from_text, specs_of_line, typed_specs
from yakuba.engines.protection.actions import ChangeRegister, change_register
from yakuba.kernel.fields import JsonValue, Spec
from yakuba.kernel.sheets.wanted import EntryChange
from yakuba.kernel.town.models import Municipality

#: When the sheets were brought in, and since when what they say holds.
BROUGHT: Final = japan(2026, 11, 2, 9)
SINCE: Final = dt.date(2025, 4, 1)
REASON: Final = "Excelの台帳から移した"

#: The ready rules of the dogs' ledger, and the procedures that they belong to.
TITLES: Final = {"dog-change": "犬の死亡・所在地などの変更", "dog-registration": "犬の登録"}
TERMS: Final = "出典（みほん市）を示せば、だれでも使えます（CC BY 4.0）。位置や範囲の証明ではありません。"


@dataclass(frozen=True)
class Kept:
    """A ledger: which office keeps it, who there brought it in, and what it tells everybody."""

    key: str
    office: str
    by: str
    released: bool = False


BOOKS: Final = (
    Kept("public_wifi", "030300", "itsuki", released=True),
    Kept("shelters", "020100", "ichika", released=True),
    Kept("street_lights_mirrors", "060100", "hachiro", released=True),
    Kept("boundary_records", "060100", "hachiro"),
    Kept("vacant_houses", "060100", "hachiro"),
    Kept("buried_heritage", "070100", "aya", released=True),
    Kept("dog_registry", "040200", "nanako"),
)
#: An owner of a dog: written with another character than in the ledger of dogs, and found all the same.
PROTECTED: Final[EntryChange] = {
    "id": "",
    "version": 0,
    "entry": {
        "name": "例崎うめこ",
        "kana": "レイザキウメコ",
        "address": "みほん市見本町一丁目3番地8",
        "valid_from": "2026-09-01",
    },
}
#: ledger, number, when, kind, what somebody wrote down
NOTES: Final = (
    ("street_lights_mirrors", "G00010", japan(2026, 9, 28, 15), "call", "自治会長から、灯具がぶら下がっていると電話。現地で電源を切った。"),
    ("street_lights_mirrors", "G00010", japan(2026, 9, 30, 10), "visit", "例示電工と現地を確認。10月中に取り替える。"),
    ("shelters", "S007", japan(2026, 8, 3, 9), "paper", "体育館の耐震工事のため、3月末まで使えない。学校から届出。"),
    ("boundary_records", "R8-002", japan(2026, 10, 8, 14), "visit", "現地で立会い。隣接者の1人が欠席。日を改めて説明する。"),
    ("vacant_houses", "空-0037", japan(2026, 7, 13, 11), "visit", "所有者の息子と現地で会う。年内に壁を撤去するとのこと。"),
)  # fmt: skip


def load(steps: Steps) -> None:
    """Somebody under 支援措置; then each ledger: open it, bring its rows in, say who may read it."""
    here = Municipality.objects.for_actor(steps.ctx("ledgers")).get(pk=steps.ref.id)
    protect = steps.staff("protected", "kokono", at=japan(2026, 9, 1, 9))
    change_register(protect, here, ChangeRegister([PROTECTED]))
    for kept in BOOKS:
        found = installed_of(kept.key)
        if found is None:
            raise LookupError(f"no ledger {kept.key}")
        ledger: Ledger[Entry] = found.ledger
        open_book(steps.ctx(f"ledger:{kept.key}", at=BROUGHT), here, OpenBook(kept.key, kept.office, True))
        ctx = steps.staff(f"ledger:{kept.key}:rows", kept.by, at=BROUGHT)
        book = queries.book_of(ctx, ledger)
        found.actions.many(ctx, book, ChangeMany(_rows(ledger), SINCE, REASON))
        entries = {entry.number: entry for entry in queries.entries(ctx, ledger)}
        for number, lines in _lines(ledger).items():
            if entries[number].version > 1:  # its rows came with its first change
                continue
            more = steps.staff(f"ledger:{kept.key}:{number}", kept.by, at=BROUGHT)
            found.actions.change(more, entries[number], ChangeEntry({}, lines, reason=REASON))
        for place, (key, number, at, kind, text) in enumerate(NOTES):
            if key == kept.key:
                note = steps.staff(f"ledger:note:{place}", kept.by, at=at)
                found.actions.note(note, entries[number], WriteNote(kind, text))
        if kept.released:
            release = ArrangeBook(kept.office, open_to_staff=True, released=True, terms=TERMS)
            arrange_book(steps.staff(f"ledger:{kept.key}:release", "itsuki", at=BROUGHT), book, release)
    _bind(steps)


def _bind(steps: Steps) -> None:
    """The dogs' procedures change their ledger: what was sent waits for its keeper as soon as it is complete."""
    keeper = steps.staff("intake", "nanako", at=BROUGHT)
    found = installed_of("dog_registry")
    if found is None:
        raise LookupError("no ledger dog_registry")
    book = queries.book_of(keeper, found.ledger)
    for topic in topics(keeper):
        rule = next((one for one in ready_for("dog_registry") if topic.title == TITLES[one.key]), None)
        if rule is not None:
            bind(
                steps.staff(f"intake:{rule.key}", "nanako", at=BROUGHT),
                book,
                Bind(topic.key, dict(rule.document)),
            )


def _sheet(name: str) -> list[dict[str, str]]:
    found = files("yakuba.demo") / "data" / "ledgers" / name
    return list(csv.DictReader(io.StringIO(found.read_text("utf-8"), newline=""))) if found.is_file() else []


def _said(specs: Mapping[str, Spec], row: Mapping[str, str]) -> dict[str, JsonValue]:
    """A row of a sheet as JSON, without what is empty."""
    words = {name: row[spec.label] for name, spec in specs.items() if row.get(spec.label)}
    return from_text(specs, words)


def _rows(ledger: Ledger[Entry]) -> list[dict[str, JsonValue]]:
    """The rows of a ledger as changes that bring them in, each in the state that its sheet says."""
    specs = typed_specs(ledger, None)
    changes: list[dict[str, JsonValue]] = []
    for row in _sheet(f"{ledger.key}.csv"):
        states = {
            chain.column: str(ledger.kind_of(chain.column).parse(row[str(chain.label)]))
            for chain in ledger.all_chains
        }
        values = {**_said(specs, row), **states, "number": row[str(ledger.number_label)]}
        changes.append({"id": "", "version": 0, "values": values})
    return changes


def _lines(ledger: Ledger[Entry]) -> dict[str, dict[str, list[EntryChange]]]:
    """The sub-rows of a ledger: number of the entry → sort → changes."""
    found: dict[str, dict[str, list[EntryChange]]] = defaultdict(lambda: defaultdict(list))
    for lines in ledger.lines:
        specs = specs_of_line(lines.model)
        for row in _sheet(f"{ledger.key}.{lines.key}.csv"):
            said = _said(specs, row)
            change: EntryChange = {"id": "", "version": 0, "entry": said}  # type: ignore[typeddict-item]  # ledgers say more than texts
            found[row[str(ledger.number_label)]][lines.key].append(change)
    return {number: dict(lines) for number, lines in found.items()}
