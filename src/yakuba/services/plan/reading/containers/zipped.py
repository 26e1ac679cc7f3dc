"""Office files (XLSX, DOCX) as what they are: a ZIP of XML parts. Opened with bounds, read piece by piece, nothing unpacked to disk.

Reading the parts ourselves keeps what libraries drop or blow up (struck runs, merged areas, tracked changes) and bounds the work
by what the file really holds, never by what it claims. Links to elsewhere are never followed, macros never looked at.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from yakuba.kernel.files.archives import LIMITS, MB, UNREADABLE_ZIP, Refused, check_archive
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
#: Bytes of one tag; a cell's or a run's has a hundredth.
MAX_TAG: Final = 1024 * 1024
_PIECE: Final = 64 * 1024
#: How office programs pack; other ways ask for memory as the file says.
_PACKED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

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
_ENCODINGS: Final = frozenset({"utf-8", "utf8", "utf-16", "us-ascii"})
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


def _refused(refused: Refused) -> Unreadable:
    """Why an archive that keeps no limit is not opened."""
    if refused.fault == "broken":
        return broken("ZIPの目次が読めません")
    if refused.fault == "encrypted":
        return Unreadable(
            "encrypted", "パスワードが付いたファイルは読めません。パスワードを外して保存し直してください。"
        )
    if refused.fault == "nested":
        return Unreadable(
            "nested",
            f"ファイルの中に圧縮ファイル「{refused.name}」があります。取り除いてから保存し直してください。",
        )
    if refused.fault == "entries":
        return Unreadable(
            "entries", f"ファイルの中の項目が多すぎます({refused.found:,}個)。{LIMITS.entries:,}個までです。"
        )
    return Unreadable(
        "bomb", "圧縮の仕方が普通ではないため、開きません。Word・Excelで開き、保存し直してください。"
    )


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
        stream = io.BytesIO(data)
        if len(data) > LIMITS.size:
            raise Unreadable(
                "too-large",
                f"ファイルが大きすぎます({len(data):,}バイト)。{LIMITS.size // MB}MBまでのファイルを指定してください。",
            )
        try:
            check_archive(stream, len(data), LIMITS)
            self._archive = zipfile.ZipFile(stream)
        except Refused as refused:
            raise _refused(refused) from None
        except UNREADABLE_ZIP:
            raise broken("ZIPの目次が読めません") from None
        if any(one.compress_type not in _PACKED for one in self._archive.infolist()):
            raise broken("圧縮の方式が普通ではありません")
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
        """The outermost elements of the wanted local names, each whole (text behind its children is left out), in order.

        All else is forgotten as soon as it is read.
        """
        builder = _Builder(name, frozenset(wanted))
        found = self._names.get(name.lower())
        if found is None:
            raise broken(f"「{name}」がありません")
        try:
            with self._archive.open(found) as stream:
                while piece := stream.read(_PIECE):
                    builder.feed(piece)
                    self._spend(len(piece), builder)
                    yield from builder.taken()
            builder.close()
        except Unreadable:
            raise
        except expat.ExpatError:
            raise broken(f"「{name}」がXMLとして読めません") from None
        # What zipfile stumbles over in a damaged entry; a name in no encoding and a place before the file's start are ValueErrors.
        except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError):
            raise broken(f"「{name}」を取り出せません") from None

    def _spend(self, size: int, builder: _Builder) -> None:
        """Counts what was read of all parts together."""
        self._bytes += size
        self._elements += builder.started
        builder.started = 0
        if self._bytes > MAX_XML:
            raise Unreadable(
                "too-large",
                f"中身が大きすぎます。展開して{MAX_XML // 1024 // 1024}MBまでのファイルにしてください。",
            )
        if self._elements > MAX_ELEMENTS:
            raise Unreadable(
                "too-many-cells", f"中身が多すぎます。要素が{MAX_ELEMENTS:,}個までのファイルにしてください。"
            )


class _Builder:
    """Builds the wanted elements of one part as its bytes come, and refuses what no office program writes."""

    def __init__(self, part: str, wanted: frozenset[str]) -> None:
        self.started = 0
        """Elements since the count was last taken."""
        self._part = part
        self._wanted = wanted
        self._depth = 0
        self._open: list[ET.Element] = []
        self._held = 0
        self._done: list[ET.Element] = []
        self._fed = 0
        self._parser = parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.XmlDeclHandler = self._declared

    def feed(self, piece: bytes) -> None:
        """Takes the next bytes."""
        self._parser.Parse(piece, False)
        self._fed += len(piece)
        # expat looks through an unfinished tag anew with every piece, so a tag without end costs its square.
        if self._fed - max(self._parser.CurrentByteIndex, 0) > MAX_TAG:
            raise broken(f"「{self._part}」に終わらないタグがあります")

    def close(self) -> None:
        """Says that no more bytes come."""
        self._parser.Parse(b"", True)

    def taken(self) -> list[ET.Element]:
        """The wanted elements that have become whole."""
        done, self._done = self._done, []
        return done

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.started += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise broken(f"「{self._part}」の入れ子が深すぎます")
        if self._open:
            self._held += 1
            if self._held > MAX_PIECE:
                raise Unreadable("too-many-cells", "1つの表が大きすぎます。表を分けて保存し直してください。")
            self._open.append(ET.SubElement(self._open[-1], tag, attributes))
        elif local(tag) in self._wanted:
            self._held = 1
            self._open.append(ET.Element(tag, attributes))

    def _end(self, _tag: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._done.append(element)

    def _text(self, text: str) -> None:
        if not self._open or len(self._open[-1]):
            return
        element = self._open[-1]
        element.text = text if element.text is None else element.text + text
        if len(element.text) > MAX_CELL:
            raise _too_long(f"「{self._part}」", len(element.text))

    def _doctype(self, *_declared: object) -> None:
        raise Unreadable(
            "entities",
            "ファイルの中のXMLに、外部の参照(DOCTYPE・ENTITY)が書かれているため、開きません。" + _SAVE_AS,
        )

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise broken(f"「{self._part}」の文字コードが普通ではありません")


def _too_long(where: str, length: int) -> Unreadable:
    return Unreadable(
        "line-too-long", f"{where}の文字が多すぎます({length:,}文字)。1か所は{MAX_CELL:,}文字までです。"
    )


def tidy(text: str, where: str) -> str:
    """A cell's or paragraph's text without surrounding blanks. Raises `Unreadable` beyond the longest that is read."""
    if len(text) > MAX_CELL:
        raise _too_long(where, len(text))
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
