"""The decorator through which every change goes (MECHANISMS §1)."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from django.db import OperationalError, models, transaction

from yakuba.kernel.actions import ports
from yakuba.kernel.actions.context import Context
from yakuba.kernel.actions.once import forget
from yakuba.kernel.actions.permission import Permission
from yakuba.kernel.actions.problem import Denied, Missing, Problems, Stale
from yakuba.kernel.actions.subjects import SUBJECTS, kind_of
from yakuba.kernel.fields import DataProblem, JsonValue, as_json, read_json, read_text, spec_of, specs_of
from yakuba.kernel.plugins import crash, statements

S = TypeVar("S")
D = TypeVar("D")
R = TypeVar("R")

ACTIONS: dict[str, Action[Any, Any, Any]] = {}  # Any: actions of every shape stand side by side


# PostgreSQL: deadlock detected, serialization failure. Nothing of the transaction remains, so it may be run again.
_AGAIN = frozenset({"40P01", "40001"})


class _Elsewhere(Exception):
    """The subject belongs to another municipality than the one that the caller acts in."""


@dataclasses.dataclass(frozen=True)
class Action(Generic[S, D, R]):
    """A registered action. Call it with a context, the subject (or None for a new thing) and its data."""

    key: str
    label: str
    function: Callable[[Context, S, D], R]
    permission: Permission[Any]  # Any: of the subject's model
    data: type[D]
    parent: Callable[[S], models.Model] | None = None
    ahead: bool = False

    def __call__(
        self,
        ctx: Context,
        subject: S,
        data: D,
        *,
        expected_version: int | None = None,
        first: Callable[[], object] | None = None,
    ) -> R:
        """Do it. Raises :class:`Denied`, :class:`Missing`, :class:`Stale` or another :class:`Problem`.

        With ``ctx.idempotency_key`` a repeat of the same call returns the first result and changes nothing. ``first`` is called at
        the beginning of the transaction, and is undone with it: a count of tries costs no commit of its own.
        """
        try:
            result = self._once_more(ctx, subject, data, expected_version, first)
        except _Elsewhere:
            # Its name stays out of this municipality's trail, and the answer does not say that it exists.
            self._log_denied(ctx, subject, Missing().message, named=False)
            raise Missing from None
        except Denied as denied:
            self._log_denied(ctx, subject, denied.message, named=True)
            denied.logged = True
            raise
        crash.point("action.after-commit")
        return result

    def _once_more(
        self,
        ctx: Context,
        subject: S,
        data: D,
        expected_version: int | None,
        first: Callable[[], object] | None,
    ) -> R:
        """In one transaction; a second time when PostgreSQL picked this one to end a deadlock."""
        here = transaction.get_connection()
        outermost = not here.in_atomic_block
        if self.ahead and outermost and subject is None:
            try:
                return self._ahead(ctx, subject, data, expected_version, first)
            except statements.Meanwhile:
                pass  # with the lock from the beginning, then
        for last in (False, True):
            begun = ctx.begin()
            try:
                with transaction.atomic():
                    if first is not None:
                        first()
                    result = self._run(begun, subject, data, expected_version)
                    crash.point("action.before-commit")
            except OperationalError as error:
                if last or not outermost or getattr(error.__cause__, "sqlstate", "") not in _AGAIN:
                    raise
            else:
                return result
        raise AssertionError("the second time returns or raises")

    def _ahead(
        self,
        ctx: Context,
        subject: S,
        data: D,
        expected_version: int | None,
        first: Callable[[], object] | None,
    ) -> R:
        """Read and compute before the transaction, which only writes: SQLite has one at a time, in which all others wait.

        PostgreSQL gets what is written as one statement, which is a transaction by itself: no ways there and back to begin and end one.
        Raises :class:`statements.Meanwhile`, with nothing done, where the function or ``first`` writes anything but by
        :mod:`statements`, and where a row that is taken away has changed since it was read.
        """
        with statements.gathered() as gathered:
            if first is not None:
                first()
            result = self._run(ctx.begin(), subject, data, expected_version)
        if transaction.get_connection().vendor == "postgresql":
            crash.point("action.before-commit")
            gathered.carry_out()
            return result
        with statements.by_itself():
            gathered.carry_out()
            crash.point("action.before-commit")
        return result

    def _log_denied(self, ctx: Context, subject: S, reason: str, *, named: bool) -> None:
        """In a transaction of its own: the action's is gone."""
        target = subject if isinstance(subject, models.Model) else None
        kind = kind_of(type(target)) if target is not None else None
        ports.trail().denied(
            ctx,
            self.key,
            kind.key if kind else "",
            target.pk if target is not None else None,
            kind.title(target)[:200] if named and kind and target is not None else "",
            reason,
        )

    def _run(self, ctx: Context, subject: S, data: D, expected_version: int | None) -> R:
        forget()
        fingerprint = _fingerprint(subject, data) if ctx.idempotency_key else ""
        if ctx.idempotency_key:
            kept = ports.replay().find(ctx, self.key, fingerprint)
            if kept is not None:
                return cast("R", _recall(kept))
        if self.parent is not None:
            whole = _lock(ctx, self.parent(subject))
            ctx.note(part_of=f"{kind_of(type(whole)).key}/{whole.pk}")
        locked = cast("S", _lock(ctx, subject)) if isinstance(subject, models.Model) else subject
        self._ask(ctx, locked)
        if isinstance(locked, models.Model):
            version = getattr(locked, "version", None)
            if expected_version is not None and version != expected_version:
                raise Stale(version or 0, expected_version)
        before = snapshot(locked) if isinstance(locked, models.Model) else {}
        result = self.function(ctx, locked, data)
        if isinstance(locked, models.Model):
            _bump(locked)
            self._write(ctx, locked, data, before)
        elif isinstance(result, models.Model):
            self._write(ctx, result, data, before)
        else:
            raise TypeError(f"{self.key}: an action without a subject returns the record it made")
        if ctx.idempotency_key:
            ports.replay().keep(ctx, self.key, fingerprint, _remember(result))
        return result

    def _ask(self, ctx: Context, subject: S) -> None:
        target = subject if isinstance(subject, models.Model) else None
        verdict = self.permission.may(ctx, target)
        if not verdict.allowed:
            raise Denied(verdict.reason)

    def _write(self, ctx: Context, touched: models.Model, data: D, before: dict[str, JsonValue]) -> None:
        kind = kind_of(type(touched))
        after = snapshot(touched)
        changed = [key for key in after if before.get(key) != after[key]]
        assert ctx.work is not None  # begun above  # noqa: S101
        done = ports.Done(
            action=self.key,
            subject_kind=kind.key,
            subject_id=touched.pk,
            subject_label=kind.title(touched)[:200],
            before={key: before[key] for key in changed if key in before},
            after={key: after[key] for key in changed},
            notes={"data": _told(data), **ctx.work.notes},
            reason=ctx.work.reason,
        )
        with statements.together():
            # First: where such a row is gone, nothing else may be tried.
            for row in ctx.work.erased:
                statements.delete_row(row)
            for row in ctx.work.written:
                statements.insert_row(row)
            ports.trail().done(ctx, done)
            ports.outbox().events(ctx, ctx.work.events)

    def labels(self) -> dict[str, str]:
        """Field name → label, for messages."""
        return {key: spec.label for key, spec in specs_of(self.data).items()}

    def read_text(self, raw: dict[str, str]) -> D:
        """The data from a form or a command line. Raises :class:`Problems`."""
        try:
            return read_text(self.data, raw)
        except DataProblem as problem:
            raise Problems.of_data(self.labels(), problem) from problem

    def read_json(self, raw: dict[str, JsonValue]) -> D:
        """The data from a JSON object. Raises :class:`Problems`."""
        try:
            return read_json(self.data, raw)
        except DataProblem as problem:
            raise Problems.of_data(self.labels(), problem) from problem


@dataclasses.dataclass(frozen=True)
class NoData:
    """For actions that need nothing but their subject."""


def action(
    key: str,
    *,
    label: str,
    may: Permission[Any],
    data: type[D],  # Any: of the subject's model
    parent: Callable[[S], models.Model] | None = None,
    ahead: bool = False,
) -> Callable[[Callable[[Context, S, D], R]], Action[S, D, R]]:
    """Register a function as an action. ``key`` is ``room.verb`` and stands in stored rows for ever.

    ``parent`` names a row to lock before the subject: whoever changes a part and whoever changes the whole then lock in one
    order, the whole first, and nobody waits for the other in a circle.

    ``ahead``: what the function decides rests on one row, which it takes away by ``erase_last``, and on what may change a moment
    before or after without harm; it writes by ``write_last``. Then it need not run inside of the transaction (:meth:`Action._ahead`).
    """

    def wrap(function: Callable[[Context, S, D], R]) -> Action[S, D, R]:
        if key in ACTIONS:
            raise RuntimeError(f"action {key} is registered already")
        specs_of(data)  # fails at import when a field lacks its declaration
        made = Action(key, label, function, may, data, parent, ahead)
        ACTIONS[key] = made
        return made

    return wrap


def snapshot(obj: models.Model) -> dict[str, JsonValue]:
    """The object's columns as JSON. Columns that a machine reads (digests, whole documents) are left out."""
    found: dict[str, JsonValue] = {}
    for field in obj._meta.concrete_fields:
        spec = spec_of(field)
        value = getattr(obj, field.attname)
        if spec is None or field.primary_key or field.name == "version":
            continue
        if spec.kind is not None:
            found[field.name] = None if value is None else spec.kind.to_json(value)
        elif field.is_relation:
            found[field.name] = None if value is None else str(value)
    return found


def _lock(ctx: Context, subject: models.Model) -> models.Model:
    """The row as it stands now, locked until the transaction ends (SQLite's IMMEDIATE transaction holds the whole file)."""
    fresh = type(subject)._base_manager.select_for_update().filter(pk=subject.pk).first()
    if fresh is None:
        raise Missing
    if getattr(fresh, "municipality_id", None) not in (None, ctx.municipality.id):
        raise _Elsewhere
    return fresh


def _bump(touched: models.Model) -> None:
    if hasattr(touched, "version"):
        touched.version += 1
        touched.save(update_fields=["version"])


def _fingerprint(subject: object, data: object) -> str:
    """What a repeat must have in common with the first call; another body under the same key is refused."""
    target = str(subject.pk) if isinstance(subject, models.Model) else ""
    body = json.dumps([target, as_json(data)], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def _told(data: object) -> dict[str, JsonValue]:
    """The data as the trail keeps it: whole documents by their digest, everything else as it was given."""
    specs = specs_of(type(data))
    return {
        key: value
        if specs[key].kind is not None or value is None
        else {
            "sha256": hashlib.sha256(
                json.dumps(value, ensure_ascii=True, sort_keys=True).encode()
            ).hexdigest()
        }
        for key, value in as_json(data).items()
    }


def _remember(result: object) -> dict[str, JsonValue]:
    if result is None:
        return {}
    if isinstance(result, models.Model):
        return {"kind": kind_of(type(result)).key, "id": str(result.pk)}
    raise TypeError("an action returns a record or None")


def _recall(kept: dict[str, JsonValue]) -> Any:  # Any: the type of the first result
    if not kept:
        return None
    found = SUBJECTS[str(kept["kind"])].model._base_manager.filter(pk=cast("str", kept["id"])).first()
    if found is None:
        raise Missing
    return found
