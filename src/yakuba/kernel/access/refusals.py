"""A refused action on the page whose form asked for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from yakuba.kernel.actions import Denied, Missing, Problem, Problems
from yakuba.kernel.ui.components import FieldError


def several(problem: Problem) -> Sequence[Problem]:
    """What was refused, one by one; what is no matter of a form is raised again.

    A :class:`Denied` with words of its own (支援措置, a decision route) stands on the page; one without refuses the page.
    """
    if isinstance(problem, Missing) or type(problem) is Denied:
        raise problem
    return problem.problems if isinstance(problem, Problems) else (problem,)


def errors_of(problem: Problem | None, known: Collection[str] | None = None) -> list[FieldError]:
    """A refusal as the errors of a form; what is of no field of it (``known``) is of the form as a whole."""
    if problem is None:
        return []
    return [
        FieldError(one.field if known is None or one.field in known else "", one.message)
        for one in several(problem)
    ]
