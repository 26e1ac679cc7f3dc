"""Whether the daily heads are all there: part of ``yakuba trail verify``.

The trail knows its files and not when one should be there; the runs of the schedule that writes them stand here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from yakuba.kernel.outbox.models import OutboxMessage, ScheduleRun
from yakuba.kernel.outbox.schedules import HEAD
from yakuba.kernel.trail import heads
from yakuba.kernel.trail.verify import Finding


def check() -> Iterator[Finding]:
    """Each run that came to its end has left its file. A row of work that is gone was done: only such rows are swept."""
    unfinished = OutboxMessage.unscoped.filter(
        municipality__isnull=True, handler=HEAD, idempotency_key=Concat(Value(f"{HEAD}:"), OuterRef("period"))
    ).exclude(state="done")
    runs = ScheduleRun.unscoped.filter(~Exists(unfinished), municipality__isnull=True, rule=HEAD)
    for period in runs.order_by("period").values_list("period", flat=True):
        path = heads.path_of(dt.date.fromisoformat(period))
        if not path.exists():
            message = _("%(file)s に控えた先頭が、控えのフォルダーにありません。") % {"file": path.name}
            yield Finding("head_missing", "", path.name, message)
