"""What came in stands as it came: every way of changing it that ``yakuba trail verify`` promises to show, shown."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest
from django.db import IntegrityError, models, transaction

from tests.guards import suspended
from tests.services.procedures.offers import ANSWERS
from tests.services.procedures.specimens_receiving import filing, the_procedure
from tests.world import Town
from yakuba.kernel.trail.models import TrailPayload
from yakuba.kernel.trail.verify import verify
from yakuba.services.procedures.actions.entering import Enter, enter
from yakuba.services.procedures.models import Filing, FilingRevision, Submission

pytestmark = pytest.mark.django_db

BEFORE = dt.datetime(2020, 4, 1, tzinfo=dt.UTC)


def found() -> list[str]:
    """The kinds of records that are not what the trail vouches for."""
    return sorted(one.subject.partition("/")[0] for one in verify() if one.code == "vouched")


@pytest.mark.parametrize(
    ("model", "forged", "kind"),
    [
        (Filing, {"answers": {}}, "filing"),
        (Filing, {"arrived_at": BEFORE}, "filing"),
        (Filing, {"level": "verified"}, "filing"),
        (FilingRevision, {"answers": {}}, "filing_revision"),
        (FilingRevision, {"at": BEFORE}, "filing_revision"),
        (Submission, {"arrived_at": BEFORE}, "submission"),
        (Submission, {"body_digest": "0" * 64}, "submission"),
    ],
)
def test_what_came_in_is_what_came(
    mihon: Town, model: type[models.Model], forged: dict[str, object], kind: str
) -> None:
    filing(mihon)
    assert found() == []
    with suspended():
        model._base_manager.update(**forged)
    assert found() == [kind]


@pytest.mark.parametrize("model", [FilingRevision, Submission])
def test_what_was_taken_away_is_missed(mihon: Town, model: type[models.Model]) -> None:
    filing(mihon)
    with suspended():
        model._base_manager.all().delete()
    assert len(found()) == 1


def test_the_zone_in_which_a_moment_was_given_is_no_change(mihon: Town) -> None:
    now = dt.datetime(2026, 11, 18, 10, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    ctx = dataclasses.replace(mihon.ctx("case_worker"), now=now)
    made = enter(ctx, None, Enter(str(the_procedure(mihon).pk), "counter", now, ANSWERS))
    assert FilingRevision.unscoped.get(filing=made).at == now
    assert found() == []


def test_a_revision_is_guarded(mihon: Town) -> None:
    filing(mihon)
    for change in (lambda: FilingRevision.unscoped.update(at=BEFORE), FilingRevision.unscoped.all().delete):
        with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
            change()


def test_the_trail_says_under_which_version_it_came(mihon: Town) -> None:
    made = filing(mihon)
    assert made.case is not None
    notes = json.loads(TrailPayload.unscoped.get(entry__action="procedures.receive").text)["notes"]
    assert (notes["case"], notes["version"]) == (made.case.number, made.publication.number)
