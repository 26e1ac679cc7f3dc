"""Who is at the portal, as pages and actions see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from yakuba.engines.visitors import rules
from yakuba.engines.visitors.models import Visit
from yakuba.kernel.fields import JsonValue


@dataclass(frozen=True)
class Visitor:
    """Whoever looks at a page of the portal. ``visit`` is None for somebody who has not sent a form yet.

    ``row`` is the visit as it was read for this request.
    """

    visit: UUID | None = None
    level: str = "none"
    method: str = ""
    citizen: UUID | None = None
    mail: str = ""
    facts: Mapping[str, JsonValue] = field(default_factory=dict)
    row: Visit | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, visit: Visit) -> Visitor:
        """The visitor of a visit."""
        return cls(visit.pk, visit.level, visit.method, visit.citizen, visit.mail, dict(visit.facts), visit)

    @property
    def signed_in(self) -> bool:
        """Whether there is an account behind this visit."""
        return self.citizen is not None

    def reaches(self, wanted: str) -> bool:
        """Whether enough is known of who this is. KeyError for a level that there is not."""
        return rules.reaches(self.level, wanted)


ANON = Visitor()


def masked_mail(mail: str) -> str:
    """A mail address where others may look on: its first letter and what follows the ``@``. Empty for none."""
    name, at, host = mail.partition("@")
    return f"{name[:1]}•••{at}{host}" if at else ""
