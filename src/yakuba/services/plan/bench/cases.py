"""Which pages the bench asks for: six cases, each of at least 200 requests to at least 50 different objects."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import cycle, islice

from django.urls import reverse
from django.utils.http import urlencode

from yakuba.services.plan.bench.filling import City
from yakuba.services.plan.bench.measuring import Case, Request, measure
from yakuba.services.plan.bench.plans import YEAR
from yakuba.services.plan.bench.words import Vocabulary
from yakuba.services.plan.nation import queries

REQUESTS = 200
"""How many requests a case needs at least before it says anything."""
COMPARED = 6


def run(
    cities: Sequence[City], vocabulary: Vocabulary, seed: int, requests: int = REQUESTS
) -> Iterator[Case]:
    """Measure the cases one after the other, each with so many requests or more.

    Fewer than :data:`REQUESTS` say nothing and are for a trial, which asks for some of everything.
    """

    def enough(asked: Sequence[Request]) -> list[Request]:
        if requests < REQUESTS:
            asked = asked[:: -(-len(asked) // requests)]
        return list(islice(cycle(asked), max(requests, len(asked))))

    of = random.Random(seed)  # noqa: S311 – chooses samples, guards nothing
    shuffled = of.sample(cities, len(cities))
    # The first pages of a process compile templates and open the database; nobody's object is measured by them.
    measure("warm", [*_nation([])[:1], *_overview(shuffled[-1:]), *_initiative(shuffled[-1:], of)])
    yield measure("overview-city", enough(_overview(shuffled[:requests])))
    yield measure("overview-nation", enough(_nation(sorted(queries.themes()))))
    yield measure("initiative", enough(_initiative(shuffled[:requests], of)))
    yield measure("search", enough(_search(shuffled[:3], vocabulary)), branch=_found)
    yield measure("compare-6-cities", enough(_compare(of, requests)))
    two = [city for city in shuffled if len(city.years) > 1]
    if two:
        yield measure("edition-diff", enough(_difference(two[:requests])))


def _overview(cities: Sequence[City]) -> list[Request]:
    return [Request(reverse("plan-edition", args=[city.code, YEAR]), str(len(city.years))) for city in cities]


def _nation(themes: Sequence[str]) -> list[Request]:
    """The first page, each theme, the municipalities of each prefecture."""
    towns = reverse("nation-municipalities")
    return [
        Request(reverse("nation-home"), "home"),
        *(Request(reverse("nation-theme", args=[theme]), "theme") for theme in themes),
        *(
            Request(f"{towns}?{urlencode({'filter.prefecture': one.name})}", "municipalities")
            for one in (queries.prefectures() if themes else ())
        ),
    ]


def _initiative(cities: Sequence[City], of: random.Random) -> list[Request]:
    return [
        Request(
            reverse("plan-initiative", args=[city.code, YEAR, of.choice(city.initiatives)]),
            str(len(city.years)),
        )
        for city in cities
    ]


def _search(cities: Sequence[City], vocabulary: Vocabulary) -> list[Request]:
    """Frequent, rare, single-character and long words, across the nation and within some municipalities."""
    words = [
        *vocabulary.frequent(),
        *vocabulary.seldom(),
        *vocabulary.characters(),
        *vocabulary.phrases(),
    ]
    places = [
        ("nation", reverse("nation-search")),
        *(("city", f"/{city.code}/search/") for city in cities),
    ]
    return [Request(f"{place}?{urlencode({'q': word})}", sort) for sort, place in places for word in words]


def _found(html: str) -> str:
    """A search asks once more above 1,000 hits, and nothing about hits where there are none."""
    return "many" if "件以上" in html else "some" if 'class="results"' in html else "none"


def _compare(of: random.Random, requests: int) -> list[Request]:
    """Six municipalities that plan one theme; every theme as often as the other."""
    path = reverse("nation-compare")
    found = []
    for theme in islice(cycle(sorted(queries.themes())), requests):
        codes = sorted({entry.code for entry in queries.entries(theme)})
        chosen = of.sample(codes, min(COMPARED, len(codes)))
        asked = urlencode([("theme", theme), *(("city", code) for code in chosen)])
        found.append(Request(f"{path}?{asked}"))
    return found


def _difference(cities: Sequence[City]) -> list[Request]:
    return [
        Request(f"{reverse('plan-edition-changes', args=[city.code, YEAR])}?{urlencode({'from': YEAR - 1})}")
        for city in cities
    ]
