"""Anything changes only through an action (DESIGN §4 rule 1), and lists are somebody's lists."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from tests.conventions.house import SOURCE, modules, tree

WRITES = {
    "save", "create", "delete", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "raw_insert",
    "insert_row", "insert_rows", "delete_row", "write_last", "erase_last",
}  # fmt: skip
# Rooms that are mechanisms write in their own store.py; it is called by actions and by the worker.
STORES = {f"yakuba.kernel.{room}" for room in ("trail", "outbox", "files", "search")} | {
    f"yakuba.engines.{room}"
    for room in (
        "publishing",
        "visitors",
        "protection",
        "metrics",
        "places",
        "delivery",
        "ledger",
        "approval",
        "casework",
        "rounds",
        "bodies",
    )
}
# Single modules that write, each with its reason.
WRITERS = {
    "yakuba.kernel.actions.action": "raises the version of what an action changed",
    "yakuba.kernel.search.engine": "the mechanism's own rows, on behalf of its store",
    "yakuba.kernel.sheets.xlsx": "saves a workbook, not a row",
    "yakuba.kernel.files.parsers.pictures": "saves a picture, not a row",
    "yakuba.services.maps.rasters.parsing": "saves pictures, not rows",
    "yakuba.services.maps.printing.ground": "saves a picture, not a row",
    "yakuba.engines.places.records": "a row's own save, which writes a shape's companions along",
    "yakuba.demo.paperwork.writers": "saves documents, not rows",
    "yakuba.demo.paperwork.kept": "saves a workbook, not a row",
    "yakuba.services.plan.book.writers.docx": "saves a document, not a row",
    "yakuba.services.plan.book.writers.xlsx": "saves a workbook, not a row",
    "yakuba.services.plan.book.template_sheets": "saves a workbook, not a row",
    "yakuba.services.plan.book.sample_form": "saves a workbook, not a row",
    "yakuba.services.plan.book.forms.workbook": "saves a workbook, not a row",
    "yakuba.services.procedures.bench.baseline": "the row that the bench compares with, in the bench's own database",
    "yakuba.services.procedures.drill.applicant": "saves a picture, not a row",
    "yakuba.kernel.access.adapters": "the sign-in library's row of a directory account",
    "yakuba.kernel.access.demo": "the demo directory's own session",
}
# What has a method of such a name and is no row.
NO_ROWS = {"hashlib", "digest", "hmac", "cache", "session", "notes", "self.found", "sha", "env", "environ"}


def _may_write(name: str) -> bool:
    parts = name.split(".")
    return (
        name in WRITERS or "actions" in parts[3:] or (".".join(parts[:3]) in STORES and parts[-1] == "store")
    )


_NAMED: Final = re.compile(rf"\b(?:{'|'.join(sorted(WRITES))})\s*\(")


def _calls(path: Path) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    if not _NAMED.search(path.read_text("utf-8")):
        return found
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            owner = ast.unparse(node.func.value)
            if looks_like_rows(owner, node.func.attr):
                found.append((node.lineno, f"{owner}.{node.func.attr}"))
    return found


def looks_like_rows(owner: str, method: str) -> bool:
    """Managers, querysets and saved objects; not dictionaries, digests or sessions."""
    if method in WRITES - {"save", "create", "delete", "update", "raw_insert"}:
        return True
    if "unscoped" in owner or ".objects" in owner or ".filter(" in owner or ".exclude(" in owner:
        return True
    return method in {"save", "delete"} and not any(word in owner.lower() for word in NO_ROWS)


def test_only_actions_and_stores_write() -> None:
    written = {name: _calls(path) for name, path in modules() if not _may_write(name)}
    assert not {name: calls for name, calls in written.items() if calls}, (
        "write in actions.py (or a mechanism room's store.py)"
    )


def test_the_look_for_writers_finds_them() -> None:
    assert looks_like_rows("Person.unscoped", "create")
    assert looks_like_rows("person", "save")
    assert looks_like_rows("Person.unscoped.filter(pk=1)", "update")
    assert not looks_like_rows("digest", "update")


# Where rows may be read for nobody in particular: identity comes before permission, mechanisms serve everybody, writers
# hold their subject already, and frozen copies say themselves who may see them.
UNSCOPED = {
    "actions": "an action has asked for permission",
    "store": "a mechanism's own rows",
    "queries": "each query names whom it answers",
    "metrics": "counts over all municipalities for the worker; the engine keeps the answers apart",
    "records": "declares it",
    "models": "declares it",
}
UNSCOPED_MODULES = {
    "yakuba.kernel.access.actors": "roles are found before anybody may do anything",
    "yakuba.kernel.access.pages": "which municipality an address means",
    "yakuba.kernel.access.prepare": "the operator's first steps",
    "yakuba.kernel.actions.scoping": "declares it",
    "yakuba.kernel.access.cli": "the operator's commands",
    "yakuba.engines.publishing.access": "declares who sees: what was taken back later is a question to all rows",
    "yakuba.engines.publishing.checking": "verifies the rows of all municipalities",
    "yakuba.kernel.access.demo": "who signs in to the demo directory is found before there is an actor",
    "yakuba.kernel.access.directory": "which account a directory's answer means, before there is an actor",
    "yakuba.kernel.town.personnel.planning": "part of the import's action",
}


def _may_read_all(name: str) -> bool:
    parts = name.split(".")
    mechanism = name.startswith(("yakuba.kernel.trail.", "yakuba.kernel.outbox.", "yakuba.kernel.files.",
                                 "yakuba.kernel.search."))  # fmt: skip
    return (
        name in UNSCOPED_MODULES
        or bool(set(parts[3:]) & set(UNSCOPED))
        or (mechanism and parts[-1] not in {"views", "api"})
    )


def test_rows_are_read_for_somebody() -> None:
    used = [
        f"{name}:{node.lineno}"
        for name, path in modules()
        if not _may_read_all(name) and "unscoped" in path.read_text("utf-8")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "unscoped"
    ]
    assert not used, "ask with .objects.for_actor(ctx), or put the query into queries.py"


AFTER_COMMIT = {
    "yakuba.services.plan.subscriptions": "removes a temporary file that the daily sweep takes anyway"
}


def test_signals_and_on_commit_start_no_work() -> None:
    """Work that must not be lost is an outbox row (DESIGN §4 rule 2)."""
    for name, path in modules():
        text = path.read_text("utf-8")
        assert "transaction.on_commit" not in text or name in AFTER_COMMIT, name
        # A field's own method of the name, which is called, is no signal.
        if re.search(r"\b(?:post_save|pre_save|m2m_changed)\b(?!\()", text):
            pytest.fail(f"{name} uses a signal")


def test_source_is_where_it_is_expected() -> None:
    assert (SOURCE / "kernel" / "actions" / "action.py").exists()
