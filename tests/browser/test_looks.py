"""Why a page that is loaded once may be looked at in every width and colour: no script asks for either."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import yakuba
from tests.browser.conftest import DESKTOP, LARGE, LOOKS, NARROW, PHONE, Look, Visitor

SCRIPTS = Path(yakuba.__file__).parent
ASKS = re.compile(
    r"matchMedia|(?:inner|outer|client|offset|scroll)Width|ResizeObserver|['\"]resize['\"]|visualViewport"
)

# What a script does for browsers that lack what a style sheet does for these: that Chromium is none of them is tried below.
LACKING = re.compile(r'!CSS\.supports\("selector\(::details-content\)"\)')


def test_no_script_knows_the_width_or_the_colours() -> None:
    scripts = [one for one in SCRIPTS.rglob("*.js") if ".min." not in one.name]
    assert scripts
    asking = [
        f"{one.name}: {line.strip()}"
        for one in scripts
        for line in one.read_text("utf-8").splitlines()
        if ASKS.search(line) and not LACKING.search(line)
    ]
    assert asking == []


ASKED = re.compile(r"(?:@media|@container)[^{]*")
LIMIT = re.compile(r"(?:min-|max-)?(?:width|inline-size)\s*[:<>=]+\s*([\d.]+)(rem|em|px)")


def test_no_style_sheet_asks_for_a_width_between_the_narrow_ones() -> None:
    """Why a strip's colours are a telephone's: what a page asks for there it asks for here, but how much room a list has in it."""
    sheets = [one.read_text("utf-8") for one in SCRIPTS.rglob("*.css") if "vendor" not in one.parts]
    asked = [words for sheet in sheets for words in ASKED.findall(sheet)]
    limits = [
        (float(number) * (1 if unit == "px" else 16), words)
        for words in asked
        for number, unit in LIMIT.findall(words)
    ]
    assert limits
    between = [words for limit, words in limits if NARROW - 1 < limit < PHONE + 1]
    assert between == []
    in_lists = {words.strip() for limit, words in limits if limit <= NARROW}
    assert all(words.startswith("@container") for words in in_lists)


FAULTY = """<!doctype html><html lang="ja"><title>見本</title><style>
  html { color: #000; background: #fff; } p { inline-size: 4rem; }
  @media (prefers-color-scheme: dark) { html { background: #222; } }
  @media (max-width: 320px) { #strip { width: 400px; } }
  @media (min-width: 1000px) { #desk { color: #eee; } }
  #letters { width: 20rem; }
</style><main><h1>見本</h1><p id="strip">幅</p><p id="desk">見本の段落</p><p id="letters">文字</p></main></html>"""


@pytest.mark.browser
@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_each_look_finds_what_only_it_shows(visitor: Visitor) -> None:
    visitor.page.set_content(FAULTY)
    assert visitor.page.evaluate('CSS.supports("selector(::details-content)")')
    found = visitor.faults((*LOOKS, LARGE))
    for look, fault in (
        (Look(PHONE, dark=True), "color-contrast"),
        (Look(NARROW), "88 px wider"),
        (Look(DESKTOP), "color-contrast: ['#desk']"),
        (LARGE, "258 px wider"),
    ):
        assert any(one.startswith(f"{look}: {fault}") for one in found), (look, found)
    assert [one for one in found if one.startswith(str(Look(PHONE)))] == []
    assert visitor.page.viewport_size == {"width": PHONE, "height": 900}
    assert visitor.faults((Look(PHONE),)) == [], "as it was"
