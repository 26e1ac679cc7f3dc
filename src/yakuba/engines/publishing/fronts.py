"""How what is published shows at the front door: a service registers a presenter for its kind of publication.

The portal composes these; it knows no service by name, and a service knows nothing of the portal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.ui.formats import wareki

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Tally:
    """How many parts bear one progress word; ``meaning`` is its fixed meaning, if any."""

    word: str
    count: int
    meaning: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One publication at the front door."""

    title: Text
    href: str
    body: Text
    publication: Publication
    tallies: tuple[Tally, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """A way in by what somebody needs; ``count`` is how many things lie behind it."""

    label: Text
    href: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Presenter:
    """What the front door asks of the service that owns a kind of publication.

    ``cards`` draws publications in a fixed number of queries. ``address`` is the public address of a publication, or of one of
    its parts, in the language of the request. ``doors`` are the ways in to what is too much for cards; they stand on top.
    """

    kind: str
    heading: Text
    href: Callable[[Context], str]
    cards: Callable[[Context, Sequence[Publication]], Iterable[Card]]
    address: Callable[[Context, Publication, UUID | None], str]
    doors: Callable[[Context, Sequence[Publication]], Sequence[Door]] | None = None


@dataclass(frozen=True, slots=True)
class Across:
    """A service's own first page across all municipalities, as the front door names it."""

    heading: Text
    about: Text
    href: Callable[[], str]


def published_on(publication: Publication) -> str:
    """When it was published, in Japan, and the how-manieth time: 令和8年3月31日（火）公表（2回目）."""
    day = wareki(japan_date(publication.published_at))
    if publication.number == 1:
        return _("%(day)s公表") % {"day": day}
    return _("%(day)s公表（%(number)d回目）") % {"day": day, "number": publication.number}


@dataclass(frozen=True, slots=True)
class Entrance:
    """What a service shows at the front door that is no publication: ways in to what the desk released. None: nothing yet."""

    heading: Text
    href: Callable[[Context], str]
    doors: Callable[[Context], Sequence[Door]]


_ENTRANCES: list[Entrance] = []


def register_entrance(entrance: Entrance) -> None:
    """Name an entrance; called when a service starts up."""
    _ENTRANCES.append(entrance)


def entrances() -> tuple[Entrance, ...]:
    """All entrances, in the order of their registration."""
    return tuple(_ENTRANCES)


_PRESENTERS: dict[str, Presenter] = {}
_ACROSS: list[Across] = []


def register_presenter(presenter: Presenter) -> None:
    """Name the presenter of a kind of publication; called when a service starts up, once per kind."""
    if presenter.kind in _PRESENTERS:
        raise ValueError(f"{presenter.kind} has a presenter already")
    _PRESENTERS[presenter.kind] = presenter


def register_across(across: Across) -> None:
    """Name a first page across municipalities; called when a service starts up."""
    _ACROSS.append(across)


def across() -> tuple[Across, ...]:
    """All pages across municipalities, in the order of their registration."""
    return tuple(_ACROSS)


def presenters() -> tuple[Presenter, ...]:
    """All presenters, in the order of their registration."""
    return tuple(_PRESENTERS.values())


def presenter(kind: str) -> Presenter:
    """The presenter of one kind. KeyError for a kind that nobody presents."""
    return _PRESENTERS[kind]
