"""Expected failures. They map in one place each to a form error, problem+json, an exit code and a sheet cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from yakuba.kernel.fields import DataProblem, Invalid, JsonValue


class Problem(Exception):
    """What a person did that cannot be done: which field, what was found, what is expected. Messages are Japanese."""

    status = 422

    def __init__(
        self, code: str, message: str, *, field: str = "", found: str = "", expected: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.found = found
        self.expected = expected

    @classmethod
    def of(cls, field: str, label: str, invalid: Invalid) -> Problem:
        """A kind's refusal, told about a labelled field."""
        if invalid.code == "required":
            message = _("「%(label)s」が空です。入力してください。") % {"label": label}
        else:
            message = _("「%(label)s」に「%(found)s」は使えません。%(expected)s にしてください。") % {
                "label": label,
                "found": invalid.found,
                "expected": invalid.expected,
            }
        return Problem(invalid.code, message, field=field, found=invalid.found, expected=invalid.expected)

    def as_json(self) -> dict[str, JsonValue]:
        """As problem+json (RFC 9457)."""
        return {
            "type": f"urn:yakuba:problem:{self.code}",
            "title": self.message,
            "status": self.status,
            "field": self.field,
            "found": self.found,
            "expected": self.expected,
        }


class Problems(Problem):
    """Several problems of one input."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("invalid", "\n".join(p.message for p in self.problems))

    @classmethod
    def of_data(cls, labels: Mapping[str, str], problem: DataProblem) -> Problems:
        """From a refused dataclass; ``labels`` name its fields for a person."""
        return cls(
            Problem.of(key, labels.get(key, key), invalid) for key, invalid in problem.problems.items()
        )

    def as_json(self) -> dict[str, JsonValue]:
        return {**super().as_json(), "errors": [p.as_json() for p in self.problems]}


class Denied(Problem):
    """The actor may see the subject but not do this. ``logged``: an entry of the trail says so already."""

    status = 403
    logged = False

    def __init__(self, message: str = "") -> None:
        super().__init__("denied", message or _("この操作をする権限がありません。"))


class Missing(Problem):
    """There is no such thing, or the actor may not know that there is."""

    status = 404

    def __init__(self, message: str = "") -> None:
        super().__init__("missing", message or _("見つかりません。"))


class Stale(Problem):
    """Somebody else changed the subject after the actor read it."""

    status = 409

    def __init__(self, found: int, expected: int) -> None:
        super().__init__(
            "stale",
            _("ほかの人が先に変更しました。今の内容を確かめてから、もう一度保存してください。"),
            found=str(found),
            expected=str(expected),
        )
