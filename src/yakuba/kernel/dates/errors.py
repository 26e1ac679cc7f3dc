"""What is said when a text is not a date or not a fiscal year."""

from typing import ClassVar

_SHOWN = 40  # characters of the found text that a message repeats


class DateError(ValueError):
    """A text or number that cannot be read as a date. ``found`` is what was given, ``expected`` what would be right.

    ``str()`` is a whole Japanese sentence. The constructor's arguments are ``args``, so it survives pickling between processes.
    """

    what: ClassVar[str] = "日付"
    expected: ClassVar[str] = "令和6年4月1日、R6.4.1、2024-04-01 のような日付"

    def __init__(self, found: str, reason: str = "") -> None:
        super().__init__(found, reason)
        self.found = found
        self.reason = reason

    def __str__(self) -> str:
        shown = self.found if len(self.found) <= _SHOWN else self.found[:_SHOWN] + "…"
        head = f"「{shown}」を{self.what}として読めません。"
        return f"{head}{self.reason}" if self.reason else f"{head}{self.expected}で書いてください。"


class InvalidDateError(DateError):
    """The text is not a date that the calendar has."""


class InvalidFiscalYearError(DateError):
    """The text or number is not a fiscal year."""

    what = "年度"
    expected = "令和6年度、R6、2024 のような年度"
