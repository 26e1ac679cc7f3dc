"""Two faces: which addresses a process serves, and what stands behind them (DESIGN §4 rules 10–12)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.children import Child
from tests.signin import sign_in
from tests.world import Town


def served(home: Path, face: str) -> dict[str, set[str]]:
    """What a process with this face serves (``given``), and each face."""
    environment = {**os.environ, "YAKUBA_FACE": face, "YAKUBA_HOME": str(home)}
    done = Child("tests.conventions.served", ("tell",), environment, home).wait()
    assert done.returncode == 0, done.stderr
    return {name: set(found) for name, found in json.loads(done.stdout).items()}


def is_desk(route: str) -> bool:
    """Whether an address is the staff's: a path step ``desk``."""
    return "desk" in route.split("/")


def test_the_portal_serves_no_desk_address_and_the_desk_no_portal_page(tmp_path: Path) -> None:
    found = served(tmp_path, "portal")
    portal, desk, both = found["portal"], found["desk"], found["all"]
    assert found["given"] == portal
    assert not [route for route in portal if is_desk(route)]
    shared = {route for route in desk if not is_desk(route)}
    assert shared <= portal | {
        route for route in shared if "style" in route or "health" in route or "api" in route
    }
    assert portal | desk == both
    assert [route for route in desk if is_desk(route)]


def all_routes() -> list[URLPattern]:
    """Every pattern of the process under test (face ``all``)."""

    def walk(patterns: list[URLPattern | URLResolver]) -> list[URLPattern]:
        found: list[URLPattern] = []
        for pattern in patterns:
            found += walk(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]
        return found

    return walk(get_resolver().url_patterns)


FILLED = {"code": "990019", "code6": "990019"}


def test_no_page_of_the_desk_opens_without_signing_in(mihon: Town) -> None:
    """A view that forgets to ask is found by asking all of them."""
    client = Client(raise_request_exception=True)
    asked = 0
    for route in desk_paths():
        response = client.get(route)
        assert response.status_code in {302, 401, 403, 404, 405}, route
        if response.status_code == 302:
            assert response["Location"].startswith("/desk/"), route
        asked += 1
    assert asked > 5


def test_no_answer_of_the_desk_is_kept(mihon: Town) -> None:
    """Redirects, refusals and missing pages too; signed in and not, in every language."""
    account = mihon.account("municipality_admin")
    for signed_in in (False, True):
        client = Client()
        if signed_in:
            sign_in(client, account)
        for route in [*desk_paths(), *sign_in_paths(), "/en/990019/desk/", "/990019/desk/nothing/here/"]:
            answer = client.get(route)
            assert answer["Cache-Control"] == "no-store, private", (route, answer.status_code)
    refused = Client(enforce_csrf_checks=True).post("/desk/sign-in/", {"login": "x"})
    assert refused.status_code == 403
    assert refused["Cache-Control"] == "no-store, private"
    assert "no-store" not in Client().get("/").get("Cache-Control", "")


def sign_in_paths() -> list[str]:
    """Every address of the sign-in but the way out."""
    routes = [str(one.pattern) for one in all_routes()]
    return [
        "/" + fill(route)
        for route in routes
        if route.startswith("desk/sign-in/") and not route.endswith(("/out/", "/again/"))
    ]


def desk_paths() -> list[str]:
    """An address for every desk route of a municipality, with made-up ids."""
    found = []

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for pattern in patterns:
            route = prefix + getattr(pattern.pattern, "_route", str(pattern.pattern))
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route)
            elif "/desk/" in f"/{route}" and "sign-in" not in route and "demo-directory" not in route:
                found.append("/" + fill(route))

    walk(get_resolver().url_patterns, "")
    return found


def fill(route: str) -> str:
    """A route with something in place of its converters."""
    import re

    def value(match: re.Match[str]) -> str:
        kind = match.group(1) or "str"
        return {
            "code6": "990019",
            "uuid": "00000000-0000-7000-8000-000000000000",
            "int": "2024",
            "year": "2024",
        }.get(kind.rstrip(":"), "990019" if "code" in match.group(0) else "x")

    return re.sub(r"<(?:(\w+):)?\w+>", value, route)


@pytest.mark.parametrize("path", ["/", "/style", "/health"])
def test_public_pages_set_no_cookie(path: str, mihon: Town) -> None:
    response = Client().get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_pages_load_nothing_from_elsewhere(mihon: Town) -> None:
    policy = Client().get("/")["Content-Security-Policy"]
    assert "http" not in policy
    assert "'unsafe-" not in policy
    assert "data:" not in policy
    assert "default-src 'none'" in policy


def test_only_public_pages_may_stand_in_a_frame_of_another_site() -> None:
    framed = [str(route.pattern) for route in all_routes() if getattr(route.callback, "framable", False)]
    assert not [route for route in framed if is_desk(route)]
    closed = Client().get("/style")
    assert closed.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in closed.headers["Content-Security-Policy"]
