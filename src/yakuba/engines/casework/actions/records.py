"""Number books (文書番号簿・収受簿) and official seals (公印), kept by the people of documents and seals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.casework import store
from yakuba.engines.casework.access import KEEP_BOOK, KEEP_SEAL
from yakuba.engines.casework.models import BOOKS, NumberBook, Seal
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, action
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.files import store as files
from yakuba.kernel.town.models import AUTHORITIES

_MOST = 10**9
#: A seal is used as long as it is valid, and its print is kept for good with what it stood under.
_RETENTION = "permanent"


@dataclass(frozen=True)
class OpenBook:
    """A new book. Without an office it is the authority's, for all its offices that keep none of their own."""

    book: Annotated[str, fields.choice(BOOKS, label="簿冊", classification=INTERNAL)]
    authority: Annotated[str, fields.choice(AUTHORITIES, label="機関", classification=INTERNAL)]
    year: Annotated[FiscalYear, fields.fiscal_year(label="年度", classification=INTERNAL)]
    pattern: Annotated[str, fields.text(label="書き方", classification=INTERNAL, max_length=60)]
    office: Annotated[str, fields.text(label="所属", classification=INTERNAL, required=False)] = ""
    following: Annotated[
        int, fields.integer(label="次の番号", classification=INTERNAL, minimum=1, maximum=_MOST)
    ] = 1


@dataclass(frozen=True)
class KeepBook:
    """How a book writes its numbers, which comes next, and why that is changed."""

    pattern: Annotated[str, fields.text(label="書き方", classification=INTERNAL, max_length=60)]
    following: Annotated[
        int, fields.integer(label="次の番号", classification=INTERNAL, minimum=1, maximum=_MOST)
    ]
    reason: Annotated[str, fields.text(label="理由", classification=INTERNAL)]


@dataclass(frozen=True)
class AddSeal:
    """A seal with its print, which was received and made anew (``kernel.files.uploads``)."""

    authority: Annotated[str, fields.choice(AUTHORITIES, label="機関", classification=INTERNAL)]
    title: Annotated[str, fields.text(label="名称", classification=INTERNAL)]
    signature: Annotated[str, fields.text(label="差出人", classification=INTERNAL)]
    valid_from: Annotated[dt.date, fields.date(label="開始日", classification=INTERNAL)]
    sha256: Annotated[str, fields.text(label="印影", classification=INTERNAL, max_length=64)]
    valid_to: Annotated[
        dt.date | None, fields.date(label="終了日", classification=INTERNAL, required=False)
    ] = None


@dataclass(frozen=True)
class ChangeSeal:
    """What may change of a seal: its words and its days. Another print is another seal."""

    title: Annotated[str, fields.text(label="名称", classification=INTERNAL)]
    signature: Annotated[str, fields.text(label="差出人", classification=INTERNAL)]
    valid_from: Annotated[dt.date, fields.date(label="開始日", classification=INTERNAL)]
    valid_to: Annotated[
        dt.date | None, fields.date(label="終了日", classification=INTERNAL, required=False)
    ] = None


@action("casework.open_book", label="番号簿を作る", may=KEEP_BOOK, data=OpenBook)
def open_book(ctx: Context, subject: None, data: OpenBook) -> NumberBook:
    """Begin a book before its first number is taken. Raises :class:`Problem` where there is one for that year."""
    _demand_pattern(data.pattern)
    office = store.demand_office(ctx, data.office) if data.office else None
    same = NumberBook.unscoped.filter(municipality=ctx.municipality.id, book=data.book, year__in=[data.year])
    same = (
        same.filter(office=office) if office else same.filter(office__isnull=True, authority=data.authority)
    )
    if same.exists():
        raise Problem(
            "twice", _("この年度の番号簿は、もうあります。一覧から開いて直してください。"), field="year"
        )
    made = NumberBook(
        municipality_id=ctx.municipality.id,
        book=data.book,
        office=office,
        authority=office.authority if office else data.authority,
        year=data.year,
        pattern=data.pattern.strip(),
        following=data.following,
    )
    made.save(force_insert=True)
    return made


@action("casework.keep_book", label="番号簿を直す", may=KEEP_BOOK, data=KeepBook)
def keep_book(ctx: Context, book: NumberBook, data: KeepBook) -> NumberBook:
    """Change how numbers are written, or which comes next; a number that is taken is passed over anyway."""
    _demand_pattern(data.pattern)
    ctx.because(data.reason)
    book.pattern, book.following = data.pattern.strip(), data.following
    book.save(update_fields=["pattern", "following"])
    return book


def _demand_pattern(pattern: str) -> None:
    if "{n}" not in pattern or pattern.replace("{n}", "").replace("{year}", "").count("{"):
        raise Problem(
            "pattern",
            _(
                "「書き方」には、番号の入る所に {n} を書きます。年度は {year} です（例：{year}見本課第{n}号）。"
            ),
            field="pattern",
            found=pattern,
            expected="{year}見本課第{n}号",
        )


@action("casework.add_seal", label="公印を登録する", may=KEEP_SEAL, data=AddSeal)
def add_seal(ctx: Context, subject: None, data: AddSeal) -> Seal:
    """Register a seal with its print."""
    _demand_days(data.valid_from, data.valid_to)
    stored = files.refer(
        ctx, data.sha256, "印影.png", classification=INTERNAL, retention_class=_RETENTION, made_by_us=True
    )
    if stored.content_type != "image/png":
        raise Problem("file_kind", _("印影は、PNGの画像にしてください。"), field="picture")
    made = Seal(
        municipality_id=ctx.municipality.id,
        authority=data.authority,
        title=data.title.strip(),
        signature=data.signature.strip(),
        file=stored,
        valid_from=data.valid_from,
        valid_to=data.valid_to,
    )
    made.save(force_insert=True)
    return made


@action("casework.change_seal", label="公印の登録を直す", may=KEEP_SEAL, data=ChangeSeal)
def change_seal(ctx: Context, seal: Seal, data: ChangeSeal) -> Seal:
    """Change its words or its days. What was issued under it stays as it is."""
    _demand_days(data.valid_from, data.valid_to)
    seal.title, seal.signature = data.title.strip(), data.signature.strip()
    seal.valid_from, seal.valid_to = data.valid_from, data.valid_to
    seal.save(update_fields=["title", "signature", "valid_from", "valid_to"])
    return seal


def _demand_days(first: dt.date, last: dt.date | None) -> None:
    if last is not None and last < first:
        raise Problem("days", _("終了日は、開始日より後にしてください。"), field="valid_to")
