"""What of an edition's working copy the public does not have yet."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.services.plan import queries, rows
from yakuba.services.plan.cells import Change, changes
from yakuba.services.plan.models import Edition
from yakuba.services.plan.published import EDITION


@dataclass(frozen=True, slots=True)
class Edited:
    """One initiative that differs from its public copy."""

    id: UUID
    number: str
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """The working copy beside the standing publication (None: never published, or taken back)."""

    standing: Publication | None
    new: tuple[tuple[UUID, str, str], ...]
    edited: tuple[Edited, ...]
    removed: tuple[tuple[str, str], ...]
    head: tuple[str, ...]
    """Parts of the document around the initiatives that differ, in words."""

    @property
    def count(self) -> int:
        """How many initiatives the public reads otherwise, or not at all."""
        return len(self.new) + len(self.edited) + len(self.removed)

    @property
    def anything(self) -> bool:
        """Whether publishing would change what the public reads."""
        return self.standing is None or bool(self.count or self.head)


def pending(ctx: Context, edition: Edition) -> Pending:
    """Compare field by field what would be published with what stands (a fixed number of queries)."""
    standing = publishing.standing_of(ctx, EDITION, edition.pk)
    own = queries.forms(queries.initiatives(ctx, edition))
    if standing is None:
        return Pending(None, tuple((row.pk, form["number"], form["title"]) for row, form in own), (), (), ())
    public = {part.object: part.body for part in publishing.parts(ctx, standing)}
    new: list[tuple[UUID, str, str]] = []
    edited: list[Edited] = []
    for row, form in own:
        before = public.pop(row.pk, None)
        if before is None:
            new.append((row.pk, form["number"], form["title"]))
            continue
        after = rows.public_form(form)
        if before != after:
            edited.append(
                Edited(row.pk, form["number"], form["title"], tuple(changes(_whole(before), _whole(after))))
            )
    removed = tuple((body["number"], body["title"]) for body in public.values())
    return Pending(standing, tuple(new), tuple(edited), removed, _head(ctx, edition, standing))


def _whole(body: rows.Form) -> rows.Form:
    """A public form with the keys that only the desk has, empty."""
    return {"source": None, "sources": {}, "doubts": [], "corrected": {}, "warnings": [], **body}


def _head(ctx: Context, edition: Edition, standing: Publication) -> tuple[str, ...]:
    names = {
        "municipality": _("自治体の名前"),
        "plan": _("計画の名前・期間・本文"),
        "levels": _("階層の名前"),
        "nodes": _("区分"),
        "bodies": _("推進体制"),
        "stated": _("計画書に書かれた数"),
    }
    now = queries.head(ctx, edition)
    return tuple(name for key, name in names.items() if standing.head.get(key) != now[key])
