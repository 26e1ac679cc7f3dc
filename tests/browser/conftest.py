"""Chromium against the running product, on loopback."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.servers.basehttp import ServerHandler
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.sample import published_edition
from tests.world import Town, make_town
from yakuba.services.plan.models import Edition

# Playwright's own event loop runs in this thread; the ORM is used between its calls, never during one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
AXE = Path(__file__).resolve().parents[2] / ".build" / "axe" / "axe.min.js"
PHONE, DESKTOP = 390, 1280
NARROW = 320  # a desk's window at 400 % (WCAG 1.4.10)
# Everything is looked at in the light; its colours at a desk's width, where most is to be seen, and in the dark on a telephone. Between
# a telephone's width and a strip's nothing changes but that it flows (test_looks.py: no style sheet asks for a width between them):
# there it is only measured.
COLOURS = "color-contrast"


@dataclass(frozen=True)
class Look:
    """One way to look at a page that is open: how wide, in which colours, with letters of which size."""

    width: int
    dark: bool = False
    large: bool = False

    @property
    def options(self) -> dict[str, Any]:
        """Which rules of axe this look can change; nothing in particular is all."""
        if self.dark:
            return {"runOnly": [COLOURS]}
        return {"rules": {COLOURS: {"enabled": False}}} if self.width == PHONE else {}


# Style sheets alone know the width and the colours, no script does: a page is loaded once and looked at in
# every way, which finds what loading it again for each would find.
LOOKS = (Look(PHONE), Look(PHONE, dark=True), Look(NARROW), Look(DESKTOP))
WIDTHS = (Look(PHONE), Look(NARROW), Look(DESKTOP))
LARGE = Look(PHONE, large=True)
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


class Answering:
    """How many requests the product is answering."""

    def __init__(self) -> None:
        self._number = 0
        self._changed = threading.Condition()

    def answer(
        self, handler: Any, *args: Any
    ) -> Any:  # Any: whatever the handler of the product takes and gives
        """Let a handler answer, and count it meanwhile."""
        self._add(1)
        try:
            return handler(*args)
        finally:
            self._add(-1)

    def _add(self, number: int) -> None:
        with self._changed:
            self._number += number
            self._changed.notify_all()

    def await_none(self) -> None:
        """Until nothing is being answered. TimeoutError where something is for half a minute."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._number, timeout=30):
                raise TimeoutError("a request is not answered")


@pytest.fixture(scope="session")
def answering() -> Iterator[Answering]:
    """What the product is answering."""
    counted, own = Answering(), ServerHandler.run
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ServerHandler, "run", lambda self, app: counted.answer(own, self, app))
        yield counted


@pytest.fixture
def served(live_server: Any, answering: Answering) -> Iterator[str]:
    """Where the product is. It goes on with what a page asked for when the page has been left, and then the tables are emptied: not yet."""
    yield live_server.url
    answering.await_none()


# A label beside its value takes the value's width away, once letters are large.
BESIDE = "cells => cells.filter((cell) => getComputedStyle(cell).gridTemplateColumns.includes(' ')).length"


class Visitor:
    """Somebody with a browser: opens pages of the running product and looks at them."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.context = context
        self.base = base
        self.page: Page = context.new_page()
        self.dark = False
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

    def normal(self) -> None:
        """Letters of their own size again."""
        self.page.evaluate("document.documentElement.style.fontSize = ''")

    def axe(self, options: Mapping[str, Any] | None = None) -> list[str]:
        """What axe finds wrong on this page: rule, and where. It loads no style sheet again: the rules that would ask one are not run."""
        self.page.wait_for_load_state()
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(
            """async (options) => {
              const found = await axe.run(document, {resultTypes: ['violations'], preload: false, ...options});
              return found.violations;
            }""",
            options or {},
        )
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in found
            for node in violation["nodes"]
        ]

    def faults(self, looks: Sequence[Look] = LOOKS) -> list[str]:
        """What is wrong with this page in axe's eyes and by its width, in every look; then it is as it was."""
        own = self.page.viewport_size
        assert own is not None
        wrong = [f"{look}: {fault}" for look in looks for fault in self._in(look)]
        self._show(own["width"], dark=False)
        return wrong

    def overflowing(self, looks: Sequence[Look] = WIDTHS) -> list[Look]:
        """The looks in which the page, or a list's card, is too wide; then it is as it was."""
        own = self.page.viewport_size
        assert own is not None
        wrong = []
        for look in looks:
            self._show(look.width, dark=look.dark)
            if self.overflow() > 0:
                wrong.append(look)
        self._show(own["width"], dark=False)
        return wrong

    def _in(self, look: Look) -> Iterator[str]:
        self._show(look.width, dark=look.dark)
        if look.large:
            self.enlarge()
        elif look.width != NARROW:
            yield from self.axe(look.options)
        if (wider := self.overflow()) > 0:
            yield f"{wider} px wider than the screen"
        if look.large:
            if beside := self.page.locator("td[data-label]:visible").evaluate_all(BESIDE):
                yield f"{beside} cells with the label beside the value"
            self.normal()

    def _show(self, width: int, *, dark: bool) -> None:
        """A window of this width, in these colours."""
        size = self.page.viewport_size
        assert size is not None
        if size["width"] != width:
            self.page.set_viewport_size({"width": width, "height": size["height"]})
        if self.dark != dark:
            self.page.emulate_media(color_scheme="dark" if dark else "light")
            self.dark = dark

    def overflow(self) -> int:
        """By how many pixels the page is wider than the screen, or a list's card wider than the list."""
        self.page.wait_for_load_state()  # of a page that just comes, nothing is there to be measured yet
        width: int = self.page.evaluate(
            """() => {
              const cards = [...document.querySelectorAll("thead")].filter((head) => getComputedStyle(head).display === "none");
              const parts = [document.documentElement, ...document.querySelectorAll(".tabs ul"), ...cards.map((head) => head.closest(".table-scroll"))];
              return Math.max(...parts.map((part) => part.scrollWidth - part.clientWidth));
            }"""
        )
        return width


@pytest.fixture
def visitor(chromium: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A visitor; ``@pytest.mark.parametrize("visitor", [{"width": 390}], indirect=True)`` sets width and js."""
    wishes = getattr(request, "param", {})
    context = chromium.new_context(
        viewport={"width": wishes.get("width", DESKTOP), "height": 900},
        color_scheme="light",
        java_script_enabled=wishes.get("js", True),
        locale="ja-JP",
        reduced_motion="reduce",
    )
    someone = Visitor(context, served)
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
