"""The parameters of a page of features, read strictly: each known, each once, each of its own form."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from yakuba.engines.places.cql2 import (
    BadFilter,
    Queryable,
    compile_filter,
    from_json,
    from_text,
    instants,
    tree,
)
from yakuba.engines.places.ogc import systems
from yakuba.engines.places.ogc.problems import BadParameter
from yakuba.engines.places.ogc.properties import GEOMETRY, Shown
from yakuba.kernel.dates.clock import JAPAN

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1000
LANGUAGES: Final = ("cql2-text", "cql2-json")
FORMATS: Final = ("json", "html")
#: Parameters of a page of features beside the layer's own properties.
ITEMS: Final = (
    *("f", "limit", "after", "bbox", "bbox-crs", "datetime", "crs"),
    *("filter", "filter-lang", "filter-crs"),
)
ITEM: Final = ("f", "crs")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][+-]?[0-9]{1,2})?")


@dataclass(frozen=True)
class Asked:
    """What was asked for. ``where`` is for the rows, ``digest`` names all that decides which rows there are and in what system."""

    limit: int
    after: str
    crs: str
    where: Q
    digest: str


def known(query: QueryDict, *names: str) -> None:
    """Raises :class:`BadParameter` for a parameter that the address does not know, and for one given twice."""
    for name, values in query.lists():
        if name not in names:
            raise BadParameter(name, values[-1], "・".join(names))
        if len(values) > 1:
            raise BadParameter(name, " / ".join(values), _("1つの値"))


def parameters(shown: Shown) -> dict[str, Queryable]:
    """The layer's properties that are parameters too; one that is called like a parameter of the standard can be asked for in filters."""
    return {key: one for key, one in shown.queryables.items() if key not in (*ITEMS, GEOMETRY)}


def asked(query: QueryDict, shown: Shown) -> Asked:
    """The parameters of a page of a layer's features. Raises :class:`BadParameter` and :class:`BadFilter`."""
    own = parameters(shown)
    known(query, *ITEMS, *own)
    given = query.dict()
    crs = _crs(query, "crs")
    where = Q()
    nodes: list[tree.Node] = [
        _equal(own[name], str(text)) for name, text in sorted(given.items()) if name in own
    ]
    if "datetime" in given:
        nodes += _during(str(given["datetime"]), shown)
    for node in nodes:
        where &= compile_filter(node, shown.queryables.values())
    if "bbox" in given:
        frame = systems.frame("bbox-crs", _crs(query, "bbox-crs"))
        # What is nowhere is in every box: /req/core/fc-bbox-response C.
        place = tree.Property(GEOMETRY)
        node = tree.Or((tree.Intersects(place, _box(str(given["bbox"]))), tree.IsNull(place)))
        try:
            where &= compile_filter(node, shown.queryables.values(), frame)
        except BadFilter as bad:
            raise BadParameter("bbox", str(given["bbox"]), bad.expected) from bad
    _crs(query, "bbox-crs")
    language = str(given.get("filter-lang", LANGUAGES[0]))
    if language not in LANGUAGES:
        raise BadParameter("filter-lang", language, "・".join(LANGUAGES))
    frame = systems.frame("filter-crs", _crs(query, "filter-crs"))
    if "filter" in given:
        read = from_text if language == LANGUAGES[0] else from_json
        where &= compile_filter(read(str(given["filter"])), shown.queryables.values(), frame)
    told = sorted((name, str(text)) for name, text in given.items() if name not in ("limit", "after", "f"))
    return Asked(_limit(query), str(given.get("after", "")), crs, where, repr(told))


def _crs(query: QueryDict, name: str) -> str:
    """The address of a system. Raises :class:`BadParameter`."""
    uri = str(query.get(name, systems.CRS84))
    systems.frame(name, uri)
    return uri


def crs_of(query: QueryDict) -> str:
    """The system that a feature is wanted in. Raises :class:`BadParameter`."""
    return _crs(query, "crs")


def _limit(query: QueryDict) -> int:
    """More than there may be is as many as there may be: /req/core/fc-limit-response-1."""
    text = str(query.get("limit", DEFAULT_LIMIT))
    if not (text.isascii() and text.isdecimal() and len(text) <= 20 and int(text) > 0):
        raise BadParameter("limit", text, _("1以上の整数"))
    return min(int(text), MAX_LIMIT)


def numbers(text: str) -> Sequence[float]:
    """Numbers with commas between. Raises ValueError."""
    parts = text.split(",")
    if not all(_NUMBER.fullmatch(part.strip()) for part in parts):
        raise ValueError(text)
    return [float(part) for part in parts]


def _box(text: str) -> tree.Box:
    try:
        found = numbers(text)
    except ValueError:
        found = ()
    if len(found) not in (4, 6) or not all(map(math.isfinite, found)):
        raise BadParameter("bbox", text, _("「,」で区切った4つか6つの数"))
    half = len(found) // 2
    return tree.Box(found[0], found[1], found[half], found[half + 1])


# --- properties ---


def _equal(asked_of: Queryable, text: str) -> tree.Node:
    """``key=value``: a feature has that value. Raises :class:`BadParameter`."""
    expected, value = "", None
    try:
        value = _value(asked_of.type, text)
    except BadFilter as bad:
        expected = bad.expected
    if value is None:
        raise BadParameter(asked_of.key, text, expected or _("値"))
    return tree.Comparison("=", tree.Property(asked_of.key), tree.Literal(value))


def _value(kind: type, text: str) -> tree.Scalar | None:
    if kind is bool:
        if text not in ("true", "false"):
            raise BadFilter(text, "true・false")
        return text == "true"
    if kind is Decimal:
        if not _NUMBER.fullmatch(text):
            raise BadFilter(text, _("数（例：12.5）"))
        return tree.number(text)
    if kind is dt.datetime:
        return instants.moment(text)
    return instants.day(text) if kind is dt.date else tree.checked_text(text)


# --- datetime ---


def _during(text: str, shown: Shown) -> list[tree.Node]:
    """An instant or an interval, both ends included; a feature without a time is in every one (/req/core/fc-time-response)."""
    start, end = _interval(text)
    if not shown.instant:
        return []
    of = tree.Property(shown.instant)
    bounds: list[tree.Node] = []
    if start is not None:
        bounds.append(tree.Comparison(">=", of, tree.Literal(_edge(shown, start, last=False))))
    if end is not None:
        bounds.append(tree.Comparison("<=", of, tree.Literal(_edge(shown, end, last=True))))
    if not bounds:
        return []
    inside = bounds[0] if len(bounds) == 1 else tree.And(tuple(bounds))
    return [tree.Or((inside, tree.IsNull(of)))]


Instant = dt.date | dt.datetime


def _interval(text: str) -> tuple[Instant | None, Instant | None]:
    """Both ends of an interval, None for an open one. Raises :class:`BadParameter`."""
    parts = text.split("/")
    expected = _(
        "2024-04-01T00:00:00Z、2024-04-01、またはその2つを「/」でつないだ期間（端のないときは「..」）"
    )
    try:
        if len(parts) == 1:
            found = _instant(text)
            return found, found
        if len(parts) == 2:
            start, end = (None if part in ("", "..") else _instant(part) for part in parts)
            if start is not None and end is not None and _begin(start) > _begin(end):
                raise BadParameter("datetime", text, expected)
            return start, end
    except BadFilter as bad:
        raise BadParameter("datetime", text, expected) from bad
    raise BadParameter("datetime", text, expected)


def _instant(text: str) -> Instant:
    return instants.moment(text) if "T" in text.upper() else instants.day(text)


def _begin(instant: Instant) -> dt.datetime:
    """When it begins; a day begins in Japan."""
    if isinstance(instant, dt.datetime):
        return instant
    # The first day of all has no midnight in UTC.
    return dt.datetime.combine(max(instant, dt.date(1, 1, 2)), dt.time(), JAPAN)


def _edge(shown: Shown, instant: Instant, *, last: bool) -> Instant:
    """An end of an interval as the layer's property has it: as a day, or as a moment of that day."""
    if shown.queryables[shown.instant].type is dt.date:
        if not isinstance(instant, dt.datetime):
            return instant
        try:
            return instant.astimezone(JAPAN).date()
        except OverflowError:
            return dt.date.max
    begin = _begin(instant).astimezone(dt.UTC)
    if isinstance(instant, dt.datetime) or not last:
        return begin
    try:
        return begin + dt.timedelta(days=1) - dt.timedelta(microseconds=1)
    except OverflowError:
        return dt.datetime.max.replace(tzinfo=dt.UTC)
