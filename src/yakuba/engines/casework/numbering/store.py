"""The writers of number books (収受簿・文書番号簿)."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from yakuba.engines.casework.models import Case, Notice, NumberBook
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.town.models import Office
from yakuba.kernel.town.queries import office_name

_PLACE, _YEAR = "{n}", "{year}"
_OFFICE_LENGTH = 40


def next_number(ctx: Context, book: str, office: Office | None, authority: str, day: dt.date) -> str:
    """The next number of a book (``registration`` or ``document``), of the fiscal year of ``day``.

    The office's own book counts; where it has none and its authority keeps one for all its offices, that one. A book that ran last
    year is opened anew with 1. The very first is made with «R8見本課収第1号» (documents: «R8見本課第1号»): the year, the office as it
    is called that day, the number. In a pattern ``{year}`` stands for the year (R8) and ``{n}`` for the number. A number that
    somebody typed in before is passed over.
    """
    found = _book(ctx, book, office, authority, FiscalYear.of(day), day)
    held = NumberBook.unscoped.select_for_update().get(pk=found.pk)
    count = held.following
    while _taken(ctx, book, text := written(held.pattern, held.year, count)):
        count += 1
    held.following = count + 1
    held.save(update_fields=["following"])
    return text


def written(pattern: str, year: FiscalYear, count: int) -> str:
    """A number as a pattern writes it."""
    return pattern.replace(_YEAR, year.short).replace(_PLACE, str(count))


def _book(
    ctx: Context, book: str, office: Office | None, authority: str, year: FiscalYear, day: dt.date
) -> NumberBook:
    """The book that counts; opened anew for the year, or made, where there is none yet."""
    for owner in (office, None) if office is not None else (None,):
        before = (
            NumberBook.unscoped.filter(
                _of(owner, authority), municipality=ctx.municipality.id, book=book, year__lte=year
            )
            .order_by("-year")
            .first()
        )
        if before is not None:
            pattern = before.pattern
            return before if before.year == year else _opened(ctx, book, owner, authority, year, pattern)
    name = office_name(office.pk, day)[:_OFFICE_LENGTH] if office is not None else ""
    middle = "収第" if book == "registration" else "第"
    plain = name.replace("{", "").replace("}", "")
    return _opened(ctx, book, office, authority, year, f"{_YEAR}{plain}{middle}{_PLACE}号")


def _of(owner: Office | None, authority: str) -> Q:
    """Whose book: an office's, or the one that an authority keeps for its offices."""
    return Q(office=owner) if owner is not None else Q(office__isnull=True, authority=authority)


def _opened(
    ctx: Context, book: str, owner: Office | None, authority: str, year: FiscalYear, pattern: str
) -> NumberBook:
    made, _new = NumberBook.unscoped.filter(_of(owner, authority)).get_or_create(
        municipality_id=ctx.municipality.id,
        book=book,
        year=year,
        defaults={"office": owner, "authority": authority, "pattern": pattern, "following": 1},
    )
    return made


def _taken(ctx: Context, book: str, text: str) -> bool:
    here = ctx.municipality.id
    if book == "registration":
        return Case.unscoped.filter(municipality=here, number=text).exists()
    return Notice.unscoped.filter(municipality=here, document_number=text).exists()
