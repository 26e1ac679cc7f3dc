"""Which question has to be known before which: what conditions rest on, and that nothing rests on itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from yakuba.services.procedures.definition import conditions
from yakuba.services.procedures.definition.model import Definition


def names_in(condition: str) -> frozenset[str]:
    """The questions that a condition asks for; none for an empty one and for one that cannot be read."""
    if not condition:
        return frozenset()
    try:
        return conditions.parse(condition).names()
    except conditions.ConditionError:
        return frozenset()


def rests_on(definition: Definition) -> dict[str, frozenset[str]]:
    """Each question → the questions whose answers decide whether it is asked.

    A question of a group rests on its group too, and every question on what its page's condition asks for.
    """
    known = definition.by_key
    found: dict[str, frozenset[str]] = {}
    for section in definition.sections():
        outer = names_in(section.when)
        for question in section.questions:
            found[question.key] = (outer | names_in(question.when)) & known.keys()
            for inner in question.questions:
                found[inner.key] = (names_in(inner.when) & known.keys()) | {question.key}
    return found


def in_order(needs: Mapping[str, frozenset[str]]) -> tuple[list[str], list[str]]:
    """(keys, each after what it rests on; keys that rest on themselves through others). Order of the document otherwise."""
    missing = {key: len(needed) for key, needed in needs.items()}
    wanted_by: dict[str, list[str]] = {}
    for key, needed in needs.items():
        for one in needed:
            wanted_by.setdefault(one, []).append(key)
    ready = deque(key for key, count in missing.items() if count == 0)
    found: list[str] = []
    while ready:
        key = ready.popleft()
        found.append(key)
        for one in wanted_by.get(key, ()):
            missing[one] -= 1
            if missing[one] == 0:
                ready.append(one)
    done = set(found)
    return found, [key for key in needs if key not in done]


def cycle(needs: Mapping[str, frozenset[str]]) -> list[str]:
    """One ring of keys that rest on one another, each on the next; empty where there is none."""
    _found, rest = in_order(needs)
    if not rest:
        return []
    left = set(rest)
    way: list[str] = []
    key = rest[0]
    # Every key that is left rests on another that is left, so that the walk comes back to where it was.
    while key not in way:
        way.append(key)
        key = min(needs[key] & left)
    return way[way.index(key) :]
