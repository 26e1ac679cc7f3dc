"""A field whose value is used and never told: not in the trail, not in a form that comes back, not in an API's answer."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.fields import Classification, Invalid, JsonValue, Kind
from yakuba.kernel.fields.columns import TextColumn

MAX_LENGTH = 512


@dataclass(frozen=True)
class Secret(Kind[str]):
    """A password as typed, blanks and all. What leaves is always empty."""

    key: ClassVar[str] = "secret"

    def check(self, value: object) -> str:
        if not isinstance(value, str) or len(value) > MAX_LENGTH:
            raise Invalid("secret", "", _("%d文字以内の文字") % MAX_LENGTH)
        if any("\ud800" <= one <= "\udfff" for one in value):  # half a character: it has no bytes to hash
            raise Invalid("secret", "", _("制御文字を含まない文字"))
        return value

    def parse(self, text: str) -> str:
        return self.check(text)

    def to_text(self, value: str) -> str:
        return ""

    def schema(self) -> dict[str, JsonValue]:
        return {"type": "string", "maxLength": MAX_LENGTH, "writeOnly": True}


def secret(*, label: str, required: bool = True) -> TextColumn[str, str]:
    """A field of action data for a password."""
    column = fields.text(
        label=label, classification=Classification.PERSONAL, max_length=MAX_LENGTH, required=required
    )
    column.spec = dataclasses.replace(column.spec, kind=Secret())
    return column
