"""The kinds of file that people send: what they are called, and how their names end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.files import content

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
PDF: Final = "application/pdf"

PICTURES: Final = frozenset({JPEG, PNG, WEBP})
OFFICE: Final = frozenset({content.DOCX, content.XLSX})
#: What a form may ask for, each with the endings of its name; the first is the one that we write ourselves.
ENDINGS: Final = {
    JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    PNG: (".png",),
    WEBP: (".webp",),
    PDF: (".pdf",),
    content.DOCX: (".docx",),
    content.XLSX: (".xlsx",),
}
#: What every form may ask for without a thought: everybody can make them, and everybody can open them.
USUAL: Final = frozenset({JPEG, PNG, WEBP, PDF})

_LABELS: Final = {
    JPEG: gettext_lazy("JPEGの写真・画像"),
    PNG: gettext_lazy("PNGの画像"),
    WEBP: gettext_lazy("WebPの画像"),
    PDF: gettext_lazy("PDF"),
    content.DOCX: gettext_lazy("Word（docx）"),
    content.XLSX: gettext_lazy("Excel（xlsx）"),
    content.PPTX: gettext_lazy("PowerPoint（pptx）"),
    content.HEIC: gettext_lazy("HEICの写真"),
    content.AVIF: gettext_lazy("AVIFの画像"),
    "image/gif": gettext_lazy("GIFの画像"),
    "image/tiff": gettext_lazy("TIFFの画像"),
    content.COMPOUND: gettext_lazy("古い形式か、パスワード付きのWord・Excel"),
    content.ZIP: gettext_lazy("圧縮ファイル（ZIP）"),
    content.TEXT: gettext_lazy("文字だけのファイル"),
}
# What may stand behind a name's last full stop and be meant as an ending: 「令和6.4.1」 has none.
_ENDING: Final = re.compile(r"\.[a-z][a-z0-9]{0,9}")


def label(content_type: str) -> str:
    """What a person calls a kind of file."""
    return str(_LABELS.get(content_type, _("種類の分からないファイル")))


def labels(content_types: Iterable[str]) -> str:
    """Several kinds in one line, in the order of :data:`ENDINGS`."""
    wanted = set(content_types)
    return "、".join(label(one) for one in ENDINGS if one in wanted)


def accept(content_types: Iterable[str]) -> str:
    """The ``accept`` of a file input. A telephone that is asked for JPEG turns its own format into it by itself."""
    wanted = set(content_types)
    return ",".join(part for one, endings in ENDINGS.items() if one in wanted for part in (one, *endings))


def ending(name: str) -> str:
    """The ending of a tidied name, in small letters with its full stop; empty where it has none."""
    found = PurePosixPath(name).suffix.lower()
    return found if _ENDING.fullmatch(found) else ""


def fits(name: str, content_type: str) -> bool:
    """Whether a name's ending (or its lack) goes with a kind.

    Pictures may bear one another's: telephones and messengers mix them up, and what we keep of them we name ourselves.
    """
    found = ending(name)
    family = PICTURES if content_type in PICTURES else {content_type}
    return not found or any(found in ENDINGS[one] for one in family)


def renamed(name: str, content_type: str) -> str:
    """A name with an ending of its kind; its own where that is right."""
    found = ending(name)
    if found in ENDINGS[content_type]:
        return name
    return name[: len(name) - len(found)] + ENDINGS[content_type][0]
