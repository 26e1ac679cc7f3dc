"""What a process serves, told by a process of :mod:`tests.children`: with the face that it was given, and with each of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

# What is put together by the face, once, when it is read.
ASSEMBLED = ("yakuba.api", "yakuba.urls")


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Every address below these patterns."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def tell() -> None:
    """The addresses of this process, then those of each face, without reading the whole program again."""
    told = {"given": sorted(routes(get_resolver().url_patterns))}
    for face in ("portal", "desk", "all"):
        settings.FACE = face
        for name in ASSEMBLED:
            sys.modules.pop(name, None)
            package, _, attribute = name.rpartition(".")
            vars(sys.modules[package]).pop(attribute, None)
        told[face] = sorted(routes(import_module("yakuba.urls").urlpatterns))
    print(json.dumps(told))


COMMANDS = {"tell": tell}
