"""Chromium against the running product, on loopback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.sample import published_edition
from tests.world import Town, make_town
from yakuba.services.plan.models import Edition

# Playwright's own event loop runs in this thread; the ORM is used between its calls, never during one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
AXE = Path(__file__).resolve().parents[2] / ".build" / "axe" / "axe.min.js"
PHONE, DESKTOP = 390, 1280
NARROW = 320  # a desk's window at 400 % (WCAG 1.4.10)
# Everything is looked at in the light at ordinary widths; elsewhere what the colours or the width can change.
IN_THE_DARK = ["color-contrast"]
IN_A_STRIP = ["color-contrast", "scrollable-region-focusable", "target-size"]
# Quiet at start: no look-ups of a browser's own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    program = os.environ.get("YAKUBA_CHROMIUM") or shutil.which("chromium")
    assert program, "these tests need Chromium (YAKUBA_CHROMIUM)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """Somebody with a browser: opens pages of the running product and looks at them."""

    def __init__(self, context: BrowserContext, base: str, rules: list[str] | None = None) -> None:
        self.context = context
        self.base = base
        self.rules = rules
        self.page: Page = context.new_page()
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.elsewhere.append(request.url)

    def open(self, path: str) -> Page:
        """Go to a path."""
        self.page.goto(self.base + path)
        return self.page

    def enlarge(self) -> None:
        """Letters of twice the size, as a reader sets them (WCAG 1.4.4). The screen stays as it is."""
        self.page.evaluate("document.documentElement.style.fontSize = '200%'")

    def axe(self) -> list[str]:
        """What axe finds wrong on this page: rule, and where."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(
            "(rules) => axe.run(document, {resultTypes: ['violations'], ...(rules && {runOnly: rules})})",
            self.rules,
        )
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    def overflow(self) -> int:
        """By how many pixels the page is wider than the screen, or a list's card wider than the list."""
        width: int = self.page.evaluate(
            """() => {
              const cards = [...document.querySelectorAll("thead")].filter((head) => getComputedStyle(head).display === "none");
              const parts = [document.documentElement, ...document.querySelectorAll(".tabs ul"), ...cards.map((head) => head.closest(".table-scroll"))];
              return Math.max(...parts.map((part) => part.scrollWidth - part.clientWidth));
            }"""
        )
        return width


@pytest.fixture
def visitor(chromium: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A visitor; ``@pytest.mark.parametrize("visitor", [{"width": 390}], indirect=True)`` sets width, dark, js, motion."""
    wishes = getattr(request, "param", {})
    context = chromium.new_context(
        viewport={"width": wishes.get("width", DESKTOP), "height": 900},
        color_scheme=wishes.get("scheme", "light"),
        java_script_enabled=wishes.get("js", True),
        locale="ja-JP",
        reduced_motion="reduce",
    )
    rules = (
        IN_THE_DARK
        if wishes.get("scheme") == "dark"
        else IN_A_STRIP
        if wishes.get("width") == NARROW
        else None
    )
    someone = Visitor(context, live_server.url, rules)
    yield someone
    context.close()
    assert someone.elsewhere == [], "a page loaded something from elsewhere"


@pytest.fixture
def town(transactional_db: None) -> Town:
    """みほん市, in a database that the server's thread sees."""
    return make_town("990019", "みほん市")


@pytest.fixture
def published(town: Town) -> Edition:
    """A published edition with one of everything that a page shows."""
    return published_edition(town)
