"""A trail to look at, and a folder for its heads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from tests.world import Town
from yakuba.kernel.actions import Context, ports
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.trail.models import TrailEntry
from yakuba.kernel.trail.verify import Finding, verify

Write = Callable[..., TrailEntry]


def errors() -> list[Finding]:
    """What `trail verify` finds wrong; its notices are asked for by themselves."""
    return [finding for finding in verify() if finding.level == "error"]


@pytest.fixture(autouse=True)
def heads_folder(settings, tmp_path: Path) -> Path:
    settings.TRAIL_HEADS = tmp_path / "heads"
    return settings.TRAIL_HEADS


@pytest.fixture
def done(mihon: Town) -> Write:
    """Writes one done entry in みほん市 and returns it."""

    def write(town: Town = mihon, *, ctx: Context | None = None, **more: JsonValue) -> TrailEntry:
        ctx = ctx or town.ctx("cli")
        entry = ports.Done(
            action="town.rename_office",
            subject_kind="office_name",
            subject_id=town.offices["own"].pk,
            subject_label="見本課",
            before={"name": "見本係"},
            after={"name": "見本課"},
            notes=more,
            reason="組織改正",
        )
        with transaction.atomic():
            ports.trail().done(ctx, entry)
        return TrailEntry.unscoped.order_by("-pk")[0]

    return write
