"""Assembles `static/ui/yakuba.css` from the parts in `css/` and the accents: one request, several readable files.

Run `python -m yakuba.kernel.ui.stylesheet` after changing a part; a test compares the result with the committed file.
"""

import re
from pathlib import Path

from yakuba.kernel.ui import palette

HERE = Path(__file__).parent
TARGET = HERE / "static" / "ui" / "yakuba.css"
PARTS = (
    "tokens",
    "base",
    "layout",
    "components",
    "forms",
    "lists",
    "charts",
    "comparison",
    "overview",
    "staging",
    "paper",
    "print",
)
"""In the order of the cascade layers that `css/tokens.css` declares."""


def assemble() -> str:
    """The whole stylesheet: the parts in order, then the accents."""
    parts = [(HERE / "css" / f"{name}.css").read_text(encoding="utf-8").strip() for name in PARTS]
    # Nobody reads the made file: without its indents there is room for more.
    return re.sub(r"(?m)^ +", "", "\n\n".join([*parts, palette.stylesheet().strip()])) + "\n"


if __name__ == "__main__":
    TARGET.write_text(assemble(), encoding="utf-8")
