"""A letter of a ledger: said once in its pack, printed for many entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from yakuba.kernel.ui.drawing import Text

if TYPE_CHECKING:
    from django.db.models import Q

    from yakuba.engines.ledger.records import Entry
    from yakuba.kernel.actions import Context

E = TypeVar("E", bound="Entry")


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a letter goes: the name without 様, and the address as it stands behind the envelope's window."""

    name: str
    address: str
    postcode: str = ""


@dataclass(frozen=True)  # without slots: a frozen class with them cannot be called as Form[Dog](…)
class Form(Generic[E]):
    """A letter.

    ``candidates`` says of which entries it may be printed as things stand; ``body`` is its text as of a day, a paragraph each line.
    ``sets`` names the date field of an entry that keeps on which day the letter went out (督促発送日).
    """

    key: str
    label: Text
    title: Text
    addressee: Callable[[E], Addressee]
    body: Callable[[E, dt.date], str]
    candidates: Callable[[Context], Q]
    sets: str = ""
