"""Whether a document is another municipality's plan: a table names its city in its title alone, and nothing else refuses it."""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import gettext as _

from yakuba.kernel.text import compact
from yakuba.kernel.town.vocabulary import PREFECTURES, shipped
from yakuba.services.plan.rows import Form

CODE = "other-municipality"


@cache
def _names(own: frozenset[str]) -> re.Pattern[str]:
    """Every listed name and one's own, longest first: 新潟市 is not looked for inside a longer name, 京都市 not inside 東京都市…."""
    names = {*own, *PREFECTURES, *(one.name for one in shipped().values())}
    return re.compile("|".join(sorted(map(re.escape, names), key=lambda name: (-len(name), name))))


def named(title: str, code: str, name: str) -> str:
    """The other municipality that a title names, empty where it names none, or one's own beside it.

    A ward is at home in its city, and a prefecture is no other municipality.
    """
    own = {name, shipped()[code].name} if code in shipped() else {name}
    plain = compact(title)
    found = [one for one in _names(frozenset(own)).findall(plain) if one not in PREFECTURES]
    at_home = any(one.startswith(my) or my.startswith(one) for one in found for my in own)
    return found[0] if found and not at_home else ""


def warned(document: Form) -> Form:
    """The document with a warning where its title names another municipality than the one it is taken in for."""
    here = document["municipality"]
    warnings = [warning for warning in document["warnings"] if warning["code"] != CODE]
    other = named(document["plan"]["title"], here["code"], here["name"])
    if other:
        words = _(
            "計画の名前「%(title)s」は、%(other)sの計画のように読めます。%(here)sの計画かどうか確かめてください。"
        )
        text = words % {"title": document["plan"]["title"], "other": other, "here": here["name"]}
        warnings.insert(0, {"line": None, "code": CODE, "text": text})
    return {**document, "warnings": warnings}


def warnings_of(documents: list[Form]) -> list[str]:
    """What documents were warned of by :func:`warned`, for whoever decides whether to take them in."""
    return [
        warning["text"]
        for document in documents
        for warning in document["warnings"]
        if warning["code"] == CODE
    ]
