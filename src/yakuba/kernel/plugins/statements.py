"""Statements that are put together once and executed often.

Django builds the text of a statement anew each time, and PostgreSQL plans it anew, which takes longer than most of ours take to
execute. On the few paths where somebody waits beside many others (an application that is sent) a row is written, read or taken
away by a text that stands ready; PostgreSQL keeps its plan for the connection. What the statements do is what
``save(force_insert=True)``, a queryset and ``delete()`` would do; the room's permissions stand before them as before those.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import operator
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final, Generic, TypeVar, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, DatabaseError, DataError, connection, connections, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)
Value = UUID | dt.datetime | str | int


def insert_row(row: models.Model) -> None:
    """Write a new row: ``save(force_insert=True)`` of a model without parents, and without signals."""
    insert_rows([row])


def insert_rows(rows: Sequence[models.Model], *, unless: tuple[str, ...] = ()) -> None:
    """Write new rows of one model in one statement; a few, for databases bound the number of values.

    ``unless`` names the fields of a unique constraint: a row whose values stand there already is left out. Everything else that the
    database refuses is refused.
    """
    if not rows:
        return
    wrapper = _wrapper()
    model = type(rows[0])
    insert_values(model, [row.__dict__ for row in rows], unless=unless)
    for row in rows:
        # As Model.save() leaves it.
        row._state.adding, row._state.db = False, wrapper.alias  # noqa: SLF001


def insert_values(
    model: type[models.Model], rows: Sequence[Mapping[str, object]], *, unless: tuple[str, ...] = ()
) -> None:
    """As :func:`insert_rows`, of rows that nobody needs as objects: by the names of their attributes, what is left out by default."""
    if not rows:
        return
    wrapper = _wrapper()
    _write(wrapper, _insert_text(wrapper.vendor, model, len(rows), unless), _values_of(wrapper, model, rows))


Values = list[Any]  # Any: as the database's driver takes them


def values_of(model: type[models.Model], rows: Sequence[Mapping[str, object]]) -> Values:
    """What new rows, by the names of their attributes, have in their columns: row after row, as parameters of a statement."""
    return _values_of(_wrapper(), model, rows)


def _values_of(
    wrapper: Any,  # Any: as in _wrapper
    model: type[models.Model],
    rows: Sequence[Mapping[str, object]],
) -> Values:
    found: Values = []
    columns = _columns(model, wrapper.vendor)
    for row in rows:
        for field, name, sort, prepare in columns:
            value = row[name] if name in row else field.get_default()
            # The sorts that most columns are of go the short way; all else asks its field.
            if type(value) is sort:
                found.append(prepare(value) if prepare else value)
            elif value is None and sort is not None:
                found.append(None)
            else:
                found.append(field.get_db_prep_save(value, wrapper))
    return found


_Column = tuple[Any, str, type | None, Callable[[Any], Any] | None]  # Any: fields and values of any sort


@functools.cache
def _columns(model: type[models.Model], vendor: str) -> list[_Column]:
    """Of each column: field, attribute, the type of value that goes the short way, and what that needs (None: nothing)."""
    native = connections[DEFAULT_DB_ALIAS].features.has_native_uuid_field
    prepare: dict[type | None, Callable[[Any], Any]] = {dt.datetime: _moment}  # Any: as above
    if not native:
        prepare[UUID] = _HEX
    return [
        (field, field.attname, sort := _sort(field), prepare.get(sort))
        for field in model._meta.concrete_fields
    ]


_HEX: Final = operator.attrgetter("hex")


@functools.lru_cache(maxsize=100)
def _moment(value: dt.datetime) -> object:
    """One transaction has one moment, in many columns."""
    if value.tzinfo is None:
        raise ValueError("a moment without its zone")
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(value)


def _sort(field: Any) -> type | None:  # Any: fields of any sort
    """The type of value that goes into a column with nothing to be checked; None for columns that prepare by themselves."""
    plain = field.target_field if field.is_relation else field
    for column, sort in (
        (models.UUIDField, UUID),
        (models.DateTimeField, dt.datetime),
        (models.CharField, str),
        (models.TextField, str),
        (models.BooleanField, bool),
        (models.BigIntegerField, int),
    ):
        if isinstance(plain, column):
            return sort
    return None


@functools.cache
def _insert_text(_vendor: str, model: type[models.Model], count: int, unless: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    columns = model._meta.concrete_fields
    names = ", ".join(quote(field.column) for field in columns)
    one = f"({', '.join(['%s'] * len(columns))})"
    # Names of our own tables and columns; values are parameters.
    text = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {', '.join([one] * count)}"  # noqa: S608
    if unless:
        unique = ", ".join(quote(field.column) for field in columns if field.name in unless)
        text += f" ON CONFLICT ({unique}) DO NOTHING"
    return text


def delete_row(row: models.Model) -> None:
    """Take away a row of one municipality, as it was read: :class:`Meanwhile` where somebody has changed it since.

    What points to it is refused by the database (the models protect, none cascades).
    """
    wrapper = _wrapper()
    key = row._meta.pk
    assert key is not None  # noqa: S101 – every model has one
    values = [key.get_db_prep_value(row.pk, wrapper), row.__dict__["version"]]
    _write(wrapper, _delete_text(wrapper.vendor, type(row)), values, must=1)


@functools.cache
def _delete_text(_vendor: str, model: type[models.Model]) -> str:
    quote = connection.ops.quote_name
    key = model._meta.pk
    assert key is not None  # noqa: S101 – every model has one
    # Names of our own.
    return f"DELETE FROM {quote(model._meta.db_table)} WHERE {quote(key.column)} = %s AND {quote('version')} = %s"  # noqa: S608


# --- several writes in one statement -----------------------------------------------------------------------------------

_Pending = list[tuple[str, Values, int | None]]
_held = threading.local()


class Meanwhile(Exception):
    """Something was written while only reading was allowed, or what was read has changed since."""


class Gathered:
    """Writes that wait to be carried out."""

    def __init__(self) -> None:
        self.pending: _Pending = []

    def carry_out(self) -> None:
        """Write it, all or nothing: PostgreSQL in one statement, SQLite in the caller's transaction.

        Raises :class:`Meanwhile`, on SQLite for the caller to roll back, where a row is gone or another than was read, and where
        PostgreSQL refuses a value or ends a deadlock: whoever then does it again, with the lock, is told why.
        """
        try:
            _carry_out(_wrapper(), self.pending)
        except DatabaseError as error:
            if _state(error)[:2] in _REFUSED:
                raise Meanwhile from error
            raise


def by_itself() -> AbstractContextManager[None]:
    """SQLite's transaction for :meth:`Gathered.carry_out`, outside of any other and with nothing that waits for its commit."""
    made: AbstractContextManager[None] = _wrapper().by_itself()
    return made


# PostgreSQL's classes of errors after which nothing was written: data, integrity, rolled back.
_REFUSED: Final = frozenset({"22", "23", "40"})


@contextmanager
def gathered() -> Iterator[Gathered]:
    """Keep what is written here by this module for later, and refuse every other write: :class:`Meanwhile`.

    What takes long is done before there is a transaction: SQLite has one at a time, and for PostgreSQL each of its ends is a way there
    and back.
    """
    kept = Gathered()
    _held.pending = kept.pending
    try:
        with _wrapper().execute_wrapper(_only_reading):
            yield kept
    finally:
        _held.pending = None


def waiting() -> bool:
    """Whether what is written now waits for a transaction that will carry it out."""
    return getattr(_held, "pending", None) is not None


def _only_reading(
    execute: Callable[..., object], text: str, values: object, many: bool, context: object
) -> object:
    if not text.startswith("SELECT"):
        raise Meanwhile
    return execute(text, values, many, context)


@contextmanager
def together() -> Iterator[None]:
    """Send what is written in here to PostgreSQL as one statement, at the end: one way there and back instead of several.

    The parts see nothing of one another, so whoever writes in here reads nothing of it. An error leaves all of it unwritten.
    SQLite, to which no way leads, writes at once.
    """
    wrapper = _wrapper()
    if wrapper.vendor != "postgresql" or waiting():
        yield
        return
    pending: _Pending = []
    _held.pending = pending
    try:
        yield
    finally:
        _held.pending = None
    _carry_out(wrapper, pending)


def write_now_or_never(text: str, values: Values, rows: int) -> None:
    """While :func:`gathered` waits: a statement that has to touch so many rows, or nothing of all that waits is written.

    RuntimeError where nothing waits. ``text`` is always the same, and its values are parameters.
    """
    if not waiting():
        raise RuntimeError("only with others that wait")
    _write(_wrapper(), text, values, must=rows)


def _write(wrapper: Any, text: str, values: Values, *, must: int | None = None) -> None:  # Any: as above
    pending: _Pending | None = getattr(_held, "pending", None)
    if pending is not None:
        pending.append((text, values, must))
    else:
        _carry_out(wrapper, [(text, values, must)])


def _carry_out(wrapper: Any, pending: _Pending) -> None:  # Any: as in _wrapper
    """Write it. Raises :class:`Meanwhile` where a part touches another number of rows than it has to."""
    if not pending:
        return
    with _cursor(wrapper) as cursor:
        if wrapper.vendor != "postgresql":
            for text, values, must in pending:
                cursor.execute(text, values)
                if must is not None and cursor.rowcount != must:
                    raise Meanwhile
            return
        try:
            cursor.execute(
                _as_one(tuple((text, must) for text, _values, must in pending)),
                [value for _text, values, _must in pending for value in values],
            )
        except DataError as error:
            if _state(error) == "22012":  # the division by zero
                raise Meanwhile from error
            raise


def _state(error: DatabaseError) -> str:
    """PostgreSQL's code of an error; empty where it has none."""
    return getattr(error.__cause__, "sqlstate", None) or ""


@functools.cache
def _as_one(parts: tuple[tuple[str, int | None], ...]) -> str:
    """Data-modifying WITH: PostgreSQL carries out every part to its end, whether anything reads it or not.

    It ends in an error, a division by zero, unless each part touched as many rows as it has to. PostgreSQL looks at those parts first,
    in their order, and carries out the others afterwards.
    """
    texts = [text if must is None else f"{text} RETURNING 1" for text, must in parts]
    enough = [
        f"(SELECT count(*) FROM part_{number}) = {must}"  # noqa: S608 – numbers of our own
        for number, (_text, must) in enumerate(parts)
        if must is not None
    ]
    if enough:
        texts.append(f"SELECT 1 / (CASE WHEN {' AND '.join(enough)} THEN 1 ELSE 0 END)")
    *others, last = texts
    if not others:
        return last
    named = ", ".join(f"part_{number} AS ({text})" for number, text in enumerate(others))
    return f"WITH {named} {last}"


Rows = list[tuple[Any, ...]]  # Any: values as the database's driver has them


def rows_of(text: str, parameters: Sequence[object]) -> Rows:
    """Execute a text that is always the same, and return the rows that it gives back.

    Values are parameters as fields prepare them for the database, never part of the text.
    """
    with _cursor(_wrapper()) as cursor:
        cursor.execute(text, parameters)
        return cast("Rows", cursor.fetchall())


@dataclass(frozen=True)
class _Ready:
    """The text of a query for this thread's connection, which of its parameters are to be filled in, and how rows become objects."""

    text: str
    fixed: Sequence[Any]  # Any: parameters as the database's driver takes them
    places: Sequence[tuple[int, str]]
    rows: Callable[[Any], Any]  # Any: rows of the driver, objects of the model


class Prepared(Generic[M]):
    """A query with blanks. ``build`` makes the queryset from values; ``blanks`` names them with their types.

    A blank may stand only where the queryset compares with it: what is chosen by a value in Python would be chosen once for ever.
    """

    def __init__(
        self, build: Callable[[Mapping[str, Any]], models.QuerySet[M]], **blanks: type[Value]
    ) -> None:
        self._build = build
        self._blanks = blanks
        self._ready = threading.local()

    def all(self, **values: Value) -> list[M]:
        """The rows, with the blanks filled in."""
        wrapper = _wrapper()
        ready = self._of_this_thread(wrapper)
        given = {name: _given(value, wrapper) for name, value in values.items()}
        parameters = list(ready.fixed)
        for place, name in ready.places:
            parameters[place] = given[name]
        with _cursor(wrapper) as cursor:
            cursor.execute(ready.text, parameters)
            found = cursor.fetchall()
        return cast("list[M]", ready.rows(found)) if found else []

    def first(self, **values: Value) -> M | None:
        """The first row, None where there is none."""
        return next(iter(self.all(**values)), None)

    def _of_this_thread(self, wrapper: Any) -> _Ready:  # Any: as in _wrapper
        # What Django prepared belongs to one connection, and each thread has its own.
        held: tuple[object, _Ready] | None = getattr(self._ready, "held", None)
        if held is None or held[0] is not wrapper:
            held = (wrapper, self._prepare(wrapper))
            self._ready.held = held
        return held[1]

    def _prepare(self, wrapper: Any) -> _Ready:  # Any: as in _wrapper
        samples = {name: _sample(kind, number) for number, (name, kind) in enumerate(self._blanks.items())}
        compiler = self._build(samples).query.get_compiler(connection=wrapper)
        text, parameters = compiler.as_sql()
        marks = {_given(value, wrapper): name for name, value in samples.items()}
        places = [(at, marks[value]) for at, value in enumerate(parameters) if _hashable(value) in marks]
        if missing := set(samples) - {name for _at, name in places}:
            raise LookupError(f"the query does not ask for {', '.join(sorted(missing))}")
        return _Ready(text, list(parameters), places, _maker(compiler, wrapper))


def _maker(compiler: Any, wrapper: Any) -> Callable[[Any], Any]:  # Any: Django names no type of its compiler
    """What makes objects of rows, as Django's own iteration over a queryset does."""
    select, info = compiler.select, compiler.klass_info
    converters = compiler.get_converters([one[0] for one in select[: compiler.col_count]])
    steps = [(place, convert, column) for place, (each, column) in converters.items() for convert in each]
    build = _builder(info, select, wrapper.alias)
    annotated = list(compiler.annotation_col_map.items())

    def make(rows: Any) -> Any:  # Any: as above
        found = []
        for read in rows:
            row = list(read)
            for place, convert, column in steps:
                row[place] = convert(row[place], column, wrapper)
            one = build(row)
            vars(one).update((name, row[place]) for name, place in annotated)
            found.append(one)
        return found

    return make


def _builder(info: Any, select: Any, alias: str) -> Callable[[Any], Any]:  # Any: as in _maker
    """What makes one object of a row with what was read beside it: ``from_db()`` of models without signals."""
    model, places = info["model"], info["select_fields"]
    names = [select[place][0].target.attname for place in places]
    start, end, key = places[0], places[-1] + 1, places[0] + names.index(model._meta.pk.attname)
    others = [
        (_builder(one, select, alias), one["local_setter"], one["remote_setter"])
        for one in info.get("related_klass_infos", ())
    ]

    def build(row: Any) -> Any:  # Any: as in _maker
        if row[key] is None:
            return None
        one = model.__new__(model)
        vars(one).update(zip(names, row[start:end], strict=True))
        one._state = state = ModelState()  # noqa: SLF001 – as Model.__init__ does
        state.adding, state.db = False, alias
        for other, here, there in others:
            beside = other(row)
            here(one, beside)
            if beside is not None:
                there(beside, one)
        return one

    return build


def _wrapper() -> Any:  # Any: Django names no type of a connection that all databases share
    """The connection of this thread itself; ``django.db.connection`` looks it up at every touch."""
    return connections[DEFAULT_DB_ALIAS]


def _cursor(wrapper: Any) -> Any:  # Any: as in _wrapper
    """A cursor whose statements PostgreSQL keeps prepared; Django's own elsewhere. Django's counting and logging stay."""
    if wrapper.vendor != "postgresql":
        return wrapper.cursor()
    wrapper.close_if_health_check_failed()
    wrapper.ensure_connection()
    if wrapper.connection.prepare_threshold is None:
        # As Django sets it psycopg prepares nothing, whoever asks. A threshold that is never reached leaves all others' alone.
        wrapper.connection.prepare_threshold = sys.maxsize
    with wrapper.wrap_database_errors:
        return wrapper._prepare_cursor(_preparing()(wrapper.connection))  # noqa: SLF001 – what wrapper.cursor() does


@functools.cache
def _preparing() -> type[Any]:  # Any: the class is Django's, which exists where psycopg does
    from django.db.backends.postgresql import base
    from psycopg import RawCursor

    bound: Any = base  # Any: the stubs leave CursorMixin out
    raw: Any = RawCursor  # Any: its rows are of the driver

    class Preparing(bound.CursorMixin, raw):  # type: ignore[misc]  # of types that are not told
        """Prepares at the first execution. psycopg need not look for the places of a long text's parameters each time."""

        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:  # Any: as psycopg has it
            done = super().execute(text := _numbered(query), params, **{**more, "prepare": True})
            # Where Django's log of statements looks for the text.
            self._query = SimpleNamespace(query=text.encode())
            return done

    return Preparing


@functools.cache
def _numbered(text: str) -> str:
    """The text with PostgreSQL's own marks for parameters ($1, $2 …)."""
    numbers = itertools.count(1)
    return _MARK.sub(lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", text)


_MARK: Final = re.compile("%[s%]")


def _sample(kind: type[Value], number: int) -> Value:
    """A value of its own for each blank, to find its place by."""
    if kind is UUID:
        return UUID(int=0xB1A4C << 64 | number)
    if kind is dt.datetime:
        return dt.datetime(1900, 1, 1, 0, 0, number, tzinfo=dt.UTC)
    if kind is str:
        return f"blank {number} \N{REPLACEMENT CHARACTER}"
    return -987_654_300 - number


def _given(value: Value, wrapper: Any) -> Any:  # Any: as in _wrapper; as the database's driver takes it
    if isinstance(value, UUID):
        return value if wrapper.features.has_native_uuid_field else value.hex
    if isinstance(value, dt.datetime):
        return wrapper.ops.adapt_datetimefield_value(value)
    return value


def _hashable(value: Any) -> Any:  # Any: a parameter; documents and lists are none of ours
    return value if isinstance(value, str | int | UUID | dt.datetime) else None
