"""What passes between a sandbox and us: JSON, with dates, times and decimals marked; and what a parser may say of itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar

Wire = (
    None
    | bool
    | int
    | float
    | str
    | Decimal
    | dt.datetime
    | dt.date
    | dt.time
    | Sequence["Wire"]
    | Mapping[str, "Wire"]
)

F = TypeVar("F", bound=Callable[..., Wire])
BARE: Final[set[Callable[..., Wire]]] = set()


def bare(function: F) -> F:
    """Marks a parser whose module imports no model and no action: its child starts in a quarter of the time.

    A :class:`Fault` is how it says what is wrong.
    """
    BARE.add(function)
    return function


class Fault(Exception):
    """What a parser has to say to a person; in the process that asked it is a :class:`~yakuba.kernel.actions.Problem`."""

    def __init__(
        self, code: str, message: str, *, field: str = "", found: str = "", expected: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.found = found
        self.expected = expected


_READ: dict[str, Any] = {  # Any: one reader per type
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "decimal": Decimal,
}


def pack(value: Wire) -> Any:  # Any: what json writes
    """As plain JSON. TypeError for a value of another type."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dt.datetime):
        return {"$": "datetime", "v": value.isoformat()}
    if isinstance(value, dt.date):
        return {"$": "date", "v": value.isoformat()}
    if isinstance(value, dt.time):
        return {"$": "time", "v": value.isoformat()}
    if isinstance(value, Decimal):
        return {"$": "decimal", "v": str(value)}
    if isinstance(value, Mapping):
        return {"$": "map", "v": [[str(key), pack(one)] for key, one in value.items()]}
    if isinstance(value, list | tuple):
        return [pack(one) for one in value]
    raise TypeError(f"{type(value).__name__} does not pass the sandbox")


def unpack(data: Any) -> Wire:  # Any: what json reads
    """The value behind :func:`pack`; sequences come back as lists. ValueError, TypeError or KeyError for anything else."""
    if isinstance(data, list):
        return [unpack(one) for one in data]
    if isinstance(data, dict):
        if data["$"] == "map":
            return {str(key): unpack(one) for key, one in data["v"]}
        found: Wire = _READ[data["$"]](data["v"])
        return found
    if data is None or isinstance(data, bool | int | float | str):
        return data
    raise TypeError(type(data).__name__)
