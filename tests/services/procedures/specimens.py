"""How each action of procedures is tried in the permission matrix: the desk's and the portal's, gathered by who wrote them down."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.matrix import Specimen

SPECIMENS: dict[str, Specimen] = {}
for _path in sorted(Path(__file__).parent.glob("specimens_*.py")):
    SPECIMENS |= import_module(f"tests.services.procedures.{_path.stem}").SPECIMENS
