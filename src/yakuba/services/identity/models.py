"""Citizens' accounts and what is under way while somebody shows who they are. All of it belongs to the portal side.

Names, addresses and secrets stay out of the trail (``untold``): when an account is closed they are gone.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.engines.visitors.models import untold
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.town.records import Record, Side

PURPOSES = (
    ("sign_in", "メールの確認"),
    ("account", "アカウントの用意"),
    ("change", "メールアドレスの変更"),
)

NAME_LENGTH = 100


class Citizen(Record):
    """An account of a citizen with one municipality. It is no staff account and never becomes one.

    ``mail_key`` is the address as it is compared: one account for each. Without a password only an identity provider opens it. A
    closed account is a tombstone: the row stays, nothing in it says whose it was.
    """

    side = Side.PORTAL

    mail = untold(
        fields.text(label="メールアドレス", classification=PERSONAL, max_length=254, required=False)
    )
    mail_key = untold(
        fields.text(label="メールアドレス（照合用）", classification=PERSONAL, max_length=254, required=False)
    )
    password = models.CharField(max_length=128)
    name = untold(fields.text(label="氏名", classification=PERSONAL, max_length=NAME_LENGTH, required=False))
    kana = untold(
        fields.kana(label="フリガナ", classification=PERSONAL, max_length=NAME_LENGTH, required=False)
    )
    created_at = fields.moment(label="作成", classification=INTERNAL)
    closed_at = fields.moment(label="閉鎖", classification=INTERNAL, required=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "mail_key"), condition=~Q(mail_key=""), name="citizen_mail_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(mail="", mail_key="", name="", kana=""),
                name="citizen_closed_is_empty",
            ),
        )
        indexes = (models.Index(fields=("municipality",), name="citizen_municipality"),)

    def __str__(self) -> str:
        return f"市民の利用者 {str(self.pk)[-4:]}"


class ExternalIdentity(Record):
    """Whom an identity provider means by a citizen of ours."""

    side = Side.PORTAL

    citizen = fields.Link(
        Citizen, label="市民の利用者", classification=INTERNAL, related_name="external_identities"
    )
    method = fields.text(label="方法", classification=INTERNAL, max_length=40)
    issuer = fields.text(label="発行者", classification=INTERNAL, max_length=300)
    subject = untold(fields.text(label="発行者の中での識別子", classification=PERSONAL, max_length=255))
    linked_at = fields.moment(label="結び付けた日時", classification=INTERNAL)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "method", "issuer", "subject"), name="external_identity_once"
            ),
        )
        indexes = (models.Index(fields=("municipality", "citizen"), name="external_identity_citizen"),)

    def __str__(self) -> str:
        return self.method


class MailCode(Record):
    """A six-digit code sent to a mail address, good for one visit, for ten minutes and five tries."""

    side = Side.PORTAL

    visit = fields.reference(label="来訪")
    purpose = fields.choice(PURPOSES, label="目的", classification=INTERNAL, filterable=False)
    mail = untold(fields.text(label="メールアドレス", classification=PERSONAL, max_length=254))
    code_hash = fields.digest(label="コードの要約値")
    tries = fields.integer(label="試した回数", classification=INTERNAL, default=0)
    sent_at = fields.moment(label="送った日時", classification=INTERNAL)
    expires_at = fields.moment(label="期限", classification=INTERNAL)
    used_at = fields.moment(label="確かめた日時", classification=INTERNAL, required=False)
    return_to = untold(fields.text(label="戻り先", classification=INTERNAL, max_length=500, required=False))

    class Meta:
        indexes = (
            models.Index(fields=("municipality", "visit"), name="mail_code_visit"),
            models.Index(fields=("municipality", "expires_at"), name="mail_code_expires"),
        )

    def __str__(self) -> str:
        return f"確認コード {str(self.pk)[-4:]}"


class SignInAttempt(Record):
    """Somebody on the way to an identity provider and back: what the answer has to fit (RFC 6749 §10.12, RFC 7636)."""

    side = Side.PORTAL

    visit = fields.reference(label="来訪")
    method = fields.text(label="方法", classification=INTERNAL, max_length=40)
    state_hash = fields.digest(label="stateの要約値")
    nonce = untold(fields.text(label="nonce", classification=INTERNAL, max_length=64))
    verifier = untold(fields.text(label="PKCEの検証値", classification=INTERNAL, max_length=128))
    return_to = untold(fields.text(label="戻り先", classification=INTERNAL, max_length=500, required=False))
    language = fields.text(label="言語", classification=INTERNAL, max_length=20)
    link = fields.yes_no(label="今のアカウントに結び付ける", classification=INTERNAL)
    began_at = fields.moment(label="始まり", classification=INTERNAL)
    expires_at = fields.moment(label="期限", classification=INTERNAL)
    used_at = fields.moment(label="終わり", classification=INTERNAL, required=False)

    class Meta:
        indexes = (
            models.Index(fields=("municipality", "visit"), name="sign_in_attempt_visit"),
            models.Index(fields=("municipality", "expires_at"), name="sign_in_attempt_expires"),
        )

    def __str__(self) -> str:
        return f"本人確認 {str(self.pk)[-4:]}"
