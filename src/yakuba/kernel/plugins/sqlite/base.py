"""The database engine: as Django's own, but that a transaction waits in a queue for its turn to write."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DatabaseError, OperationalError
from django.db.backends.sqlite3 import base

from yakuba.kernel.plugins.sqlite import queue

_Base: Any = base.DatabaseWrapper  # Any: the stubs leave out what is extended here
_BaseCursor: Any = base.SQLiteCursorWrapper  # Any: as above


@functools.lru_cache(maxsize=1000)
def _converted(text: str) -> str:
    return str(base.FORMAT_QMARK_REGEX.sub("?", text).replace("%%", "%"))


class _Cursor(_BaseCursor):  # type: ignore[misc]  # of a type that the stubs leave out
    def convert_query(self, query: str, *, param_names: Any = None) -> Any:  # Any: as Django has it
        return (
            _converted(query)
            if param_names is None
            else super().convert_query(query, param_names=param_names)
        )


class DatabaseWrapper(_Base):  # type: ignore[misc]  # of a type that the stubs leave out
    """A connection. Transactions begin with IMMEDIATE, so each is a writer from its beginning; what only reads begins none."""

    _turn: queue.Queue | None = None

    @contextmanager
    def by_itself(self) -> Iterator[None]:
        """A transaction in no other and with none inside, in which nothing waits for the commit: ``atomic()`` without its bookkeeping."""
        if self.in_atomic_block:
            raise RuntimeError("this transaction stands by itself")
        self.ensure_connection()
        with self.wrap_database_errors:
            self._start_transaction_under_autocommit()
        try:
            yield
            self._commit()
        except BaseException:
            try:
                self._rollback()
            except DatabaseError:
                self.close()  # as atomic() does: what is half done goes with the connection
            raise

    def _start_transaction_under_autocommit(self) -> None:
        self._enter()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> Any:  # Any: as Django has it
        done = super()._commit()
        self._leave()  # where it failed, the rollback follows
        return done

    def _rollback(self) -> Any:  # Any: as above
        try:
            return super()._rollback()
        finally:
            self._leave()

    def _close(self) -> Any:  # Any: as above
        try:
            return super()._close()
        finally:
            self._leave()

    def create_cursor(self, name: Any = None) -> Any:  # Any: as above
        """A cursor that turns Django's marks for parameters into SQLite's once for each text, not at each execution."""
        return self.connection.cursor(factory=_Cursor)

    def _enter(self) -> None:
        if self.is_in_memory_db():
            return
        settings = self.settings_dict
        name = settings["NAME"]
        mine = queue.of(name if isinstance(name, Path) else Path(name))
        if not mine.enter(float(settings["OPTIONS"].get("timeout", 5.0))):
            raise OperationalError("database is locked")
        self._turn = mine

    def _leave(self) -> None:
        mine, self._turn = self._turn, None
        if mine is not None:
            mine.leave()
