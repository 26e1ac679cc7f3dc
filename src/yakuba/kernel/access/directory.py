"""The city's directory (OpenID Connect): which account one of its people has here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.actions import Actor, ActorKind, Context, Face, MunicipalityRef, ports
from yakuba.kernel.dates import clock
from yakuba.kernel.ids import uuid7
from yakuba.kernel.town.queries import find_municipality

Claims = Mapping[str, Any]  # Any: a directory says what it likes; each claim is checked where it is read


def staff_account(claims: Claims, known: object) -> tuple[StaffAccount | None, str]:
    """The active account of a directory's person, or the reason why there is none (in Japanese).

    Somebody who signed in before is ``known`` by the directory's subject. Otherwise the claims ``municipality_code`` and
    ``staff_number`` name a person with one account, or ``preferred_username`` names the account. Accounts of the platform
    itself are out of a directory's reach, and so are other municipalities' when ``YAKUBA_OIDC_MUNICIPALITY`` is set.
    """
    reach = StaffAccount.unscoped.filter(municipality__isnull=False)
    only = settings.DIRECTORY_MUNICIPALITY
    if only:
        reach = reach.filter(municipality__code=only)
    if isinstance(known, StaffAccount):
        found = reach.filter(pk=known.pk)
    else:
        code = _text(claims, "municipality_code") or only
        number = _text(claims, "staff_number")
        if code and number:
            found = reach.filter(person__municipality__code=code, person__staff_number=number)
        elif username := _text(claims, "preferred_username"):
            found = reach.filter(username=username)
        else:
            return None, _(
                "庁内の職員認証から、職員番号も利用者IDも届きませんでした。システムの担当へ知らせてください。"
            )
    accounts = list(found[:2])
    if len(accounts) != 1:
        return None, _("この職員の利用者IDが役場システムにありません。自治体の管理者に登録を頼んでください。")
    if not accounts[0].is_active:
        return None, _("この利用者IDは停止されています。")
    return accounts[0], ""


def refused(request: HttpRequest, claims: Claims, known: object, reason: str) -> None:
    """Note a refused sign-in in the trail of the municipality that it was meant for, where that is known."""
    ref: MunicipalityRef | None = None
    if isinstance(known, StaffAccount) and known.municipality is not None:
        ref = find_municipality(known.municipality.code)
    if ref is None:
        code = _text(claims, "municipality_code") or settings.DIRECTORY_MUNICIPALITY
        ref = find_municipality(code) if code else None
    if ref is None:
        return
    label = _text(claims, "preferred_username") or _text(claims, "staff_number") or "―"
    actor = Actor(ActorKind.PUBLIC, f"directory:{_text(claims, 'sub')}"[:150], label)
    request_id = str(getattr(request, "request_id", "")) or str(uuid7())
    ctx = Context(actor, ref, clock.now(), request_id, Face.DESK)
    subject = known if isinstance(known, StaffAccount) else None
    ports.trail().denied(
        ctx,
        "access.directory_sign_in",
        "staff_account" if subject else "",
        subject.pk if subject else None,
        subject.username if subject else "",
        reason,
    )


def _text(claims: Claims, key: str) -> str:
    found = claims.get(key)
    return found.strip()[:150] if isinstance(found, str) else ""
