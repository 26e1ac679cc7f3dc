"""The letter by which an applicant learns that the boundary was decided."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.forms.declaring import Addressee, Form
from yakuba.kernel.dates import format_date
from yakuba.packs.boundary_records.models import Boundary


def _body(boundary: Boundary, _day: dt.date) -> str:
    asked = "" if boundary.applied_on is None else f"{format_date(boundary.applied_on)}付けで"
    decided = "" if boundary.decided_on is None else f"{format_date(boundary.decided_on)}に"
    lines = [
        f"{asked}申請のあった次の土地の境界は、{decided}確定したので通知します。",
        f"所在地　{boundary.location}",
        f"確定番号　{boundary.number}",
    ]
    if boundary.public_land:
        lines.append(f"市有地　{boundary.public_land}")
    if boundary.drawing:
        lines.append(f"図面番号　{boundary.drawing}")
    return "\n".join(lines)


#: Nobody is told twice: whoever has been is no candidate any more.
DECIDED: Final[Form[Boundary]] = Form(
    key="decided",
    label=gettext_lazy("境界確定の通知"),
    title=gettext_lazy("土地の境界の確定について（通知）"),
    addressee=lambda boundary: Addressee(boundary.applicant, boundary.applicant_address),
    body=_body,
    candidates=lambda _ctx: Q(state="decided", notified_on__isnull=True) & ~Q(applicant_address=""),
    sets="notified_on",
)
