"""Addresses that are found without trying all of them.

Django tries one pattern after the other, and a house of many rooms has hundreds. Here a pattern is tried only where the first three parts
of an address are those that it writes out; which pattern answers, and in which order they are asked, stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern

_PARTS = 3
_Words = tuple[str | None, ...]


def by_words(patterns: Sequence[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The same addresses as one entry of a ``urlpatterns``."""
    return [_ByWords(list(patterns))]


class _ByWords(URLResolver):
    """What is asked after the first parts of an address; a resolver with an empty prefix otherwise."""

    def __init__(self, patterns: list[URLPattern | URLResolver]) -> None:
        super().__init__(RoutePattern(""), patterns)
        self._words = [(_written(one), one) for one in patterns]
        self._known = [{words[place] for words, _one in self._words} - {None} for place in range(_PARTS)]
        self._asked: dict[_Words, URLResolver] = {}

    def resolve(self, path: str) -> ResolverMatch:
        """As Django's; Resolver404 where nothing fits."""
        parts = [*str(path).split("/", _PARTS)[:_PARTS], *[""] * _PARTS][:_PARTS]
        # Only parts that some pattern writes out tell patterns apart, so there are few keys whatever is asked for.
        key = tuple(part if part in known else None for part, known in zip(parts, self._known, strict=True))
        fitting = self._asked.get(key)
        if fitting is None:
            those = [
                one
                for words, one in self._words
                if all(w in (None, k) for w, k in zip(words, key, strict=True))
            ]
            fitting = self._asked[key] = URLResolver(RoutePattern(""), those)
        return fitting.resolve(path)


def _written(one: URLPattern | URLResolver) -> _Words:
    """The first parts of a pattern's addresses, None for one that is not written out from slash to slash."""
    pattern: Any = one.pattern  # Any: of several classes, only this one of which says what it is in words
    if not isinstance(pattern, RoutePattern):
        return (None,) * _PARTS
    parts = str(pattern).split("/")
    # Nothing is known of what comes after a prefix.
    whole = parts if isinstance(one, URLPattern) else parts[:-1]
    found: list[str | None] = []
    for part in whole[:_PARTS]:
        if "<" not in part and ">" not in part:
            found.append(part)
        elif all(_within_a_part(converter.regex) for converter in pattern.converters.values()):
            found.append(None)
        else:
            break
    return tuple([*found, *[None] * _PARTS][:_PARTS])


def _within_a_part(regex: str) -> bool:
    """Whether what is blank in a pattern surely has no slash in it."""
    return regex == "[^/]+" or not any(sign in regex for sign in (".", "/", "[^", "\\S", "\\W", "\\D"))
