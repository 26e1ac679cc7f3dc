"""What people want changed in one initiative, applied to its form: cells by their text, parts by their JSON. Nothing is written.

Forms, the grid and the questions of the product all come through here, so that a change is checked, marked and told in one way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.text import compact, fold
from yakuba.services.plan import cells, checks, parts, rules
from yakuba.services.plan.checks import About
from yakuba.services.plan.paths import Form, under
from yakuba.services.plan.themes import THEMES
from yakuba.services.plan.words import words

THEMES_PART = "themes"
NEW = "new-"
_NO_DAY = "1900-01-01"


class RowChange(TypedDict):
    """One change of one initiative (its id; ``new-1`` for a row that is not there yet) at the version that somebody saw.

    Either a cell (``path``) that gets a text, or a ``part`` that gets JSON; ``value`` is the one or the other.
    """

    initiative: str
    version: int
    path: NotRequired[str]
    part: NotRequired[str]
    value: Any  # Any: a text, or JSON of the part


def is_new(key: str) -> bool:
    """Whether a change is about an initiative that is not there yet."""
    return key.startswith(NEW)


@dataclass(frozen=True, slots=True)
class Known:
    """What changes of an initiative are checked against: its edition, and what that means by a progress word.

    ``about`` is only asked where a change needs it.
    """

    about: Callable[[], About]
    meaning: Callable[[str | None], str | None]


@dataclass(frozen=True, slots=True)
class Applied:
    """The form as it would be, what the trail would tell, and which rows of its lists moved."""

    form: Form
    told: list[JsonValue]
    moves: dict[str, str | None]


def applied(
    identity: str, form: Form, changes: Iterable[RowChange], known: Known, by: str, on: str
) -> Applied:
    """Apply changes in their order. Raises :class:`Problems` with the path of each field that cannot be kept.

    ``by`` and ``on`` (a day in ISO 8601) mark what people decided: a second reading of the document keeps it.
    """
    told: list[JsonValue] = []
    moves: dict[str, str | None] = {}
    problems: list[Problem] = []
    touched: list[str] = []
    changes = list(changes)
    # A word of progress brings its meaning along, unless somebody says what it means.
    meant = any(change.get("path") == "progress_meaning" for change in changes)
    for change in changes:
        try:
            if "part" in change:
                found = _part(identity, form, change["part"], change["value"], known, by, on)
            else:
                path = change.get("path", "")
                found = _cell(identity, form, path, str(change["value"]), known, by, on)
                if path == "progress" and meant:
                    found.form["progress_meaning"] = form["progress_meaning"]
                touched += [path] if found.told else []
        except Problems as several:
            problems += several.problems
            continue
        except Problem as problem:
            problems.append(problem)
            continue
        form = found.form
        told += found.told
        moves |= found.moves
    problems += _refusals(form, touched, known)
    if problems:
        raise Problems(problems)
    return Applied(form, told, moves)


def tried(identity: str, form: Form, changes: Iterable[RowChange], known: Known) -> Applied:
    """What changes would make of a form, before anybody decides them. Raises :class:`Problems`."""
    return applied(identity, form, changes, known, "", _NO_DAY)


def identity_of(form: Form) -> tuple[str, str]:
    """Kind and number, by which one initiative is told from another: «１» is «1», though each stays as it was typed."""
    return form["kind"] or "", compact(form["number"])


def taken(there: Iterable[Form], fresh: Mapping[str, Form]) -> list[Problem]:
    """Numbers of new rows (by key) that another row of the same kind has; each problem names its row as its field.

    A new row without a number is told by its title: the same sheet sent again would add it a second time.
    """
    there = list(there)
    known = {identity_of(form): form["title"] for form in there}
    titles = set(map(_named, there))
    problems = []
    for key, form in fresh.items():
        mark = identity_of(form)
        if mark[1] and mark in known:
            message = _("番号%(number)sは「%(title)s」に使われています。ほかの番号にしてください。") % {
                "number": form["number"],
                "title": known[mark],
            }
            problems.append(Problem("number_taken", message, field=key, found=form["number"]))
        elif not mark[1] and _named(form) in titles:
            message = _("同じ取組名の行がもうあります。別の取組なら、番号か位置を書いてください。")
            problems.append(Problem("title_taken", message, field=key, found=form["title"]))
        known[mark] = form["title"]
        titles.add(_named(form))
    return problems


def _named(form: Form) -> tuple[str, str, tuple[str, ...]]:
    """Kind, title and primary place, by which rows without a number are told from each other."""
    place = next((tuple(one["path"]) for one in form["placements"] if one["primary"]), ())
    return form["kind"] or "", fold(form["title"]), place


def _cell(identity: str, form: Form, path: str, text: str, known: Known, by: str, on: str) -> Applied:
    """One cell, corrected by typing its text."""
    after = rules.correct(form, path, text)
    with translation.override("ja"):  # the trail is the municipality's, whatever language its writer reads
        old, new = rules.shown(form, path), rules.shown(after, path)
    if old == new:
        return Applied(form, [], {})
    rules.settle(after, path, by, on)
    after["doubts"] += rules.questions(form, after, path)
    if path == "progress":
        after["progress_meaning"] = known.meaning(new) or after["progress_meaning"]
    return Applied(after, [told_of(identity, after, path, old, new)], {})


def _part(
    identity: str, form: Form, part: str, value: Any, known: Known, by: str, on: str
) -> Applied:  # Any: JSON of the part
    """A part replaced as a whole, and checked."""
    if part == THEMES_PART:
        return _themes(identity, form, value, by, on)
    with translation.override("ja"):
        replaced = parts.replace(form, part, value)
    if found := checks.check(replaced.form, part, known.about()):
        raise Problems(found)
    if part == "head" and "progress" in value and "progress_meaning" not in value:
        word = replaced.form["progress"]
        if word != form["progress"]:
            meant = known.meaning(word)
            replaced.form["progress_meaning"] = meant or replaced.form["progress_meaning"]
    with translation.override("ja"):
        told = [
            told_of(identity, replaced.form, one.path, one.before, one.after, form) for one in replaced.told
        ]
    return Applied(parts.settle(replaced, by, on), told, dict(replaced.moves))


def _themes(
    identity: str, form: Form, value: Any, by: str, on: str
) -> Applied:  # Any: what should be a list of ids
    """The themes that somebody decided; an empty list is a decision too."""
    if not isinstance(value, list) or any(one not in THEMES for one in value):
        raise Problem("theme", _("主題の一覧にない印です。"), field=THEMES_PART, found=str(value)[:60])
    before, fresh = form.get("themes", []), list(dict.fromkeys(value))
    if before == fresh:
        return Applied(form, [], {})
    after = {key: found for key, found in form.items() if key != "themes"}
    if fresh:
        after["themes"] = fresh
    after["corrected"] = {**form["corrected"], "themes": {"by": by, "on": on}}
    with translation.override("ja"):
        told = told_of(identity, after, "themes", words("themes", before), words("themes", fresh))
    return Applied(after, [told], {})


def told_of(
    identity: str, after: Form, path: str, old: str | None, new: str | None, before: Form | None = None
) -> JsonValue:
    """One change as the trail keeps it, with the name that the field has now."""
    label = ""
    for form in (after, before):
        try:
            label = cells.full_name(form, path) if form is not None else ""
        except LookupError:
            continue
        if label:
            break
    return {
        "initiative": identity,
        "number": after["number"],
        "path": path,
        "label": label,
        "from": old,
        "to": new,
    }


def _refusals(form: Form, paths: Sequence[str], known: Known) -> list[Problem]:
    """What the rest of the initiative or its edition has against corrected cells: a place that there is not, a year far away."""
    wanted = {path: part for path in paths if (part := _checked_as(path))}
    if not wanted:
        return []
    return [
        problem
        for path, part in wanted.items()
        for problem in checks.check(form, part, known.about())
        if problem.field == path or under(problem.field, path)
    ]


def _checked_as(path: str) -> str:
    """The part whose checks a corrected cell has to pass; nothing for a cell whose own setter says it all."""
    if path == "offices" or path.startswith("placements"):
        return path.partition("[")[0]
    if path == "year":
        return "head"
    if path.startswith("stages."):
        return "stages"
    if path.endswith(".states"):
        return "indicators"
    return path.partition("]")[0] + "].values" if path.endswith((".year", ".status")) else ""
