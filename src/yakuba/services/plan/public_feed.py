"""The publications of a municipality's plan as an Atom feed (RFC 4287).

Ids are for ever: an entry's is made from its publication's id, the feed's from the municipality's code, both with the language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.urls import reverse
from django.utils import feedgenerator
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from yakuba.kernel.actions import MunicipalityRef
from yakuba.services.plan.public_changes import Told

ENTRIES: Final = 10
Absolute = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One publication, and the page that shows what it published."""

    told: Told
    href: str


class _Feed(feedgenerator.Atom1Feed):
    """Atom with a link to the same feed in the other languages."""

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        for lang, href in self.feed["variants"]:
            handler.addQuickElement(
                "link",
                "",
                {"rel": "alternate", "type": "application/atom+xml", "hreflang": lang, "href": href},
            )


def atom(municipality: MunicipalityRef, entries: Sequence[Entry], absolute: Absolute) -> str:
    """The feed, newest entry first, in the language of the request; ``absolute`` makes an address a whole one."""
    lang = get_language() or settings.LANGUAGE_CODE
    variants = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            variants.append((code, absolute(reverse("plan-feed", args=[municipality.code]))))
    with override(lang):
        own = absolute(reverse("plan-feed", args=[municipality.code]))
        page = absolute(reverse("plan-changes", args=[municipality.code]))
    feed = _Feed(
        title=_("%(town)s 情報化推進計画の公表と変更") % {"town": municipality.name},
        link=page,
        description=None,
        subtitle=_("計画が公表されたとき、直されたときに、ここに載ります。"),
        language=lang,
        author_name=municipality.name,
        feed_url=own,
        feed_guid=_urn(uuid5(NAMESPACE_URL, f"yakuba:plan:{municipality.code}"), lang),
        variants=[one for one in variants if one[1] != own],
    )
    for entry in entries:
        publication = entry.told.publication
        feed.add_item(
            title=_("%(title)s（第%(n)d号）") % {"title": publication.title, "n": publication.number},
            link=entry.href,
            description="\n".join(part for part in (publication.note, entry.told.summary) if part),
            unique_id=_urn(publication.pk, lang),
            pubdate=publication.published_at,
            updateddate=publication.published_at,
        )
    return feed.writeString("utf-8")


def _urn(identity: UUID, lang: str) -> str:
    own = identity if lang == settings.LANGUAGE_CODE else uuid5(identity, lang)
    return own.urn
