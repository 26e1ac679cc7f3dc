"""Writes docs/settings.md from the table in yakuba.settings.env; ``--check`` fails when it is not up to date."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
PAGE = ROOT / "docs" / "settings.md"


def page() -> str:
    """The page's text."""
    from yakuba.settings.env import TABLE

    lines = [
        "# Settings",
        "",
        "Everything is set by environment variables; this page is written from the code by `make settings`.",
        "",
        "| variable | default | what it does |",
        "|---|---|---|",
        *(f"| `{one.name}` | {f'`{one.default}`' if one.default else '–'} | {one.help} |" for one in TABLE),
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """0 when the page is (now) right."""
    if "--check" in sys.argv:
        if PAGE.exists() and PAGE.read_text("utf-8") == page():
            return 0
        print("docs/settings.md is not up to date: make settings", file=sys.stderr)
        return 1
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
