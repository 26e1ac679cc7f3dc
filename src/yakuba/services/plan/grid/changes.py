"""What a sheet that came back wants: cells become changes of initiatives, tried on the rows as they are now. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.sheets.changes import NewRow, Preview
from yakuba.kernel.sheets.changes import RowChange as SheetRow
from yakuba.kernel.sheets.rows import CellProblem
from yakuba.services.plan import labels
from yakuba.services.plan.applying import NEW, Applied, Known, RowChange, is_new, taken, tried
from yakuba.services.plan.grid import cells
from yakuba.services.plan.grid.gathered import (
    Corrections,
    Here,
    Sheet,
    SheetCell,
    SheetIndicator,
    SheetInitiative,
    Wanted,
    lines,
    text_of,
)
from yakuba.services.plan.grid.tables import listed, places, value_key
from yakuba.services.plan.rows import Form

_ORDER = ("title", "number", "kind", "year", "group", "progress", "progress_meaning")
"""Columns that are put in before others: a word of progress before what it means."""


def corrections(initiatives: Sheet | None, indicators: Sheet | None, here: Here) -> Corrections:
    """Both sheets of a workbook, or one of them, tried on the rows as they are now."""
    sheets = [one for one in (initiatives, indicators) if one is not None]
    problems = [problem for one in sheets for problem in one.problems]
    rows = _gathered(initiatives, here)
    if indicators is not None:
        problems += _with_indicators(rows, indicators, here)
    wanted: list[Wanted] = []
    changes: list[RowChange] = []
    fresh: dict[str, Form] = {}
    for row in rows.values():
        found = _tried(row, here, problems)
        if found is not None:
            changes += row.changes
            wanted += lines(row, found.form)
            if is_new(row.key):
                fresh[row.key] = found.form
    for problem in taken([one.form for one in here.rows.values()], fresh):
        column = "title" if problem.code == "title_taken" else "number"
        problems.append(CellProblem(rows[problem.field].address_of(column), problem))
    return Corrections(
        wanted,
        changes,
        problems,
        sum(one.preview.unchanged for one in sheets),
        list(dict.fromkeys(name for one in sheets for name in one.preview.ignored)),
        len({change["initiative"] for change in changes}),
        sum(map(is_new, rows)),
    )


def restated(change: SheetRow, here: Here) -> bool:
    """Whether a changed row of «取組», or of «指標», says in other words what stands here."""
    sheet = Sheet(Preview((), (), 0, ()))
    own = list(map(sheet.changed, change.cells))
    key, index = here.indicators.get(change.id, (str(change.id), None))
    there = here.rows[key]
    row = SheetInitiative(key, there.version, there.form, "")
    if index is not None:
        row.indicators.append(SheetIndicator(index, own, ""))
    else:
        row.cells += [cell for cell in own if not _meaning_followed(cell, own, there.form, here.known)]
        row.meaning = text_of(change.said.get("progress_meaning"))
    found = _tried(row, here, [])
    return found is not None and not found.told


def _meaning_followed(cell: SheetCell, own: Sequence[SheetCell], form: Form, known: Known) -> bool:
    """Whether a sheet is silent about a meaning that followed from the word which it brought."""
    if cell.key != "progress_meaning" or cell.text or any(one.key == "progress" for one in own):
        return False
    word = form["progress"]
    return bool(word) and form["progress_meaning"] in (labels.meaning_of(word), known.meaning(word))


# --- gathering -----------------------------------------------------------------------------------------------------------


def _gathered(sheet: Sheet | None, here: Here) -> dict[str, SheetInitiative]:
    """The rows of «取組» that change, by key."""
    rows: dict[str, SheetInitiative] = {}
    if sheet is None:
        return rows
    for change in sheet.preview.changes:
        key = str(change.id)
        rows[key] = _row_of(rows, key, here, sheet.at(f"A{change.number}"))
        rows[key].cells += map(sheet.changed, change.cells)
        rows[key].meaning = text_of(change.said.get("progress_meaning"))
    for number, row in enumerate(sheet.preview.added, 1):
        key = f"{NEW}{number}"
        rows[key] = SheetInitiative(key, 0, here.blank(), sheet.at(row.address), sheet.added(row))
    return rows


def _with_indicators(rows: dict[str, SheetInitiative], sheet: Sheet, here: Here) -> list[CellProblem]:
    """Put what «指標» says to the initiatives that it says it of; and what belongs to none."""
    problems = []
    for change in sheet.preview.changes:
        key, index = here.indicators[change.id]
        where = sheet.at(f"A{change.number}")
        own = list(map(sheet.changed, change.cells))
        _row_of(rows, key, here, where).indicators.append(SheetIndicator(index, own, where))
    for added in sheet.preview.added:
        try:
            key = _owner(added, rows, here)
        except Problem as problem:
            address = added.addresses.get("of_number", added.address)
            problems.append(CellProblem(sheet.at(address), problem))
            continue
        own = [cell for cell in sheet.added(added) if not cell.key.startswith("of_")]
        where = sheet.at(added.address)
        _row_of(rows, key, here, where).indicators.append(SheetIndicator(None, own, where))
    return problems


def _row_of(rows: dict[str, SheetInitiative], key: str, here: Here, address: str) -> SheetInitiative:
    if key not in rows:
        there = here.rows[key]
        rows[key] = SheetInitiative(key, there.version, there.form, address)
    return rows[key]


def _owner(added: NewRow, rows: Mapping[str, SheetInitiative], here: Here) -> str:
    """The initiative that a new indicator belongs to, by its kind and number, or its title. Raises :class:`Problem`."""
    said = {key: text_of(added.values.get(key)).strip() for key in ("of_kind", "of_number", "of_title")}
    known = [
        (key, labels.of(labels.KINDS, one.form["kind"]), one.form["number"], one.form["title"])
        for key, one in here.rows.items()
    ]
    for row in rows.values():
        if is_new(row.key):
            texts = {cell.key: cell.text for cell in row.cells}
            known.append((row.key, texts.get("kind", ""), texts.get("number", ""), texts.get("title", "")))
    found = [
        key
        for key, kind, number, title in known
        if (not said["of_kind"] or said["of_kind"] == kind)
        and (not said["of_number"] or said["of_number"] == number)
        and (said["of_number"] or said["of_title"] == title)
    ]
    if not said["of_number"] and not said["of_title"]:
        raise Problem(
            "owner", _("どの取組の指標かを、取組の番号か取組名で書いてください。"), field="of_number"
        )
    if len(found) == 1 and found[0] in here.locked:
        raise Problem("locked", here.locked[found[0]], field="of_number")
    if len(found) != 1:
        told = " ".join(text for text in said.values() if text)
        message = (
            _("「%(found)s」という取組がありません。")
            if not found
            else _("「%(found)s」にあたる取組が2つ以上あります。区別も書いてください。")
        )
        raise Problem("owner", message % {"found": told}, field="of_number", found=told)
    return found[0]


# --- from cells to changes -------------------------------------------------------------------------------------------------


def _tried(row: SheetInitiative, here: Here, problems: list[CellProblem]) -> Applied | None:
    """The changes of a row, tried; None where something stands in their way."""
    wrong = [*_initiative(row, here), *_figures(row)]
    found: Applied | None = None
    try:
        found = tried(row.key, row.form, row.changes, here.known)
    except Problem as problem:
        several = problem.problems if isinstance(problem, Problems) else (problem,)
        wrong += [CellProblem(row.address_of(one.field), one) for one in several]
    problems += wrong
    return None if wrong else found


def _initiative(row: SheetInitiative, here: Here) -> list[CellProblem]:
    """The changes that the cells of «取組» mean."""
    wrong = []
    by_key = {cell.key: cell for cell in row.cells}
    first = [key for key in _ORDER if key in by_key]
    for key in (*first, *(key for key in by_key if key not in _ORDER)):
        cell = by_key[key]
        if key in ("again", "related") and {"again": "place", "related": "lead"}[key] in by_key:
            continue  # goes with the cell beside it
        try:
            _one_cell(row, cell, by_key, here)
        except Problem as problem:
            wrong.append(CellProblem(_blamed(problem, cell, by_key).address, problem))
        if key == "progress" and "progress_meaning" not in by_key and row.meaning:
            # It stays filled beside another word: what the sheet says holds, whatever the word means elsewhere.
            row.cell("progress_meaning", row.meaning, cell.address)
    return wrong


def _blamed(problem: Problem, cell: SheetCell, by_key: Mapping[str, SheetCell]) -> SheetCell:
    return by_key.get(problem.field, cell)


def _one_cell(row: SheetInitiative, cell: SheetCell, by_key: Mapping[str, SheetCell], here: Here) -> None:
    key, text, form = cell.key, cell.text, row.form
    match key:
        case "lead" | "related":
            lead = cells.names(_said(by_key, "lead", cells.joined(cells.leads(form))), cells.leads(form))
            beside = cells.names(
                _said(by_key, "related", cells.joined(cells.related(form))), cells.related(form)
            )
            row.part("offices", cells.offices(form, lead, beside))
            row.places.append(("offices", cell.address))
        case "place" | "again":
            row.part("placements", _placements(by_key, form, here))
            row.places.append(("placements", cell.address))
        case "flags":
            row.part("head", {"flags": cells.flags(text)})
            row.places.append(("flags", cell.address))
        case "items":
            row.part("items", cells.items(form, text))
            row.places.append(("items", cell.address))
        case "themes":
            row.part("themes", cells.themes(text))
            row.places.append(("themes", cell.address))
        case _ if key.startswith("tags."):
            _tag(row, cell, by_key)
        case _ if key.startswith("texts.") and listed(key):
            row.part("texts", _texts(by_key, form))
            row.places.append((key, cell.address))
        case _:
            row.cell(key, text, cell.address)


def _said(by_key: Mapping[str, SheetCell], key: str, standing: str | None) -> str:
    """What the sheet says in a cell, or what stands there where it is not changed."""
    return by_key[key].text if key in by_key else standing or ""


def _texts(by_key: Mapping[str, SheetCell], form: Form) -> Form:
    """The part «texts» with every text of the row that the sheet changes: a list of points has no cell of its own."""
    found = dict(form["texts"])
    for key, cell in by_key.items():
        if not key.startswith("texts."):
            continue
        name = key.removeprefix("texts.")
        lines = [line for line in (one.strip() for one in cell.text.splitlines()) if line]
        if lines:
            found[name] = lines if listed(key) else cell.text
        else:
            found.pop(name, None)
    return found


def _placements(by_key: Mapping[str, SheetCell], form: Form, here: Here) -> list[Form]:
    """The part «placements» from the primary place and the cross-listings. Raises :class:`Problem` with the column."""
    first = _said(by_key, "place", cells.primary(form)).strip()
    others = [line for line in _said(by_key, "again", cells.again(form)).splitlines() if line.strip()]
    paths = [cells.place(first, here.nodes, "place")] if first else []
    paths += [cells.place(line, here.nodes, "again") for line in others]
    old = {tuple(one["path"]): n for n, one in enumerate(form["placements"])}
    return [
        {"of": old.pop(tuple(path), None), "path": path, "primary": bool(first) and n == 0}
        for n, path in enumerate(paths)
    ]


def _tag(row: SheetInitiative, cell: SheetCell, by_key: Mapping[str, SheetCell]) -> None:
    """All taxonomies of a row go in together, with the first of its cells."""
    changed = {key: one for key, one in by_key.items() if key.startswith("tags.")}
    row.places.append((cell.key, cell.address))
    if next(iter(changed)) != cell.key:
        return
    tags = dict(row.form["tags"])
    for key, one in changed.items():
        name = key.removeprefix("tags.")
        words = cells.names(one.text, tags.get(name, []))
        if words:
            tags[name] = words
        else:
            tags.pop(name, None)
    row.part("tags", tags)


def _figures(row: SheetInitiative) -> list[CellProblem]:
    """The changes that the cells of «指標» mean: first cells that are there, then what is new."""
    wrong: list[CellProblem] = []
    known: list[Form] = row.form["indicators"]
    heads: list[Form] = [{"of": n} for n in range(len(known))]
    renumbered = False
    fresh: list[tuple[int, list[SheetCell]]] = []
    for one in row.indicators:
        index = one.index if one.index is not None else len(heads)
        texts = {cell.key: cell for cell in one.cells}
        if one.index is None:
            heads.append({"of": None, "name": texts["name"].text})
            row.places.append((f"indicators[{index}]", one.address))
        if "number" in texts:
            heads[index]["number"] = texts["number"].text.strip() or None
            row.places.append((f"indicators[{index}].number", texts["number"].address))
            renumbered = True
        if one.index is None:
            fresh.append((index, [cell for cell in one.cells if cell.key not in ("name", "number")]))
            continue
        values: list[SheetCell] = []
        there = places(known[index])
        for cell in one.cells:
            key = value_key(cell.key)
            if key is None:
                if cell.key != "number":
                    row.cell(f"indicators[{index}].{cell.key}", cell.text, cell.address)
            elif key in there:
                row.cell(f"indicators[{index}].values[{there[key]}].raw", cell.text, cell.address)
            else:
                values.append(cell)
        if values:
            fresh.append((index, values))
    if renumbered or len(heads) > len(known):
        row.part("indicators", heads)
    for index, own in fresh:
        wrong += _fresh_figures(row, index, own)
    return wrong


def _fresh_figures(row: SheetInitiative, index: int, own: Sequence[SheetCell]) -> list[CellProblem]:
    """Attributes of a new indicator, and values for years that have none yet."""
    wrong = []
    known: list[Form] = row.form["indicators"]
    values: list[Form] = [{"of": n} for n in range(len(known[index]["values"]))] if index < len(known) else []
    count = len(values)
    for cell in own:
        key = value_key(cell.key)
        if key is None:
            row.cell(f"indicators[{index}].{cell.key}", cell.text, cell.address)
            continue
        kind, year, nth = key
        if nth or not year:
            message = _("この指標には「%(label)s」の欄がありません。空に戻してください。") % {
                "label": cell.label
            }
            wrong.append(CellProblem(cell.address, Problem("no_cell", message, field=cell.key)))
            continue
        row.places.append((f"indicators[{index}].values[{len(values)}]", cell.address))
        values.append({"of": None, "kind": kind, "year": year, "raw": cell.text.strip()})
    if len(values) > count:
        row.part(f"indicators[{index}].values", values)
    return wrong
