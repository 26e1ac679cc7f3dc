"""Office files (XLSX, DOCX) as what they are: a ZIP of XML parts. Opened with bounds, read piece by piece, nothing unpacked to disk.

Reading the parts ourselves keeps what libraries drop or blow up (struck runs, merged areas, tracked changes) and bounds the work
by what the file really holds, never by what it claims. Links to elsewhere are never followed, macros never looked at.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, cast
from xml.etree import ElementTree as ET

from yakuba.services.plan.reading.blocks import MAX_CELL
from yakuba.services.plan.reading.unreadable import Unreadable

#: Bytes of XML that are read of one file, all parts together; a plan of a hundred sheets has a tenth of it.
MAX_XML: Final = 100 * 1024 * 1024
MAX_ELEMENTS: Final = 6_000_000
MAX_DEPTH: Final = 200
#: Elements of one piece (a row, a paragraph, a Word table), which is held whole.
MAX_PIECE: Final = 1_500_000
#: Characters that a paper may hold; cells may repeat one long text cheaply in the file, but not for its readers.
MAX_TEXT: Final = 20_000_000
#: expat looks through an unfinished tag anew with every piece that it is fed, so pieces are large.
_PIECE: Final = 2 * 1024 * 1024

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_KINDS: Final = (
    (
        ("WordDocument",),
        "old-format",
        "古い形式のWord文書(.doc)です。Wordで開き、.docxとして保存し直してください。",
    ),
    (
        ("Workbook", "Book"),
        "old-format",
        "古い形式のExcelブック(.xls)です。Excelで開き、.xlsxとして保存し直してください。",
    ),
)
_BROKEN: Final = "ファイルが壊れているか、途中で切れています({found})。元のファイルを指定してください。"
_DECLARATION: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_ENCODINGS: Final = frozenset({b"utf-8", b"utf8", b"utf-16", b"us-ascii"})
_FORBIDDEN: Final = tuple(
    word.encode(codec) for word in ("<!DOCTYPE", "<!ENTITY") for codec in ("ascii", "utf-16-le", "utf-16-be")
)
_LONGEST_FORBIDDEN: Final = max(len(word) for word in _FORBIDDEN)
_OTHER_ZIPS: Final = (
    ("ppt/", "PowerPointのファイルです。"),
    ("xl/workbook.bin", "バイナリ形式のExcelブック(.xlsb)です。"),
    ("content.xml", "OpenDocument(LibreOfficeなど)のファイルです。"),
)
_SAVE_AS: Final = "Excelブック(.xlsx)、Word文書(.docx)、PDFまたはテキスト(TXT、CSV)を指定してください。"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part points at: another part by its name, or (`external`) an address that is never visited."""

    kind: str
    """The last word of the relation's type: `worksheet`, `comments`, `styles` …"""
    target: str
    external: bool


def local(tag: str) -> str:
    """An element's name without its namespace: strict and transitional files differ in nothing else that matters here."""
    return tag.rpartition("}")[2]


def attribute(element: ET.Element, name: str, default: str = "") -> str:
    """An attribute by its local name, whatever its namespace."""
    found = element.get(name)
    if found is not None:
        return found
    return next((value for key, value in element.items() if local(key) == name), default)


def switched_on(element: ET.Element | None, *, absent: bool | None = None) -> bool | None:
    """Whether a property that is an element (`<strike/>`, `<w:strike w:val="0"/>`) is on; `absent` where it is not there."""
    if element is None:
        return absent
    return attribute(element, "val", "1").lower() not in {"0", "false", "off", "none"}


def broken(found: str) -> Unreadable:
    """The refusal of a file that is damaged; `found` says where (Japanese)."""
    return Unreadable("broken", _BROKEN.format(found=found))


def refuse_ole(data: bytes) -> Unreadable:
    """Why a compound file is not read: encrypted, or of the format before 2007."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Unreadable(
            "encrypted",
            "パスワードで暗号化されたファイルです。Word・Excelで開き、パスワードを外して保存し直してください。",
        )
    for names, code, message in _OLE_KINDS:
        # A directory entry's name is followed by a zero; «Book» is also the end of «Workbook».
        if any(name.encode("utf-16-le") + b"\0\0" in data for name in names):
            return Unreadable(code, message)
    return Unreadable(
        "old-format", "古い形式のOfficeファイルです。.docxまたは.xlsxとして保存し直してください。" + _SAVE_AS
    )


class Package:
    """The parts of an office file. Raises `Unreadable` wherever the file is not what it should be."""

    def __init__(self, data: bytes) -> None:
        # Django comes with the limits' messages; whoever reads a text needs neither.
        from yakuba.kernel.actions.problem import Problem
        from yakuba.kernel.files.limits import check

        stream = io.BytesIO(data)
        try:
            check(stream)
            self._archive = zipfile.ZipFile(stream)
        except Problem as problem:
            code = problem.code.removeprefix("file_").replace("_", "-")
            raise Unreadable(code, problem.message) from None
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise broken("ZIPの目次が読めません") from None
        self._names = {name.lower(): name for name in self._archive.namelist()}
        self._bytes = 0
        self._elements = 0

    @property
    def main(self) -> str:
        """The name of the main part: `xl/workbook.xml` or `word/document.xml`, wherever it lies."""
        for relation in self.relations(""):
            name = relation.target.lower()
            # `officeDocument` in both namespaces; what kind of document it is, the folder and the name tell.
            if relation.kind == "officeDocument" and not relation.external and name in self._names:
                return relation.target
        return next((name for name in ("xl/workbook.xml", "word/document.xml") if name in self._names), "")

    def refusal(self) -> Unreadable:
        """Why a ZIP that is neither a workbook nor a document is not read."""
        for mark, kind in _OTHER_ZIPS:
            if any(name.startswith(mark) for name in self._names):
                return Unreadable("not-text", kind + _SAVE_AS)
        return Unreadable("not-text", "ZIP形式のファイルですが、ExcelでもWordでもありません。" + _SAVE_AS)

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._names

    def under(self, folder: str) -> list[str]:
        """The names of the parts in a folder and below."""
        return [name for key, name in self._names.items() if key.startswith(folder.lower())]

    @property
    def macros(self) -> bool:
        """Whether the file carries programs. They are never read."""
        return any(name.endswith(("vbaproject.bin", "macrosheets/sheet1.xml")) for name in self._names)

    def relations(self, name: str) -> list[Relation]:
        """What a part points at; "" is the file itself."""
        folder, base = posixpath.split(name)
        listed = posixpath.join(folder, "_rels", base + ".rels")
        if not self.has(listed):
            return []
        return [relation for _, relation in self._related(listed, folder)]

    def related(self, name: str) -> dict[str, Relation]:
        """The relations of a part by their ids."""
        folder, base = posixpath.split(name)
        listed = posixpath.join(folder, "_rels", base + ".rels")
        return dict(self._related(listed, folder)) if self.has(listed) else {}

    def _related(self, listed: str, folder: str) -> Iterator[tuple[str, Relation]]:
        for element in self.pieces(listed, ("Relationship",)):
            external = element.get("TargetMode") == "External"
            target = element.get("Target", "")
            if not external:
                joined = target if target.startswith("/") else posixpath.join("/", folder, target)
                target = posixpath.normpath(joined).lstrip("/")
            yield (
                element.get("Id", ""),
                Relation(element.get("Type", "").rpartition("/")[2], target, external),
            )

    def pieces(self, name: str, wanted: Iterable[str]) -> Iterator[ET.Element]:
        """The outermost elements of the wanted names, each whole, in order; all else is forgotten as soon as it is read."""
        names = frozenset(wanted)
        opened: list[ET.Element] = []
        inside = held = 0
        for event, element in self._events(name):
            if event == "start":
                opened.append(element)
                held = held + 1 if inside else 0
                if held > MAX_PIECE:
                    raise Unreadable(
                        "too-many-cells", "1つの表が大きすぎます。表を分けて保存し直してください。"
                    )
                if len(opened) > MAX_DEPTH:
                    raise broken(f"「{name}」の入れ子が深すぎます")
                inside += local(element.tag) in names
                continue
            opened.pop()
            if local(element.tag) in names:
                inside -= 1
                if not inside:
                    yield element
            if not inside and opened:
                # The parser goes on to fill what is still open; what has been read would only gather there.
                opened[-1].remove(element)

    def _events(self, name: str) -> Iterator[tuple[str, ET.Element]]:
        parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("start", "end"))
        found = self._names.get(name.lower())
        if found is None:
            raise broken(f"「{name}」がありません")
        try:
            with self._archive.open(found) as stream:
                before = b""
                while piece := stream.read(_PIECE):
                    self._bytes += len(piece)
                    if self._bytes > MAX_XML:
                        raise Unreadable(
                            "too-large",
                            f"中身が大きすぎます。展開して{MAX_XML // 1024 // 1024}MBまでのファイルにしてください。",
                        )
                    _refuse_entities(before + piece, first=not before)
                    before = piece[-_LONGEST_FORBIDDEN:]
                    parser.feed(piece)
                    yield from self._counted(parser)
                parser.close()
                yield from self._counted(parser)
        except ET.ParseError:
            raise broken(f"「{name}」がXMLとして読めません") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
            raise broken(f"「{name}」を取り出せません") from None

    def _counted(self, parser: ET.XMLPullParser[ET.Element]) -> Iterator[tuple[str, ET.Element]]:
        # Of the events asked for, both are a name and an element.
        events = cast("Iterator[tuple[str, ET.Element]]", parser.read_events())
        for event, element in events:
            self._elements += 1
            if self._elements > 2 * MAX_ELEMENTS:
                raise Unreadable(
                    "too-many-cells",
                    f"中身が多すぎます。要素が{MAX_ELEMENTS:,}個までのファイルにしてください。",
                )
            yield event, element


def _refuse_entities(data: bytes, *, first: bool) -> None:
    """No office program declares entities or writes in an encoding of its own; both are where an attack would begin."""
    if any(word in data for word in _FORBIDDEN):
        raise Unreadable(
            "entities",
            "ファイルの中のXMLに、外部の参照(DOCTYPE・ENTITY)が書かれているため、開きません。" + _SAVE_AS,
        )
    declared = _DECLARATION.match(data[:400]) if first else None
    if declared and declared[1].lower() not in _ENCODINGS:
        raise broken("XMLの文字コードが普通ではありません")


def tidy(text: str, where: str) -> str:
    """A cell's or paragraph's text without surrounding blanks. Raises `Unreadable` beyond the longest that is read."""
    if len(text) > MAX_CELL:
        raise Unreadable(
            "line-too-long",
            f"{where}の文字が多すぎます({len(text):,}文字)。1か所は{MAX_CELL:,}文字までです。",
        )
    return text.strip()


class Budget:
    """Counts the characters of a paper in the making."""

    def __init__(self) -> None:
        self.left = MAX_TEXT

    def spend(self, text: str) -> None:
        """Raises `Unreadable` once the paper holds more than anyone prints."""
        self.left -= len(text)
        if self.left < 0:
            raise Unreadable("too-large", f"文字が多すぎます。{MAX_TEXT:,}文字までのファイルにしてください。")
