"""Filling an empty database with the generated nation, through the functions that publishing uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db import transaction

from yakuba.engines.publishing import queries as published
from yakuba.engines.publishing import store
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.access import prepare
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.ids import uuid7
from yakuba.kernel.search import store as search
from yakuba.kernel.text import display_number_sort_key
from yakuba.kernel.town.queries import all_municipalities
from yakuba.kernel.town.vocabulary import ListedMunicipality
from yakuba.services.plan import shown
from yakuba.services.plan.actions import register
from yakuba.services.plan.actions.saving import entry
from yakuba.services.plan.bench.plans import GeneratedEdition, Generator
from yakuba.services.plan.published import EDITION
from yakuba.services.plan.rows import Form

_BATCH = 10
"""Municipalities of one transaction: about a second."""


@dataclass(frozen=True, slots=True)
class City:
    """A generated municipality: its code, the years of its editions (the one in force last), its initiatives in force."""

    code: str
    years: tuple[int, ...]
    initiatives: tuple[UUID, ...]


def demand_empty() -> None:
    """Raises :class:`Problem` for a database that holds anything: nothing is ever generated beside real data."""
    held = all_municipalities()
    if held:
        raise Problem(
            "not_empty",
            f"このデータベースには {held[0].name} のデータがあります。空のデータベースを指定してください。",
            found=held[0].code,
        )


def fill(
    generator: Generator, towns: Sequence[ListedMunicipality], progress: Callable[[int, int], None]
) -> list[City]:
    """Publish the editions of every municipality; ``progress`` is told how many are done, and of how many."""
    cities: list[City] = []
    for batch in _batches(towns):
        with transaction.atomic():
            cities += [_publish(prepare.municipality(town.code), generator.editions(town)) for town in batch]
        progress(len(cities), len(towns))
    return cities


def _batches(towns: Sequence[ListedMunicipality]) -> list[Sequence[ListedMunicipality]]:
    return [towns[start : start + _BATCH] for start in range(0, len(towns), _BATCH)]


def _publish(operator: Context, editions: Sequence[GeneratedEdition]) -> City:
    """What the publishing action does after it has read the working copy: freeze, index, register."""
    made: list[tuple[Publication, list[UUID], GeneratedEdition]] = []
    for edition in editions:
        ctx = operator.begin()  # one action freezes one thing
        ids = [uuid7() for _form in edition.forms]
        copy = store.freeze(
            ctx,
            store.Copy(
                kind=EDITION,
                subject=uuid7(),
                year=FiscalYear(edition.year),
                title=edition.title,
                head=edition.head,
                parts=tuple(
                    store.Part("initiative", identity, form["title"], form)
                    for identity, form in zip(ids, edition.forms, strict=True)
                ),
            ),
        )
        names = shown.titles_of(cast("list[Form]", edition.head["nodes"]))
        entries = [
            entry(identity, display_number_sort_key(form["number"]), form, names)
            for identity, form in zip(ids, edition.forms, strict=True)
        ]
        search.index_many(ctx, entries, visibility="public")
        made.append((copy, ids, edition))
    *earlier, (newest, ids, edition) = made
    places = published.parts(operator, newest).values_list("pk", "object", "position")
    register.write(
        register.records(
            newest,
            [(pk, identity, position, edition.forms[position]) for pk, identity, position in places],
            [(one.year, generated.forms) for one, _ids, generated in reversed(earlier)],
        )
    )
    return City(operator.municipality.code, tuple(one.year for one in editions), tuple(ids))
