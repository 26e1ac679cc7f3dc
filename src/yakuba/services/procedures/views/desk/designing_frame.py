"""What the pages of designing and of the inventory share: the frame, ways, forms that are sent once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yakuba.kernel.access.desk import Pages, address
from yakuba.kernel.actions import Context, Denied, Problem
from yakuba.kernel.ui.components import FieldError, Link, badge
from yakuba.services.procedures.access import desk as access
from yakuba.services.procedures.actions.designing import ChangeDraft, change_draft, read
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.definition.model import Definition
from yakuba.services.procedures.designing import queries
from yakuba.services.procedures.models import Procedure


def show(
    request: HttpRequest,
    ctx: Context,
    template: str,
    title: str,
    *,
    crumbs: Sequence[Link] = (),
    status: int = 200,
    parts: Mapping[str, object] | None = None,
    **context: object,
) -> HttpResponse:
    """A page of the desk; each of ``parts`` stands beside the rest under its own name."""
    whole = {**(parts or {}), **context}
    return Pages("procedures/desk").show(request, ctx, template, title, crumbs=crumbs, status=status, **whole)


def by_key(errors: Sequence[FieldError]) -> dict[str, str]:
    """The same by field name, for the fields themselves."""
    return {one.key: str(one.message) for one in errors if one.key}


def version_of(request: HttpRequest) -> int:
    """The version that a form was drawn from; one that is none is too old."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def top(ctx: Context) -> Link:
    """The first step of the way: all procedures."""
    return Link(_("手続"), address("procedures-designs", ctx))


@dataclass(frozen=True, slots=True)
class Draft:
    """A procedure that somebody looks at or designs."""

    procedure: Procedure
    definition: Definition
    may: bool

    @property
    def id(self) -> UUID:
        """Its id."""
        found: UUID = self.procedure.pk
        return found


def draft_of(ctx: Context, procedure_id: UUID, *, change: bool = False) -> Draft:
    """The draft. With ``change`` raises :class:`Denied` for whoever may not design it."""
    procedure = queries.procedure(ctx, procedure_id)
    verdict = access.DESIGN.may(ctx, procedure)
    if change and not verdict.allowed:
        raise Denied(verdict.reason)
    return Draft(procedure, read(procedure.draft), verdict.allowed)


def save(ctx: Context, request: HttpRequest, draft: Draft, definition: Definition, what: str) -> None:
    """Put a changed definition into the draft, unless somebody else has changed it since the form was drawn.

    What a form does depends on the draft that it meets: the very same form sent twice would ask for something else the second
    time. So it is known by its content, and the second time nothing is left to do.
    """
    data = ChangeDraft(document.write(definition), what[:200])
    once = replace(ctx, idempotency_key=_content_key(request) if ctx.idempotency_key else None)
    try:
        change_draft(once, draft.procedure, data, expected_version=version_of(request))
    except Problem as problem:
        if problem.code != "idempotency":
            raise


def _content_key(request: HttpRequest) -> str:
    """The form's key together with everything that was sent with it."""
    sent = {key: values for key, values in request.POST.lists() if key != "csrfmiddlewaretoken"}
    return hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()


def crumbs_of(ctx: Context, draft: Draft, *more: Link) -> list[Link]:
    """The way to a page of a procedure."""
    return [top(ctx), Link(draft.procedure.title, address("procedures-design", ctx, draft.id)), *more]


def tabs_of(ctx: Context, draft: Draft, current: str) -> list[Link]:
    """The pages of a procedure."""
    wanted = [
        ("procedures-design", _("様式")),
        ("procedures-design-facts", _("全体の内容")),
        ("procedures-design-preview", _("市民に見える形")),
        ("procedures-design-publish", _("確かめて公開")),
        ("procedures-design-manage", _("管理")),
    ]
    return [Link(label, address(name, ctx, draft.id), current=name == current) for name, label in wanted]


def state_badge(state: str, *, differs: bool = False) -> object:
    """Where a procedure stands, in words."""
    if state == "open":
        label = _("受付中（下書きに変更あり）") if differs else _("受付中")
        return badge(
            label, tone="fair" if differs else "good", mark="circle-half" if differs else "circle-check"
        )
    if state == "paused":
        return badge(_("一時停止"), tone="warn", mark="triangle")
    if state == "closed":
        return badge(_("終了"), tone="neutral", mark="flag")
    return badge(_("下書き"), tone="accent")


def posted(request: HttpRequest) -> dict[str, list[str]]:
    """Everything that a form sent."""
    return {key: request.POST.getlist(key) for key in request.POST}


def typed_of(request: HttpRequest, *keys: str) -> Mapping[str, str]:
    """The named fields as typed."""
    return {key: request.POST.get(key, "") for key in keys}
