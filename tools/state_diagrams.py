"""Writes docs/states/*.md, a diagram and a table of moves per kind of case and per ledger, from the state tables in the code.

    state_diagrams.py            writes the pages
    state_diagrams.py --check    fails when a committed page is not what the tables say

The diagrams are Mermaid text, which GitHub and most editors draw.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.settings")
os.environ.setdefault("YAKUBA_HOME", str(ROOT / ".build" / "gate-home"))

import django  # noqa: E402 – the path comes first

django.setup()  # packs declare their ledgers when the house starts

from yakuba.engines.approval.rules import MOVES, OPEN_STATES  # noqa: E402 – as above
from yakuba.engines.approval.rules import STATES as PROPOSAL_STATES  # noqa: E402
from yakuba.engines.bodies import rules as of_bodies  # noqa: E402
from yakuba.engines.casework.states import (  # noqa: E402
    FINAL,
    FIRST,
    KINDS,
    TABLES,
    Step,
    state_label,
)
from yakuba.engines.ledger.declaration import VOID, Chain, Ledger, ledgers  # noqa: E402
from yakuba.engines.ledger.records import Entry  # noqa: E402
from yakuba.engines.rounds import states as of_rounds  # noqa: E402

FOLDER = ROOT / "docs" / "states"
BY = {
    "office": "the office",
    "applicant": "the applicant",
    "decision": "the decider",
    "system": "the machine",
}
ROUND_BY = {
    "office": "the office that answers",
    "head": "its head",
    "secretariat": "the secretariat",
    "body": "the body that decides",
}
NEEDS = {
    "reason": "a reason",
    "correction": "a request in words",
    "disposition": "a draft of the decision",
    "notice": "a notice that has left",
}
WRITTEN = "<!-- Written by tools/state_diagrams.py; change the tables in the code instead. -->"


def pages() -> dict[str, str]:
    """File name → text."""
    found = {f"{kind}.md": _case(kind, label) for kind, label in KINDS}
    found["proposal.md"] = _proposal()
    found["round.md"] = _round("照会", of_rounds.ROUND_STATES, of_rounds.ROUND_STEPS, of_rounds.ROUND_FINAL)
    found["round-item.md"] = _round("照会の項目", of_rounds.ITEM_STATES, of_rounds.ITEM_STEPS, frozenset())
    found["meeting.md"] = _meeting()
    found |= {f"ledger-{one.key}.md": _ledger(one) for one in ledgers()}
    found["README.md"] = _index()
    return found


def _index() -> str:
    lines = [
        "# State tables",
        "",
        WRITTEN,
        "",
        "What a case may go through, by its kind. The tables stand in `src/yakuba/engines/casework/states.py`, that of proposals in",
        "`src/yakuba/engines/approval/rules.py`; the database's CHECK on moves is made from the same tables.",
        "",
        *(f"* [{label}]({kind}.md)" for kind, label in KINDS),
        "* [起案](proposal.md)",
        "* [照会](round.md) and [its items](round-item.md): `src/yakuba/engines/rounds/states.py`",
        "* [会議](meeting.md): `src/yakuba/engines/bodies/rules.py`",
        "",
        "Entries of ledgers, by the chains that each ledger declares (`src/yakuba/packs/*/`):",
        "",
        *(f"* [{one.label}](ledger-{one.key}.md)" for one in ledgers()),
    ]
    return "\n".join(lines) + "\n"


def _case(kind: str, label: str) -> str:
    table = TABLES[kind]
    names = {state: state_label(kind, state) for step in table for state in (step.come_from, step.go_to)}
    lines = [
        f"# {label}",
        "",
        WRITTEN,
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f"    {state} : {name}" for state, name in names.items()),
        f"    [*] --> {FIRST}",
        *(f"    {one.come_from} --> {one.go_to} : {one.label}{_route(one)}" for one in table),
        *(f"    {state} --> [*]" for state in names if state in FINAL),
        "```",
        "",
        "| from | move | to | whose act | needs |",
        "|---|---|---|---|---|",
        *_rows(table, names),
    ]
    return "\n".join(lines) + "\n"


def _rows(table: tuple[Step, ...], names: dict[str, str]) -> Iterator[str]:
    for one in table:
        needs = ", ".join(NEEDS[need] for need in sorted(one.needs)) or "–"
        move = f"{one.label}{_route(one)} (`{one.key}`)"
        yield f"| {names[one.come_from]} | {move} | {names[one.go_to]} | {BY[one.by]} | {needs} |"


def _route(step: Step) -> str:
    """Whether the move is there only with or only without a decision route."""
    if step.routed is None:
        return ""
    return "（決裁経路あり）" if step.routed else "（決裁経路なし）"


def _proposal() -> str:
    names = dict(PROPOSAL_STATES)
    lines = [
        "# 起案",
        "",
        WRITTEN,
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f"    {state} : {name}" for state, name in names.items()),
        "    [*] --> drafting",
        *(f"    {start} --> {end} : {move}" for (start, move), end in MOVES.items()),
        *(f"    {state} --> [*]" for state in names if state not in OPEN_STATES),
        "```",
    ]
    return "\n".join(lines) + "\n"


def _round(
    title: str,
    states: tuple[tuple[str, str], ...],
    table: tuple[of_rounds.Step, ...],
    final: frozenset[str],
) -> str:
    names = dict(states)
    lines = [
        f"# {title}",
        "",
        WRITTEN,
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f"    {state} : {name}" for state, name in names.items()),
        f"    [*] --> {states[0][0]}",
        *(f"    {one.come_from} --> {one.go_to} : {one.label}" for one in table),
        *(f"    {state} --> [*]" for state in names if state in final),
        "```",
        "",
        "| from | move | to | whose act | needs |",
        "|---|---|---|---|---|",
        *(
            f"| {names[one.come_from]} | {one.label} (`{one.key}`) | {names[one.go_to]} | {ROUND_BY[one.by]} |"
            f" {'a reason' if one.reason else '–'} |"
            for one in table
        ),
    ]
    return "\n".join(lines) + "\n"


def _meeting() -> str:
    names = dict(of_bodies.STATES)
    lines = [
        "# 会議",
        "",
        WRITTEN,
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f"    {state} : {name}" for state, name in names.items()),
        f"    [*] --> {of_bodies.FIRST}",
        *(f"    {one.come_from} --> {one.go_to} : {one.label}" for one in of_bodies.TABLE),
        *(f"    {state} --> [*]" for state in ("reported", "cancelled")),
        "```",
        "",
        "| from | move | to | needs |",
        "|---|---|---|---|",
        *(
            f"| {names[one.come_from]} | {one.label} (`{one.key}`) | {names[one.go_to]} |"
            f" {', '.join(NEEDS[need] for need in sorted(one.needs)) or '–'} |"
            for one in of_bodies.TABLE
        ),
    ]
    return "\n".join(lines) + "\n"


def _ledger(one: Ledger[Entry]) -> str:
    lines = [f"# {one.label}", "", WRITTEN]
    for chain in one.all_chains:
        lines += ["", f"## {chain.label}", "", *_chain(chain)]
    return "\n".join(lines) + "\n"


def _chain(chain: Chain) -> Iterator[str]:
    names = dict(chain.states)
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from (f"    {state} : {name}" for state, name in names.items())
    yield f"    [*] --> {chain.first}"
    yield from (f"    {step.come_from} --> {step.go_to} : {step.label}" for step in chain.steps)
    yield from (f"    {state} --> [*]" for state in names if state in chain.ended)
    yield "```"
    yield ""
    yield "| from | move | to | needs |"
    yield "|---|---|---|---|"
    words = {"reason": "a reason", "document": "a document number"}
    for step in chain.steps:
        needs = ", ".join(words[need] for need in sorted(step.needs)) or "–"
        yield f"| {names[step.come_from]} | {step.label} (`{step.key}`) | {names[step.go_to]} | {needs} |"
    if chain.column == "state":
        yield f"| any | 誤登録として取り消す (`{VOID}`) | {chain.label_of(VOID)} | a reason |"


def main() -> int:
    """Write or check; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    wanted = pages()
    if not parser.parse_args().check:
        FOLDER.mkdir(exist_ok=True)
        for name, text in wanted.items():
            (FOLDER / name).write_text(text, "utf-8")
        return 0
    stale = [
        name
        for name, text in wanted.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text("utf-8") != text
    ]
    stale += [path.name for path in FOLDER.glob("*") if path.name not in wanted]
    if stale:
        print(
            f"docs/states: not what the tables say: {', '.join(sorted(stale))}; `make states`",
            file=sys.stderr,
        )
        return 1
    print("states: the diagrams are what the tables say")
    return 0


if __name__ == "__main__":
    sys.exit(main())
