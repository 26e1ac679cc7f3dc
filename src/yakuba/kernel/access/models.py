"""Accounts of staff, and the roles that hang on posts, offices and accounts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from yakuba.kernel import fields
from yakuba.kernel.access.roles import ON_ACCOUNTS, ON_POSTS
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.town.models import Municipality, Office, Person, Post
from yakuba.kernel.town.records import Record, Side


class StaffAccountManager(BaseUserManager["StaffAccount"]):
    """Finds accounts by user name; accounts are made by actions."""


class StaffAccount(AbstractBaseUser):
    """A sign-in of the desk face. A human (:class:`Person`) and an account are two things; citizens have neither.

    ``municipality`` is empty for the platform's own operators, who belong to none.
    """

    side: ClassVar[Side] = Side.DESK

    id = fields.identifier(primary_key=True)
    municipality = fields.Link(Municipality, label="自治体", classification=INTERNAL, null=True)
    username = fields.text(label="利用者ID", classification=INTERNAL, max_length=150, unique=True)
    person = fields.Link(Person, label="職員", classification=INTERNAL, null=True, related_name="accounts")
    is_active = fields.yes_no(label="有効", classification=INTERNAL, default=True)
    created_at = fields.moment(label="作成", classification=INTERNAL)
    version = fields.integer(label="版", classification=INTERNAL, default=1)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[StaffAccountManager] = StaffAccountManager()
    unscoped: ClassVar[models.Manager[StaffAccount]] = models.Manager()

    def __str__(self) -> str:
        return self.username


class RoleGrant(Record):
    """A role on a post, or on every post of an office, from one day to another (the last day is included)."""

    side = Side.DESK

    role = fields.choice(ON_POSTS, label="役割", classification=INTERNAL)
    office = fields.Link(Office, label="所属", classification=INTERNAL, null=True)
    post = fields.Link(Post, label="職", classification=INTERNAL, null=True)
    valid_from = fields.date(label="開始日", classification=INTERNAL)
    valid_to = fields.date(label="終了日", classification=INTERNAL, required=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(office__isnull=True, post__isnull=False)
                | Q(office__isnull=False, post__isnull=True),
                name="role_grant_on_one",
            ),
            # NULLs are never equal, so one constraint over both columns would hold nothing back.
            models.UniqueConstraint(
                fields=("municipality", "role", "office", "valid_from"),
                condition=Q(post__isnull=True),
                name="role_grant_office_once",
            ),
            models.UniqueConstraint(
                fields=("municipality", "role", "post", "valid_from"),
                condition=Q(office__isnull=True),
                name="role_grant_post_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="role_grant_dates"
            ),
        )
        indexes = (models.Index(fields=("municipality", "role"), name="role_grant_role"),)

    def __str__(self) -> str:
        return self.role


class AccountRole(models.Model):
    """An administration role on an account. ``municipality`` is empty for the platform administration."""

    side: ClassVar[Side] = Side.DESK

    id = fields.identifier(primary_key=True)
    municipality = fields.Link(Municipality, label="自治体", classification=INTERNAL, null=True)
    account = fields.Link(StaffAccount, label="利用者", classification=INTERNAL, related_name="account_roles")
    role = fields.choice(ON_ACCOUNTS, label="役割", classification=INTERNAL)
    version = fields.integer(label="版", classification=INTERNAL, default=1)

    unscoped: ClassVar[models.Manager[AccountRole]] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "account", "role"),
                condition=Q(municipality__isnull=False),
                name="account_role_once",
            ),
            models.UniqueConstraint(
                fields=("account", "role"),
                condition=Q(municipality__isnull=True),
                name="account_role_platform",
            ),
            models.CheckConstraint(
                condition=Q(role="platform_admin", municipality__isnull=True)
                | Q(role="municipality_admin", municipality__isnull=False),
                name="account_role_scope",
            ),
        )

    def __str__(self) -> str:
        return self.role
