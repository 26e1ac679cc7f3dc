"""What every page begins with: which municipality, which face, who acts."""

from __future__ import annotations

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Concatenate, ParamSpec, Protocol

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from yakuba.kernel.access.actors import staff_actor, system_actor
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.sessions import admit, demand
from yakuba.kernel.actions import ANYONE, Context, Face, Missing, MunicipalityRef, Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.ids import uuid7
from yakuba.kernel.town.queries import find_municipality

P = ParamSpec("P")


class Page(Protocol[P]):
    """What Django calls for an address that begins with a municipality's code."""

    def __call__(
        self, request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase: ...


def municipality_ref(code: str) -> MunicipalityRef:
    """The municipality of an address. Raises :class:`Missing` for one that this installation does not hold."""
    found = find_municipality(code)
    if found is None:
        raise Missing
    return found


def system_context(name: str, municipality: MunicipalityRef) -> Context:
    """A machine process's context."""
    return Context(system_actor(name), municipality, clock.now(), request_id=str(uuid7()))


def portal_page(
    view: Callable[Concatenate[HttpRequest, Context, P], HttpResponseBase],
) -> Page[P]:
    """A public page: the actor is the public, whoever asks; no session is read and no cookie is set."""

    @functools.wraps(view)
    def page(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        ctx = public_context(request, code)
        request.yakuba = ctx  # type: ignore[attr-defined]  # read by the page shell
        return view(request, ctx, *args, **kwargs)

    return page


def public_context(request: HttpRequest, code: str, known: MunicipalityRef | None = None) -> Context:
    """The context of anybody at a municipality's public side. Raises :class:`Missing` for a municipality not held here.

    ``known`` is that municipality, where it was read already.
    """
    return Context(ANYONE, known or municipality_ref(code), clock.now(), request_id(request), Face.PORTAL)


def desk_page(
    view: Callable[Concatenate[HttpRequest, Context, P], HttpResponseBase],
) -> Page[P]:
    """A staff page: signed in, with a role in this municipality now; anybody else gets sign-in or 404.

    The form field ``idempotency_key`` makes a form sent twice change once.
    """

    @functools.wraps(view)
    def page(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        admitted = admit(request)
        if not isinstance(admitted, StaffAccount):
            return admitted
        ctx = desk_context(request, code)
        request.yakuba = ctx  # type: ignore[attr-defined]  # read by the page shell
        return view(request, ctx, *args, **kwargs)

    return page


def desk_context(request: HttpRequest, code: str) -> Context:
    """The context of a signed-in account in one municipality.

    Raises :class:`Denied` for whoever is not signed in with a second factor, and :class:`Missing` where the account holds
    no role.
    """
    account = demand(request)
    municipality = municipality_ref(code)
    now = clock.now()
    actor, acting = staff_actor(account, now)
    if not actor.roles_in(municipality.id):
        raise Missing
    key = request.POST.get("idempotency_key", "") or request.headers.get("Idempotency-Key", "")
    return Context(
        actor,
        municipality,
        now,
        request_id(request),
        Face.DESK,
        acting_post=acting,
        idempotency_key=key[:80] or None,
    )


def see_other(href: str) -> HttpResponseRedirect:
    """The answer to a form that was done: a page to look at (303), so that reloading sends nothing again."""
    answer = HttpResponseRedirect(href)
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer


def request_id(request: HttpRequest) -> str:
    """The id that the middleware gave this request; it stands in the trail and in the log."""
    return str(getattr(request, "request_id", "")) or str(uuid7())


class PreconditionRequired(Problem):
    """A writer has to say which version it read (RFC 6585)."""

    status = 428

    def __init__(self) -> None:
        super().__init__(
            "precondition",
            _("If-Match に、読んだときの版を付けて送ってください。"),
            field="If-Match",
            expected='"7"',
        )


def version_read(request: HttpRequest) -> int:
    """The version that a program read before it writes (``If-Match``). Raises :class:`PreconditionRequired`."""
    found = request.headers.get("If-Match", "").removeprefix("W/").strip('"')
    if not (found.isascii() and found.isdecimal() and len(found) < 10):
        raise PreconditionRequired
    return int(found)
