"""What the bench stands on: a municipality, somebody who keeps the ledger, a released layer, and a ledger with very many rows.

A ledger's rows are multiplied from entries that went in through the ledger's own action; the features lie partly in towns, partly
anywhere, three points to one building.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import random
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from yakuba.engines.ledger.actions.books import OpenBook, open_book
from yakuba.engines.ledger.actions.entries import ChangeMany
from yakuba.engines.ledger.actions.releasing import measure
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.queries import all_books, entries
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import Installed, installed_of
from yakuba.engines.places import rules
from yakuba.engines.places.actions import (
    SetStyle,
    UploadLayer,
    release_layer,
    set_style,
    upload_layer,
)
from yakuba.engines.places.models import LayerEdition, UploadedFeature, UploadedLayer
from yakuba.engines.places.shapes import Shape
from yakuba.kernel.access import prepare
from yakuba.kernel.access.actions import CreateAccount, GrantRole, create_account, grant_role
from yakuba.kernel.access.actors import staff_actor
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.actions import Context, Face, NoData, Problem
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.fields import Classification, JsonValue
from yakuba.kernel.ids import uuid7
from yakuba.kernel.plugins import statistics
from yakuba.kernel.text import display_number_sort_key
from yakuba.kernel.town.actions import (
    Assign,
    EnterPerson,
    OpenOffice,
    OpenPost,
    assign,
    enter_person,
    open_office,
    open_post,
)
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.queries import all_municipalities
from yakuba.services.ledgers.bench import rows

CODE: Final = "990019"
LEDGER: Final = "street_lights_mirrors"
#: What a kept ground is found by again; the file stands in the bench's own folder.
KEPT: Final = "laid.json"
_OFFICE: Final = "100"
#: A city of 25 by 20 km.
WEST, SOUTH, EAST, NORTH = 138.90, 36.35, 139.18, 36.53
#: Where people live: a share of everything lies round these, within so many degrees.
_TOWNS: Final = ((139.01, 36.42, 0.03), (138.96, 36.49, 0.02), (139.12, 36.38, 0.02))
_IN_TOWNS: Final = 0.5
_USES: Final = ("house", "shop", "office", "factory", "school", "shed")
_DAYS: Final = 97
_TEMPLATES: Final = 5 * _DAYS
_LONG_AGO: Final = dt.date(2019, 4, 1)


@dataclass(frozen=True, slots=True)
class Ground:
    """What there is to ask: the layer and the book, and who may ask for the book."""

    layer: UploadedLayer
    found: Installed[Entry]
    book: Book
    account: StaffAccount
    features: int
    rows: int

    @property
    def keeper(self) -> Context:
        """The keeper of the book at the desk."""
        actor, post = staff_actor(self.account, clock.now())
        here = prepare.municipality(CODE, make=False)
        return replace(here, actor=actor, acting_post=post, face=Face.DESK, on_behalf_of="")


def demand_empty() -> None:
    """Raises :class:`Problem` for a database that holds anything: nothing is ever tried out beside real data."""
    held = all_municipalities()
    if held:
        raise Problem(
            "not_empty",
            f"このデータベースには {held[0].name} のデータがあります。空のデータベースを指定してください。",
            found=held[0].code,
        )


def lay(features: int, many: int, progress: Callable[[str, int, int], None]) -> Ground:
    """Everything that is asked for afterwards; ``progress`` is told of what, how many there are, and of how many."""
    ctx = prepare.municipality(CODE)
    account = _keeper(ctx)
    layer = _layer(ctx, features, lambda done: progress("地物", done, features))
    ledger = installed_of(LEDGER)
    if ledger is None:
        raise Problem("ledger", f"「{LEDGER}」という台帳はありません。", found=LEDGER)
    open_book(ctx, Municipality.objects.for_actor(ctx).get(), OpenBook(LEDGER, _OFFICE, open_to_staff=True))
    (book,) = all_books(ctx)
    ground = Ground(layer, ledger, book, account, features, many)
    _entries(ground, lambda done: progress("台帳の行", done, many))
    measure(ctx, ledger.ledger, book)
    statistics.settle()
    return ground


def keep(ground: Ground, file: Path) -> None:
    """Note what was laid, for another run to ask the same again."""
    said = {"features": ground.features, "rows": ground.rows, "layer": str(ground.layer.pk)}
    file.write_text(json.dumps(said), encoding="utf-8")


def found(file: Path) -> Ground:
    """What an earlier run laid. Raises :class:`Problem` where the database is not that run's."""
    said = json.loads(file.read_text(encoding="utf-8"))
    ledger = installed_of(LEDGER)
    here = prepare.municipality(CODE, make=False)
    layer = (
        UploadedLayer.objects.for_actor(here)
        .filter(pk=said["layer"])
        .select_related("state", "edition")
        .first()
    )
    account = StaffAccount.objects.filter(username="mihon").first()
    books = all_books(here)
    if ledger is None or layer is None or account is None or len(books) != 1:
        raise Problem("not_laid", f"{file} が記すデータが、このデータベースにありません。", found=str(file))
    return Ground(layer, ledger, books[0], account, said["features"], said["rows"])


def _keeper(ctx: Context) -> StaffAccount:
    since = japan_date(clock.now()) - dt.timedelta(days=1)
    office = open_office(ctx, None, OpenOffice("mayor", "見本課", _OFFICE, since))
    person = enter_person(ctx, None, EnterPerson("00001", "手本はじめ"))
    open_post(ctx, office, OpenPost("主任"))
    assign(ctx, person, Assign(_OFFICE, "主任", "main", since))
    grant_role(ctx, None, GrantRole("ledger_keeper", _OFFICE, since))
    return create_account(ctx, None, CreateAccount("mihon", "00001"))


# --- the layer -------------------------------------------------------------------------------------------------------


def places(chance: random.Random) -> Iterator[tuple[float, float]]:
    """Where things lie (lon, lat), without end."""
    while True:
        if chance.random() < _IN_TOWNS:
            lon, lat, wide = _TOWNS[chance.randrange(len(_TOWNS))]
            lon, lat = chance.gauss(lon, wide), chance.gauss(lat, wide * 0.8)
            if not (WEST < lon < EAST and SOUTH < lat < NORTH):
                continue
        else:
            lon, lat = chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)
        yield round(lon, 7), round(lat, 7)


def _point(lon: float, lat: float) -> Shape:
    return Shape(struct.pack("<BIdd", 1, 1, lon, lat))


def _building(lon: float, lat: float, chance: random.Random) -> Shape:
    """A rectangle of 5 to 20 m, turned somehow."""
    turn, long, wide = chance.uniform(0, math.pi), chance.uniform(5, 20), chance.uniform(5, 12)
    cos, sin = math.cos(turn), math.sin(turn)
    corners = ((-long, -wide), (long, -wide), (long, wide), (-long, wide), (-long, -wide))
    pairs = [
        round(at, 9)
        for x, y in corners
        for at in (
            lon + (x * cos - y * sin) / 2 / 111_320 / math.cos(math.radians(lat)),
            lat + (x * sin + y * cos) / 2 / 110_950,
        )
    ]
    return Shape(struct.pack("<BIII10d", 1, 3, 1, 5, *pairs))


def _layer(ctx: Context, count: int, progress: Callable[[int], None]) -> UploadedLayer:
    box = (WEST, SOUTH, EAST, NORTH)
    columns = [("name", "text"), ("use", "text"), ("floors", "integer")]
    edition = LayerEdition(
        municipality_id=ctx.municipality.id,
        state="ready",
        made_at=ctx.now,
        made_by=ctx.actor.id,
        source="見本.geojson",
        definition=rules.definition(columns, Classification.PUBLIC),
        count=count,
        box=list(box),
        full_detail_zoom=rules.detail_zoom(count, box),
    )
    rows.fill(LayerEdition, [edition])
    rows.fill(UploadedFeature, _features(ctx, edition, count), progress)
    office = str(_office(ctx))
    said = UploadLayer(str(edition.pk), "見本の建物と設備", office, "public", "みほん市", "自由に使えます。")
    layer = upload_layer(ctx, None, said)
    style: dict[str, JsonValue] = {"by": "use", "label": "name"}
    set_style(ctx, layer.state, SetStyle(style))
    release_layer(ctx, layer.state, NoData())
    return layer


def _office(ctx: Context) -> object:
    from yakuba.kernel.town.queries import offices_on

    (office,) = offices_on(ctx.municipality.id, japan_date(ctx.now))
    return office.id


def _features(ctx: Context, edition: LayerEdition, count: int) -> Iterator[UploadedFeature]:
    chance = random.Random(1)  # noqa: S311 – the same layer each time
    for number, (lon, lat) in zip(range(count), places(chance), strict=False):
        yield UploadedFeature(
            municipality_id=ctx.municipality.id,
            edition_id=edition.pk,
            place=_point(lon, lat) if number % 4 else _building(lon, lat, chance),
            properties={
                "name": f"見本{number}",
                "use": _USES[min(int(chance.expovariate(1.0)), len(_USES) - 1)],
                "floors": number % 3 + 1,
            },
        )


# --- the ledger ------------------------------------------------------------------------------------------------------


def values(number: int, where: tuple[float, float]) -> dict[str, JsonValue]:
    """What is said of a light or a mirror: most are common, one in some thousands is of a rare sort."""
    mirror = number % 5 == 4
    said: dict[str, JsonValue] = {
        "kind": "mirror" if mirror else "road_lamp" if number % 31 == 0 else "lamp",
        "location": f"みほん市見本町{number}番地",
        "place": {"type": "Point", "coordinates": [*where]},
        "manager": "association" if number % 3 == 0 else "city",
        "association": f"見本{number % 40}区" if number % 3 == 0 else "",
        "pole": ("power", "telecom", "own")[number % 3],
        "pole_number": f"見{number}",
        "installed_on": (_LONG_AGO + dt.timedelta(days=37 * (number % _DAYS))).isoformat(),
    }
    if mirror:
        said |= {"faces": number % 2 + 1, "diameter": 600 + 200 * (number % 3)}
    else:
        said |= {"lamp": "halide" if number % 61 == 0 else "led", "watts": "10"}
    return said


def _templates(ground: Ground) -> Sequence[Entry]:
    """Entries of each sort and state, put in by the ledger's own action."""
    chain = [key for key, _label in ground.found.ledger.chain.states]
    where = places(random.Random(2))  # noqa: S311 – as above
    said = [
        {
            **values(number, next(where)),
            "number": f"T{number}",
            "state": chain[1] if number % 50 else chain[number // 50 % len(chain)],
        }
        for number in range(min(_TEMPLATES, ground.rows))
    ]
    changes: list[dict[str, JsonValue]] = [{"id": "", "version": 0, "values": one} for one in said]
    ground.found.actions.many(ground.keeper, ground.book, ChangeMany(changes))
    return list(entries(ground.keeper, ground.found.ledger))


def _entries(ground: Ground, progress: Callable[[int], None]) -> None:
    templates = _templates(ground)
    model = ground.found.ledger.model
    kept = [
        {one.attname: getattr(entry, one.attname) for one in model._meta.concrete_fields}
        for entry in templates
    ]
    where = places(random.Random(3))  # noqa: S311 – as above

    def made() -> Iterator[Entry]:
        for number in range(len(templates), ground.rows):
            mark = f"L{number}"
            own = {
                "id": uuid7(),
                "number": mark,
                "number_order": display_number_sort_key(mark),
                "location": f"みほん市見本町{number}番地",
                "pole_number": f"見{number}",
                "place": _point(*next(where)),
            }
            yield model(**{**kept[number * 7919 % len(kept)], **own})

    rows.fill(model, made(), lambda count: progress(len(templates) + count))
