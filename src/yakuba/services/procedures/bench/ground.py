"""What an application needs: a municipality, an office, the published procedure, and forms that are filled in but not sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from yakuba.engines.visitors import pages, rules, store
from yakuba.kernel.access import prepare
from yakuba.kernel.actions import Context, Face, Problem
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.town.actions import OpenOffice, open_office
from yakuba.kernel.town.queries import all_municipalities
from yakuba.services.procedures.actions.applying import AnswerPage, Begin, Reach, answer, begin, reach
from yakuba.services.procedures.actions.designing import (
    CreateProcedure,
    PublishProcedure,
    create_procedure,
    publish_procedure,
)
from yakuba.services.procedures.bench import sample

_BATCH = 25
"""Forms of one transaction: a fraction of a second."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that only waits to be sent: its id, and the token of the browser that filled it in."""

    filling: UUID
    token: str


def demand_empty() -> None:
    """Raises :class:`Problem` for a database that holds anything: nothing is ever tried out beside real data."""
    held = all_municipalities()
    if held:
        raise Problem(
            "not_empty",
            f"このデータベースには {held[0].name} のデータがあります。空のデータベースを指定してください。",
            found=held[0].code,
        )


def lay(*, places: int | None = None) -> UUID:
    """Found the municipality, open its office, publish the procedure; return the procedure's id."""
    ctx = prepare.municipality(sample.CODE)
    since = japan_date(clock.now()) - dt.timedelta(days=1)
    office = open_office(ctx, None, OpenOffice("mayor", "見本課", "100", since))
    made = create_procedure(ctx, None, CreateProcedure(str(office.pk), sample.document(places=places)))
    publish_procedure(ctx, made, PublishProcedure())
    return made.pk


def filled(procedure: UUID, count: int, progress: Callable[[int, int], None]) -> Iterator[Filled]:
    """Fill in so many forms, each by a browser of its own, through the actions that the pages call."""
    ctx = prepare.municipality(sample.CODE, make=False)
    for start in range(0, count, _BATCH):
        with transaction.atomic():
            batch = [_fill(ctx, procedure, start + one) for one in range(min(_BATCH, count - start))]
        yield from batch
        progress(start + len(batch), count)


def _fill(ctx: Context, procedure: UUID, number: int) -> Filled:
    token = rules.new_token()
    now = clock.now()
    here = Context(ctx.actor, ctx.municipality, now, ctx.request_id, Face.PORTAL)
    visit = store.begin(here, token)
    acting, _visitor = pages.adopt(HttpRequest(), here, visit, token)
    filling = begin(acting, None, Begin(str(procedure), "ja"))
    for key, typed in sample.PAGES.items():
        posted: dict[str, JsonValue] = {name: [value] for name, value in typed.items()}
        filling = answer(acting, filling, AnswerPage(key, posted, leave=True))
        if key not in filling.done:
            raise ValueError(f"the made-up answers of the page {key} are not right: {filling.typed}")
    reach(acting, filling, Reach("download", {"mail": sample.mail(number)}))
    return Filled(filling.pk, token)
