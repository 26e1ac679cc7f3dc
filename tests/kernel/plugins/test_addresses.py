"""Addresses by their first words: what answers is what would have answered, one pattern tried after the other."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver, include, path, re_path
from django.urls.resolvers import RoutePattern

from yakuba.kernel.plugins.addresses import by_words


def view(_request: HttpRequest, **_kwargs: object) -> HttpResponse:
    return HttpResponse()


PATTERNS: list[URLPattern | URLResolver] = [
    path(route, view, name=f"{number}-{route}")
    for number, route in enumerate(
        [
            "",
            "style",
            "plan/",
            "plan/<slug:theme>/",
            "<slug:code>/",
            "<slug:code>/plan/",
            "<slug:code>/plan.<slug:form>",
            "<slug:code>/plan/<int:year>/",
            "<slug:code>/<slug:word>/",
            "api/v1/<slug:code>/things",
            "<path:rest>/end",
            "<slug:code>/late/x/y/",
        ]
    )
] + [
    path("<slug:code>/rooms/", include([path("", view, name="rooms"), path("<int:n>/", view, name="room")])),
    path("open", include([path("-end", view, name="open-end")])),
    re_path("^old/(?P<rest>.*)$", view, name="old"),
]
ASKED = [
    *("", "style", "style/", "plan", "plan/", "plan/x/", "x/", "x/plan/", "x/plan.csv", "x/plan/2026/"),
    *("plan/plan/", "x/other/", "api/v1/", "api/v1/x/things", "a/b/c/end", "x/late/x/y/", "x/late/"),
    *("x/rooms/", "x/rooms/3/", "x/rooms/three/", "open-end", "open", "old/a/b", "x//", "//", "x/rooms"),
]


def found(resolver: URLResolver, asked: str) -> tuple[str | None, object] | None:
    try:
        match: ResolverMatch = resolver.resolve(asked)
    except Resolver404:
        return None
    return match.url_name, match.kwargs


@pytest.mark.parametrize("asked", ASKED)
def test_the_same_answers_as_without(asked: str) -> None:
    (words,) = by_words(PATTERNS)
    assert isinstance(words, URLResolver)
    one_by_one = URLResolver(RoutePattern(""), PATTERNS)
    # The second time from what was sorted out the first time.
    assert found(words, asked) == found(words, asked) == found(one_by_one, asked)


def test_only_what_begins_so_is_tried() -> None:
    (words,) = by_words(PATTERNS)
    assert isinstance(words, URLResolver)
    with pytest.raises(Resolver404) as missing:
        words.resolve("api/v2/x")
    tried = {str(route[-1].pattern) for route in missing.value.args[0]["tried"]}
    assert "api/v1/<slug:code>/things" not in tried
    assert "<path:rest>/end" in tried
