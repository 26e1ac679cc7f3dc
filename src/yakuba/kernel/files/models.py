"""The reference to a stored file. The bytes lie in the backend under their SHA-256."""

from __future__ import annotations

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.town.records import Record, Side

# The words of fields.Classification, for a whole file.
CLASSIFICATIONS = (("public", "公開"), ("internal", "庁内"), ("personal", "個人情報"))


class StoredFile(Record):
    """One municipality's reference to stored bytes. Several rows, also of several municipalities, may share them.

    ``content_type`` is what we found in the bytes, never what a browser or a file name said. Each side keeps the rows that its own
    records refer to: what citizens send and what was released to them on the portal, the rest on the desk.
    """

    side = Side.BOTH

    sha256 = fields.digest(label="SHA-256")
    size = fields.integer(label="大きさ", classification=PUBLIC, minimum=0, maximum=2**40, unit="バイト")
    name = fields.text(label="ファイル名", classification=INTERNAL, max_length=255)
    content_type = fields.text(label="種類", classification=PUBLIC, max_length=100)
    file_class = fields.choice(CLASSIFICATIONS, label="公開の範囲", classification=INTERNAL)
    retention_class = fields.text(label="保存期間の区分", classification=INTERNAL, max_length=40)
    made_by_us = fields.yes_no(label="作り直したもの", classification=INTERNAL)
    created_at = fields.moment(label="受領日時", classification=INTERNAL)

    class Meta:
        indexes = (
            models.Index(fields=("municipality", "sha256"), name="file_municipality_sha"),
            # The sweeper asks for bytes, which know no municipality.
            models.Index(fields=("sha256",), name="file_sha"),
        )

    def __str__(self) -> str:
        return self.name
