"""What the plan service listens to: a received document is read by the worker, in a child process with bounds."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Context, NoData, Problem
from yakuba.kernel.files import store as files
from yakuba.kernel.outbox.handlers import Payload, Settle, work
from yakuba.services.plan import queries, uploads
from yakuba.services.plan.actions import (
    RecordReading,
    Refusal,
    record_reading,
    refuse_import,
    start_reading,
)
from yakuba.services.plan.book import printing  # noqa: F401 – registers its work
from yakuba.services.plan.measured import working  # noqa: F401 – registers its work
from yakuba.services.plan.models import Import
from yakuba.services.plan.taking import read_in_child


# Reading takes longer than a write transaction may last; read a second time after a crash, a document gives the same reading.
@work(topic="plan.file_received", name="plan.read_file", max_attempts=3, lease_seconds=300)
def read_file(ctx: Context, payload: Payload, _key: str) -> Settle | None:
    """Read a received document; the result is noted together with the completion of this work."""
    job = queries.imports(ctx).filter(pk=UUID(str(payload["import"]))).first()
    if job is None or job.state not in ("queued", "reading"):
        return None
    if job.state == "queued":
        job = start_reading(ctx, job, NoData())
    path = uploads.path_of(job.upload)
    try:
        documents = read_in_child(path, job.file_name, ctx.municipality.code, ctx.municipality.name)
        with path.open("rb") as stream:
            sha256 = files.put(stream)
    except FileNotFoundError:
        gone = Problem("file_gone", _("受け取ったファイルがなくなりました。もう一度取り込んでください。"))
        return lambda: _settle(ctx, job, gone)
    except Problem as problem:
        refusal = problem
        return lambda: _settle(ctx, job, refusal)
    return lambda: _settle(ctx, job, RecordReading(documents, sha256))


def _settle(ctx: Context, read: Import, result: RecordReading | Problem) -> None:
    job = queries.imports(ctx).filter(pk=read.pk).first()
    if job is None or job.state != "reading":
        return  # somebody called the import off while it was being read
    if isinstance(result, Problem):
        refuse_import(ctx, job, Refusal(result.message))
    else:
        record_reading(ctx, job, result)
    # Lost in a crash, this leaves a file that the daily sweep finds.
    transaction.on_commit(lambda: uploads.remove(read.upload))
