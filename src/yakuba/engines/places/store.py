"""Writing what is not one action's: features of a file, chunk by chunk, and how often a layer changed.

A file of 100,000 features is not one transaction (MECHANISMS §9): its features are written under an edition that no layer points to,
a chunk in a transaction, and one short action puts the edition on the map. What a killed load leaves is swept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from yakuba.engines.places import queries, rules
from yakuba.engines.places.access import UPLOAD
from yakuba.engines.places.models import LayerEdition, LayerState, UploadedFeature
from yakuba.engines.places.shapes import Shape
from yakuba.kernel.actions import Context, Denied, Problem
from yakuba.kernel.fields import Invalid, JsonValue
from yakuba.kernel.fields.definition import Definition
from yakuba.kernel.plugins import statistics

CHUNK: Final = 1000
MOST_FEATURES: Final = 2_000_000
KEPT: Final = dt.timedelta(hours=24)

Given = tuple[Shape, Mapping[str, JsonValue]]
T = TypeVar("T")


def load(
    ctx: Context,
    features: Iterable[Given],
    definition: Mapping[str, JsonValue],
    *,
    source: str,
    note: str = "",
    progress: Callable[[int], None] = lambda _count: None,
) -> LayerEdition:
    """Write features under a new edition, which :mod:`.actions` puts on the map. To be called outside any transaction.

    ``definition`` as :func:`rules.definition` makes it, ``note`` says how the coordinates came to be JGD2011, ``progress`` is told how
    many are written. Raises :class:`Denied`, and :class:`Problem` for a value that is not as the definition says; what was written
    until then is swept.
    """
    if not UPLOAD.holds_anywhere(ctx):
        raise Denied
    known = Definition.read(definition)
    edition = LayerEdition(
        municipality_id=ctx.municipality.id,
        state="loading",
        made_at=ctx.now,
        made_by=ctx.actor.id[:200],
        source=source[:200],
        note=note,
        definition=definition,
    )
    edition.save(force_insert=True)
    count = 0
    whole: rules.Box | None = None
    for chunk in _chunks(features, CHUNK):
        rows = [
            UploadedFeature(
                municipality_id=ctx.municipality.id,
                edition=edition,
                place=shape,
                properties=_clean(known, values, count + number),
            )
            for number, (shape, values) in enumerate(chunk, start=1)
        ]
        if count + len(rows) > MOST_FEATURES:
            raise Problem(
                "too_many_features",
                _("地物が多すぎます。%s件までに分けてください。") % f"{MOST_FEATURES:,}",
                expected=str(MOST_FEATURES),
            )
        with transaction.atomic():
            UploadedFeature.unscoped.bulk_create(rows)
        boxes = [shape.bounds for shape, _values in chunk]
        whole = rules.joined(boxes if whole is None else [whole, *boxes])
        count += len(rows)
        progress(count)
    if whole is None:
        raise Problem("no_features", _("地物が1件もありません。別のファイルを選んでください。"))
    edition.state, edition.count, edition.box = "ready", count, list(whole)
    edition.full_detail_zoom = rules.detail_zoom(count, whole)
    edition.save(update_fields=["state", "count", "box", "full_detail_zoom"])
    if count >= statistics.MANY:
        statistics.renew(UploadedFeature)
    return edition


def _clean(known: Definition, values: Mapping[str, JsonValue], number: int) -> dict[str, JsonValue]:
    try:
        return known.clean(values)
    except Invalid as invalid:
        raise Problem(
            "feature_value",
            _("%(number)d件目の値「%(found)s」は使えません。%(expected)s にしてください。")
            % {"number": number, "found": invalid.found[:40], "expected": invalid.expected},
            found=invalid.found[:40],
            expected=invalid.expected,
        ) from invalid


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def touched(ctx: Context, key: str) -> None:
    """Note in the running transaction that what a layer shows has changed. Whoever writes a layer's rows calls this once, last."""
    own = LayerState.unscoped.filter(municipality=ctx.municipality.id, key=key)
    if own.update(changes=F("changes") + 1):
        return
    LayerState.unscoped.bulk_create(
        [LayerState(municipality_id=ctx.municipality.id, key=key)], ignore_conflicts=True
    )
    own.update(changes=F("changes") + 1)


def sweep(now: dt.datetime) -> int:
    """Remove editions that are on no layer and older than a day, a chunk in a transaction; returns how many features went."""
    gone = 0
    for municipality, edition in queries.unused_editions(now - KEPT):
        # From here on no action puts it on a map.
        unused = LayerEdition.unscoped.filter(municipality=municipality, pk=edition, layers__isnull=True)
        if not unused.update(state="loading"):
            continue
        own = UploadedFeature.unscoped.filter(municipality=municipality, edition=edition)
        while ids := list(own.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
            with transaction.atomic():
                own.filter(pk__in=ids).delete()
            gone += len(ids)
        unused.delete()
    return gone
