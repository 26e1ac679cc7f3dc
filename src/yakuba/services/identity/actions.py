"""What changes codes, accounts and links. The only writers of their tables.

Tokens of visits are made by the page that sets the cookie and come in as data; the database keeps their digests.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yakuba.engines.delivery.channels import CHANNELS
from yakuba.engines.delivery.store import Message, send
from yakuba.engines.visitors import queries as visitors
from yakuba.engines.visitors import store as visits
from yakuba.kernel import fields
from yakuba.kernel.access.secret import secret
from yakuba.kernel.actions import Context, Missing, NoData, Problem, Problems, action
from yakuba.kernel.fields import INTERNAL, Invalid
from yakuba.kernel.fields.kinds import Kana, Text
from yakuba.kernel.ids import uuid7
from yakuba.services.identity import access, letters, queries, rules
from yakuba.services.identity.models import (
    NAME_LENGTH,
    PURPOSES,
    Citizen,
    ExternalIdentity,
    MailCode,
    SignInAttempt,
)

CLOSED = "identity.account_closed"


def _visit(ctx: Context) -> UUID:
    visit = visitors.visit_of(ctx)
    if visit is None:
        raise Missing
    return visit


def _tell(ctx: Context, mail: str, words: letters.Words, purpose: str = "account") -> None:
    """Send what an account's owner has to know; nothing for an account without an address."""
    if mail:
        send(
            ctx,
            Message(
                purpose=purpose,
                address=mail,
                subject=words.subject,
                body=words.body,
                language=get_language() or "ja",
                zone="portal",
            ),
        )


# --- a code by mail --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SendCode:
    """Where to, what for, and where to go on afterwards (checked by the page)."""

    mail: Annotated[str, secret(label="メールアドレス")]
    purpose: Annotated[str, fields.choice(PURPOSES, label="目的", classification=INTERNAL)]
    return_to: Annotated[
        str, fields.text(label="戻り先", classification=INTERNAL, max_length=500, required=False)
    ] = ""


@action("identity.send_code", label="確認コードの送信", may=access.CODE, data=SendCode)
def send_code(ctx: Context, _new: None, data: SendCode) -> MailCode:
    """Send a code; earlier ones of this visit are worth nothing from now on. Raises :class:`Problem` for an unusable address."""
    visit = _visit(ctx)
    # Before the row is written: a column of the database says less well that an address is too long.
    address = CHANNELS.get("mail").checked_address(data.mail)
    MailCode.unscoped.filter(
        municipality=ctx.municipality.id, visit=visit, used_at__isnull=True, expires_at__gt=ctx.now
    ).update(expires_at=ctx.now)
    pk, digits = uuid7(), rules.new_code()
    made = MailCode.unscoped.create(
        pk=pk,
        municipality_id=ctx.municipality.id,
        visit=visit,
        purpose=data.purpose,
        mail=address,
        code_hash=rules.code_digest(pk, digits),
        sent_at=ctx.now,
        expires_at=ctx.now + rules.CODE_LASTS,
        return_to=data.return_to,
    )
    _tell(ctx, made.mail, letters.code(ctx.municipality.name, digits, data.purpose), "code")
    return made


@dataclass(frozen=True)
class EnterCode:
    """The code as typed, and the visit's next token."""

    code: Annotated[str, secret(label="確認コード")]
    token: Annotated[str, secret(label="合言葉")]


@action("identity.enter_code", label="確認コードの入力", may=access.CODE, data=EnterCode)
def enter_code(ctx: Context, code: MailCode, data: EnterCode) -> MailCode:
    """Try a code. A wrong one is a try that happened: it is counted, and the answer has no ``used_at``."""
    if code.used_at is not None or code.expires_at <= ctx.now or code.tries >= rules.CODE_TRIES:
        raise Problem("code_over", _("この確認コードは、もう使えません。新しいコードを送ってください。"))
    code.tries += 1
    if rules.code_fits(code.pk, code.code_hash, rules.typed_code(data.code)):
        code.used_at = ctx.now
    code.save(update_fields=["tries", "used_at"])
    if code.used_at is not None:
        if code.purpose == "change":
            _change_mail(ctx, code)
        visits.raise_level(ctx, _visit(ctx), visits.Known("mail", "mail", mail=code.mail), data.token)
    return code


def _change_mail(ctx: Context, code: MailCode) -> None:
    """The account's address is now the confirmed one; the former one is told."""
    mine = (
        Citizen.unscoped.select_for_update()
        .filter(
            municipality=ctx.municipality.id, pk__in=visitors.signed_in_as(code.visit), closed_at__isnull=True
        )
        .first()
    )
    if mine is None:
        raise Missing
    other = queries.citizen_by_mail(ctx.municipality.id, code.mail)
    if other is not None and other.pk != mine.pk:
        # The address is this person's: they may know.
        raise Problem("mail_taken", _("このメールアドレスには、別のアカウントがあります。"), field="code")
    former = mine.mail
    mine.mail, mine.mail_key = code.mail, rules.mail_key(code.mail)
    mine.version += 1
    mine.save(update_fields=["mail", "mail_key", "version"])
    ctx.note(citizen=str(mine.pk))
    _tell(ctx, former, letters.address_changed(ctx.municipality.name))


# --- the account -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SetUp:
    """The hash of the wanted password, and the visit's next token."""

    password: Annotated[str, secret(label="パスワード")]
    token: Annotated[str, secret(label="合言葉")]


@action("identity.set_up_account", label="アカウントの用意", may=access.SIGN_IN, data=SetUp)
def set_up_account(ctx: Context, _new: None, data: SetUp) -> Citizen:
    """Make the account of the address that this visit has just confirmed, or give it a new password; its other visits end."""
    visit = _visit(ctx)
    code = queries.confirmed_code(ctx, visit, "account")
    if code is None:
        raise Problem("not_confirmed", _("先に、メールアドレスを確認してください。"))
    mine = queries.citizen_by_mail(ctx.municipality.id, code.mail)
    ctx.note(new=mine is None)
    if mine is None:
        mine = Citizen(
            municipality_id=ctx.municipality.id,
            mail=code.mail,
            mail_key=rules.mail_key(code.mail),
            created_at=ctx.now,
        )
    mine.password = data.password
    mine.save()
    # The code has done its work: the next password needs the next code.
    code.delete()
    visits.end_all(ctx, mine.pk, but=visit)
    visits.raise_level(ctx, visit, _known(mine, "account", "account"), data.token)
    _tell(ctx, mine.mail, letters.password_changed(ctx.municipality.name))
    return mine


def _known(mine: Citizen, level: str, method: str) -> visits.Known:
    return visits.Known(level, method, citizen=mine.pk, mail=mine.mail)


@dataclass(frozen=True)
class SignIn:
    """Whose password was right, and the visit's next token."""

    citizen: Annotated[str, fields.text(label="市民の利用者", classification=INTERNAL, max_length=36)]
    token: Annotated[str, secret(label="合言葉")]


@action("identity.sign_in", label="ポータルへのサインイン", may=access.SIGN_IN, data=SignIn)
def sign_in(ctx: Context, _new: None, data: SignIn) -> Citizen:
    """Sign a visit in. Whoever calls has checked the password."""
    mine = Citizen.unscoped.filter(
        municipality=ctx.municipality.id, pk=UUID(data.citizen), closed_at__isnull=True
    ).first()
    if mine is None:
        raise Missing
    visits.raise_level(ctx, _visit(ctx), _known(mine, "account", "account"), data.token)
    return mine


@dataclass(frozen=True)
class ChangeName:
    """How somebody is called."""

    name: Annotated[str, secret(label="氏名", required=False)] = ""
    kana: Annotated[str, secret(label="フリガナ", required=False)] = ""


@action("identity.change_name", label="アカウントの氏名の変更", may=access.KEEP_ACCOUNT, data=ChangeName)
def change_name(_ctx: Context, mine: Citizen, data: ChangeName) -> Citizen:
    """Set one's own name and reading; either may be empty."""
    problems = []
    for key, label, kind in (
        ("name", _("氏名"), Text(NAME_LENGTH)),
        ("kana", _("フリガナ"), Kana(NAME_LENGTH)),
    ):
        typed = str(getattr(data, key)).strip()
        try:
            setattr(mine, key, kind.parse(typed) if typed else "")
        except Invalid as invalid:
            problems.append(Problem.of(key, label, invalid))
    if problems:
        raise Problems(problems)
    mine.save(update_fields=["name", "kana"])
    return mine


@dataclass(frozen=True)
class ChangePassword:
    """The hash of the wanted password."""

    password: Annotated[str, secret(label="パスワード")]


@action(
    "identity.change_password",
    label="アカウントのパスワードの変更",
    may=access.KEEP_ACCOUNT,
    data=ChangePassword,
)
def change_password(ctx: Context, mine: Citizen, data: ChangePassword) -> Citizen:
    """Set one's own password; one's other visits end. Whoever calls has checked the present one."""
    if not mine.mail:
        raise Problem("no_mail", _("先に、メールアドレスを登録してください。"))
    mine.password = data.password
    mine.save(update_fields=["password"])
    visits.end_all(ctx, mine.pk, but=_visit(ctx))
    _tell(ctx, mine.mail, letters.password_changed(ctx.municipality.name))
    return mine


@action("identity.close_account", label="アカウントの閉鎖", may=access.KEEP_ACCOUNT, data=NoData)
def close_account(ctx: Context, mine: Citizen, _data: NoData) -> Citizen:
    """Erase what an account holds and end all its visits. What was applied for stays with the offices that decide it."""
    _tell(ctx, mine.mail, letters.account_closed(ctx.municipality.name))
    here = Q(municipality=ctx.municipality.id)
    if mine.mail:
        MailCode.unscoped.filter(here, mail__iexact=mine.mail).delete()
    ExternalIdentity.unscoped.filter(here, citizen=mine).delete()
    visits.end_all(ctx, mine.pk)
    mine.mail = mine.mail_key = mine.name = mine.kana = mine.password = ""
    mine.closed_at = ctx.now
    mine.save()
    ctx.publish(CLOSED, {"citizen": str(mine.pk)}, key=str(mine.pk))
    return mine


# --- identity providers ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class BeginAttempt:
    """What the provider's answer has to fit."""

    method: Annotated[str, fields.text(label="方法", classification=INTERNAL, max_length=40)]
    state: Annotated[str, secret(label="state")]
    nonce: Annotated[str, secret(label="nonce")]
    verifier: Annotated[str, secret(label="PKCEの検証値")]
    return_to: Annotated[
        str, fields.text(label="戻り先", classification=INTERNAL, max_length=500, required=False)
    ] = ""
    link: Annotated[bool, fields.yes_no(label="今のアカウントに結び付ける", classification=INTERNAL)] = False


@action("identity.begin_attempt", label="本人確認の開始", may=access.ATTEMPT, data=BeginAttempt)
def begin_attempt(ctx: Context, _new: None, data: BeginAttempt) -> SignInAttempt:
    """Remember, before somebody leaves for a provider, what the answer has to fit."""
    return SignInAttempt.unscoped.create(
        municipality_id=ctx.municipality.id,
        visit=_visit(ctx),
        method=data.method,
        state_hash=rules.state_digest(data.state),
        nonce=data.nonce,
        verifier=data.verifier,
        return_to=data.return_to,
        language=get_language() or "ja",
        link=data.link,
        began_at=ctx.now,
        expires_at=ctx.now + rules.ATTEMPT_LASTS,
    )


@dataclass(frozen=True)
class FinishAttempt:
    """Whom the provider means, what it vouches for (JSON), and the visit's next token."""

    issuer: Annotated[str, fields.text(label="発行者", classification=INTERNAL, max_length=300)]
    level: Annotated[str, fields.text(label="確認の程度", classification=INTERNAL, max_length=40)]
    subject: Annotated[str, secret(label="発行者の中での識別子")]
    facts: Annotated[str, secret(label="確認された事項")]
    token: Annotated[str, secret(label="合言葉")]


@action("identity.finish_attempt", label="本人確認の完了", may=access.ATTEMPT, data=FinishAttempt)
def finish_attempt(ctx: Context, attempt: SignInAttempt, data: FinishAttempt) -> SignInAttempt:
    """Sign in whom the provider vouched for; an account is made for somebody new. An answer counts once."""
    if attempt.used_at is not None or attempt.expires_at <= ctx.now:
        raise Problem("attempt_over", _("この本人確認は、もう終わっています。もう一度始めてください。"))
    attempt.used_at = ctx.now
    attempt.nonce = attempt.verifier = ""
    attempt.save(update_fields=["used_at", "nonce", "verifier"])
    mine = _citizen_of(ctx, attempt, data)
    visits.raise_level(
        ctx,
        attempt.visit,
        visits.Known(data.level, attempt.method, mine.pk, mine.mail, json.loads(data.facts)),
        data.token,
    )
    ctx.note(citizen=str(mine.pk))
    return attempt


def _citizen_of(ctx: Context, attempt: SignInAttempt, data: FinishAttempt) -> Citizen:
    """Whose identity it is. Only somebody who asked for it in their own account has it linked to that account."""
    known = (
        ExternalIdentity.unscoped.filter(
            municipality=ctx.municipality.id, method=attempt.method, issuer=data.issuer, subject=data.subject
        )
        .select_related("citizen")
        .first()
    )
    mine = (
        Citizen.unscoped.filter(
            municipality=ctx.municipality.id, pk__in=visitors.signed_in_as(attempt.visit)
        ).first()
        if attempt.link
        else None
    )
    if known is not None:
        if mine is not None and known.citizen_id != mine.pk:
            raise Problem("linked_elsewhere", _("この本人確認は、別のアカウントに結び付いています。"))
        return known.citizen
    if attempt.link and mine is None:
        raise Missing
    mine = mine or Citizen.unscoped.create(
        municipality_id=ctx.municipality.id, password="", created_at=ctx.now
    )
    ExternalIdentity.unscoped.create(
        municipality_id=ctx.municipality.id,
        citizen=mine,
        method=attempt.method,
        issuer=data.issuer,
        subject=data.subject,
        linked_at=ctx.now,
    )
    return mine


@dataclass(frozen=True)
class Unlink:
    """Which link."""

    link: Annotated[str, fields.text(label="外部の本人確認", classification=INTERNAL, max_length=36)]


@action("identity.unlink", label="外部の本人確認を外す", may=access.KEEP_ACCOUNT, data=Unlink)
def unlink(ctx: Context, mine: Citizen, data: Unlink) -> Citizen:
    """Take a link from one's account; not the last way into it."""
    links = {str(one.pk): one for one in mine.external_identities.all()}
    if data.link not in links:
        raise Missing
    if not mine.password and len(links) == 1:
        raise Problem(
            "last_way",
            _("これを外すと、このアカウントに入れなくなります。先にパスワードを決めてください。"),
        )
    ctx.note(method=links[data.link].method)
    links[data.link].delete()
    return mine


# --- by the clock ----------------------------------------------------------------------------------------------------
def forget_old(ctx: Context) -> int:
    """Delete codes and half-way sign-ins that nobody can use any more; return how many."""
    limit = ctx.now - rules.CONFIRMED_LASTS
    here = Q(municipality=ctx.municipality.id, expires_at__lt=limit)
    codes, _each = MailCode.unscoped.filter(here).delete()
    attempts, _each = SignInAttempt.unscoped.filter(here).delete()
    return codes + attempts
