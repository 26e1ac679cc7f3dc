"""What a definition is, as a digest: words, unit, aggregation and the code that counts. Another digest wants another version.

``tests/engines/metrics/definitions.json`` keeps the digest of every version; a test compares. Comments, docstrings and the way lines are
broken change nothing. The function is followed into what it uses of its own module, not into other modules.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import sys
from collections.abc import Mapping
from functools import cache
from types import ModuleType

from django.utils.translation import override

from yakuba.engines.metrics.declaring import Metric, metrics

#: key → version → digest
Known = Mapping[str, Mapping[str, str]]


def digest(one: Metric) -> str:
    """The digest of a metric's definition, 16 hexadecimal digits."""
    with override("ja"):
        said = {
            "label": str(one.label),
            "unit": one.unit,
            "aggregation": one.aggregation,
            "definition": str(one.definition),
            "empty": one.empty,
            "code": _code(sys.modules[one.measure.__module__], one.measure.__name__),
        }
    text = json.dumps(said, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def today() -> dict[str, dict[str, str]]:
    """The digest of every metric's newest version."""
    return {one.key: {str(one.version): digest(one)} for one in metrics()}


def changed(known: Known) -> list[str]:
    """Keys of metrics whose definition is another under a version that is known."""
    return [
        one.key
        for one in metrics()
        if (stood := known.get(one.key, {}).get(str(one.version))) is not None and stood != digest(one)
    ]


def added(known: Known) -> list[str]:
    """Keys of metrics whose newest version nobody has noted."""
    return [one.key for one in metrics() if str(one.version) not in known.get(one.key, {})]


def merged(known: Known) -> dict[str, dict[str, str]]:
    """What is known with what is new; nothing that is known changes or goes: figures stand under it."""
    found = {key: dict(of) for key, of in known.items()}
    for key, of in today().items():
        found[key] = {**of, **found.get(key, {})}
    return {key: dict(sorted(found[key].items(), key=lambda one: int(one[0]))) for key in sorted(found)}


def written(known: Known) -> str:
    """As the file has it."""
    return json.dumps(known, ensure_ascii=False, indent=1) + "\n"


# --- the code that counts -----------------------------------------------------------------------------------------------
def _code(module: ModuleType, name: str) -> list[str]:
    """The function and everything of its module that it uses, in the order of their names, without words for people."""
    parts = _parts(module)
    wanted, found = [name], dict[str, str]()
    while wanted:
        at = wanted.pop()
        if at in found or at not in parts:
            continue
        node = parts[at]
        found[at] = ast.dump(node)
        wanted += [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
    return [found[at] for at in sorted(found)]


@cache
def _parts(module: ModuleType) -> dict[str, ast.stmt]:
    """What stands at the top of a module, by name: functions without decorators and docstrings, classes, and what is assigned."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            if isinstance(node, ast.FunctionDef):
                node.decorator_list = []
            for each in ast.walk(node):
                if isinstance(each, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(each, clean=False):
                    each.body = each.body[1:] or [ast.Pass()]
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            found |= {target.id: node for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = node
    return found
