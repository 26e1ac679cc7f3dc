"""The cases: lists of a ledger, tiles and pages of a layer, and a large table into the ledger."""

from __future__ import annotations

import csv
import gzip
import io
import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final
from urllib.parse import urlencode

from django.db import connection
from django.http import QueryDict
from django.urls import reverse

from yakuba.engines.ledger.exchange import heads, opening
from yakuba.engines.ledger.exchange.actions.importing import (
    BeginImport,
    ConfirmImport,
    MatchImport,
    begin_import,
    confirm_import,
    match_import,
)
from yakuba.engines.ledger.exchange.actions.staging import read_in, write_out
from yakuba.engines.ledger.exchange.matching import columns_of, known
from yakuba.engines.ledger.models import Batch
from yakuba.engines.places.mercator import to_world
from yakuba.engines.places.ogc import asking, paging
from yakuba.engines.places.ogc.properties import Shown
from yakuba.engines.places.tiles import keeping
from yakuba.engines.places.uploads import Upload
from yakuba.kernel.access.pages import system_context
from yakuba.kernel.actions import ANYONE, Context, Face
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import JsonValue, Kind
from yakuba.kernel.files import store as files
from yakuba.services.ledgers.bench import ground as made_up
from yakuba.services.ledgers.bench.ground import CODE, LEDGER, Ground
from yakuba.services.ledgers.bench.measuring import Answer, Browser, Case, percentile

#: Milliseconds that 95 of 100 stay below.
BARS: Final = {
    "postgresql": {"list": 100.0, "cold": 150.0, "kept": 10.0},
    "sqlite": {"list": 500.0, "cold": 500.0, "kept": 500.0},
}
REQUESTS: Final = 60
Tile = tuple[int, int, int]

_LIST: Final = (
    {"filter.kind": "mirror"},
    {"filter.state": "broken"},
    {"filter.lamp": "halide"},
    {"filter.manager": "association", "filter.kind": "lamp"},
    {"filter.kind": "road_lamp", "filter.manager": "association", "filter.pole": "own"},
    {"filter.kind": "mirror", "filter.state": "removed", "filter.manager": "city"},
    {"filter.kind": "mirror", "filter.lamp": "halide"},  # nothing
    {"view": "all", "filter.kind": "lamp", "filter.manager": "city"},
)
_SORTS: Final = (
    {"sort": "number"},
    {"sort": "-number"},
    {"sort": "next_inspection"},
    {"sort": "-next_inspection"},
    {"sort": "-next_inspection", "filter.kind": "mirror"},
    {"sort": "location"},  # too many rows for it: they stand by number
    {"sort": "location", "filter.lamp": "halide"},
    {"sort": "pole_number", "filter.kind": "mirror", "filter.state": "removed"},
)


def bar(kind: str) -> float:
    """The bar of a kind of cases on this database."""
    return BARS[connection.vendor][kind]


def case(name: str, times: Sequence[float], limit: float | None, more: str = "") -> Case:
    """A case whose figure is what 95 of 100 stay below."""
    p95 = percentile(times, 95)
    holds = limit is None or p95 < limit
    return Case(name, connection.vendor, len(times), percentile(times, 50), p95, p95, limit, holds, more)


def run(ground: Ground, requests: int = REQUESTS) -> Iterator[Case]:
    """Lists, tiles and pages; ``requests`` of each."""
    staff, anybody = Browser(ground.account), Browser()
    yield _listed(staff, "list-filtered", _LIST, requests)
    yield _listed(staff, "sort", _SORTS, requests)
    yield from _tiles(anybody, ground, requests)
    yield _ledger_tiles(staff, ground, requests)
    yield _deep(anybody, ground, requests)


# --- lists -----------------------------------------------------------------------------------------------------------


def _listed(staff: Browser, name: str, ways: Sequence[dict[str, str]], requests: int) -> Case:
    here = reverse("ledgers-list", args=[CODE, LEDGER])
    asked = [f"{here}?{urlencode(way)}" for way in ways]
    for address in asked:  # a server's first answers compile templates
        staff.get(address)
    times = [(staff.get(asked[turn % len(asked)]).ms, turn % len(asked)) for turn in range(requests)]
    slowest = max(times)
    return case(
        name, [ms for ms, _way in times], bar("list"), f"{urlencode(ways[slowest[1]])}: {slowest[0]:.0f} ms"
    )


# --- tiles -----------------------------------------------------------------------------------------------------------


def tiles(count: int, full: int) -> list[Tile]:
    """Different tiles where things lie, from three zooms before everything is drawn to two beyond."""
    chance = random.Random(4)  # noqa: S311 – the same tiles each time
    found: dict[Tile, None] = {}
    full = max(full, 3)
    for (lon, lat), zoom in zip(
        made_up.places(chance), (full + step for turn in range(10**6) for step in range(-3, 3)), strict=False
    ):
        if len(found) == count:
            break
        x, y = to_world(lon, lat)
        found[zoom, int(x * 2**zoom), int(y * 2**zoom)] = None
    return list(found)


def _tiles(anybody: Browser, ground: Ground, requests: int) -> Iterator[Case]:
    layer = Upload(ground.layer)
    wanted = [
        reverse("places-tile", args=[CODE, layer.key, *tile])
        for tile in tiles(requests, layer.full_detail_zoom)
    ]
    anybody.get(reverse("places-tilejson", args=[CODE, layer.key]))
    first = _cold(anybody, wanted)
    largest = max(len(gzip.decompress(one.body)) for one in first)
    cold = [one.ms for one in first]
    yield case("tile-cold", cold, bar("cold"), f"{layer.full_detail_zoom}, {largest // 1000:,} kB")
    warm = [anybody.get(address) for address in wanted]
    if [one.body for one in warm] != [one.body for one in first]:
        raise ValueError("a kept tile is not the tile that was made")
    yield case("tile-warm", [one.ms for one in warm], bar("kept"))
    same = [anybody.get(address, known=one.tag).ms for address, one in zip(wanted, first, strict=True)]
    yield case("tile-304", same, bar("kept"))


def _cold(browser: Browser, wanted: Sequence[str]) -> list[Answer]:
    """Tiles that nobody asked for before."""
    keeping.TILES.clear()
    return [browser.get(address) for address in wanted]


def _ledger_tiles(staff: Browser, ground: Ground, requests: int) -> Case:
    """The same of a ledger's own layer, which staff see."""
    ground.book.refresh_from_db()
    full = ground.book.full_detail_zoom
    key = f"ledger-{LEDGER.replace('_', '-')}"
    wanted = [reverse("places-desk-tile", args=[CODE, key, *tile]) for tile in tiles(requests, full)]
    return case("tile-cold-ledger", [one.ms for one in _cold(staff, wanted)], bar("cold"), str(full))


# --- pages -----------------------------------------------------------------------------------------------------------


def _deep(anybody: Browser, ground: Ground, requests: int) -> Case:
    """Pages of the OGC API anywhere in the layer: each begins where a program that reads everything would have come to."""
    ctx = Context(ANYONE, ground.keeper.municipality, clock.now(), "", Face.PORTAL)
    shown = Shown(Upload(ground.layer), ctx)
    asked = asking.asked(QueryDict(), shown)
    ids = shown.layer.features(ctx).order_by("pk").values_list("pk", flat=True)
    step = max(1, ground.features // (requests + 1))
    here = reverse("ogc-items", args=[CODE, shown.layer.key])
    after = [paging.cursor(shown, asked, one) for one in islice(ids.iterator(10_000), step, None, step)]
    times = [anybody.get(f"{here}?{urlencode({'after': one})}").ms for one in after[:requests]]
    return case("page-deep", times, bar("list"))


# --- a large table ---------------------------------------------------------------------------------------------------


def imported(ground: Ground, count: int) -> Iterator[Case]:
    """A table of new rows, as CSV, on its way as people and the worker take it: opened, judged, written, indexed."""
    data = _table(ground, count)
    sha = files.put(data)
    ledger, worker = ground.found.ledger, system_context("ledger.read_import", ground.keeper.municipality)
    begun = time.perf_counter()
    top = opening.opened(io.BytesIO(data), most=opening.TOP)
    head = heads.find(top, known(ledger, columns_of(ledger, ground.book, personal=True)))
    said = BeginImport(sha, "見本.csv", list(head.labels), top.rows - head.below)
    batch = begin_import(ground.keeper, ground.book, said)
    matched = MatchImport(batch.columns, batch.by, keep_blank=batch.keep_blank, system=6668)
    steps: list[tuple[str, Callable[[], Batch]]] = [
        ("judged", lambda: read_in(worker, match_import(ground.keeper, batch, matched))),
        ("written", lambda: write_out(worker, confirm_import(ground.keeper, _fresh(batch), ConfirmImport()))),
    ]
    more = []
    for name, step in steps:
        since = time.perf_counter()
        batch = step()
        more.append(f"{name} {time.perf_counter() - since:.0f} s")
    if (batch.state, batch.counts) != ("done", {"new": count}):
        raise ValueError(f"{batch.state}: {batch.counts} {batch.trouble}")
    yield case(f"import-{count // 1000}k", [(time.perf_counter() - begun) * 1000], None, ", ".join(more))


def _fresh(batch: Batch) -> Batch:
    batch.refresh_from_db()
    return batch


def _table(ground: Ground, count: int) -> bytes:
    """The table as an office has it, each value in words, with numbers of its own."""
    ledger = ground.found.ledger
    where = made_up.places(random.Random(5))  # noqa: S311 – the same table each time
    names = [
        name
        for name in ledger.fields
        if name in {key for turn in range(5) for key in made_up.values(turn, (0, 0))} - {"place"}
    ]
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow([ledger.label_of("number"), *(ledger.label_of(name) for name in names), "緯度", "経度"])
    for number in range(count):
        lon, lat = next(where)
        said = made_up.values(10**7 + number, (lon, lat))
        cells = [_words(ledger.kind_of(name), said.get(name)) for name in names]
        sheet.writerow([f"N{number}", *cells, lat, lon])
    return text.getvalue().encode("utf-8-sig")


def _words(kind: Kind[object], value: JsonValue) -> str:
    return "" if value in (None, "") else kind.format(kind.from_json(value))
