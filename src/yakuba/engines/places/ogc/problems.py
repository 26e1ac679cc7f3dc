"""How a parameter is refused."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem

EXCERPT = 80


class BadParameter(Problem):
    """A parameter that an address does not know, or a value that it cannot use (400)."""

    status = 400

    def __init__(self, parameter: str, found: str, expected: str) -> None:
        name, shown = (
            text[:EXCERPT].encode("utf-8", "replace").decode("utf-8") for text in (parameter, found)
        )
        message = _(
            "パラメーター「%(parameter)s」に「%(found)s」は使えません。%(expected)s にしてください。"
        ) % {
            "parameter": name,
            "found": shown,
            "expected": expected or _("なし"),
        }
        super().__init__("parameter", message, field=name, found=shown, expected=expected)
