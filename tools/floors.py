"""Draws docs/floors.svg, the house with its floors and rooms, from the import contracts in pyproject.toml.

    floors.py            writes the picture
    floors.py --check    fails when the committed picture is not what the contracts say

The picture is the same on every machine: no dates, no measured text. A room in the contracts that has no folder yet
is drawn with a dashed line.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "yakuba"
PICTURE = ROOT / "docs" / "floors.svg"

WIDTH = 920  # all lengths in SVG user units (pixels at 100 %)
MARGIN = 24
PAD = 16
LABEL = 176  # the column at the left of a floor with its name and what it is for
ROOM_HEIGHT = 36
GAP = 10
PER_ROW = 5

CAPTIONS = {
    "cli": "the doors for programs",
    "demo": "the sample town",
    "serving": "starts and stops the processes",
    "portal": "the citizens’ front door",
    "desk": "the staff’s front door",
    "packs": "departmental systems",
    "services": "what people come for",
    "engines": "shared mechanisms",
    "kernel": "what every room stands on",
}

STYLE = """
  text { font-family: "BIZ UDPGothic", "Hiragino Sans", "Noto Sans JP", system-ui, sans-serif; fill: #1a2b3c; }
  .floor { fill: #eef3f8; stroke: #b8c7d6; }
  .room { fill: #ffffff; stroke: #8fa6bd; }
  .front { fill: #e3effc; stroke: #7ea6d4; }
  .ground { fill: #e9f2ec; stroke: #a6c4b1; }
  .later { fill: none; stroke-dasharray: 4 4; }
  .name { font-size: 16px; font-weight: 700; }
  .room-name { font-size: 14px; text-anchor: middle; }
  .caption { font-size: 12px; fill: #52677c; }
  .earth { stroke: #8fa6bd; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4ecf4; }
    .floor { fill: #1d2935; stroke: #41566b; }
    .room { fill: #2a3949; stroke: #64809c; }
    .front { fill: #1c3350; stroke: #4f7fb5; }
    .ground { fill: #1d3128; stroke: #4b7a61; }
    .later { fill: none; }
    .caption { fill: #a9bccf; }
    .earth { stroke: #64809c; }
  }
"""


@dataclass(frozen=True)
class Layer:
    """One storey of a contract: the modules side by side in it, from the left."""

    modules: tuple[str, ...]


def main() -> int:
    """Runs the command line; 1 when ``--check`` finds another picture than the committed one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    drawing = picture(contracts())
    if check:
        if not PICTURE.exists() or PICTURE.read_text("utf-8") != drawing:
            print(
                "docs/floors.svg is not what the import contracts say; `make floors` draws it",
                file=sys.stderr,
            )
            return 1
        print("floors: the picture is what the contracts say")
        return 0
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(drawing, "utf-8")
    return 0


def contracts() -> dict[str, list[Layer]]:
    """The layers of each container ("yakuba", "yakuba.kernel" …), from the top to the ground."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        config = tomllib.load(file)["tool"]["importlinter"]
    found: dict[str, list[Layer]] = {}
    for contract in config["contracts"]:
        for container in contract.get("containers", ()):
            found[container] = [
                Layer(tuple(name.strip(" ()") for name in re.split(r"[|:]", line)))
                for line in contract["layers"]
            ]
    return found


def rooms_of(floor: str, layers: dict[str, list[Layer]]) -> list[str]:
    """The rooms of a floor: from its contract where it has one, else the packages in its folder."""
    if container := layers.get(f"yakuba.{floor}"):
        return [module for layer in container for module in layer.modules]
    return sorted(path.parent.name for path in (SOURCE / floor).glob("*/__init__.py"))


def is_built(*parts: str) -> bool:
    """Does the module exist, as a package or as a file?"""
    path = SOURCE.joinpath(*parts)
    return (path / "__init__.py").exists() or path.with_suffix(".py").exists()


def picture(layers: dict[str, list[Layer]]) -> str:
    """The whole drawing as SVG text."""
    body: list[str] = []
    y = MARGIN
    house = layers["yakuba"]
    for number, layer in enumerate(house):
        if len(layer.modules) > 1:
            height = front(body, layer, y)
        else:
            height = storey(body, layer.modules[0], layers, y, ground=number == len(house) - 1)
        y += height + GAP
    earth = y - GAP + 6
    body.append(f'<line class="earth" x1="0" y1="{earth}" x2="{WIDTH}" y2="{earth}"/>')
    note = "Imports go down only. Within a floor a room stands on those after it."
    body.append(label(MARGIN, earth + 24, note, "caption"))
    height = earth + 24 + PAD
    floors = ", ".join(" and ".join(layer.modules) for layer in house)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"',
            f'     width="{WIDTH}" height="{height}" role="img" aria-labelledby="title desc">',
            '<title id="title">The floors of Yakuba</title>',
            f'<desc id="desc">From the top to the ground: {escape(floors)}. Imports go down only.</desc>',
            f"<style>{STYLE}</style>",
            *body,
            "</svg>",
            "",
        ]
    )


def front(body: list[str], layer: Layer, y: int) -> int:
    """A storey whose modules stand side by side as boxes of their own; returns its height."""
    count = len(layer.modules)
    width = (WIDTH - 2 * MARGIN - GAP * (count - 1)) / count
    height = 56 if any(module in CAPTIONS and module != "cli" for module in layer.modules) else 40
    for place, module in enumerate(layer.modules):
        x = MARGIN + place * (width + GAP)
        body.append(box(x, y, width, height, "front", built=is_built(module)))
        middle = x + width / 2
        with_caption = height > 40
        body.append(label(middle, y + (24 if with_caption else 25), module, "name", centred=True))
        if with_caption:
            body.append(label(middle, y + 43, CAPTIONS.get(module, ""), "caption", centred=True))
    return height


def storey(body: list[str], floor: str, layers: dict[str, list[Layer]], y: int, *, ground: bool) -> int:
    """A floor with its rooms, in reading order from the top to the ground; returns its height."""
    rooms = rooms_of(floor, layers)
    rows = max(1, -(-len(rooms) // PER_ROW))
    height = 2 * PAD + rows * ROOM_HEIGHT + (rows - 1) * GAP
    body.append(
        box(MARGIN, y, WIDTH - 2 * MARGIN, height, "ground" if ground else "floor", built=is_built(floor))
    )
    body.append(label(MARGIN + PAD, y + PAD + 15, floor, "name"))
    body.append(label(MARGIN + PAD, y + PAD + 33, CAPTIONS.get(floor, ""), "caption"))
    left = MARGIN + PAD + LABEL
    width = (WIDTH - MARGIN - PAD - left - GAP * (PER_ROW - 1)) / PER_ROW
    for place, room in enumerate(rooms):
        row, column = divmod(place, PER_ROW)
        x, top = left + column * (width + GAP), y + PAD + row * (ROOM_HEIGHT + GAP)
        body.append(box(x, top, width, ROOM_HEIGHT, "room", built=is_built(floor, room)))
        body.append(label(x + width / 2, top + 23, room, "room-name"))
    return height


def box(x: float, y: float, width: float, height: float, kind: str, *, built: bool) -> str:
    """A rounded rectangle; dashed when what it stands for is not built yet."""
    numbers = " ".join(
        f'{name}="{value:g}"'
        for name, value in (("x", round(x, 1)), ("y", y), ("width", round(width, 1)), ("height", height))
    )
    return f'<rect class="{kind if built else kind + " later"}" {numbers} rx="8"/>'


def label(x: float, y: float, text: str, kind: str, *, centred: bool = False) -> str:
    """A line of text."""
    anchor = ' text-anchor="middle"' if centred else ""
    return f'<text class="{kind}" x="{round(x, 1):g}" y="{y:g}"{anchor}>{escape(text)}</text>'


if __name__ == "__main__":
    sys.exit(main())
