"""Accent colours of municipalities, chosen so that every pairing stays readable.

A municipality picks a *named* accent; a free colour would have to be checked on every background in light and dark.
The light tones are primitives of the Digital Agency's design tokens (steps 900 to 1100); tints are mixed from them.
"""

import re
from dataclasses import dataclass

MINIMUM_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3 (level AA), text below 18 pt."""

WHITE = "#ffffff"
LIGHT_GROUND = WHITE
DARK_GROUND = "#15181d"
DARK_RAISED = "#1f242b"
INK = "#1a1a1a"

_HEX = re.compile(r"#[0-9a-f]{6}\Z")


class LowContrast(ValueError):
    """Two colours that may not be used together; the message says how far they are apart."""


def _channels(colour: str) -> tuple[int, int, int]:
    if not _HEX.match(colour):
        raise ValueError(f"色は #rrggbb（小文字の16進数）で指定してください: {colour!r}")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 (black) to 1 (white); definition of WCAG 2.2."""

    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value) for value in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21, in either order (WCAG 2.2, «contrast ratio»)."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def require_contrast(text: str, ground: str, minimum: float = MINIMUM_CONTRAST) -> None:
    """Raise `LowContrast` with a message for the person who picked the colour when the pair is unreadable."""
    ratio = contrast(text, ground)
    if ratio < minimum:
        raise LowContrast(
            f"文字の色 {text} と背景の色 {ground} のコントラスト比は {ratio:.2f} です。"
            f"{minimum:g} 以上になる色を選んでください。"
        )


def mix(colour: str, ground: str, share: float) -> str:
    """`share` (0 to 1) of `colour` over `ground`, per sRGB channel."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(top * share + below * (1 - share)):02x}" for top, below in pairs)


@dataclass(frozen=True, slots=True)
class Tones:
    """The values of one accent in one colour scheme, each `#rrggbb`."""

    accent: str
    """Links, filled buttons, the current tab."""
    strong: str
    """The same while the pointer is on it."""
    on_accent: str
    """Text on `accent` and on `strong`."""
    soft: str
    """Ground of a selected row or a quiet block."""
    faint: str
    """Ground of whole page regions."""

    def pairs(self, ground: str) -> list[tuple[str, str]]:
        """Every (text, ground) pairing in which the stylesheet uses these tones."""
        grounds = (ground, self.soft, self.faint)
        return [(text, below) for text in (self.accent, self.strong) for below in grounds] + [
            (self.on_accent, self.accent),
            (self.on_accent, self.strong),
        ]


@dataclass(frozen=True, slots=True)
class Accent:
    """A named accent: `key` is stored with the municipality, `label` is what people choose from."""

    key: str
    label: str
    light: Tones
    dark: Tones

    @property
    def css_class(self) -> str:
        """Class of the `<html>` element."""
        return f"accent-{self.key}"

    def check(self) -> None:
        """Raise `LowContrast` when any pairing of this accent is below 4.5 : 1."""
        for text, ground in (*self.light.pairs(LIGHT_GROUND), *self.dark.pairs(DARK_GROUND)):
            require_contrast(text, ground)
        require_contrast(self.dark.accent, DARK_RAISED)


def accent(key: str, label: str, light: str, light_strong: str, dark: str, dark_strong: str) -> Accent:
    """Build an accent from its two light and two dark tones; raises `LowContrast` when it is unsafe."""
    built = Accent(
        key=key,
        label=label,
        light=Tones(light, light_strong, WHITE, mix(light, WHITE, 0.1), mix(light, WHITE, 0.035)),
        dark=Tones(dark, dark_strong, "#0d0f12", mix(dark, DARK_GROUND, 0.16), mix(dark, DARK_GROUND, 0.05)),
    )
    built.check()
    return built


ACCENTS: dict[str, Accent] = {
    built.key: built
    for built in (
        accent("blue", "青", "#0017c1", "#000071", "#9db7f9", "#c5d7fb"),
        accent("sky", "空", "#0055ad", "#00316a", "#97d3ff", "#c0e4ff"),
        accent("cyan", "水", "#006173", "#003741", "#79e2f2", "#99f2ff"),
        accent("green", "緑", "#115a36", "#08351f", "#71c598", "#9bd4b5"),
        accent("lime", "若草", "#3e5a00", "#1e2d00", "#9ddd15", "#c0f354"),
        accent("gold", "山吹", "#6e5600", "#463600", "#ffd43d", "#ffe380"),
        accent("orange", "柿", "#8b3200", "#541e00", "#ffa66d", "#ffc199"),
        accent("plum", "梅", "#8b008b", "#500050", "#ffaeff", "#ffd0ff"),
        accent("purple", "藤", "#5109ad", "#30016c", "#cda6ff", "#ddc2ff"),
        accent("ink", "墨", "#333333", "#000000", "#cccccc", "#f2f2f2"),
    )
}
DEFAULT_ACCENT = "sky"


def accent_class(key: str) -> str:
    """The `<html>` class for a stored accent key; an unknown or empty key gives the default accent."""
    return ACCENTS.get(key, ACCENTS[DEFAULT_ACCENT]).css_class


def stylesheet() -> str:
    """CSS rules of all accents, for the generated stylesheet."""

    def declarations(tones: Tones) -> str:
        return (
            f"--accent:{tones.accent};--accent-strong:{tones.strong};--on-accent:{tones.on_accent};"
            f"--accent-soft:{tones.soft};--accent-faint:{tones.faint}"
        )

    def rules(scheme: str) -> list[str]:
        lines = []
        for one in ACCENTS.values():
            selector = f".{one.css_class}"
            if one.key == DEFAULT_ACCENT:
                selector = f":root,{selector}"
            lines.append(f"{selector}{{{declarations(getattr(one, scheme))}}}")
        return lines

    light = "\n".join(rules("light"))
    dark = "\n".join(rules("dark"))
    # Printed pages are always light, so the dark tones belong to the screen alone.
    return f"@layer tokens{{\n{light}\n@media screen and (prefers-color-scheme:dark){{\n{dark}\n}}\n}}\n"
