"""What an address asks to have printed; the form and the sheet are the same address."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from django.http import QueryDict
from django.utils.translation import gettext as _

from yakuba.engines.places import rules
from yakuba.engines.places.crs.systems import JAPAN
from yakuba.engines.places.layers import Layer
from yakuba.engines.places.shapes import ShapeKind
from yakuba.kernel.actions import Context, Problem, Problems
from yakuba.kernel.fields import Invalid
from yakuba.kernel.ui.lists import MAX_QUERY, BadQuery
from yakuba.services.maps.printing.sheet import LEAST, MOST, PAPERS, Paper, Sheet, system_of

_NAMES: Final = frozenset({"layer", "center", "scale", "paper", "across", "title", "base", "names"})
#: So many layers on one sheet.
MOST_LAYERS: Final = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """As it stands in the address, text for text; ``layers`` keys, ``base`` the key of a ground, ``names`` whether features are named."""

    layers: tuple[str, ...] = ()
    center: str = ""
    scale: str = ""
    paper: str = "a4"
    across: bool = False
    title: str = ""
    base: str = ""
    names: bool = False

    @classmethod
    def of(cls, query: QueryDict, *, titled: bool) -> Asked:
        """Raises :class:`BadQuery` for a parameter that there is not.

        ``titled``: whether the address may name the sheet. No stranger's link puts words under the municipality's name.
        """
        names = _NAMES if titled else _NAMES - {"title"}
        for name, values in query.lists():
            if name not in names or (len(values) > 1 and name != "layer"):
                raise BadQuery(name, values[-1], "・".join(sorted(names)))
            if any(len(value) > MAX_QUERY or "\x00" in value for value in values):
                raise BadQuery(name, values[-1].replace("\x00", "␀"), _("%d文字まで") % MAX_QUERY)
        return cls(
            tuple(one for one in query.getlist("layer") if one),
            query.get("center", "").strip(),
            unicodedata.normalize("NFKC", query.get("scale", "")).replace(",", "").strip(),
            query.get("paper", "a4"),
            query.get("across", "") == "1",
            query.get("title", "").strip(),
            query.get("base", ""),
            query.get("names", "") == "1",
        )

    @property
    def whole(self) -> bool:
        """Whether a sheet is asked for, not the form alone."""
        return bool(self.scale)

    def chosen(self, every: Sequence[Layer]) -> list[Layer]:
        """The layers that it names, of those that the actor sees; a layer that is gone is left out."""
        return [one for one in every if one.key in self.layers]

    def middle(self, every: Sequence[Layer]) -> str:
        """The place in the address, or the middle of the chosen layers, latitude first; empty where nothing says."""
        box = rules.joined([one.box for one in self.chosen(every) or every if one.box is not None])
        if self.center or box is None:
            return self.center
        return f"{(box[1] + box[3]) / 2:.6f}, {(box[0] + box[2]) / 2:.6f}"

    def sheet(self, ctx: Context, every: Sequence[Layer]) -> Sheet:
        """The sheet. Raises :class:`Problems` with what is wrong in the fields ``layer``, ``center``, ``scale``, ``paper``."""
        wrong: list[Problem] = []
        if not 0 < len(self.chosen(every)) <= MOST_LAYERS:
            wrong.append(
                Problem(
                    "layer",
                    _("印刷する層を、1つから%dつまで選んでください。") % MOST_LAYERS,
                    field="layer",
                    found=str(len(self.layers)),
                    expected=f"1-{MOST_LAYERS}",
                )
            )
        scale = int(self.scale) if self.scale.isascii() and self.scale.isdecimal() else 0
        if not LEAST <= scale <= MOST:
            wrong.append(
                Problem(
                    "scale",
                    _("縮尺は、1:%(least)sから1:%(most)sまでの分母を整数で入れてください。例：2500")
                    % {"least": f"{LEAST:,}", "most": f"{MOST:,}"},
                    field="scale",
                    found=self.scale[:20],
                    expected=f"{LEAST}-{MOST}",
                )
            )
        if self.paper not in PAPERS:
            wrong.append(
                Problem("paper", _("用紙は、A4かA3を選んでください。"), field="paper", found=self.paper[:20], expected="a4・a3")
            )  # fmt: skip
        at = _point(self.center)
        if at is None:
            wrong.append(
                Problem(
                    "center",
                    _("中心は、日本の中の緯度と経度を「36.321456, 139.805678」のように入れてください。"),
                    field="center",
                    found=self.center[:40],
                    expected=_("緯度, 経度"),
                )
            )
        if wrong or at is None:
            raise Problems(wrong)
        lon, lat = at
        system = system_of(ctx.municipality.code, lon, lat)
        return Sheet(lon, lat, scale, system, cast("Paper", self.paper), self.across)


def _point(text: str) -> tuple[float, float] | None:
    """Longitude and latitude of a place in Japan."""
    try:
        found = ShapeKind().parse(text)
    except Invalid:
        return None
    west, south, east, north = JAPAN
    lon, lat = found.bounds[:2]
    return (lon, lat) if found.kind == "point" and west <= lon <= east and south <= lat <= north else None
