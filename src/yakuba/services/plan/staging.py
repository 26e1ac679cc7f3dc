"""A reading together with what people decided about it, before it goes into a draft (MECHANISMS §9). No database.

The reading stays as it was read; decisions are replayed over it in their order, so that taking one back restores what was there
without it. Rows are named by the document's place in the reading and their own place in the document.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.text import compact
from yakuba.services.plan import cells, labels, rules
from yakuba.services.plan.applying import Known, RowChange, applied
from yakuba.services.plan.checks import About
from yakuba.services.plan.parts import blank
from yakuba.services.plan.paths import get
from yakuba.services.plan.rows import Form

#: A candidate that is longer is no button; it is typed, or copied from the source beside it.
LONGEST_CHOICE: Final = 400
_DIGITS = re.compile(r"[0-9]+")
_EVENT = re.compile(r"lineage\[[0-9]+\]")
_LINES = re.compile(r"([0-9]{1,6})行目")
Row = tuple[int, int]
"""A document of the reading, and a row of it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it was made.

    About a field (``row``, ``path``), a row (``row``: it is left out), a ``piece``, or a piece that went into a field or became a
    row (all three; a row that was made keeps its place, whatever is taken back).
    """

    number: int
    batch: str
    document: int
    verdict: str
    by: str
    at: dt.datetime
    on: str
    """The day in Japan, ISO 8601."""
    row: int | None = None
    piece: int | None = None
    path: str = ""
    value: str = ""
    actor: str = ""


@dataclass(slots=True)
class Staged:
    """The documents as they would go into their drafts, and who decided what."""

    documents: list[Form]
    pieces: dict[tuple[int, int], Decision] = field(default_factory=dict)
    """Unplaced pieces that somebody dealt with."""
    fields: dict[tuple[int, int, str], Decision] = field(default_factory=dict)
    """The newest decision about a field."""
    left_out: dict[Row, Decision] = field(default_factory=dict)
    """Rows that are no initiatives and do not go into the draft."""
    made: dict[Row, Decision] = field(default_factory=dict)
    """Rows that somebody made of a piece; they stand behind those that were read."""
    holes: set[Row] = field(default_factory=set)
    """Places of rows that were made and taken back, before others that were made later."""
    broken: list[Decision] = field(default_factory=list)
    """Decisions that have no place any more: what they built on was taken back."""

    def form(self, row: Row) -> Form:
        """A row as it stands. LookupError where there is none."""
        document, index = row
        if document < 0 or index < 0 or row in self.holes:
            raise KeyError(row)
        found: Form = self.documents[document]["initiatives"][index]
        return found

    def rows(self, document: int) -> list[tuple[int, Form]]:
        """The rows of a document with their places, also those that are left out."""
        forms = self.documents[document]["initiatives"]
        return [(place, form) for place, form in enumerate(forms) if (document, place) not in self.holes]

    def decided(self, document: int) -> dict[int, list[str]]:
        """The fields that somebody decided while looking at this reading, by the places of their rows in :meth:`taken`."""
        places = {place: n for n, place in enumerate(self._order(document))}
        found: dict[int, list[str]] = {}
        for of, row, path in self.fields:
            if of == document and row in places:
                # An event is taken out of the lineage as a whole.
                found.setdefault(places[row], []).append("lineage" if _EVENT.fullmatch(path) else path)
        return found

    def taken(self, document: int) -> Form:
        """A document as it goes into its draft: without the rows that are left out and the pieces that somebody dealt with."""
        given = self.documents[document]
        left = [piece for n, piece in enumerate(given["unplaced"]) if (document, n) not in self.pieces]
        forms = [given["initiatives"][place] for place in self._order(document)]
        return {**given, "initiatives": forms, "unplaced": left}

    def _order(self, document: int) -> list[int]:
        """The places of the rows that go into the draft; one that was made stands by its line where others of its part were read."""
        kept = {place: form for place, form in self.rows(document) if (document, place) not in self.left_out}
        order = [place for place in kept if (document, place) not in self.made]
        for place in [place for place in kept if (document, place) in self.made]:
            near = [(n, _line(kept[other], kept[place])) for n, other in enumerate(order)]
            above = [n + 1 for n, beside in near if beside is not None and beside <= 0]
            below = [n for n, beside in near if beside is not None and beside > 0]
            order.insert(above[-1] if above else below[0] if below else len(order), place)
        return order


def _line(form: Form, other: Form) -> int | None:
    """How many lines below another a row was read; None where they are not of the same part of the document."""
    one, two = form["source"], other["source"]
    if not one or not two or one.get("part", "") != two.get("part", ""):
        return None
    return int(one["line"]) - int(two["line"])


def replay(documents: Sequence[Form], decisions: Iterable[Decision]) -> Staged:
    """The documents with the decisions applied in their order. The documents that were given are not changed."""
    staged = Staged([{**document, "initiatives": list(document["initiatives"])} for document in documents])
    for decision in sorted(decisions, key=lambda one: one.number):
        try:
            put(staged, decision)
        except (Problem, LookupError):
            staged.broken.append(decision)
    return staged


def put(staged: Staged, decision: Decision) -> None:
    """Put a decision upon those before it. Raises :class:`Problem` for what cannot be kept; LookupError for a place that is not there."""
    document = staged.documents[decision.document]
    if decision.piece is not None:
        get(document, f"unplaced[{decision.piece}]")
    if decision.row is not None:
        row = (decision.document, decision.row)
        if decision.verdict == "omit":
            staged.form(row)
            if row in staged.left_out:
                raise KeyError(row)
            staged.left_out[row] = decision
        elif decision.verdict == "make":
            _make(staged, row, decision)
        else:
            after = settled(staged, row, decision)
            if row in staged.made and staged.made[row].batch == decision.batch:
                rules.made_by_hand(after, decision.by, decision.on)
            document["initiatives"][decision.row] = after
            staged.fields[(*row, decision.path)] = decision
    if decision.piece is not None:
        staged.pieces[decision.document, decision.piece] = decision


def _make(staged: Staged, row: Row, decision: Decision) -> None:
    """A row of which nothing is known but what a piece says, at its own place behind all others."""
    number, place = row
    document = staged.documents[number]
    forms: list[Form] = document["initiatives"]
    if place < len(forms) and row not in staged.holes:
        raise KeyError(row)
    year = rules.edition_year(document["plan"]).year
    piece = document["unplaced"][decision.piece]
    form = rules.correct(blank("", year), "title", decision.value)
    if piece["line"] is not None and (file := file_of(staged.documents)):
        form["source"] = {"file": file, "line": piece["line"], "part": piece.get("part", "")}
    rules.made_by_hand(form, decision.by, decision.on)
    while len(forms) <= place:
        staged.holes.add((number, len(forms)))
        forms.append(blank("", year))
    staged.holes.discard(row)
    forms[place] = form
    staged.made[row] = decision


def file_of(documents: Sequence[Form]) -> str:
    """The file that a reading was made from, as the sources of its rows name it; nothing where no row has one."""
    named = (form["source"] for document in documents for form in document["initiatives"])
    return next((str(source["file"]) for source in named if source), "")


def settled(staged: Staged, row: Row, decision: Decision) -> Form:
    """A row with one decision more. Raises :class:`Problem` for what cannot be kept; LookupError for a place that is not there."""
    form = staged.form(row)
    if decision.verdict == "correct" and not decision.value and _EVENT.fullmatch(decision.path):
        return _without_event(staged, row, decision)
    if decision.verdict != "keep":
        value = decision.value
        if decision.verdict == "copy":
            value = joined(form, decision.path, value)
        change: RowChange = {"initiative": "", "version": 0, "path": decision.path, "value": value}
        if decision.path == "indicators":
            change = {
                "initiative": "",
                "version": 0,
                "part": "indicators",
                "value": _with_indicator(form, value),
            }
        found = applied("", form, [change], _known(staged, row, decision), decision.by, decision.on)
        if found.told:
            return found.form
    cells.cell(form, decision.path)
    kept = copy.deepcopy(form)
    rules.settle(kept, decision.path, decision.by, decision.on, confirmed=True)
    return kept


def _without_event(staged: Staged, row: Row, decision: Decision) -> Form:
    """A row without one event of its lineage: where it was said to come from is not so."""
    form = staged.form(row)
    get(form, decision.path)
    doubts = [doubt for doubt in form["doubts"] if doubt["field"] != decision.path]
    left = [event for n, event in enumerate(form["lineage"]) if decision.path != f"lineage[{n}]"]
    change: RowChange = {"initiative": "", "version": 0, "part": "lineage", "value": left}
    known = _known(staged, row, decision)
    return applied("", {**form, "doubts": doubts}, [change], known, decision.by, decision.on).form


def _with_indicator(form: Form, name: str) -> list[Form]:
    """A row's indicators and one more of which only the name is known."""
    return [
        *({**one, "of": n} for n, one in enumerate(form["indicators"])),
        {"name": name.strip(), "of": None},
    ]


def joined(form: Form, path: str, piece: str) -> str:
    """A field's text with a piece of the document put behind it; what is no running text is replaced."""
    if not path.startswith("texts."):
        return piece
    there = form["texts"].get(path.removeprefix("texts."), "")
    before = "\n".join(there) if isinstance(there, list) else there
    return f"{before}\n{piece}" if before else piece


def _known(staged: Staged, row: Row, decision: Decision) -> Known:
    """What a change is checked against: the reading's own tree and years, its own meaning of a progress word."""
    document = staged.documents[row[0]]

    def about() -> About:
        plan = document["plan"]
        places = frozenset(tuple(node["path"]) for node in document["nodes"])
        return About(places, plan["first_year"], plan["last_year"], dt.date.fromisoformat(decision.on))

    def meaning(word: str | None) -> str | None:
        meant = {
            form["progress_meaning"]
            for n, form in enumerate(document["initiatives"])
            if n != row[1] and word is not None and form["progress"] == word
        }
        return meant.pop() if len(meant) == 1 else None

    return Known(about, meaning)


@dataclass(frozen=True, slots=True)
class Question:
    """A field that is in doubt, or was: where it is, what was read there, why it is doubtful."""

    document: int
    row: int
    path: str
    codes: tuple[str, ...]
    notes: tuple[str, ...]
    candidates: tuple[str, ...]
    state: str
    """``open``; ``settled`` here; ``kept``: a correction of the draft answers it; ``out``: its row is left out."""

    @property
    def key(self) -> str:
        """Its name in an address."""
        return f"{self.document}.{self.row}.{self.path}"

    @property
    def at(self) -> Row:
        """Its row."""
        return self.document, self.row


def parse_key(key: str) -> tuple[int, int, str] | None:
    """Document, row and path of a key; None for what is none."""
    document, _point, rest = key.partition(".")
    row, _point, path = rest.partition(".")
    if not (_number(document) and _number(row) and path and len(path) <= 120):
        return None
    return int(document), int(row), path


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 7


def questions(
    documents: Sequence[Form], staged: Staged, answered: Mapping[Row, frozenset[str]]
) -> list[Question]:
    """Every doubt of the reading, and those that decisions raised: by document, the commonest kind first, then by row.

    ``answered`` names the fields whose doubts the draft's own corrections answer. The order does not change while people decide.
    """
    found: list[Question] = []
    for number, document in enumerate(documents):
        mine: list[Question] = []
        for row, now in staged.rows(number):
            at = (number, row)
            read = document["initiatives"][row] if at not in staged.made else now
            if read["doubts"] or now["doubts"]:
                known = _of_row(at, read, now, answered.get(at, frozenset()))
                mine += [replace(one, state="out") for one in known] if at in staged.left_out else known
        often = Counter(one.codes[0] for one in mine)
        found += sorted(mine, key=lambda one: (-often[one.codes[0]], one.codes[0], one.row))
    return found


def _of_row(at: Row, read: Form, now: Form, answered: frozenset[str]) -> list[Question]:
    fields: dict[str, list[Form]] = {}
    for doubt in read["doubts"]:
        fields.setdefault(doubt["field"], []).append(doubt)
    still: dict[str, list[Form]] = {}
    for doubt in now["doubts"]:
        still.setdefault(doubt["field"], []).append(doubt)
    return [
        Question(
            *at,
            path,
            codes=tuple(dict.fromkeys(doubt["code"] for doubt in doubts)),
            notes=tuple(dict.fromkeys(doubt["note"] for doubt in doubts)),
            candidates=tuple(dict.fromkeys(one for doubt in doubts for one in doubt["candidates"])),
            state="settled" if path not in still else "kept" if path in answered else "open",
        )
        for path, doubts in {**fields, **still}.items()
    ]


@dataclass(frozen=True, slots=True)
class Choice:
    """Another reading that can be taken as it is."""

    number: int
    """Its place among the candidates, from 1."""
    text: str
    value: str
    """What a correction puts there."""


def choices(staged: Staged, question: Question) -> list[Choice]:
    """The candidates that differ from what stands there and that the field can hold."""
    form = staged.form(question.at)
    nodes = staged.documents[question.document]["nodes"]
    if _EVENT.fullmatch(question.path):
        return [Choice(1, "", "")] if question.state == "open" else []
    found = []
    for place, candidate in enumerate(question.candidates, start=1):
        value = _node_of(nodes, candidate) if question.path.startswith("placements[") else candidate
        if value is not None and _fits(form, question.path, value):
            found.append(Choice(place, candidate, value))
    return found


def _node_of(nodes: Sequence[Form], words: str) -> str | None:
    """The codes of the one node that a candidate names, by its codes and title; None where there is none or several."""
    wanted = compact(words)
    found = [node for node in nodes if wanted in (compact(node_words(node)), compact("".join(node["path"])))]
    return "＞".join(found[0]["path"]) if len(found) == 1 else None


def node_words(node: Form) -> str:
    """A node as a person reads it: its codes, and its title unless that is its code."""
    codes: list[str] = node["path"]
    return " ".join(codes if codes[-1] == node["title"] else [*codes, node["title"]])


def _fits(form: Form, path: str, candidate: str) -> bool:
    if len(candidate) > LONGEST_CHOICE:
        return False
    try:
        return not rules.same(form, path, candidate)
    except Problem:
        return False


#: By these an initiative is told from the others: what is wrong there makes another initiative.
NAMES: Final = frozenset({"title", "number"})


def weighty(questions: Iterable[Question], there: Container[Row]) -> list[Question]:
    """The open questions that somebody should look at before the draft changes: about names, and about rows that it has not yet.

    ``there`` are the rows that continue one of the draft.
    """
    return [one for one in questions if one.state == "open" and (one.path in NAMES or one.at not in there)]


def alike(question: Question, others: Iterable[Question]) -> list[Question]:
    """The open questions of the same document that are asked for the same reason about the same kind of field."""
    reason = _reason(question)
    return [one for one in others if one.state == "open" and _reason(one) == reason]


def _reason(question: Question) -> tuple[object, ...]:
    return question.document, question.codes, question.notes, _DIGITS.sub("#", question.path)


def by_line(unplaced: Sequence[Form]) -> list[list[int]]:
    """Pieces without a place, by their numbers, those of one line of the document together; a piece without a line is alone."""

    def line(number: int) -> tuple[object, ...]:
        piece = unplaced[number]
        return piece["line"] if piece["line"] is not None else -number - 1, piece.get("part", "")

    return [list(run) for _line, run in groupby(range(len(unplaced)), key=line)]


def mentioned(question: Question) -> list[int]:
    """The lines of the document that the reasons of a question name, in their order."""
    return list(dict.fromkeys(int(line) for note in question.notes for line in _LINES.findall(note)))


@dataclass(frozen=True, slots=True)
class Count:
    """What the document says of itself beside what was read; ``difference`` is read less stated."""

    label: str
    stated: int
    counted: int | None
    """None where nobody can say what the document counts there."""

    @property
    def difference(self) -> int:
        """How many more were read than the document states."""
        return (self.counted or 0) - self.stated

    @property
    def fewer(self) -> int:
        """How many fewer were read than the document states."""
        return -self.difference


#: What a document may call all of its initiatives.
_TOTAL: Final = frozenset({"total", "計", "合計", "総計"})


def claims(document: Form) -> list[Count]:
    """The document's own counts beside those of its rows: per progress word, per kind, per flag, in all."""
    rows: list[Form] = document["initiatives"]
    stated = document["stated"]
    found = [
        Count(word, number, _once(form for form in rows if form["progress"] == word))
        for word, number in stated["progress"].items()
    ]
    for key, number in stated["counts"].items():
        label = _("取組の総数") if key in _TOTAL else labels.of(labels.KINDS, key)
        found.append(Count(label, number, _counted(document, rows, key)))
    return found


def _counted(document: Form, rows: Sequence[Form], key: str) -> int | None:
    """How often something that a document counts was read."""
    if key in labels.KINDS:
        return _once(form for form in rows if form["kind"] == key)
    flags = {key, *(code for code, word in labels.FLAGS.items() if str(word) == key)}
    if flags & set(labels.FLAGS):
        return _once(form for form in rows if flags & set(form["flags"]))
    if key in _TOTAL:
        return _once(rows)
    if key in document["levels"]:
        depth: int = document["levels"].index(key) + 1
        return len([node for node in document["nodes"] if len(node["path"]) == depth])
    return None


def _once(rows: Iterable[Form]) -> int:
    """How many initiatives: the rows of one group (2-1, 2-2) are one."""
    return len({form["group"] or f"row {n}" for n, form in enumerate(rows)})
