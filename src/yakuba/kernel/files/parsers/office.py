"""A Word or Excel file looked through for what it would run or fetch when somebody opens it."""

from __future__ import annotations

import os
import re
import zipfile
from typing import Final
from xml.etree import ElementTree as ET  # in the child alone; expat bounds what entities grow to

from yakuba.kernel.files.wire import Wire, bare

_PROGRAMS: Final = re.compile(
    r"(?:vbaproject|vbadata)[^/]*$|/(?:activex|macrosheets|customui)/|^customui", re.IGNORECASE
)
_OBJECTS: Final = re.compile(r"/embeddings/.*\.(?:bin|ole|exe|com|js|vbs|bat|cmd|lnk)$", re.IGNORECASE)
_MACROS: Final = re.compile(rb"macroenabled|vbaproject", re.IGNORECASE)
_DDE: Final = re.compile(rb"<(?:\w+:)?(?:ddelink|olelink)\b", re.IGNORECASE)
# What may lead out of the file: a link that a person follows, and another workbook's figures, which Excel asks about first.
_HARMLESS: Final = ("/hyperlink", "/externallinkpath", "/externallinklongpath", "/xlpathmissing")
_PART: Final = 64 * 1024 * 1024


@bare
def look(source: int) -> Wire:
    """The document in the open file ``source``: ``{}``, or what it may not hold as ``fault`` (``macro``, ``object``, ``elsewhere``).

    Raises whatever zipfile and expat do for what they cannot read.
    """
    with os.fdopen(source, "rb", closefd=False) as stream, zipfile.ZipFile(stream) as archive:
        names = archive.namelist()
        if any(_PROGRAMS.search(name) for name in names):
            return {"fault": "macro"}
        if any(_OBJECTS.search(name) for name in names):
            return {"fault": "object"}
        for name in names:
            lower = name.lower()
            if lower == "[content_types].xml" and _MACROS.search(_read(archive, name)):
                return {"fault": "macro"}
            if lower.endswith(".rels") and _leads_out(_read(archive, name)):
                return {"fault": "elsewhere"}
            if "/externallinks/" in lower and lower.endswith(".xml") and _DDE.search(_read(archive, name)):
                return {"fault": "elsewhere"}
        # Every part whole, by its checksum: a file that was cut or patched is found here and not by whoever opens it.
        if archive.testzip() is not None:
            raise zipfile.BadZipFile
    return {}


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        data = part.read(_PART + 1)
    if len(data) > _PART:
        raise zipfile.BadZipFile
    return data


def _leads_out(relations: bytes) -> bool:
    for one in ET.fromstring(relations).iter():  # noqa: S314 – see the import
        if one.get("TargetMode", "").lower() == "external" and not one.get("Type", "").lower().endswith(
            _HARMLESS
        ):
            return True
    return False
