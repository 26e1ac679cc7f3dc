"""The writers of the book: templates come and go, books are ordered, made by the worker, given to the public, and go again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as publishing
from yakuba.kernel import fields
from yakuba.kernel.actions import ActorKind, Context, NoData, Problem, action
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.files import store as files
from yakuba.services.plan.book import access, choosing
from yakuba.services.plan.models import (
    BOOK_FORMATS,
    TEMPLATE_KINDS,
    Book,
    BookTemplate,
    Edition,
    PublishedBook,
)
from yakuba.services.plan.published import EDITION

ORDERED = "plan.book_ordered"
#: A copy of what stands elsewhere.
_COPY = "1"
_TEMPLATE_CLASS = "5"


@dataclass(frozen=True)
class AddBookTemplate:
    """A template that was checked: its parts, or the form's file. One of the same name is replaced."""

    name: Annotated[str, fields.text(label="名前", classification=INTERNAL, max_length=60)]
    kind: Annotated[str, fields.choice(TEMPLATE_KINDS, label="種類", classification=INTERNAL)]
    content: Annotated[dict[str, Any], fields.document(label="内容", classification=INTERNAL)]  # Any: JSON
    sha256: Annotated[str, fields.text(label="ファイルの印", classification=INTERNAL, max_length=64)]
    file_name: Annotated[str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255)]


@dataclass(frozen=True)
class OrderBook:
    """Which book: template (a shipped one's key, or the id of the city's own), format, large type, from the draft."""

    template: Annotated[str, fields.text(label="ひな形", classification=INTERNAL, max_length=60)]
    format: Annotated[str, fields.choice(BOOK_FORMATS, label="形式", classification=INTERNAL)]
    stamp: Annotated[str, fields.text(label="内容の印", classification=INTERNAL, max_length=64)]
    large: Annotated[bool, fields.yes_no(label="大きな文字", classification=INTERNAL)] = False
    draft: Annotated[bool, fields.yes_no(label="下書きから", classification=INTERNAL)] = False


@dataclass(frozen=True)
class FinishBook:
    """What became of it: the file that was put and its name, or why there is none."""

    sha256: Annotated[
        str, fields.text(label="ファイルの印", classification=INTERNAL, max_length=64, required=False)
    ] = ""
    name: Annotated[
        str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255, required=False)
    ] = ""
    message: Annotated[str, fields.prose(label="お知らせ", classification=INTERNAL, required=False)] = ""


@action(
    "plan.add_book_template", label="冊子のひな形を登録する", may=access.KEEP_TEMPLATES, data=AddBookTemplate
)
def add_book_template(ctx: Context, _subject: None, data: AddBookTemplate) -> BookTemplate:
    """Keep a template or a form. Raises :class:`Problem` for the name of a shipped one."""
    if data.name in choosing.SHIPPED_NAMES:
        raise Problem(
            "name_taken",
            _("「%s」は、はじめからあるひな形の名前です。別の名前にしてください。") % data.name,
            field="name",
            found=data.name,
        )
    here = {"municipality_id": ctx.municipality.id}
    made = BookTemplate.unscoped.select_for_update().filter(**here, name=data.name).first() or BookTemplate(
        **here, name=data.name
    )
    made.kind, made.content = data.kind, data.content
    made.file = files.refer(ctx, data.sha256, data.file_name, retention_class=_TEMPLATE_CLASS)
    made.added_at, made.added_by, made.retired_at = ctx.now, ctx.actor.label[:200], None
    made.chosen = made.chosen and made.kind == "book"
    made.save()
    return made


@action(
    "plan.choose_book_template", label="公表する冊子のひな形を選ぶ", may=access.KEEP_TEMPLATES, data=NoData
)
def choose_book_template(ctx: Context, template: BookTemplate, _data: NoData) -> BookTemplate:
    """From the next publication on, the public's books are made with it; chosen again, with the shipped one."""
    if template.kind != "book":
        raise Problem("no_book", _("公表する冊子には、冊子のひな形を選んでください。"))
    wanted = not template.chosen
    others = BookTemplate.unscoped.select_for_update().filter(municipality=ctx.municipality.id, chosen=True)
    others.exclude(pk=template.pk).update(chosen=False)
    template.chosen = wanted
    template.save(update_fields=["chosen"])
    return template


@action(
    "plan.retire_book_template", label="冊子のひな形を使うのをやめる", may=access.KEEP_TEMPLATES, data=NoData
)
def retire_book_template(ctx: Context, template: BookTemplate, _data: NoData) -> BookTemplate:
    """It is offered no more. Books that were made with it stay."""
    template.retired_at, template.chosen = ctx.now, False
    template.save(update_fields=["retired_at", "chosen"])
    return template


@action("plan.order_book", label="冊子を作る", may=access.ORDER, data=OrderBook)
def order_book(ctx: Context, edition: Edition, data: OrderBook) -> Book:
    """Have the worker make a book. Raises :class:`Problem` for a template that there is not, and a form in another format."""
    chosen = choosing.chosen(ctx, data.template)
    choosing.check_format(chosen, data.format)
    made = Book(
        municipality_id=ctx.municipality.id,
        edition=edition,
        template=chosen.key,
        template_name=chosen.name,
        format=data.format,
        large=data.large,
        draft=data.draft,
        stamp=data.stamp,
        publication=None if data.draft else publishing.standing_of(ctx, EDITION, edition.pk),
        state="waiting",
        asked_at=ctx.now,
        asked_by=_asker(ctx),
    )
    made.save(force_insert=True)
    ctx.publish(ORDERED, {"book": str(made.pk)}, key=f"{ORDERED}:{made.pk}")
    return made


@action("plan.finish_book", label="できた冊子を置く", may=access.FINISH, data=FinishBook)
def finish_book(ctx: Context, book: Book, data: FinishBook) -> Book:
    """The worker is done. A second time it changes nothing."""
    if book.state != "waiting":
        return book
    if data.sha256:
        book.file = files.refer(
            ctx, data.sha256, data.name, classification=INTERNAL, retention_class=_COPY, made_by_us=True
        )
    book.state = "made" if data.sha256 else "failed"
    book.message, book.made_at = data.message, ctx.now
    book.save(update_fields=["file", "state", "message", "made_at"])
    if book.release and book.state == "made":
        _give(ctx, book)
    return book


@action("plan.release_book", label="冊子を公開する", may=access.RELEASE, data=NoData)
def release_book(ctx: Context, book: Book, _data: NoData) -> Book:
    """Let the public have a book of what stands published, now or as soon as it is made. It takes the place of the one of its format."""
    if book.draft or book.publication is None:
        raise Problem("draft", _("下書きから作った冊子は公開できません。公表してから作ってください。"))
    if book.state not in {"waiting", "made"}:
        raise Problem("not_made", _("この冊子はもうありません。もう一度作ってください。"), found=book.state)
    standing = publishing.standing_of(ctx, EDITION, book.edition_id)
    if standing is None or standing.pk != book.publication_id:
        raise Problem("stale", _("この冊子を作ったあとに公表し直されています。もう一度作ってください。"))
    book.release = True
    book.save(update_fields=["release"])
    if book.state == "made":
        _give(ctx, book)
    return book


@action("plan.forget_book", label="古い冊子を消す", may=access.FINISH, data=NoData)
def forget_book(ctx: Context, book: Book, _data: NoData) -> Book:
    """The copy goes; that there was one stays, and what the public has stays with the public."""
    stored, book.file, book.state = book.file, None, "gone"
    book.save(update_fields=["file", "state"])
    if stored is not None:
        files.forget(ctx, stored)
    return book


def _asker(ctx: Context) -> str:
    """Who asked, for the list on the desk; the worker asks when something is published."""
    return "公表による自動作成" if ctx.actor.kind is ActorKind.SYSTEM else ctx.actor.label[:200]


def _give(ctx: Context, book: Book) -> None:
    """The public's own reference to the file: the desk's goes after a while."""
    if book.file is None or book.publication_id is None:
        return
    stored = files.refer(
        ctx, book.file.sha256, book.file.name, classification=PUBLIC, retention_class=_COPY, made_by_us=True
    )
    found = PublishedBook.unscoped.filter(
        municipality=ctx.municipality.id, publication=book.publication_id, format=book.format
    ).first()
    if found is None:
        PublishedBook.unscoped.create(
            municipality_id=ctx.municipality.id,
            publication_id=book.publication_id,
            format=book.format,
            file=stored,
            released_at=ctx.now,
        )
        return
    before, found.file, found.released_at = found.file, stored, ctx.now
    found.save(update_fields=["file", "released_at"])
    files.forget(ctx, before)
