"""The log: one line for one thing, and nothing in it that a visitor could write."""

from __future__ import annotations

import logging
import unicodedata
from types import TracebackType

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
        return "\n".join(f"  | {escaped(line)}" for line in super().formatException(ei).split("\n"))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 – logging's own name
        return "\n".join(f"  | {escaped(line)}" for line in super().formatStack(stack_info).split("\n"))


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
