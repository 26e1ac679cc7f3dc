"""The book for the public: what was made of the publication that stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.files.serving import serve
from yakuba.services.plan import public
from yakuba.services.plan.book import access, queries
from yakuba.services.plan.views.portal.frame import public_page


@public_page
def book(request: HttpRequest, ctx: Context, year: int, ending: str) -> HttpResponseBase:
    """The file, as it was made when the edition was published; the address stays when it is published anew."""
    publication = public.publication(ctx, year)
    found = next((one for one in queries.published(ctx, publication) if one.format == ending), None)
    if found is None:
        raise Missing
    return serve(request, ctx, found.file, owner=found, permission=access.VIEW_PUBLISHED)
