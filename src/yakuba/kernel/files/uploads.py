"""What citizens send: looked through, made harmless, and only then kept.

:func:`take` does all of it before a transaction begins; :func:`refer` makes the row inside the action. In this order: size and
shape, kind by the bytes against the name and against what the form asks for, virus scanner, then the parsers in their child process.
Pictures are kept as we made them anew, other files as they came (and served as attachments alone).
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, BinaryIO, Final, cast

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.fields import PERSONAL, Classification
from yakuba.kernel.files import content, kinds, limits, sandbox, scanning, store
from yakuba.kernel.files.archives import LIMITS, MB, Limits
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.sandbox import Bounds
from yakuba.kernel.files.wire import Wire

MAX_BYTES: Final = LIMITS.size
MAX_PAGES: Final = 500
#: A telephone's largest usual photograph has 48 or 50 million.
MAX_PIXELS: Final = 51_000_000

# A picture is unpacked whole, turned and coloured: three copies of four bytes a pixel beside the interpreter, and five seconds.
_PICTURE: Final = Bounds(seconds=20, memory=1536 * MB, result=200 * MB)
_PAPER: Final = Bounds(seconds=20, memory=1024 * MB, result=MB)


@dataclass(frozen=True, slots=True)
class Camera:
    """What a camera wrote into a picture, for a person to confirm: the day, degrees of latitude and longitude, direction from true north."""

    taken_on: dt.date | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    direction: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is: its kind as found, bytes as sent, pages (a picture has one, Word and Excel none), pixels (0: no picture).

    ``camera`` is told only where :func:`take` was asked for it.
    """

    content_type: str
    size: int
    pages: int | None
    width: int = 0
    height: int = 0
    camera: Camera | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """Bytes that lie in the store and that no row refers to yet; unclaimed, the sweeper takes them after 24 hours.

    ``name`` is tidied and ends as its kind does; ``content_type`` is the kind of what is kept, ``inspected`` describes what was sent.
    ``scanned``: a virus scanner looked at it.
    """

    sha256: str
    name: str
    content_type: str
    inspected: Inspected
    made_by_us: bool
    scanned: bool


def inspect(
    stream: IO[bytes],
    declared_name: str,
    *,
    allow: frozenset[str] = kinds.USUAL,
    max_bytes: int = MAX_BYTES,
    max_pages: int = MAX_PAGES,
    max_pixels: int = MAX_PIXELS,
) -> Inspected:
    """What a seekable stream of bytes is, when it is something that ``allow`` (keys of :data:`kinds.ENDINGS`) names.

    Raises :class:`Problem` in words that say what was found and what is expected; ValueError for an ``allow`` that nothing can meet.
    """
    with _copied(stream, max_bytes) as copy:
        kind = _kind(copy, declared_name, allow)
        return _looked(copy, kind, max_pages, max_pixels, None)


def take(
    stream: IO[bytes],
    declared_name: str,
    *,
    allow: frozenset[str] = kinds.USUAL,
    max_bytes: int = MAX_BYTES,
    max_pages: int = MAX_PAGES,
    max_pixels: int = MAX_PIXELS,
    camera: bool = False,
) -> Taken:
    """:func:`inspect`, scan, make pictures anew, and put the result into the store; to be called outside any transaction.

    ``camera``: tell place, day and direction that a camera wrote, before they are left out. For staff's own photos; what citizens send
    keeps that to itself.

    Raises as :func:`inspect` does, and :class:`scanning.NotNow`; then nothing is kept.
    """
    with _copied(stream, max_bytes) as copy:
        kind = _kind(copy, declared_name, allow)
        scanned = scanning.demand_clean(copy)
        if kind not in kinds.PICTURES:
            found = _looked(copy, kind, max_pages, max_pixels, None)
            return _kept(copy, declared_name, kind, found, made_by_us=False, scanned=scanned)
        with tempfile.TemporaryFile() as anew:
            found = _looked(copy, kind, max_pages, max_pixels, anew, camera=camera)
            made = content.content_type(anew)
            if made not in {kinds.JPEG, kinds.PNG}:  # a child that was taken over
                raise sandbox.unreadable()
            return _kept(anew, declared_name, made, found, made_by_us=True, scanned=scanned)


def refer(
    ctx: Context, taken: Taken, *, classification: Classification = PERSONAL, retention_class: str
) -> StoredFile:
    """The row for what was taken; to be called inside an action. Raises :class:`Problem` when the bytes are gone again."""
    return store.refer(
        ctx,
        taken.sha256,
        taken.name,
        classification=classification,
        retention_class=retention_class,
        made_by_us=taken.made_by_us,
    )


def _kept(
    stream: BinaryIO, name: str, content_type: str, found: Inspected, *, made_by_us: bool, scanned: bool
) -> Taken:
    tidied = store.tidy_name(kinds.renamed(store.tidy_name(name), content_type))
    stream.seek(0)
    return Taken(store.put(stream), tidied, content_type, found, made_by_us, scanned)


@contextmanager
def _copied(stream: IO[bytes], max_bytes: int) -> Iterator[BinaryIO]:
    """A copy of our own, which nobody changes meanwhile and which has a number that the child can be given."""
    limits.check(cast("BinaryIO", stream), Limits(size=min(max_bytes, MAX_BYTES)))
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy)
        yield copy


def _kind(stream: BinaryIO, declared_name: str, allow: frozenset[str]) -> str:
    if not allow or not allow <= kinds.ENDINGS.keys():
        raise ValueError(f"kinds of file that nothing can meet: {sorted(allow - kinds.ENDINGS.keys())}")
    kind = content.content_type(stream)
    expected = kinds.labels(allow)
    if kind == content.HEIC and allow & kinds.PICTURES:
        raise Problem(
            "file_heic",
            _(
                "HEIC形式の写真は開けません。JPEGにして送ってください。iPhoneでは「設定」→「カメラ」→「フォーマット」で"
                "「互換性優先」を選んで撮ると、JPEGになります。"
            ),
            found=kinds.label(kind),
            expected=expected,
        )
    if kind not in allow:
        raise Problem(
            "file_kind",
            _("この種類のファイルは受け取れません（中身は「%(found)s」です）。受け取れるもの: %(expected)s。")
            % {"found": kinds.label(kind), "expected": expected},
            found=kinds.label(kind),
            expected=expected,
        )
    name = store.tidy_name(declared_name)
    if not kinds.fits(name, kind):
        raise Problem(
            "file_ending",
            _(
                "ファイルの名前の終わり（%(ending)s）と中身（%(found)s）が合いません。"
                "作ったソフトで保存し直したファイルを選んでください。"
            )
            % {"ending": kinds.ending(name), "found": kinds.label(kind)},
            found=kinds.label(kind),
            expected="、".join(kinds.ENDINGS[kind]),
        )
    return kind


def _looked(
    stream: BinaryIO,
    kind: str,
    max_pages: int,
    max_pixels: int,
    anew: BinaryIO | None,
    *,
    camera: bool = False,
) -> Inspected:
    """Looks inside, in the child, and writes a picture ``anew`` where that is wanted."""
    # The libraries do their work in the child; here they would only make every start slower.
    from yakuba.kernel.files.parsers import office, pdf, pictures

    size = stream.seek(0, 2)
    stream.seek(0)
    if kind in kinds.PICTURES:
        given, target = ((stream, anew), anew.fileno()) if anew else ((stream,), None)
        facts = _facts(
            sandbox.read(
                pictures.look,
                stream.fileno(),
                kind,
                max_pixels,
                target,
                camera,
                bounds=_PICTURE,
                files=given,
            )
        )
        _refuse_picture(facts, max_pixels, pictures.MAX_SIDE)
        wrote = _camera(facts) if camera else None
        return Inspected(kind, size, 1, _count(facts, "width"), _count(facts, "height"), wrote)
    if kind == kinds.PDF:
        # An archive behind or inside a PDF: the same bytes would be another file in other hands.
        if content.holds_archive(stream):
            raise _active(_("ほかのファイル"))
        stream.seek(0)
        facts = _facts(sandbox.read(pdf.look, stream.fileno(), max_pages, bounds=_PAPER, files=(stream,)))
        _refuse_pdf(facts, max_pages)
        return Inspected(kind, size, _count(facts, "pages"))
    facts = _facts(sandbox.read(office.look, stream.fileno(), bounds=_PAPER, files=(stream,)))
    _refuse_office(facts)
    return Inspected(kind, size, None)


def _camera(facts: Mapping[str, Wire]) -> Camera:
    """What the child told of the camera; only what can be true, for the child has read a stranger's file."""
    try:
        day = dt.date.fromisoformat(str(facts.get("taken", "")))
    except ValueError:
        day = None
    latitude, longitude = _degrees(facts, "latitude", -90, 90), _degrees(facts, "longitude", -180, 180)
    # Cameras without a fix write 0, 0; half of a place is none.
    there = latitude is not None and longitude is not None and bool(latitude or longitude)
    return Camera(
        day,
        latitude if there else None,
        longitude if there else None,
        _degrees(facts, "direction", 0, 360),
    )


def _degrees(facts: Mapping[str, Wire], key: str, least: int, most: int) -> Decimal | None:
    text = str(facts.get(key, ""))
    if not re.fullmatch(r"-?\d{1,3}\.\d{1,6}", text):
        return None
    found = Decimal(text)
    return found if least <= found <= most else None


def _facts(answer: Wire) -> Mapping[str, Wire]:
    if not isinstance(answer, Mapping):
        raise sandbox.unreadable()
    return answer


def _count(facts: Mapping[str, Wire], key: str) -> int:
    found = facts.get(key)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise sandbox.unreadable()
    return found


def _refuse_picture(facts: Mapping[str, Wire], max_pixels: int, max_side: int) -> None:
    fault = facts.get("fault")
    if fault == "pixels":
        found = f"{_count(facts, 'width')}×{_count(facts, 'height')}"
        raise Problem(
            "file_pixels",
            _(
                "画像が大きすぎます（%(found)s画素）。全体で%(most)d万画素、一辺が%(side)d画素までにしてください。"
            )
            % {"found": found, "most": max_pixels // 10_000, "side": max_side},
            found=found,
            expected=str(max_pixels),
        )
    if fault == "moves":
        raise Problem(
            "file_moves",
            _("動く画像は受け取れません。動かない画像（JPEGかPNG）を選んでください。"),
        )
    if fault is not None:
        raise sandbox.unreadable()


def _refuse_pdf(facts: Mapping[str, Wire], max_pages: int) -> None:
    fault = facts.get("fault")
    if fault is None:
        return
    if fault == "encrypted":
        raise Problem(
            "file_encrypted",
            _(
                "保護された（パスワードや印刷・変更の制限が付いた）PDFは受け取れません。"
                "保護を外すか、「印刷」から「PDFに保存」で作り直したものを選んでください。"
            ),
        )
    if fault == "pages":
        raise Problem(
            "file_pages",
            _("ページが多すぎます。%dページまでに分けてください。") % max_pages,
            expected=str(max_pages),
        )
    if fault in {"cut", "heavy"}:
        raise Problem(
            "file_broken",
            _("ファイルが壊れているか、途中で切れています。元のファイルを選び直してください。"),
        )
    what = {
        "script": _("プログラム（JavaScript）"),
        "launch": _("ほかのプログラムを動かす命令"),
        "embedded": _("ほかのファイル"),
        "form": _("XFA形式の入力欄"),
        "send": _("内容をよそへ送る命令"),
        "elsewhere": _("ほかの場所のファイルを開く命令"),
        "media": _("音や動画"),
    }
    raise _active(what[fault]) if isinstance(fault, str) and fault in what else sandbox.unreadable()


def _active(what: str) -> Problem:
    return Problem(
        "file_active",
        _(
            "PDFの中に%sが入っているため、受け取れません。「印刷」から「PDFに保存」を選んで作り直したものを送ってください。"
        )
        % what,
        found=what,
    )


def _refuse_office(facts: Mapping[str, Wire]) -> None:
    fault = facts.get("fault")
    if fault is None:
        return
    what = {
        "macro": _("マクロ（プログラム）"),
        "object": _("ほかのファイルやプログラム"),
        "elsewhere": _("ほかの場所の内容を読み込む設定"),
    }
    if not isinstance(fault, str) or fault not in what:
        raise sandbox.unreadable()
    raise Problem(
        "file_active",
        _(
            "ファイルの中に%sが入っているため、受け取れません。取り除いて保存し直すか、PDFにして送ってください。"
        )
        % what[fault],
        found=what[fault],
    )
