"""A reading as a `yakuba-plan/1` document, and back, without loss.

Canonical form. Every key of the format is always written, in the order of the format's page; where a plan
is silent stand `null`, `[]`, `{}`, `false` or revision `0`. Only inside `texts` a key is left out when the
text is not printed, and `more` (fields of an installation beyond the format) where there is none. Lists keep their stored order. Objects with free keys (`tags`, `stages`, `sources`,
`corrected`, `stated.*`) are written in natural order of their keys (`values[2]` before `values[10]`), so
that no database decides the bytes. A file is UTF-8, indented by one space, ends with a newline, and holds
one object, or an array where a municipality has several documents.

Reading is strict: an unknown key, a missing key, another type or a word outside its vocabulary is refused
with its place. Keys that may be empty may also be missing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NoReturn, cast

from . import model
from .schema import DOCUMENT, FORMAT, Document, Municipality
from .shapes import Malformed, describe

#: Larger files are refused before they are parsed.
MAX_BYTES = 50 * 1024 * 1024


def to_document(reading: model.Reading, municipality_code: str, municipality_name: str) -> dict[str, object]:
    """The reading of one municipality's plan as a document in canonical form."""
    document = Document(
        format=FORMAT,
        municipality=Municipality(municipality_code, municipality_name),
        plan=reading.plan,
        levels=reading.levels,
        nodes=reading.nodes,
        initiatives=reading.initiatives,
        bodies=reading.bodies,
        stated=reading.stated,
        warnings=reading.warnings,
        unplaced=reading.unplaced,
    )
    return cast("dict[str, object]", DOCUMENT.write(document))


def parse_document(document: object, path: str = "") -> Document:
    """The checked document with its municipality; raises `Malformed`."""
    return DOCUMENT.read(document, path)


def from_document(document: object) -> model.Reading:
    """The reading inside a document; raises `Malformed` with the place of the first fault."""
    return reading_of(parse_document(document))


def reading_of(document: Document) -> model.Reading:
    """The reading inside a checked document."""
    return model.Reading(
        plan=document.plan,
        levels=document.levels,
        nodes=document.nodes,
        initiatives=document.initiatives,
        bodies=document.bodies,
        stated=document.stated,
        warnings=document.warnings,
        unplaced=document.unplaced,
    )


def dumps(documents: dict[str, object] | Sequence[dict[str, object]]) -> str:
    """The text of a file: one document as an object, several (or none) as an array."""
    if isinstance(documents, dict):
        data: object = documents
    else:
        data = documents[0] if len(documents) == 1 else list(documents)
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def loads(data: bytes) -> tuple[Document, ...]:
    """The checked documents of a JSON file; raises `Malformed`."""
    if len(data) > MAX_BYTES:
        raise Malformed("", f"{len(data):,}バイトのファイル", f"{MAX_BYTES:,}バイトまでのファイル")
    try:
        found: object = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_without_twins, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        raise Malformed("", f"UTF-8でないバイト(位置{error.start})", "UTF-8のJSON") from None
    except json.JSONDecodeError as error:
        raise Malformed(f"{error.lineno}行目", "JSONとして読めない箇所", "正しいJSON") from None
    except RecursionError:
        raise Malformed("", "深すぎる入れ子", "yakuba-plan/1のJSON") from None
    except Malformed:
        raise
    except ValueError:
        # CPython refuses whole numbers of more than 4,300 digits with a plain ValueError.
        raise Malformed("", "長すぎる数", "通常の長さの数") from None
    if isinstance(found, list):
        return tuple(parse_document(item, f"[{index}]") for index, item in enumerate(found))
    if isinstance(found, dict):
        return (parse_document(found),)
    raise Malformed("", describe(found), "オブジェクト、またはその配列")


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object in which no key stands twice: the second would silently win."""
    items = dict(pairs)
    if len(items) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise Malformed("", f"二度書かれたキー「{name[:60]}」", "一度だけ書かれたキー")
            seen.add(name)
    return items


def _no_constant(word: str) -> NoReturn:
    raise Malformed("", f"数でない値「{word}」", "JSONの値")
