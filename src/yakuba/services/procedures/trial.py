"""Test links: a draft frozen for trying it out, reached by a signed link alone. What is sent through it is a test and is never counted.

The link names the frozen copy, so that a test stays what it was while the office goes on writing.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core import signing
from django.urls import NoReverseMatch, reverse

from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.services.procedures.published.queries import TRIAL

#: How long a link works, in seconds.
LASTS: Final = 14 * 24 * 60 * 60
_SALT: Final = "procedures.trial"


def token(publication: Publication) -> str:
    """The signed word of a test link to a copy that was frozen for trying out."""
    return signing.dumps(str(publication.pk), salt=_SALT)


def address(ctx: Context, publication: Publication) -> str:
    """The path of a test link; empty in a process that serves no citizens' pages."""
    try:
        path = reverse("procedures-procedure", args=[ctx.municipality.code, publication.subject])
    except NoReverseMatch:
        return ""
    return f"{path}?test={token(publication)}"


def read(ctx: Context, procedure: UUID, word: str) -> Publication | None:
    """The copy that a test link of this procedure leads to; None for a word that is none, or an old one."""
    if not word:
        return None
    try:
        named = signing.loads(word[:500], salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return (
        Publication.objects.for_actor(ctx)
        .filter(pk=named, kind=TRIAL, subject=procedure)
        .defer("head")
        .first()
    )
