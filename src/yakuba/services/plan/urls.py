"""Addresses of the plan: the public reads frozen copies, the desk works on drafts."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and year4
from yakuba.services.plan.views import portal as public

_EDITION = "<code6:code>/plan/<year4:year>/"

portal: list[URLPattern] = [
    path("<code6:code>/plan/", public.editions, name="plan-editions"),
    path(_EDITION, public.edition, name="plan-edition"),
    path(f"{_EDITION}initiatives.<slug:name>", public.sheet, name="plan-edition-sheet"),
    path(f"{_EDITION}plan.json", public.data, name="plan-edition-data"),
    path(f"{_EDITION}<uuid:identity>/", public.initiative, name="plan-initiative"),
]
desk: list[URLPattern] = []
