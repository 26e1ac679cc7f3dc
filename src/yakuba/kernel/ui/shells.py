"""The page shells' contexts: what a view hands to `ui/portal.html`, `ui/desk.html`, `ui/plain.html`, `ui/print.html` or `ui/embed.html` as `page`.

    return render(request, "plan/initiative.html", {"page": PortalPage(title=…, municipality=…), …})

and the template `{% extends "ui/portal.html" %}`. The shells document their blocks.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from django.http import HttpRequest

from yakuba.kernel.ui.drawing import Link, Text


class Municipality(Protocol):
    """What the shells need to know of a municipality."""

    @property
    def code(self) -> str:
        """The six-digit code, as it stands in addresses."""

    @property
    def name(self) -> str:
        """みほん市."""

    @property
    def accent(self) -> str:
        """Key of its accent colour (`palette.ACCENTS`); empty for the default."""


#: The way to one's own page, from the head of every page of a municipality; a room that has such a page names it.
_OWN_PAGE: list[Callable[[Municipality], Link]] = []


def register_own_page(link: Callable[[Municipality], Link]) -> None:
    """Name the page of whoever comes; called once. RuntimeError the second time."""
    if _OWN_PAGE:
        raise RuntimeError("there is an own page already")
    _OWN_PAGE.append(link)


@dataclass(frozen=True, slots=True)
class Emergency:
    """What is urgent now: a bar that pushes everything down, on every page of the portal."""

    title: Text
    since: dt.datetime
    href: str
    more: Text = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """A line of the desk's left side; `count` is a true number of things that wait, `current` the room one is in."""

    label: Text
    href: str
    icon: str = "document"
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Lines of the desk's left side under one heading: 「自分の仕事」「計画」「設定」."""

    label: Text
    items: Sequence[NavItem]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPage:
    """A page that belongs to no municipality: the front page across cities, sign-in, errors."""

    title: Text

    @property
    def document_title(self) -> str:
        """The `<title>`."""
        return " | ".join(part for part in (str(self.title), "Yakuba") if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalPage:
    """A citizens' page. An empty `title` is the municipality's own front page."""

    title: Text
    municipality: Municipality
    crumbs: Sequence[Link] = ()
    """The way from the municipality's front page to this page, without the page itself."""
    emergency: Emergency | None = None
    contact: Text = ""
    """Whom to ask about this page: office and telephone, as one line."""
    contact_href: str = ""
    footer: Sequence[Link] = ()
    title_lang: str = ""
    """The language of the title where it may not be the page's: what a plan calls its initiative is Japanese."""
    unpublished: Link | None = None
    """The way back to the desk, on a page that shows staff what the public does not see yet."""
    former: Link | None = None
    """The way back to the desk, on a page that shows staff what the public read in a past publication."""

    @property
    def own_page(self) -> Link | None:
        """Where whoever comes finds what is theirs; the same link for everybody, so that a page may be kept."""
        return _OWN_PAGE[0](self.municipality) if _OWN_PAGE else None

    @property
    def document_title(self) -> str:
        """The `<title>`."""
        return " | ".join(part for part in (str(self.title), self.municipality.name) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintPage:
    """A page made for paper (`ui/print.html`): A3 across for sheets of an office, A4 upright for one answer."""

    title: Text
    municipality: Municipality
    day: dt.date
    """What it shows is what stood on this day."""
    sheet: Literal["a3", "a4"] = "a4"
    about: Text = ""
    """Which document speaks: 令和8年度版."""
    back: Link | None = None
    """The page that it was made from; shown on the screen alone."""
    title_lang: str = ""

    @property
    def document_title(self) -> str:
        """The `<title>`, which browsers print at the top of each sheet."""
        return " | ".join(part for part in (str(self.title), self.municipality.name) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedPage:
    """A page for a frame in somebody else's page (`ui/embed.html`): one chart, and the way to where it comes from."""

    title: Text
    municipality: Municipality
    source: Link
    """The page that says more; it opens outside the frame."""
    day: dt.date
    title_lang: str = ""

    @property
    def document_title(self) -> str:
        """The `<title>`."""
        return " | ".join(part for part in (str(self.title), self.municipality.name) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """A page of the staff's desk."""

    title: Text
    municipality: Municipality
    nav: Sequence[NavGroup] = ()
    crumbs: Sequence[Link] = ()
    office: Text = ""
    """Where the person acts: the office of the acting post."""
    year: Text = ""
    """The fiscal year one works in: 令和8年度."""
    account: Text = ""
    """Whose account: the person's name."""
    account_href: str = ""
    sign_out: str = ""
    """Address to which the sign-out form posts."""

    @property
    def document_title(self) -> str:
        """The `<title>`."""
        return " | ".join(part for part in (str(self.title), self.municipality.name, "Yakuba") if part)


def page(request: HttpRequest) -> dict[str, object]:  # signature of a context processor
    """Context processor: a plain page for templates of libraries, whose views know nothing of our shells."""
    return {"page": PlainPage(title="")}
