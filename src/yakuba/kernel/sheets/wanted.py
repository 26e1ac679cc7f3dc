"""Rows that come, change and go, as one action gets them: from a form, from a sheet or over HTTP, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NotRequired, Protocol, TypedDict, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Missing, Problem, Problems, Stale
from yakuba.kernel.fields import JsonValue


@dataclass(frozen=True, slots=True)
class Wanted:
    """One change: which row (``id``, empty for a new one) at which version, what is said of it, or that it goes."""

    id: str
    version: int
    said: dict[str, JsonValue]
    remove: bool

    def demand(self, version: int | None) -> None:
        """That the row is here (``version`` is its own, None for no row) as it was read. Raises :class:`Missing` and :class:`Stale`."""
        if self.id and version is None:
            raise Missing(_("この行はもうありません。画面を開き直してください。"))
        if version is not None and version != self.version:
            raise Stale(version, self.version)


def wanted(given: object, under: str, *, most: int, keys: Collection[str] | None = None) -> list[Wanted]:
    """The changes of an action's JSON, each row once; what is said of a row stands ``under`` a name.

    Raises :class:`Problem` for another shape, none or more than ``most``, and what is said of anything else than ``keys``.
    """
    if not isinstance(given, list) or not 0 < len(given) <= most:
        raise _wrong()
    found = [_one(one, under, keys) for one in given]
    ids = [one.id for one in found if one.id]
    if len(set(ids)) != len(ids):
        raise _wrong()
    return found


def _one(given: object, under: str, keys: Collection[str] | None) -> Wanted:
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise _wrong()
    key, version, said = given["id"], given.get("version", 0), given.get(under, {})
    if type(version) is not int or not isinstance(said, dict):
        raise _wrong()
    if keys is not None and not set(said) <= set(keys):
        raise _wrong()
    try:
        row = str(UUID(key)) if key else ""
    except ValueError:
        raise _wrong() from None
    return Wanted(row, version, said, given.get("remove") is True)


def _wrong() -> Problem:
    return Problem("shape", _("変更を読み取れません。画面を開き直してください。"), field="changes")


class Versioned(Protocol):
    """A row that counts its changes."""

    @property
    def version(self) -> int: ...


R = TypeVar("R", bound=Versioned)


class EntryChange(TypedDict):
    """One row: which (``id``, empty for a new one) at which version, and what it is from now on, or that it goes (``remove``)."""

    id: str
    version: int
    entry: NotRequired[dict[str, str | None]]
    remove: NotRequired[bool]


@dataclass(slots=True)
class Judged(Generic[R]):
    """What changes come to: rows that go, rows that come (with the place of their change), what is told of both, what is refused."""

    going: list[R] = field(default_factory=list)
    coming: list[tuple[int, R]] = field(default_factory=list)
    told: list[JsonValue] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def judged(
    changes: Sequence[Wanted],
    there: Mapping[str, R],
    *,
    fresh: Callable[[R | None, Wanted], R | None],
    told: Callable[[R | None], JsonValue],
) -> Judged[R]:
    """Each change beside the row that is there; a row that stays as it is neither goes nor comes.

    ``fresh`` makes the row as it is from now on, unsaved (None: it goes), or raises :class:`Problem`; ``told`` is what the trail keeps.
    """
    found = Judged[R]()
    for place, change in enumerate(changes):
        row = there.get(change.id)
        try:
            change.demand(None if row is None else row.version)
            made = fresh(row, change)
        except Problem as problem:
            found.problems += placed(problem, place)
            continue
        before, after = told(row), told(made)
        if before == after:
            continue
        if row is not None:
            found.going.append(row)
        if made is not None:
            found.coming.append((place, made))
        found.told.append({"id": change.id, "before": before, "after": after})
    return found


def placed(problem: Problem, place: int) -> list[Problem]:
    """What was refused of one change, each with the place of the change before its field: ``2.title``."""
    several = problem.problems if isinstance(problem, Problems) else (problem,)
    for one in several:
        one.field = f"{place}.{one.field}"
    return list(several)
