"""The files that a page of a form takes: received and checked one by one, and taken off again."""

from __future__ import annotations

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from yakuba.engines.visitors import throttle
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.files import uploads
from yakuba.kernel.files.receiving import dropped
from yakuba.services.procedures.actions.applying import Attach, attach
from yakuba.services.procedures.citizens import forms
from yakuba.services.procedures.definition.answers import VisibleSection
from yakuba.services.procedures.definition.forms import field_name
from yakuba.services.procedures.definition.model import Definition
from yakuba.services.procedures.models import Filling

DETACH = "detach."


def take_files(
    request: HttpRequest, ctx: Context, filling: Filling, definition: Definition, shown: VisibleSection
) -> dict[str, str]:
    """Receive what was chosen, each file checked before it is kept; return what was refused, by field."""
    refused: dict[str, str] = {}
    for question in shown.questions:
        name = field_name(question.key)
        if not forms.is_file(question):
            continue
        too_large = dropped(request, name)
        if too_large is not None:
            refused[name] = too_large.message
        for chosen in request.FILES.getlist(name):
            try:
                throttle.count(request, ctx, "upload")
                _receive(ctx, filling, definition, shown.section.key, question.key, chosen)
            except Problem as problem:
                refused[name] = f"{chosen.name}: {problem.message}"
    return refused


def _receive(
    ctx: Context, filling: Filling, definition: Definition, section: str, key: str, chosen: UploadedFile
) -> None:
    question = forms.file_question(definition, section, key)
    if question is None or chosen.file is None:
        raise Missing
    allow, size = forms.allowed(question)
    taken = uploads.take(chosen.file, chosen.name or "", allow=allow, max_bytes=size)
    attach(ctx, filling, Attach(section, key, forms.as_taken(taken)))


def pressed_detach(request: HttpRequest, shown: VisibleSection) -> list[tuple[str, UUID]]:
    """(question, upload) of the buttons 「外す」 that were pressed. :class:`Missing` for one that the page does not have."""
    keys = {question.key for question in shown.questions if forms.is_file(question)}
    found = []
    for name in request.POST:
        if name.startswith(DETACH):
            key, _dot, upload = name.removeprefix(DETACH).partition(".")
            try:
                found.append((key, UUID(upload)))
            except ValueError:
                raise Missing from None
            if key not in keys:
                raise Missing
    return found
