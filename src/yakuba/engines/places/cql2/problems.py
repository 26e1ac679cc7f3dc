"""How a filter is refused: where, what was found, what is expected."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem

EXCERPT = 40


class BadFilter(Problem):
    """A filter that cannot be read to its end, or asks for what the layer does not offer (400).

    ``position`` counts characters from 1, None where the fault has no place of its own.
    """

    status = 400

    def __init__(self, found: str, expected: str, position: int | None = None) -> None:
        self.position = position
        # What was found is shown again, so it has to be something that can be sent.
        shown = found[:EXCERPT].encode("utf-8", "replace").decode("utf-8")
        where = "" if position is None else _("%(position)d文字目の") % {"position": position}
        message = _("filterの%(where)s「%(found)s」は使えません。%(expected)sにしてください。") % {
            "where": where,
            "found": shown,
            "expected": expected,
        }
        super().__init__("filter", message, field="filter", found=shown, expected=expected)
