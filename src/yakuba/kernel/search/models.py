"""The rows of the index. What the databases match lies beside them (see :mod:`.engine`)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.town.records import Record, Side


class SearchRow(Record):
    """One object as searching sees it. Personal data never gets here.

    What the public finds and what the desk finds stand in two tables, each on its own side: a question from the portal cannot reach
    a row of the desk.
    """

    subject_kind = fields.text(label="対象の種類", classification=PUBLIC, max_length=60)
    subject_id = fields.reference(label="対象", classification=PUBLIC)
    title = fields.prose(label="名称", classification=PUBLIC, searchable=False)
    sort = fields.text(label="並び", classification=PUBLIC, max_length=300, required=False)
    # Pairs of key and text as JSON, read back as a whole and only for the hits of a page: see :func:`pack` and :meth:`pairs`.
    texts = fields.prose(label="本文", classification=PUBLIC, searchable=False)
    # The folded copies: of the title, and of everything, one line each. Folding leaves no line break within a line.
    folded_title = fields.prose(label="検索用の名称", classification=PUBLIC, searchable=False)
    folded = fields.prose(label="検索用の写し", classification=PUBLIC, searchable=False)
    # The order of the index: ever larger. The tokens beside the row carry the same number.
    entry = fields.integer(label="索引の番号", classification=INTERNAL)

    class Meta:
        abstract = True

    def pairs(self) -> list[tuple[str, str]]:
        """The texts by key, in the order in which they were handed over."""
        return [(key, text) for key, text in json.loads(self.texts)]


class PublicRow(SearchRow):
    """What everybody finds: what was released to the portal."""

    side = Side.PORTAL

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "subject_kind", "subject_id"), name="search_public_object"
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"


class DeskRow(SearchRow):
    """What the staff of its municipality find."""

    side = Side.DESK

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "subject_kind", "subject_id"), name="search_desk_object"
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"


def pack(texts: Mapping[str, str]) -> str:
    """Texts by key as a row keeps them; empty ones are left out. A JSON column would write six bytes for a kanji and parse them."""
    return json.dumps([pair for pair in texts.items() if pair[1]], ensure_ascii=False, separators=(",", ":"))


Rows = type[SearchRow]
TABLES: dict[str, Rows] = {"public": PublicRow, "internal": DeskRow}
