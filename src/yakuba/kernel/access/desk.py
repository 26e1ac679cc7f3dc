"""The desk's frame: rooms put their lines into the navigation, every desk page gets it filled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.access.pages import see_other
from yakuba.kernel.actions import Context, Denied, Permission, Problem
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.ids import uuid7
from yakuba.kernel.ui.drawing import Link
from yakuba.kernel.ui.shells import DeskPage, NavGroup, NavItem

Text = str | Promise
M = TypeVar("M", bound=Model)
MY_WORK = gettext_lazy("自分の仕事")
CASES = gettext_lazy("申請・審査")
LEDGERS = gettext_lazy("台帳・地図")
PLAN = gettext_lazy("計画")
SETTINGS = gettext_lazy("設定")
_ORDER = ("work", "cases", "ledgers", "plan", "settings")
_LABELS = {"work": MY_WORK, "cases": CASES, "ledgers": LEDGERS, "plan": PLAN, "settings": SETTINGS}


@dataclass(frozen=True)
class Door:
    """A line of the desk's navigation. ``open_to`` decides who sees it; ``count`` is a true number of what waits.

    Within its group a line stands by its ``order``; rooms start up in an order that says nothing to a reader.
    """

    group: str
    label: Text
    url: str
    icon: str
    open_to: Callable[[Context], bool]
    count: Callable[[Context], int] | None = None
    order: int = 50


_DOORS: list[Door] = []


def add_door(door: Door) -> None:
    """Put a line into the navigation; called when a room starts up."""
    if door.group not in _LABELS:
        raise ValueError(f"no such group: {door.group}")
    _DOORS.append(door)


def doors(ctx: Context) -> list[Door]:
    """The lines that this actor sees."""
    return [door for door in sorted(_DOORS, key=lambda door: door.order) if door.open_to(ctx)]


@dataclass(frozen=True)
class Waiting:
    """Something that waits for this person: what, how many, and where it is done. ``count`` is a true number."""

    label: Text
    detail: Text
    href: str
    count: int
    icon: str = "tray"


_WAITING: list[Callable[[Context], Sequence[Waiting]]] = []


def add_waiting(what: Callable[[Context], Sequence[Waiting]]) -> None:
    """Tell the desk's first page what of a room waits for whom; called when a room starts up."""
    _WAITING.append(what)


def waiting(ctx: Context) -> list[Waiting]:
    """Everything that waits for this actor, room by room."""
    return [one for what in _WAITING for one in what(ctx)]


def desk_shell(request: HttpRequest, ctx: Context, title: Text, crumbs: Sequence[Link] = ()) -> DeskPage:
    """The frame of a desk page."""
    code = ctx.municipality.code
    here = request.path_info
    home = reverse("desk-home", args=[code])
    addresses = [(door, reverse(door.url, args=[code])) for door in doors(ctx)]
    # Under several doors the innermost is where one is; the desk's own first page is above all of them.
    under = [href for _door, href in addresses if here == href or (here.startswith(href) and href != home)]
    current = max(under, key=len, default="")
    lines: dict[str, list[NavItem]] = {group: [] for group in _ORDER}
    for door, href in addresses:
        lines[door.group].append(
            NavItem(
                door.label,
                href,
                door.icon,
                current=href == current,
                count=(door.count(ctx) or None) if door.count else None,  # nothing waits: no number
            )
        )
    return DeskPage(
        title=title,
        municipality=ctx.municipality,
        nav=[NavGroup(_LABELS[group], lines[group]) for group in _ORDER if lines[group]],
        crumbs=crumbs,
        office=ctx.acting_post,
        year=_("今年度：%(year)s") % {"year": FiscalYear.of(ctx.now).wareki},
        account=ctx.actor.label,
        account_href=reverse("access-account"),
        sign_out=reverse("access-sign-out"),
    )


@dataclass(frozen=True, slots=True)
class Pages:
    """The desk's pages of one room, whose templates stand in one folder."""

    folder: str

    def show(
        self,
        request: HttpRequest,
        ctx: Context,
        template: str,
        title: str,
        *,
        crumbs: Sequence[Link] = (),
        status: int = 200,
        **context: object,
    ) -> HttpResponse:
        """A page. ``new_key`` goes into each form: the same form sent twice changes once."""
        page = desk_shell(request, ctx, title, crumbs)
        whole = {"page": page, "new_key": str(uuid7()), **context}
        return render(request, f"{self.folder}/{template}.html", whole, status=status)


def version_of(request: HttpRequest) -> int:
    """The version that a form was drawn with. Raises :class:`Problem` for a form without one: nobody is overwritten unseen."""
    found = request.POST.get("version", "")
    if not (found.isascii() and found.isdecimal() and len(found) < 10):
        raise Problem(
            "version",
            _("いつの内容を見て決めたのかが分かりません。画面を開き直して、もう一度送ってください。"),
            found=found[:40],
        )
    return int(found)


def address(name: str, ctx: Context, *args: object) -> str:
    """The address of a page of this municipality."""
    return reverse(name, args=[ctx.municipality.code, *args])


def see(name: str, ctx: Context, *args: object, fragment: str = "") -> HttpResponseBase:
    """The answer to a form that was done: a page to look at (303), so that reloading sends nothing again."""
    return see_other(address(name, ctx, *args) + (f"#{fragment}" if fragment else ""))


def need(permission: Permission[M], ctx: Context) -> None:
    """Raises :class:`Denied` for whoever holds no role that the permission names."""
    if not permission.holds_anywhere(ctx):
        raise Denied
