"""Problems map to one answer each."""

from __future__ import annotations

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from yakuba.kernel.access.middleware import ProblemMiddleware
from yakuba.kernel.actions import Denied, Missing, Problem, Problems, Stale
from yakuba.kernel.fields import DataProblem, Invalid


@pytest.mark.parametrize(
    ("problem", "status", "code"),
    [
        (Problem("broken", "壊れています。"), 422, "broken"),
        (Problems([Problem("a", "一"), Problem("b", "二")]), 422, "invalid"),
        (Denied(), 403, "denied"),
        (Missing(), 404, "missing"),
        (Stale(3, 2), 409, "stale"),
    ],
)
def test_over_the_api(problem: Problem, status: int, code: str) -> None:
    middleware = ProblemMiddleware(lambda _request: HttpResponse())
    response = middleware.process_exception(RequestFactory().get("/api/v1/990019/plans/"), problem)
    assert response is not None
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert (body["type"], body["status"]) == (f"urn:yakuba:problem:{code}", status)
    assert body["title"]


def test_other_exceptions_are_not_ours() -> None:
    middleware = ProblemMiddleware(lambda _request: HttpResponse())
    assert middleware.process_exception(RequestFactory().get("/"), ValueError()) is None


def test_a_kinds_refusal_says_which_field_what_was_found_and_what_is_expected() -> None:
    problem = Problem.of("count", "件数", Invalid("integer", "多数", "整数（例：12）"))
    assert problem.message == "「件数」に「多数」は使えません。整数（例：12） にしてください。"
    assert (problem.field, problem.found, problem.expected) == ("count", "多数", "整数（例：12）")


def test_many_problems_keep_each_of_them() -> None:
    found = Problems.of_data(
        {"a": "甲"}, DataProblem({"a": Invalid("required", "", ""), "b": Invalid("x", "1", "2")})
    )
    assert [one.field for one in found.problems] == ["a", "b"]
    assert found.message.count("\n") == 1
    errors = found.as_json()["errors"]
    assert isinstance(errors, list)
    assert [one["field"] for one in errors] == ["a", "b"]  # type: ignore[index,call-overload]  # JSON objects
