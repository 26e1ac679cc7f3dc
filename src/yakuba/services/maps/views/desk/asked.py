"""What an address of the internal map asks for: layers, words, one feature. It is all that a link to a colleague needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yakuba.engines.places.layers import Layer
from yakuba.kernel.actions import Context
from yakuba.kernel.ids import read_id
from yakuba.kernel.ui.lists import MAX_QUERY, BadQuery

#: So many layers are drawn when nobody said which, and at most.
FIRST, MOST = 3, 30


@dataclass(frozen=True, slots=True)
class Asked:
    """``layers``: keys, None where nobody said; ``one``: a feature as (key of its layer, id); ``plain``: without the base map."""

    layers: tuple[str, ...] | None = None
    q: str = ""
    one: tuple[str, UUID] | None = None
    plain: bool = False

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """As the address says. Raises :class:`BadQuery` for what it does not know."""
        for name, values in query.lists():
            if name not in {"layer", "q", "one", "base"} or (len(values) > 1 and name != "layer"):
                raise BadQuery(name, values[-1], "layer・q・one・base")
            if len(values) > MOST + 1 or any(len(value) > MAX_QUERY or "\x00" in value for value in values):
                raise BadQuery(name, values[-1].replace("\x00", "␀"), _("%d文字まで") % MAX_QUERY)
        base = query.get("base", "")
        if base not in {"", "none"}:
            raise BadQuery("base", base, "none")
        wanted = tuple(one for one in query.getlist("layer") if one) if "layer" in query else None
        return cls(wanted, query.get("q", "").strip(), _one(query.get("one", "")), bool(base))

    def chosen(self, every: Sequence[Layer]) -> list[Layer]:
        """Those that the address names and the actor sees, or the first few; that of the one feature always."""
        wanted = [one.key for one in every[:FIRST]] if self.layers is None else list(self.layers)
        if self.one is not None:
            wanted.append(self.one[0])
        return [one for one in every if one.key in wanted][:MOST]

    def query(self) -> str:
        """The same as an address says it."""
        pairs = [("layer", key) for key in self.layers if key] if self.layers is not None else []
        if self.layers is not None and not pairs:
            pairs = [("layer", "")]
        pairs += [("q", self.q)] if self.q else []
        pairs += [("base", "none")] if self.plain else []
        pairs += [("one", f"{self.one[0]}/{self.one[1]}")] if self.one else []
        return f"?{urlencode(pairs)}" if pairs else ""

    def href(self, ctx: Context) -> str:
        """The address of the map that shows this."""
        return reverse("maps-desk", args=[ctx.municipality.code]) + self.query()

    def choosing(self, key: str, feature: UUID) -> Self:
        """The same with one feature chosen."""
        return replace(self, one=(key, feature))


def _one(said: str) -> tuple[str, UUID] | None:
    if not said:
        return None
    key, _slash, pk = said.partition("/")
    if not key or not pk:
        raise BadQuery("one", said, _("地図の上で選んだもの"))
    return key, read_id(pk)
