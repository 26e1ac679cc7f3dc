"""Books: a municipality opens a ledger, an office keeps it, the city adds its own fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from django.utils.translation import gettext as _

from yakuba.engines.ledger import access, store
from yakuba.engines.ledger.declaration import find_ledger
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.values import MY_NUMBER, specs_of_book
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, action
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL, PERSONAL, PUBLIC, Invalid, Spec
from yakuba.kernel.fields.definition import Definition
from yakuba.kernel.fields.kinds import Integer, Kana, Prose, Text
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.queries import demand_office


@dataclass(frozen=True)
class OpenBook:
    """Which ledger, and which office keeps it (its code today)."""

    ledger: Annotated[str, fields.text(label="台帳", classification=INTERNAL, max_length=60)]
    office_code: Annotated[str, fields.text(label="所管の所属コード", classification=INTERNAL, max_length=20)]
    open_to_staff: Annotated[bool, fields.yes_no(label="全職員が読める", classification=INTERNAL)] = False


@dataclass(frozen=True)
class ArrangeBook:
    """Who keeps a book from now on, and who reads it."""

    office_code: Annotated[str, fields.text(label="所管の所属コード", classification=INTERNAL, max_length=20)]
    open_to_staff: Annotated[bool, fields.yes_no(label="全職員が読める", classification=INTERNAL)]
    released: Annotated[bool, fields.yes_no(label="公開する", classification=INTERNAL)] = False
    terms: Annotated[
        str, fields.prose(label="公開の利用条件", classification=PUBLIC, max_length=2000, required=False)
    ] = ""
    reason: Annotated[str, fields.text(label="理由", classification=INTERNAL, required=False)] = ""


@dataclass(frozen=True)
class SetExtra:
    """The city's own fields, as a definition of ``kernel.fields``."""

    extra: Annotated[dict[str, object], fields.document(label="追加項目", classification=INTERNAL)]


@action("ledger.open_book", label="台帳を始める", may=access.OPEN_BOOK, data=OpenBook)
def open_book(ctx: Context, municipality: Municipality, data: OpenBook) -> Municipality:
    """Open a ledger. Raises :class:`Problem` for one that is unknown or open already, and for an unknown office."""
    if find_ledger(data.ledger) is None:
        raise Problem(
            "ledger", _("「%s」という台帳はありません。") % data.ledger, field="ledger", found=data.ledger
        )
    if Book.unscoped.filter(municipality=municipality.pk, ledger=data.ledger).exists():
        raise Problem("open", _("この台帳はもう始まっています。"), field="ledger", found=data.ledger)
    office = demand_office(municipality.pk, data.office_code, japan_date(ctx.now))
    Book.unscoped.create(
        municipality=municipality,
        ledger=data.ledger,
        office=office,
        open_to_staff=data.open_to_staff,
        released=False,
        opened_on=japan_date(ctx.now),
    )
    ctx.note(ledger=data.ledger, office=str(office.pk))
    return municipality


@action("ledger.arrange_book", label="台帳の所管と範囲を変える", may=access.ARRANGE_BOOK, data=ArrangeBook)
def arrange_book(ctx: Context, book: Book, data: ArrangeBook) -> Book:
    """Change the keeping office and who reads. Raises :class:`Problem` for an unknown office, and for releasing what nothing is public of."""
    ledger = find_ledger(book.ledger)
    if data.released and (ledger is None or not ledger.public):
        raise Problem(
            "public", _("この台帳には、公開する項目がありません。"), field="released", found=_("公開する")
        )
    if data.released and not data.terms.strip():
        raise Problem("empty", _("公開するときは、利用条件を入力してください。"), field="terms")
    book.office = demand_office(ctx.municipality.id, data.office_code, japan_date(ctx.now))
    book.open_to_staff, book.released = data.open_to_staff, data.released
    book.terms = data.terms.strip()
    book.save()
    if data.reason:
        ctx.because(data.reason)
    ctx.publish(store.ARRANGED, {"book": str(book.pk)})
    return book


@action("ledger.set_extra", label="台帳の追加項目を決める", may=access.ARRANGE_BOOK, data=SetExtra)
def set_extra(ctx: Context, book: Book, data: SetExtra) -> Book:
    """Set the city's own fields. A field that entries may hold values of keeps its key and kind; it may go only by being left unused.

    Raises :class:`Problem`.
    """
    try:
        new = Definition.read(data.extra).fields if data.extra else {}
    except Invalid as invalid:
        raise Problem(
            "extra",
            _("追加項目の定義を読み取れません（%(found)s）。%(expected)s にしてください。")
            % {"found": invalid.found, "expected": invalid.expected},
            field="extra",
            found=invalid.found,
            expected=invalid.expected,
        ) from invalid
    old = Definition.read(book.extra).fields if book.extra else {}
    for key, spec in old.items():
        kept = new.get(key)
        if kept is None or not _holds(spec, kept):
            raise Problem(
                "kept",
                _(
                    "項目「%s」は、もう使われているかもしれません。消したり、種類を変えたり、選択肢や範囲を狭めたり、必須にしたり、個人情報でないことにしたりはできません。"
                )
                % spec.label,
                field="extra",
                found=key,
            )
    for key, spec in new.items():
        if MY_NUMBER.search(spec.label):
            raise Problem(
                "my_number",
                _("個人番号（マイナンバー）を台帳に書く項目は作れません（番号法20条）。"),
                field="extra",
                found=key,
            )
        if key not in old and spec.required:
            raise Problem(
                "required",
                _("あとから加える項目「%s」は必須にできません。今ある行が空のままになるためです。")
                % spec.label,
                field="extra",
                found=key,
            )
    book.extra = data.extra
    book.save()
    return book


@dataclass(frozen=True)
class SetListed:
    """The columns of a book's list in their order; none for those of the ledger."""

    listed: Annotated[list[str], fields.document(label="一覧の列", classification=INTERNAL, default=list)]


#: So many columns stand in a list at most: more is a sheet.
MOST_COLUMNS: Final = 12


@action("ledger.set_listed", label="台帳の一覧の列を決める", may=access.KEEP_BOOK, data=SetListed)
def set_listed(ctx: Context, book: Book, data: SetListed) -> Book:
    """Say which fields stand in the list, the city's own too. Raises :class:`Problem` for what is no field, and for too many."""
    ledger = find_ledger(book.ledger)
    known = specs_of_book(ledger, book) if ledger is not None else {}
    names = list(dict.fromkeys(data.listed))
    for name in names:
        if name not in known:
            raise Problem("unknown", _("「%s」という項目はありません。") % str(name)[:40], field="listed")
    if len(names) > MOST_COLUMNS:
        raise Problem(
            "too_many",
            _("一覧に出せる列は%d個までです。") % MOST_COLUMNS,
            field="listed",
            found=str(len(names)),
        )
    book.listed = names
    book.save()
    ctx.note(listed=names)
    return book


def _holds(old: Spec, new: Spec) -> bool:
    """Whether every value that was written for the old field stands in the new one, seen by nobody who did not see it before."""
    if type(new.kind) is not type(old.kind) or (new.required and not old.required):
        return False
    if old.classification is PERSONAL and new.classification is not PERSONAL:
        return False
    if old.kind is None or new.kind is None:
        return False
    if not {code for code, _label in old.kind.choices()} <= {code for code, _label in new.kind.choices()}:
        return False
    if isinstance(old.kind, Text | Prose | Kana) and isinstance(new.kind, Text | Prose | Kana):
        return new.kind.max_length >= old.kind.max_length
    if isinstance(old.kind, Integer) and isinstance(new.kind, Integer):
        return new.kind.minimum <= old.kind.minimum and new.kind.maximum >= old.kind.maximum
    return True
