"""Kinds that are attached: files and photos. The answer is a list of upload ids; uploading itself is another step of the form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final

from django.utils.translation import gettext as _

from yakuba.services.procedures.definition.forms import FieldView, FileShown, QuestionView
from yakuba.services.procedures.definition.kinds.base import (
    Answer,
    Cell,
    Filled,
    Invalid,
    JsonValue,
    Posted,
    Question,
    QuestionKind,
    Scope,
    as_list,
    hint_of,
    label_of,
    view_of,
)
from yakuba.services.procedures.definition.model import said

#: Media types that a question may take, with their endings.
TYPES: Final[Mapping[str, str]] = {
    "application/pdf": "PDF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word（docx）",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel（xlsx）",
}
PICTURES: Final = ("image/jpeg", "image/png", "image/webp")
MOST_FILES: Final = 20
MOST_MB: Final = 50
DEFAULT_MB: Final = 10
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def most_files(question: Question) -> int:
    """How many files the question takes."""
    return int(question.maximum or 1)


class FileKind(QuestionKind):
    """Files. ``maximum`` says how many (1 where nothing is said), ``types`` which, ``max_mb`` how large each may be."""

    key: ClassVar[str] = "file"
    asks: ClassVar[str] = "attach"
    usual: ClassVar[tuple[str, ...]] = ("application/pdf", *PICTURES)

    def types(self, question: Question) -> tuple[str, ...]:
        """The media types that it takes."""
        return question.types or self.usual

    def size(self, question: Question) -> int:
        """The largest size of one file, in bytes."""
        return (question.max_mb or DEFAULT_MB) * 1024 * 1024

    def parse(self, question: Question, name: str, posted: Posted) -> Answer:
        return Answer(list(posted.get(name, ())) or None)

    def judge(self, question: Question, name: str, value: JsonValue, scope: Scope) -> Answer:
        ids = as_list(value)
        found: list[JsonValue] = []
        for one in ids:
            if not isinstance(one, str) or not _ID.fullmatch(one):
                raise Invalid("upload", str(one)[:40], _("付けたファイル"))
            if one not in found:
                found.append(one)
        low, high = int(question.minimum or 0), most_files(question)
        if not low <= len(found) <= high:
            words = {"label": label_of(question), "low": low, "high": high, "found": len(found)}
            message = (
                _("「%(label)s」のファイルは%(high)d個までです（今は%(found)d個）。")
                if len(found) > high
                else _("「%(label)s」のファイルは%(low)d個以上付けてください（今は%(found)d個）。")
            )
            return Answer(None, {name: message % words})
        return Answer(found)

    def texts(self, question: Question, name: str, value: JsonValue) -> dict[str, list[str]]:
        return {} if value is None else {name: [str(one) for one in as_list(value)]}

    def view(
        self, question: Question, name: str, value: JsonValue, filled: Filled, scope: Scope
    ) -> QuestionView:
        ids = [str(one) for one in as_list(value)] if value is not None else []
        shown = tuple(filled.files.get(one, FileShown(one, _("付けたファイル"))) for one in ids)
        room = max(most_files(question) - len(shown), 0)
        types = "・".join(TYPES[one] for one in self.types(question))
        most = _("%(types)s、1個%(size)dMBまで、%(count)d個まで") % {
            "types": types,
            "size": question.max_mb or DEFAULT_MB,
            "count": most_files(question),
        }
        help_ = hint_of(question, filled.language)
        field = FieldView(
            name,
            said(question.label, filled.language),
            widget="file",
            required=question.required,
            hint=f"{help_} {most}" if help_ else most,
            error=filled.problems.get(name, ""),
            accept=",".join(self.types(question)),
        )
        view = view_of(
            question, name, filled, fields=(field,) if room else (), error="" if room else field.error
        )
        return replace(view, single=bool(room), files=shown, room=room)

    def lines(self, question: Question, value: JsonValue, filled: Filled) -> tuple[str, ...]:
        return tuple(
            filled.files[one].name if one in filled.files else _("付けたファイル")
            for one in map(str, as_list(value))
        )

    def cells(self, question: Question, value: JsonValue) -> tuple[Cell, ...]:
        return (None if value is None else len(as_list(value)),)

    def schema(self, question: Question) -> dict[str, JsonValue]:
        return {
            "type": "array",
            "items": {"type": "string", "format": "uuid"},
            "maxItems": most_files(question),
            "uniqueItems": True,
        }


class PhotoKind(FileKind):
    """Photos: taken with the phone or chosen; what the camera wrote into them does not stay."""

    key: ClassVar[str] = "photo"
    usual: ClassVar[tuple[str, ...]] = PICTURES
