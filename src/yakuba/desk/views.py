"""The staff's first page: what waits for me."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.kernel.access.desk import desk_shell, waiting
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context


@require_safe
@desk_page
def home(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Everything that waits for this person, with true counts."""
    found = [one for one in waiting(ctx) if one.count]
    context = {
        "page": desk_shell(request, ctx, _("自分の仕事")),
        "name": ctx.actor.label,
        "waiting": found,
    }
    return render(request, "desk/home.html", context)
