"""What goes by itself at the portal: forms that nobody finished, files that nobody claimed, copies of yesterday."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from django.db import transaction

from yakuba.kernel.actions import Context
from yakuba.services.procedures.actions.applying import erase_uploads
from yakuba.services.procedures.citizens.queries import COPY_LASTS
from yakuba.services.procedures.models import EarlierAnswer, Filing, Filling, Release, Submission, Upload

_PAGE: Final = 100
#: A file without form and submission is what a crash left; no form lives longer without a sign of life.
UNCLAIMED: Final = dt.timedelta(days=1)


def sweep(ctx: Context) -> int:
    """Erase what has expired, in short transactions; return how many rows went.

    Nothing of it was ever handed in, so the trail says nothing of it (as of the visits that go with it).
    """
    return _fillings(ctx) + _unclaimed(ctx) + _copies(ctx)


def _copies(ctx: Context) -> int:
    with transaction.atomic():
        old = Release.unscoped.filter(
            municipality=ctx.municipality.id, kind="copy", at__lte=ctx.now - COPY_LASTS
        )
        return old.delete()[0]


def _fillings(ctx: Context) -> int:
    count = 0
    while True:
        with transaction.atomic():
            gone = list(
                Filling.unscoped.select_for_update(of=("self",), skip_locked=True)
                .filter(municipality=ctx.municipality.id, expires_at__lte=ctx.now)
                .order_by("expires_at")[:_PAGE]
            )
            if not gone:
                return count
            with_files = Upload.unscoped.filter(municipality=ctx.municipality.id, filling__in=gone)
            erase_uploads(ctx.begin(), list(with_files.select_related("file")))
            Filling.unscoped.filter(pk__in=[one.pk for one in gone]).delete()
            count += len(gone)


def _unclaimed(ctx: Context) -> int:
    count = 0
    while True:
        with transaction.atomic():
            gone = list(
                Upload.unscoped.filter(
                    municipality=ctx.municipality.id,
                    filling__isnull=True,
                    submission__isnull=True,
                    at__lt=ctx.now - UNCLAIMED,
                ).select_related("file")[:_PAGE]
            )
            if not gone:
                return count
            erase_uploads(ctx.begin(), gone)
            count += len(gone)


def forget_citizen(ctx: Context, citizen: UUID) -> None:
    """Somebody closed their account: what they had begun goes, and what was kept to be offered again. What they sent stays."""
    gone = list(Filling.unscoped.filter(municipality=ctx.municipality.id, citizen=citizen))
    with_files = Upload.unscoped.filter(municipality=ctx.municipality.id, filling__in=gone)
    erase_uploads(ctx.begin(), list(with_files.select_related("file")))
    Filling.unscoped.filter(pk__in=[one.pk for one in gone]).delete()
    EarlierAnswer.unscoped.filter(municipality=ctx.municipality.id, citizen=citizen).delete()


def forget_answers(ctx: Context, case: UUID) -> None:
    """Earlier answers of whoever sent what a case is about go: they were kept before anybody knew of the protection."""
    receipts = Filing.unscoped.filter(municipality=ctx.municipality.id, case=case).exclude(receipt="")
    citizens = Submission.unscoped.filter(
        municipality=ctx.municipality.id, receipt__in=receipts.values("receipt"), citizen__isnull=False
    )
    EarlierAnswer.unscoped.filter(
        municipality=ctx.municipality.id, citizen__in=citizens.values("citizen")
    ).delete()
