"""What a municipality decides on a metric: whether the public sees it, which office answers for it, from when it counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.metrics import queries, store
from yakuba.engines.metrics.access import SETTLE
from yakuba.engines.metrics.models import MetricSetting
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, action
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.ids import read_id
from yakuba.kernel.town.models import Office


@dataclass(frozen=True, kw_only=True)
class SettleMetric:
    """All of what is decided; ``office`` is an id, empty for none."""

    metric: Annotated[str, fields.text(label="指標の種類", classification=INTERNAL, max_length=80)]
    public: Annotated[bool, fields.yes_no(label="公開する", classification=INTERNAL)] = False
    office: Annotated[
        str, fields.text(label="担当課", classification=INTERNAL, max_length=40, required=False)
    ] = ""
    since: Annotated[
        dt.date | None, fields.date(label="計測を始める日", classification=INTERNAL, required=False)
    ] = None
    note: Annotated[str, fields.prose(label="説明", classification=INTERNAL, max_length=1000)] = ""


@action("metrics.settle", label="計測の設定を変える", may=SETTLE, data=SettleMetric)
def settle_metric(ctx: Context, subject: MetricSetting | None, data: SettleMetric) -> MetricSetting:
    """Decide, or decide anew. What the public may no longer see goes at once; what was measured before ``since`` counts no more.

    Raises :class:`Problem`: unknown metric, no such office, a metric that is never public, decided on meanwhile.
    """
    one = store.demand_metric(data.metric if subject is None else subject.metric)
    if data.public and not one.public:
        raise Problem(
            "internal",
            _("「%s」は庁内だけの計測値です。公開はできません。") % one.label,
            field="public",
        )
    found = subject
    if found is None:
        if queries.settings(ctx, [one.key]):
            raise Problem(
                "twice",
                _("この計測値の設定は、ほかの人が先に変えました。画面を開き直してください。"),
                field="metric",
            )
        found = MetricSetting(municipality_id=ctx.municipality.id, metric=one.key)
    found.public = data.public
    found.office = _office(ctx, data.office)
    found.since = data.since
    found.note = data.note.strip()
    found.save()
    store.release(ctx, [one.key])
    return found


def _office(ctx: Context, text: str) -> Office | None:
    if not text.strip():
        return None
    try:
        pk: UUID | None = read_id(text.strip())
    except ValueError:
        pk = None
    found = Office.unscoped.filter(municipality=ctx.municipality.id, pk=pk).first() if pk else None
    if found is None:
        raise Problem("office", _("担当課を一覧から選んでください。"), field="office", found=text[:40])
    return found
