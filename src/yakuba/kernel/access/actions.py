"""What changes accounts and roles. The only writers of their tables."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.access import access
from yakuba.kernel.access.models import AccountRole, RoleGrant, StaffAccount
from yakuba.kernel.access.roles import ON_ACCOUNTS, ON_POSTS
from yakuba.kernel.access.secret import secret
from yakuba.kernel.actions import Context, Denied, NoData, Problem, action
from yakuba.kernel.dates import format_date
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.town.models import Person, Post
from yakuba.kernel.town.queries import demand_office

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,149}")


# --- accounts -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CreateAccount:
    """A sign-in. Without a password only the directory can use it. ``platform``: it belongs to no municipality."""

    username: Annotated[str, fields.text(label="利用者ID", classification=INTERNAL, max_length=150)]
    staff_number: Annotated[
        str, fields.text(label="職員番号", classification=PERSONAL, max_length=20, required=False)
    ] = ""
    password: Annotated[str, secret(label="パスワード", required=False)] = ""
    platform: Annotated[bool, fields.yes_no(label="基盤の利用者", classification=INTERNAL)] = False


@action("access.create_account", label="利用者の登録", may=access.KEEP_ACCOUNTS, data=CreateAccount)
def create_account(ctx: Context, _new: None, data: CreateAccount) -> StaffAccount:
    """Make an account, for a person of this municipality when a staff number is given."""
    if data.platform:
        _operator_only(ctx)
    username = data.username.lower()
    if not _USERNAME.fullmatch(username):
        raise Problem(
            "username",
            _("利用者ID「%s」は使えません。半角の英小文字・数字・「._@-」で2文字以上にしてください。")
            % data.username[:40],
            field="username",
            found=data.username[:40],
        )
    if StaffAccount.unscoped.filter(username=username).exists():
        raise Problem(
            "username_taken",
            _("利用者ID「%s」は使われています。") % username,
            field="username",
            found=username,
        )
    account = StaffAccount(
        municipality_id=None if data.platform else ctx.municipality.id,
        username=username,
        person=_person(ctx, data.staff_number) if data.staff_number else None,
        created_at=ctx.now,
    )
    if data.password:
        _use_password(account, data.password)
    else:
        account.set_unusable_password()
    account.save(force_insert=True)
    return account


def _person(ctx: Context, staff_number: str) -> Person:
    found = Person.unscoped.filter(municipality_id=ctx.municipality.id, staff_number=staff_number).first()
    if found is None:
        raise Problem(
            "person",
            _("職員番号「%s」の職員は登録されていません。") % staff_number,
            field="staff_number",
            found=staff_number,
        )
    if StaffAccount.unscoped.filter(person=found).exists():
        raise Problem(
            "person_has_account",
            _("職員番号「%s」の職員には利用者IDがあります。") % staff_number,
            field="staff_number",
            found=staff_number,
        )
    return found


def _operator_only(ctx: Context) -> None:
    if "cli" not in ctx.actor.roles_in(ctx.municipality.id):
        raise Denied(_("基盤の利用者と役割は、サーバーの操作員だけが扱えます。"))


def _use_password(account: StaffAccount, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as refused:
        raise Problem("password", " ".join(refused.messages), field="password") from refused
    account.set_password(password)


@dataclass(frozen=True)
class SetPassword:
    """A new password."""

    password: Annotated[str, secret(label="パスワード")]


@action("access.set_password", label="パスワードの設定", may=access.KEEP_ACCOUNTS, data=SetPassword)
def set_password(ctx: Context, account: StaffAccount, data: SetPassword) -> StaffAccount:
    """Set somebody's password; their sessions end by it."""
    _use_password(account, data.password)
    account.save(update_fields=["password"])
    _end_sessions(ctx, account)
    return account


@action(
    "access.change_own_password", label="自分のパスワードの変更", may=access.OWN_ACCOUNT, data=SetPassword
)
def change_own_password(_ctx: Context, account: StaffAccount, data: SetPassword) -> StaffAccount:
    """Set one's own password. Whoever calls has checked the present one."""
    _use_password(account, data.password)
    account.save(update_fields=["password"])
    return account


@action("access.deactivate_account", label="利用の停止", may=access.KEEP_ACCOUNTS, data=NoData)
def deactivate_account(ctx: Context, account: StaffAccount, _data: NoData) -> StaffAccount:
    """Stop an account; its sessions end with the next page. Nobody stops the account they act with."""
    if str(account.pk) == ctx.actor.id:
        raise Problem("own_account", _("自分の利用者IDは停止できません。"))
    account.is_active = False
    account.save(update_fields=["is_active"])
    return account


@action("access.reactivate_account", label="利用の再開", may=access.KEEP_ACCOUNTS, data=NoData)
def reactivate_account(_ctx: Context, account: StaffAccount, _data: NoData) -> StaffAccount:
    """Let a stopped account in again."""
    account.is_active = True
    account.save(update_fields=["is_active"])
    return account


@action("access.reset_second_factor", label="確認コードの登録の取消し", may=access.KEEP_ACCOUNTS, data=NoData)
def reset_second_factor(ctx: Context, account: StaffAccount, _data: NoData) -> StaffAccount:
    """Forget app and recovery codes, and end the sessions; at the next sign-in the person sets the app up anew."""
    if str(account.pk) == ctx.actor.id:
        raise Problem(
            "own_account", _("自分の確認コードの登録は取り消せません。ほかの管理者に頼んでください。")
        )
    gone, _each = Authenticator.objects.filter(user=account).delete()
    ctx.note(removed=gone)
    _end_sessions(ctx, account)
    return account


def _end_sessions(ctx: Context, account: StaffAccount) -> None:
    """End whatever is open under this account, everywhere. A request under way cannot save its session again."""
    mine = [
        one.session_key
        for one in Session.objects.filter(expire_date__gt=ctx.now).iterator()
        if one.get_decoded().get(SESSION_KEY) == str(account.pk)
    ]
    Session.objects.filter(session_key__in=mine).delete()


SIGN_INS_KEPT = dt.timedelta(days=90)


def forget_sign_ins(now: dt.datetime) -> int:
    """Delete what the lock-out noted of attempts (typed names, addresses) after 90 days; the trail keeps its own entries."""
    tables = (AccessAttempt, AccessFailureLog, AccessLog)
    limit = now - SIGN_INS_KEPT
    return sum(table.objects.filter(attempt_time__lt=limit).delete()[0] for table in tables)


# --- roles ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class GrantRole:
    """A role on an office, or on one post of it when a title is given."""

    role: Annotated[str, fields.choice(ON_POSTS, label="役割", classification=INTERNAL)]
    office_code: Annotated[str, fields.text(label="所属コード", classification=INTERNAL, max_length=20)]
    valid_from: Annotated[dt.date, fields.date(label="開始日", classification=INTERNAL)]
    title: Annotated[str, fields.text(label="職", classification=INTERNAL, max_length=60, required=False)] = (
        ""
    )
    valid_to: Annotated[
        dt.date | None, fields.date(label="終了日", classification=INTERNAL, required=False)
    ] = None


@action("access.grant_role", label="役割の付与", may=access.KEEP_GRANTS, data=GrantRole)
def grant_role(ctx: Context, _new: None, data: GrantRole) -> RoleGrant:
    """Hang a role on an office or a post; whoever holds the post on a day has it."""
    here = ctx.municipality.id
    office = demand_office(here, data.office_code, data.valid_from)
    if data.valid_to and data.valid_to < data.valid_from:
        raise Problem("order", _("終了日は開始日以後の日にしてください。"), field="valid_to")
    post = None
    if data.title:
        post = Post.unscoped.filter(office=office, title=data.title).first()
        if post is None:
            raise Problem(
                "post", _("その所属に職「%s」はありません。") % data.title, field="title", found=data.title
            )
    there = RoleGrant.unscoped.filter(
        municipality_id=here,
        role=data.role,
        office=None if post else office,
        post=post,
        valid_from=data.valid_from,
    )
    if there.exists():
        raise Problem("granted", _("同じ役割が、同じ日から付いています。"), field="role")
    return RoleGrant.unscoped.create(
        municipality_id=here,
        role=data.role,
        office=None if post else office,
        post=post,
        valid_from=data.valid_from,
        valid_to=data.valid_to,
    )


@dataclass(frozen=True)
class EndGrant:
    """The last day of a role."""

    valid_to: Annotated[dt.date, fields.date(label="終了日", classification=INTERNAL)]


@action("access.end_grant", label="役割の終了", may=access.KEEP_GRANTS, data=EndGrant)
def end_grant(_ctx: Context, grant: RoleGrant, data: EndGrant) -> RoleGrant:
    """End a role in the evening of a day. It is not ended before it began: a mistake is ended on its first day."""
    if data.valid_to < grant.valid_from:
        raise Problem(
            "order",
            _("終了日は開始日（%s）以後の日にしてください。") % format_date(grant.valid_from),
            field="valid_to",
        )
    grant.valid_to = data.valid_to
    grant.save(update_fields=["valid_to"])
    return grant


@dataclass(frozen=True)
class AccountRoleData:
    """An administration role."""

    role: Annotated[str, fields.choice(ON_ACCOUNTS, label="役割", classification=INTERNAL)]


@action("access.grant_account_role", label="管理の役割の付与", may=access.KEEP_ACCOUNTS, data=AccountRoleData)
def grant_account_role(ctx: Context, account: StaffAccount, data: AccountRoleData) -> StaffAccount:
    """Give an account the administration of its municipality, or (the operator alone) of the platform."""
    municipality_id = _account_role_scope(ctx, account, data.role)
    AccountRole.unscoped.get_or_create(municipality_id=municipality_id, account=account, role=data.role)
    ctx.note(role=data.role)
    return account


@action("access.end_account_role", label="管理の役割の終了", may=access.KEEP_ACCOUNTS, data=AccountRoleData)
def end_account_role(ctx: Context, account: StaffAccount, data: AccountRoleData) -> StaffAccount:
    """Take an administration role from an account. Nobody takes it from themselves: somebody has to be left."""
    if str(account.pk) == ctx.actor.id:
        raise Problem("own_account", _("自分の管理の役割は外せません。ほかの管理者に頼んでください。"))
    municipality_id = _account_role_scope(ctx, account, data.role)
    held = AccountRole.unscoped.filter(account=account, role=data.role)
    held.filter(Q(municipality_id=municipality_id) if municipality_id else Q(municipality=None)).delete()
    ctx.note(role=data.role)
    return account


def _account_role_scope(ctx: Context, account: StaffAccount, role: str) -> UUID | None:
    """The municipality in which the role counts, None for the platform's."""
    if role == "platform_admin":
        _operator_only(ctx)
        return None
    if account.municipality_id != ctx.municipality.id:
        raise Problem("account_role", _("この利用者は別の自治体に属します。"), field="role")
    return ctx.municipality.id
