"""What stands on a form's page of a refused action, and what is a refusal of the page."""

from __future__ import annotations

import pytest

from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Denied, Missing, Problem, Problems
from yakuba.kernel.ui.components import FieldError


class Stopped(Denied):
    """A denial with words of its own."""


@pytest.mark.parametrize("refusal", [Missing(), Denied()])
def test_what_is_no_matter_of_a_form_is_raised_again(refusal: Problem) -> None:
    with pytest.raises(type(refusal)):
        errors_of(refusal)


def test_a_denial_with_words_of_its_own_stands_on_the_page() -> None:
    assert [one.message for one in errors_of(Stopped("いまは止まっています。"))] == ["いまは止まっています。"]


def test_each_of_several_stands_at_its_field_or_on_top() -> None:
    both = Problems([Problem("a", "ひとつ", field="title"), Problem("b", "ふたつ", field="elsewhere")])
    assert errors_of(both) == [FieldError("title", "ひとつ"), FieldError("elsewhere", "ふたつ")]
    assert errors_of(both, ["title"]) == [FieldError("title", "ひとつ"), FieldError("", "ふたつ")]
    assert errors_of(None) == []
