"""Writes THIRD_PARTY.md: everything that Yakuba runs on, with version and licence.

    third_party.py           writes the file
    third_party.py --check   fails when the committed file is not what the pins say

Versions are those of requirements/base.txt and requirements/assets.lock.json; licences are what the installed
packages state of themselves.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTICE = ROOT / "THIRD_PARTY.md"
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>\S+)", re.MULTILINE)
LONGEST_NAME = 40  # a longer "License" is the licence's text, not its name

INTRODUCTION = """\
# Third-party software

Yakuba contains none of this in its repository; installation fetches it, checked against the hashes in
`requirements/`. The lists are written by `tools/third_party.py` and checked by the gate.
"""


def main() -> int:
    """Runs the command line; 1 when ``--check`` finds another text than the committed one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    text = notice()
    if check:
        if not NOTICE.exists() or NOTICE.read_text("utf-8") != text:
            print("THIRD_PARTY.md is not what the pins say; `make third-party` writes it", file=sys.stderr)
            return 1
        print("third party: the list is what the pins say")
        return 0
    NOTICE.write_text(text, "utf-8")
    return 0


def notice() -> str:
    """The whole text."""
    python = [(name, version, licence_of(name)) for name, version in pins()]
    with (ROOT / "requirements" / "assets.lock.json").open(encoding="utf-8") as file:
        assets = [
            (entry["name"], entry["version"], entry["licence"])
            for entry in json.load(file)["packages"]
            if entry["use"] != "tested"
        ]
    return "\n".join(
        [
            INTRODUCTION,
            "## Python packages",
            *table(python),
            "",
            "## Served with the pages, printed with",
            *table(assets),
            "",
        ]
    )


def table(rows: list[tuple[str, str, str]]) -> list[str]:
    """A Markdown table of name, version, licence."""
    return [
        "",
        "| package | version | licence |",
        "|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def pins() -> list[tuple[str, str]]:
    """Name and version of what requirements/base.txt pins and this machine has; others are for other systems."""
    text = (ROOT / "requirements" / "base.txt").read_text("utf-8")
    installed = {normal(found.metadata["Name"]) for found in metadata.distributions()}
    return [(pin["name"], pin["version"]) for pin in PIN.finditer(text) if normal(pin["name"]) in installed]


def normal(name: str) -> str:
    """A package name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(name: str) -> str:
    """The licence that an installed package states: its expression, its short name, or its classifiers."""
    about = metadata.metadata(name)
    for key in ("License-Expression", "License"):
        stated = about[key].strip() if key in about else ""
        if stated and len(stated) <= LONGEST_NAME and "\n" not in stated:
            return stated
    classifiers = [
        line.rsplit(" :: ", 1)[-1] for line in about.get_all("Classifier") or () if line.startswith("License")
    ]
    return ", ".join(sorted(classifiers)) or "not stated"


if __name__ == "__main__":
    sys.exit(main())
