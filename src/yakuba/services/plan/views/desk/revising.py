"""Revising a target, an actual, a stage or the progress word: what it is from now on, and why. What it was stays to be read."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Missing, Problem, Stale
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.plan import access, cells, labels, queries, rules
from yakuba.services.plan.actions import revise as revise_field
from yakuba.services.plan.forms.base import day_text
from yakuba.services.plan.views.desk.frame import crumbs_of, show

_KEYS = ("value", "reason", "status", "as_of")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def revise(request: HttpRequest, ctx: Context, initiative_id: UUID) -> HttpResponseBase:
    """The form of a revision; ``path`` names the field."""
    row = queries.initiative(ctx, initiative_id)
    verdict = access.CORRECT.may(ctx, row)
    form = queries.initiative_form(row)
    path = (request.POST if request.method == "POST" else request.GET).get("path", "")
    errors: list[FieldError] = []
    typed = dict.fromkeys(_KEYS, "")
    status, stale = 200, False
    if request.method == "POST":
        typed = {key: request.POST.get(key, "") for key in _KEYS}
        try:
            data = revise_field.read_text({"path": path, **typed})
            revise_field(ctx, row, data, expected_version=version_of(request))
            return see("plan-desk-initiative", ctx, row.pk, fragment=_fragment(path))
        except Stale as problem:
            if not rules.revisable(form, path):
                raise  # somebody else revised it meanwhile: what was looked at is not the newest any more
            stale, status = True, problem.status
        except Problem as problem:
            errors, status = errors_of(problem), problem.status
    elif not verdict.allowed:
        raise Denied(verdict.reason)
    if not rules.revisable(form, path):
        raise Missing
    value = rules.get(form, path) if path.startswith("indicators") else None
    if request.method != "POST" and value is not None:
        typed |= {"status": value["status"] or "", "as_of": day_text(value["as_of"])}
    name = f"{row.number} {row.title}".strip()
    label = cells.full_name(form, path)
    said = {error.key: error.message for error in errors}
    return show(
        request,
        ctx,
        "revise",
        _("%(field)sを改訂する") % {"field": label},
        crumbs=[*crumbs_of(ctx, row.edition), Link(name, address("plan-desk-initiative", ctx, row.pk))],
        status=status,
        row=row,
        path=path,
        label=label,
        before=value["raw"] if value is not None else rules.shown(form, path),
        is_value=value is not None,
        statuses=tuple(labels.STATUSES.items()),
        typed=typed,
        errors=errors,
        said=said,
        stale=stale,
        words=queries.progress_words(ctx, row.edition) if path == "progress" else [],
        back=address("plan-desk-initiative", ctx, row.pk) + f"#{_fragment(path)}",
    )


def _fragment(path: str) -> str:
    return (
        "part-indicators"
        if path.startswith("indicators")
        else "part-basics"
        if path == "progress"
        else "part-rest"
    )
