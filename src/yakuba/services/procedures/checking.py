"""What the trail vouches for of a filing: how and when it came, and every state of its answers (``yakuba trail verify``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.trail.vouching import moment, vouch
from yakuba.services.procedures.filings import queries
from yakuba.services.procedures.models import Filing, FilingRevision, Submission


def vouch_for(ctx: Context, revision: FilingRevision) -> None:
    """From here the filing is what it was revised to, and the revision stays what it is."""
    vouch(ctx, "filing", revision.filing_id, _filing(revision.filing))
    vouch(ctx, "filing_revision", revision.pk, _revision(revision))


def vouch_for_arrival(ctx: Context, submission: Submission) -> None:
    """The portal's row of what arrived, whose content is at the desk now."""
    vouch(ctx, "submission", submission.pk, _submission(submission))


def filings(ids: Sequence[UUID]) -> Mapping[UUID, JsonValue]:
    """Filings as they stand."""
    return {one.pk: _filing(one) for one in queries.filings_in(ids)}


def revisions(ids: Sequence[UUID]) -> Mapping[UUID, JsonValue]:
    """Every state of the answers."""
    return {one.pk: _revision(one) for one in queries.revisions_in(ids)}


def submissions(ids: Sequence[UUID]) -> Mapping[UUID, JsonValue]:
    """What arrived at the portal."""
    return {one.pk: _submission(one) for one in queries.submissions_in(ids)}


def _filing(one: Filing) -> JsonValue:
    return {
        "procedure": str(one.procedure_id),
        "publication": str(one.publication_id),
        "receipt": one.receipt,
        "arrived_at": moment(one.arrived_at),
        "answers": one.answers,
        "level": one.level,
        "fee": one.fee,
    }


def _revision(one: FilingRevision) -> JsonValue:
    return {
        "filing": str(one.filing_id),
        "number": one.number,
        "answers": one.answers,
        "at": moment(one.at),
        "by": one.by_label,
        "reason": one.reason,
    }


def _submission(one: Submission) -> JsonValue:
    return {
        "receipt": one.receipt,
        "publication": str(one.publication_id),
        "arrived_at": moment(one.arrived_at),
        "body_digest": one.body_digest,
        "level": one.level,
    }
