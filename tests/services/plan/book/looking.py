"""Looking into a tagged PDF as a screen reader does: what is tagged, with what, in which order. Built on pikepdf, not on our printer."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

_TEXT = {"Tj", "TJ", "'", '"'}


@dataclass
class Tag:
    """One element of the structure tree: its role, its own text, its attributes, what is below."""

    role: str
    text: str = ""
    scope: str = ""
    alt: str = ""
    below: list[Tag] = field(default_factory=list)

    def walk(self) -> Iterator[Tag]:
        yield self
        for one in self.below:
            yield from one.walk()

    def all(self, *roles: str) -> list[Tag]:
        return [one for one in self.walk() if one.role in roles]

    @property
    def whole(self) -> str:
        """The text of it and of everything below, in the order of reading, without blanks."""
        return squeezed("".join(one.text for one in self.walk()))


@dataclass
class Looked:
    """What was found in a PDF."""

    title: str
    shown: bool
    language: str
    marked: bool
    conforms: str
    untagged: list[str]
    tree: Tag
    unreached: int
    pages: int


def squeezed(text: str) -> str:
    """Without blanks and what has no shape: lines break where the page wants it."""
    return "".join(one for one in text if not one.isspace() and one not in "\u200b\ufeff\u00ad")


def look(data: bytes) -> Looked:
    """Everything that the checks ask for."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root
        texts, untagged = _texts(pdf)
        reached: set[tuple[int, int]] = set()
        tree = _tree(root.StructTreeRoot, texts, reached)
        with pdf.open_metadata() as meta:
            title, part = str(meta.get("dc:title", "")), str(meta.get("pdfuaid:part", ""))
        return Looked(
            title=title,
            shown=bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
            language=str(root.get("/Lang", "")),
            marked=bool(root.get("/MarkInfo", {}).get("/Marked", False)),
            conforms=part,
            untagged=untagged,
            tree=tree,
            unreached=len({place for place, text in texts.items() if text.strip()} - reached),
            pages=len(pdf.pages),
        )


def faults(found: Looked, title: str) -> list[str]:
    """What a reader with a screen reader would stumble over. Empty for a document as it should be."""
    told = []
    if found.title != title or not found.shown:
        told.append(f"title {found.title!r}, shown {found.shown}")
    if not found.language.startswith("ja"):
        told.append(f"language {found.language!r}")
    if not found.marked or found.conforms != "1":
        told.append("not marked as PDF/UA-1")
    told += [f"text outside of any tag: {one[:40]!r}" for one in found.untagged]
    if found.unreached:
        told.append(f"{found.unreached} pieces of text are tagged and not in the tree")
    for table in found.tree.all("Table"):
        heads = [one for part in table.all("THead") for one in part.all("TH", "TD")]
        if not heads or any(one.role != "TH" for one in heads):
            told.append(f"a table without head: {table.whole[:40]}")
        told += [
            f"TH without scope: {one.whole[:20]}"
            for one in table.all("TH")
            if one.scope not in ("Column", "Row", "Both")
        ]
    told += [
        f"a figure without words: {one.whole[:20]}" for one in found.tree.all("Figure") if not one.alt.strip()
    ]
    levels = [
        int(one.role[1:]) for one in found.tree.walk() if one.role[:1] == "H" and one.role[1:].isdecimal()
    ]
    told += [
        f"H{after} after H{before}"
        for before, after in zip([0, *levels], levels, strict=False)
        if after > before + 1
    ]
    return told


def tables(tree: Tag) -> list[list[list[str]]]:
    """Every table as rows of squeezed cells, heads included."""
    return [[[cell.whole for cell in row.below] for row in table.all("TR")] for table in tree.all("Table")]


def headings(tree: Tag) -> list[tuple[int, str]]:
    """Every heading with its level."""
    return [
        (int(one.role[1:]), one.whole)
        for one in tree.walk()
        if one.role[:1] == "H" and one.role[1:].isdecimal()
    ]


# --- below: the file format --------------------------------------------------------------------------------------------


def _texts(pdf: pikepdf.Pdf) -> tuple[dict[tuple[int, int], str], list[str]]:
    """Marked content by (page, id) as text, and the texts that stand outside of any mark."""
    found: dict[tuple[int, int], str] = {}
    untagged: list[str] = []
    for number, page in enumerate(pdf.pages):
        fonts = {name: _letters(font) for name, font in page.obj.Resources.get("/Font", {}).items()}
        stack: list[int | str] = []
        letters: dict[int, str] = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in {"BMC", "BDC"}:
                given = operands[1] if name == "BDC" and isinstance(operands[1], pikepdf.Dictionary) else {}
                mark = given.get("/MCID") if given else None
                stack.append(int(mark) if mark is not None else str(operands[0]))
            elif name == "EMC":
                stack.pop()
            elif name == "Tf":
                letters = fonts[str(operands[0])]
            elif name in _TEXT:
                text = _decoded(operands, letters)
                inner = [one for one in stack if isinstance(one, int)]
                if inner:
                    place = (number, inner[-1])
                    found[place] = found.get(place, "") + text
                elif "/Artifact" not in stack and text.strip():
                    untagged.append(text)
    return found, untagged


def _decoded(operands: Any, letters: dict[int, str]) -> str:
    pieces = operands[0] if isinstance(operands[0], pikepdf.Array) else operands
    codes = b"".join(bytes(one) for one in pieces if isinstance(one, pikepdf.String))
    return "".join(letters.get(int.from_bytes(codes[n : n + 2]), "") for n in range(0, len(codes), 2))


def _letters(font: Any) -> dict[int, str]:
    """Code → text, from the font's ToUnicode."""
    if "/ToUnicode" not in font:
        return {}
    lines = font.ToUnicode.read_bytes().decode("latin-1").splitlines()
    found: dict[int, str] = {}
    inside = ""
    for line in lines:
        word = line.split()[-1] if line.split() else ""
        if word in {"beginbfchar", "beginbfrange"}:
            inside = word
        elif word in {"endbfchar", "endbfrange"}:
            inside = ""
        elif inside:
            given = [
                bytes.fromhex(one)
                for one in line.replace("<", " ").replace(">", " ").split()
                if one not in "[]"
            ]
            if inside == "beginbfchar":
                found[int.from_bytes(given[0])] = given[1].decode("utf-16-be")
            else:
                first, last = int.from_bytes(given[0]), int.from_bytes(given[1])
                for n in range(last - first + 1):
                    text = given[2].decode("utf-16-be")
                    found[first + n] = text[:-1] + chr(ord(text[-1]) + n)
    return found


def _tree(root: Any, texts: dict[tuple[int, int], str], reached: set[tuple[int, int]]) -> Tag:
    pages: dict[tuple[int, int], int] = {}

    def page_of(page: Any) -> int:
        key = page.objgen
        if key not in pages:
            pages[key] = pikepdf.Page(page).index
        return pages[key]

    def take(own: Tag, kid: Any, page: Any) -> None:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            own.below.append(element(kid, page))
            return
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR":
            return
        number = kid.MCID if isinstance(kid, pikepdf.Dictionary) else kid
        here = kid.get("/Pg", page) if isinstance(kid, pikepdf.Dictionary) else page
        place = (page_of(here), int(number))
        reached.add(place)
        # Text between children keeps its place in the order.
        own.below.append(Tag("", texts.get(place, "")))

    def element(node: Any, page: Any) -> Tag:
        own = Tag(str(node.S).removeprefix("/"), alt=str(node.get("/Alt", "")))
        given = node.get("/A", [])
        for attributes in given if isinstance(given, pikepdf.Array) else [given]:
            if isinstance(attributes, pikepdf.Dictionary) and "/Scope" in attributes:
                own.scope = str(attributes.Scope).removeprefix("/")
        here = node.get("/Pg", page)
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            take(own, kid, here)
        return own

    top = Tag("Root")
    kids = root.K
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        take(top, kid, None)
    return top
