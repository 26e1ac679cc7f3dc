"""Which form a part has."""

from __future__ import annotations

from collections.abc import Mapping

from yakuba.services.plan.forms.base import PartForm
from yakuba.services.plan.forms.facts import Head, Stages, Tags, Texts
from yakuba.services.plan.forms.figures import Indicators, Values
from yakuba.services.plan.forms.lists import Items, Lineage, Offices, Placements
from yakuba.services.plan.parts import VALUES

_FORMS: Mapping[str, type[PartForm]] = {
    "head": Head,
    "offices": Offices,
    "placements": Placements,
    "tags": Tags,
    "texts": Texts,
    "items": Items,
    "stages": Stages,
    "lineage": Lineage,
    "indicators": Indicators,
}


def form_of(part: str) -> PartForm:
    """The form of a part. LookupError where there is none."""
    if VALUES.fullmatch(part):
        return Values(part)
    return _FORMS[part](part)
