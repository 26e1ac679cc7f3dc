import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.ui import palette, stylesheet

colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def test_contrast_of_known_pairs():
    # The examples of WCAG 2.2 and its tools: black on white 21, #767676 on white just passes, #777777 does not.
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#ffffff", "#ffffff") == 1
    assert palette.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@given(colours, colours)
def test_contrast_is_symmetric_and_bounded(first, second):
    ratio = palette.contrast(first, second)
    assert ratio == palette.contrast(second, first)
    assert 1 <= ratio <= 21.0000001


@pytest.mark.parametrize("accent", palette.ACCENTS.values(), ids=lambda one: one.key)
def test_every_accent_is_readable_in_every_pairing(accent):
    for tones, ground in ((accent.light, palette.LIGHT_GROUND), (accent.dark, palette.DARK_GROUND)):
        for text, below in tones.pairs(ground):
            assert palette.contrast(text, below) >= 4.5, (text, below)


def test_an_unreadable_colour_is_refused_with_both_colours_and_the_ratio():
    with pytest.raises(palette.LowContrast, match=r"#ffd43d.*#ffffff.*1\.4\d"):
        palette.accent("yellow", "黄", "#ffd43d", "#ffd43d", "#ffd43d", "#ffd43d")


@pytest.mark.parametrize("bad", ["", "red", "#fff", "#FFFFFF", "#12345g", "#1234567", "#123456\n"])
def test_a_malformed_colour_is_refused(bad):
    with pytest.raises(ValueError, match="rrggbb"):
        palette.contrast(bad, "#ffffff")


def test_an_unknown_accent_falls_back_to_the_default():
    assert palette.accent_class("green") == "accent-green"
    assert palette.accent_class("") == palette.accent_class("no-such") == f"accent-{palette.DEFAULT_ACCENT}"


def test_the_stylesheet_is_the_one_that_the_parts_make():
    assert stylesheet.TARGET.read_text(encoding="utf-8") == stylesheet.assemble(), (
        "run python -m yakuba.kernel.ui.stylesheet"
    )


def test_every_part_is_in_the_stylesheet():
    assert {path.stem for path in (stylesheet.HERE / "css").glob("*.css")} == set(stylesheet.PARTS)


def _variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block))


def _resolve(name: str, *scopes: dict[str, str]) -> str:
    value = next(scope[name] for scope in scopes if name in scope)
    reference = re.fullmatch(r"var\((--[\w-]+)\)", value.strip())
    return _resolve(reference[1], *scopes) if reference else value.strip()


# (text, ground) as the stylesheet pairs them; accents are checked above.
PAIRS = [
    (text, ground)
    for text in ("--ink", "--ink-soft", "--ink-faint")
    for ground in ("--ground", "--raised", "--sunken")
] + [
    ("--good", "--good-soft"),
    ("--fair", "--fair-soft"),
    ("--warn", "--warn-soft"),
    ("--bad", "--bad-soft"),
    ("--bad", "--ground"),
    ("--on-bad", "--bad"),
    ("--on-alarm", "--alarm"),
    ("--ink", "--mark"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_neutral_pairing_is_readable(scheme):
    vendor = stylesheet.HERE / "static" / "vendor" / "tokens.css"
    assert vendor.exists(), "front-end packages are missing: run make install"
    primitives = _variables(vendor.read_text(encoding="utf-8"))
    source = (stylesheet.HERE / "css" / "tokens.css").read_text(encoding="utf-8")
    light_text, _, dark_text = source.partition("@media screen and (prefers-color-scheme: dark)")
    light, dark = _variables(light_text), _variables(dark_text)
    scopes = (dark, light, primitives) if scheme == "dark" else (light, primitives)
    for text, ground in PAIRS:
        pair = _resolve(text, *scopes), _resolve(ground, *scopes)
        assert palette.contrast(*pair) >= 4.5, (text, ground, *pair)
    # Borders of inputs need 3 : 1 against their ground (WCAG 1.4.11).
    assert palette.contrast(_resolve("--line-strong", *scopes), _resolve("--raised", *scopes)) >= 3


def test_no_variable_is_used_that_nothing_defines():
    vendor = Path(stylesheet.HERE / "static" / "vendor" / "tokens.css").read_text(encoding="utf-8")
    text = stylesheet.assemble()
    used = set(re.findall(r"var\((--[\w-]+)", text))
    defined = set(re.findall(r"(--[\w-]+)\s*:", text + vendor))
    assert used <= defined, used - defined
