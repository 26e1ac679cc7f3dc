"""Which template is meant: one that comes with the product, or the city's own; and making a book with it."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.publishing.serving import build
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.files import store as files
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.pdf import PrintError
from yakuba.services.plan.book import making, queries
from yakuba.services.plan.book.forms import own
from yakuba.services.plan.book.making import FORMATS, Format, Ground
from yakuba.services.plan.book.templates import SHIPPED, STANDARD, Template, from_json

SHIPPED_NAMES: Final = frozenset(one.name for one in SHIPPED.values())


@dataclass(frozen=True, slots=True)
class Chosen:
    """A template by its key (a shipped one's, or the id of the city's own): its parts, or the form's file."""

    key: str
    name: str
    template: Template | None = None
    form: StoredFile | None = None

    @property
    def digest(self) -> str:
        """Changes with the template."""
        if self.form is not None:
            return self.form.sha256
        content = json.dumps(
            self.template.to_json() if self.template else {}, ensure_ascii=True, sort_keys=True
        )
        return hashlib.sha256(content.encode()).hexdigest()


def offered(ctx: Context) -> list[Chosen]:
    """All templates: the shipped ones, then the city's own by name."""
    found = [Chosen(one.key, one.name, one) for one in SHIPPED.values()]
    for one in queries.templates(ctx):
        if one.kind == "form":
            found.append(Chosen(str(one.pk), one.name, form=one.file))
        else:
            found.append(Chosen(str(one.pk), one.name, from_json(one.content)))
    return found


def chosen(ctx: Context, wanted: str) -> Chosen:
    """The template of a key, an id or a name. Raises :class:`Problem` with what there is."""
    found = offered(ctx)
    for one in found:
        if wanted in {one.key, one.name}:
            return one
    raise Problem(
        "no_template",
        _("「%(wanted)s」というひな形はありません。あるのは：%(names)s")
        % {"wanted": wanted, "names": "、".join(f"{one.name}" for one in found)},
        field="template",
        found=wanted,
        expected="、".join(one.name for one in found),
    )


def public_one(ctx: Context) -> Chosen:
    """The template that the public's books are made with."""
    own_one = queries.templates(ctx).filter(chosen=True, kind="book").first()
    if own_one is not None:
        return Chosen(str(own_one.pk), own_one.name, from_json(own_one.content))
    return Chosen(STANDARD, SHIPPED[STANDARD].name, SHIPPED[STANDARD])


def check_format(one: Chosen, form: str) -> Format:
    """The format. Raises :class:`Problem` for one that there is not, and for a form that is no workbook."""
    found = next((known for known in FORMATS if known == form), None)
    if found is None:
        raise Problem("format", _("形式は、pdf・docx・xlsx から選んでください。"), field="format", found=form)
    if one.form is not None and found != "xlsx":
        raise Problem(
            "form_format",
            _("「%s」は Excel の様式です。形式は Excel を選んでください。") % one.name,
            field="format",
            found=form,
            expected="xlsx",
        )
    return found


def stamp(found: Ground, one: Chosen, form: str, *, large: bool) -> str:
    """What a book is known by: the same document, template, format and program give the same."""
    content = "\0".join((found.stamp, one.digest, form, str(large), build()))
    return hashlib.sha256(content.encode()).hexdigest()


def make(found: Ground, one: Chosen, form: Format, *, large: bool = False) -> bytes:
    """The book. Raises :class:`Problem` where the form cannot be filled or the book not be printed."""
    if one.form is not None:
        return _filled(found, one.form)
    if one.template is None:
        raise Problem("no_template", _("ひな形がありません。"), field="template")
    try:
        return making.make(found, one.template, form, large=large)
    except PrintError as error:
        raise Problem(
            "not_printed", _("冊子にできませんでした。文章が長すぎないか確かめてください。")
        ) from error


def file_name(found: Ground, one: Chosen, form: Format) -> str:
    """What the file is called."""
    return making.file_name(found, form, one.name if one.form is not None else "")


def _filled(found: Ground, stored: StoredFile) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy, files.open(stored) as stream:
        shutil.copyfileobj(stream, copy)
        copy.flush()
        path = Path(copy.name)
        return own.fill(path, own.check(path), found.source)


def is_own(key: str) -> bool:
    """Whether a key is the id of a city's own template."""
    try:
        UUID(key)
    except ValueError:
        return False
    return True
