"""Reads of identity. Whoever asks is named in each: a visit, or a mail address whose owner has just proved to be its owner."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password

from yakuba.kernel.actions import Context
from yakuba.services.identity import rules
from yakuba.services.identity.models import Citizen, ExternalIdentity, MailCode, SignInAttempt


def citizen(ctx: Context, citizen_id: UUID | None) -> Citizen | None:
    """The account that a visit is signed in as, None for another's and for a closed one."""
    if citizen_id is None:
        return None
    return Citizen.objects.for_actor(ctx).filter(pk=citizen_id, closed_at__isnull=True).first()


def citizen_by_mail(municipality: UUID, mail: str) -> Citizen | None:
    """The account with a mail address. Only for who proved to own the address, or knows the password."""
    return Citizen.unscoped.filter(
        municipality=municipality, mail_key=rules.mail_key(mail), closed_at__isnull=True
    ).first()


def citizen_by_password(municipality: UUID, mail: str, password: str) -> Citizen | None:
    """The account with this address and password. Takes the same time whether there is one or not."""
    found = citizen_by_mail(municipality, mail)
    if found is None or not found.password:
        make_password(password)
        return None
    return found if check_password(password, found.password) else None


def knows_password(mine: Citizen, password: str) -> bool:
    """Whether somebody knows their own account's password; True for an account without one."""
    return not mine.password or check_password(password, mine.password)


def pending_code(ctx: Context, visit: UUID) -> MailCode | None:
    """The newest code of a visit, as long as it can still be entered."""
    newest = MailCode.objects.for_actor(ctx).filter(visit=visit).order_by("-sent_at", "-id").first()
    if newest is None or newest.used_at is not None or newest.expires_at <= ctx.now:
        return None
    return newest if newest.tries < rules.CODE_TRIES else None


def confirmed_code(ctx: Context, visit: UUID, purpose: str) -> MailCode | None:
    """The newest code of a visit, if it was entered rightly for this purpose a short while ago."""
    newest = MailCode.objects.for_actor(ctx).filter(visit=visit).order_by("-sent_at", "-id").first()
    if newest is None or newest.purpose != purpose or newest.used_at is None:
        return None
    return newest if ctx.now - newest.used_at < rules.CONFIRMED_LASTS else None


def attempt_under_way(ctx: Context, visit: UUID, method: str, state: str) -> SignInAttempt | None:
    """The way to a provider that a visit began with this ``state``, as long as it was not come back from."""
    return (
        SignInAttempt.objects.for_actor(ctx)
        .filter(
            visit=visit,
            method=method,
            state_hash=rules.state_digest(state),
            used_at__isnull=True,
            expires_at__gt=ctx.now,
        )
        .first()
    )


def external_identities(ctx: Context, citizen_id: UUID) -> list[ExternalIdentity]:
    """What an account is linked to, oldest first."""
    return list(ExternalIdentity.objects.for_actor(ctx).filter(citizen=citizen_id).order_by("linked_at"))
