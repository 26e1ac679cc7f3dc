"""The log: one line for one thing, and nothing in it that a visitor could write."""

from __future__ import annotations

import logging
import traceback
import unicodedata
from types import TracebackType

import django.db

# Control and format characters (newline, ESC, direction marks), line separators, half characters: what forges or breaks a line.
_HIDDEN = {"Cc", "Cf", "Zl", "Zp", "Cs"}
_ExcInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)  # logging's own


def escaped(text: str) -> str:
    """The text on one line, every hidden character written out."""
    return "".join(
        one.encode("unicode_escape").decode("ascii") if unicodedata.category(one) in _HIDDEN else one
        for one in text
    )


class OneLine(logging.Formatter):
    """Messages stay on their line; the lines of a traceback begin with a bar, so that none looks like a message."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 – logging's own name
        return escaped(super().formatMessage(record))

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 – logging's own name
        text = super().formatException(ei) if ei[1] is None else told(ei[1])
        return "\n".join(f"  | {escaped(line)}" for line in text.split("\n"))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 – logging's own name
        return "\n".join(f"  | {escaped(line)}" for line in super().formatStack(stack_info).split("\n"))


def told(error: BaseException) -> str:
    """An exception with its causes and where each was raised; of a database's complaint the kind and the names in it alone.

    PostgreSQL says the values that it complains about: «Key (mail_key)=(…) already exists», «JSON data, line 1: {…».
    """
    found = traceback.TracebackException.from_exception(error, compact=True)
    _hush(found, error)
    return "".join(found.format()).rstrip("\n")


def _hush(found: traceback.TracebackException | None, error: BaseException | None) -> None:
    if found is None or error is None:
        return
    # Django's exception has the driver's for its cause, and the same words. SQLite's have no state and name columns, never values.
    source = error.__cause__ if isinstance(error, django.db.Error) else error
    state = getattr(source, "sqlstate", None)
    if state is not None:
        diag = getattr(source, "diag", None)
        names = (getattr(diag, name, None) for name in ("table_name", "column_name", "constraint_name"))
        # The one place where the text of a formatted exception stands.
        found._str = " ".join([str(state), *(str(one) for one in names if one)])  # type: ignore[attr-defined]  # noqa: SLF001
    _hush(found.__cause__, error.__cause__)
    _hush(found.__context__, error.__context__)


def short_refusals(record: logging.LogRecord) -> bool:
    """A handler's filter: what Django refused (a foreign host name, too large a form) is one line without what was sent.

    The logger's name says what it was: ``django.security.DisallowedHost`` often means that YAKUBA_HOSTS lacks a name.
    """
    if record.name.startswith("django.security"):
        record.msg, record.args = "request refused", ()
        record.exc_info = record.exc_text = record.stack_info = None
    return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"short_refusals": {"()": lambda: short_refusals}},
    "formatters": {"line": {"()": OneLine, "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["short_refusals"]}
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},  # not twice, and never by mail
        # Anybody can make answers of 400 to 404; only our own failures are news.
        "django.request": {"level": "ERROR"},
        # Failures of sign-in stand in the trail and in axes' tables, typed names included.
        "axes": {"level": "ERROR"},
    },
}
