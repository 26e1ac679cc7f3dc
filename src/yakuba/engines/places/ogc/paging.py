"""A page of features by keyset: after the last id seen, in the order of ids, however deep."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from yakuba.engines.places.ogc.asking import Asked
from yakuba.engines.places.ogc.patience import patience
from yakuba.engines.places.ogc.problems import BadParameter
from yakuba.engines.places.ogc.properties import Feature, Shown

#: Counting more than these costs more than it tells.
MOST_COUNTED: Final = 10_000
_SALT = "yakuba.engines.places.ogc.paging"
# With an id of 16 bytes forty characters, none of them padding: a cursor has one writing.
_SEAL = 14


@dataclass(frozen=True)
class Page:
    """Features, the cursor of the next page (empty at the end), how many there are in all (None: more than are counted)."""

    features: Sequence[Feature]
    following: str
    matched: int | None


def page(shown: Shown, asked: Asked) -> Page:
    """The page that was asked for. Raises :class:`BadParameter` for a cursor of another question, :class:`TooLong` for one too dear."""
    found = shown.layer.features(shown.ctx).filter(asked.where)
    rest = found.filter(pk__gt=_opened(shown, asked)) if asked.after else found
    with patience():
        features = shown.read(rest.order_by("pk")[: asked.limit + 1])
        more = len(features) > asked.limit
        features = features[: asked.limit]
        matched: int | None = len(features)
        if asked.after or more:
            counted = found.order_by()[: MOST_COUNTED + 1].count()
            matched = counted if counted <= MOST_COUNTED else None
    return Page(features, cursor(shown, asked, UUID(features[-1].id)) if more else "", matched)


def _seal(shown: Shown, asked: Asked, last: UUID) -> bytes:
    ctx = shown.ctx
    told = repr((str(ctx.municipality.id), ctx.face.value, shown.layer.key, asked.digest, last.hex))
    return salted_hmac(_SALT, told, algorithm="sha256").digest()[:_SEAL]


def cursor(shown: Shown, asked: Asked, last: UUID) -> str:
    """An id with a seal over the whole question, so that it continues that question and no other."""
    return base64.urlsafe_b64encode(last.bytes + _seal(shown, asked, last)).decode("ascii")


def _opened(shown: Shown, asked: Asked) -> UUID:
    refused = BadParameter("after", asked.after, _("同じ条件の「next」が示す値"))
    try:
        raw = base64.b64decode(asked.after, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as exc:
        raise refused from exc
    if len(raw) != 16 + _SEAL:
        raise refused
    last = UUID(bytes=raw[:16])
    if not constant_time_compare(raw[16:], _seal(shown, asked, last)):
        raise refused
    return last
