"""The catalogue: what is offered, found by need, life event, office and kind. Everything in it is public."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.casework.states import KINDS
from yakuba.kernel import fields
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import PUBLIC, SpecColumn
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row as SheetRow
from yakuba.kernel.sheets.table import Table
from yakuba.kernel.text import fold
from yakuba.kernel.ui.components import badge
from yakuba.kernel.ui.components.marks import Tone
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, Slice
from yakuba.services.procedures.citizens import opening, queries
from yakuba.services.procedures.citizens.forms import language
from yakuba.services.procedures.definition.model import LIFE_EVENTS, Text, said

PAGE_SIZE: Final = 30
EVENT: Final = "event"
_TONES: Final[Mapping[opening.State, Tone]] = {
    "open": "good",
    "early": "fair",
    "full": "warn",
    "paused": "warn",
}
# What carries the meaning of a need: 犬を飼った → 犬, 飼.
_CORE: Final = re.compile(r"[\u4e00-\u9fff々]+|[\u30a1-\u30ffー]{2,}|[a-z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Row:
    """One procedure as the catalogue knows it; texts in the language of the page. ``words`` are folded, in every language."""

    procedure: UUID
    title: str
    summary: str
    kind: str
    office: str
    events: tuple[str, ...]
    state: opening.State
    words: str

    @property
    def online(self) -> str:
        """Whether one can begin now."""
        return "yes" if self.state == "open" else "no"


def rows(ctx: Context) -> list[Row]:
    """Everything that is offered, by title (two queries)."""
    tongue = language()
    found = queries.offers(ctx).values_list(
        "pk",
        "publication__head__title",
        "publication__head__summary",
        "publication__head__kind",
        "publication__head__identity",
        "publication__head__life_events",
        "publication__head__words",
    )
    heads = {pk: rest for pk, *rest in found}
    made = []
    for offer in queries.offers(ctx):
        title, summary, kind, identity, events, words = heads[offer.pk]
        texts = [_texts(title), _texts(summary)]
        codes = tuple(str(one) for one in events or ())
        made.append(
            Row(
                offer.procedure,
                said(texts[0], tongue),
                said(texts[1], tongue),
                str(kind),
                offer.office,
                codes,
                opening.state_of(offer, str(identity or "none"), ctx.now),
                fold(
                    "\n".join(
                        [
                            *(one for text in texts for one in text.values()),
                            *(str(one) for one in words or ()),
                            *(label for code, label in LIFE_EVENTS if code in codes),
                            offer.office,
                        ]
                    )
                ),
            )
        )
    return sorted(made, key=lambda row: (row.title, str(row.procedure)))


def _texts(value: object) -> Text:
    return cast("Text", value) if isinstance(value, Mapping) else {"ja": str(value or "")}


def spec(found: Sequence[Row], href: Mapping[UUID, str], asked: Sequence[str] = ()) -> ListSpec[Row]:
    """What the list is: filters offer what occurs, with true counts.

    ``asked`` are the choices that an address names: a link to a life event works on the day, too, on which nothing belongs to it.
    """
    kinds = dict(KINDS)
    return ListSpec(
        columns=(
            Column("title", _("手続"), main=True, sortable=True, link=lambda row: href[row.procedure]),
            Column("summary", _("内容")),
            Column("office", _("担当課"), sortable=True),
            Column("kind", _("種類"), narrow=True, show=lambda row: _(kinds.get(row.kind, row.kind))),
            Column(
                "state",
                _("オンライン"),
                narrow=True,
                show=lambda row: badge(opening.label_of(row.state), tone=_TONES.get(row.state, "neutral")),
            ),
        ),
        filters=tuple(
            one
            for one in (
                _filter(
                    asked,
                    EVENT,
                    _("くらしのできごと"),
                    LIFE_EVENTS,
                    [code for row in found for code in row.events],
                ),
                _filter(
                    asked,
                    "office",
                    _("担当課"),
                    [(row.office, row.office) for row in found],
                    [row.office for row in found],
                ),
                _filter(asked, "kind", _("種類"), KINDS, [row.kind for row in found]),
                _filter(
                    asked,
                    "online",
                    _("オンライン"),
                    (("yes", _("いま申し込める")), ("no", _("いまは申し込めない"))),
                    [row.online for row in found],
                ),
            )
            if one.choices
        ),
        search=_("何をしたいですか（例：引っ越し、犬を飼った）"),
    )


def _filter(
    asked: Sequence[str], key: str, label: str, known: Iterable[tuple[str, str]], values: Sequence[str]
) -> Filter:
    counts = Counter(values)
    choices = [
        Choice(code, _(text), counts[code])
        for code, text in dict(known).items()
        if counts[code] or code in asked
    ]
    return Filter(key, label, tuple(choices))


def chosen(found: Sequence[Row], state: ListState) -> tuple[list[Row], bool]:
    """(the rows that search and filters leave, in order; whether the search was loosened because nothing held every word)."""
    kept = [row for row in found if _fits(row, state)]
    loosened = False
    if state.q:
        wanted = [fold(word) for word in state.q.split()]
        exact = [row for row in kept if all(word in row.words for word in wanted)]
        loosened = not exact
        kept = _nearest(kept, state.q) if loosened else _titles_first(exact, wanted)
    if state.sort_key:
        kept.sort(key=lambda row: str(getattr(row, state.sort_key)), reverse=state.descending)
    return kept, loosened and bool(kept)


def _fits(row: Row, state: ListState) -> bool:
    held = {EVENT: set(row.events), "office": {row.office}, "kind": {row.kind}, "online": {row.online}}
    return all(not chosen_ or held[key] & set(chosen_) for key, chosen_ in state.filters.items())


def _titles_first(found: list[Row], wanted: Sequence[str]) -> list[Row]:
    return sorted(found, key=lambda row: not all(word in fold(row.title) for word in wanted))


def _nearest(found: Sequence[Row], q: str) -> list[Row]:
    """Rows that hold at least one of the words that carry the meaning, those with most first."""
    cores = list(dict.fromkeys(_CORE.findall(fold(q))))
    counted = [(sum(core in row.words for core in cores), row) for row in found]
    return [row for count, row in sorted(counted, key=lambda one: -one[0]) if count]


def page(found: Sequence[Row], state: ListState, start: int) -> Slice[Row]:
    """One page of chosen rows."""
    following = start + PAGE_SIZE
    return Slice(
        rows=found[start:following],
        count=len(found),
        previous=str(max(start - PAGE_SIZE, 0)) if start else "",
        following=str(following) if following < len(found) else "",
    )


def events(found: Sequence[Row]) -> list[tuple[str, str, int]]:
    """(code, label, how many procedures) of the life events that occur, in their order."""
    counts = Counter(code for row in found for code in row.events)
    return [(code, _(label), counts[code]) for code, label in LIFE_EVENTS if counts[code]]


# --- as a file -------------------------------------------------------------------------------------------------------


def _text(label: str) -> SpecColumn:
    return fields.prose(label=label, classification=PUBLIC)


def sheet(found: Iterable[Row], href: Mapping[UUID, str], *, municipality: str, as_of: dt.datetime) -> Table:
    """What is seen, as a sheet."""
    kinds, labels = dict(KINDS), dict(LIFE_EVENTS)
    heads = {
        "title": _("手続"),
        "summary": _("内容"),
        "kind": _("種類"),
        "office": _("担当課"),
        "events": _("くらしのできごと"),
        "state": _("オンライン"),
        "address": _("ページのアドレス"),
    }
    return Table(
        name=_("手続の一覧"),
        municipality=municipality,
        columns=tuple(SheetColumn(key, _text(label).spec) for key, label in heads.items()),
        rows=(
            SheetRow(
                {
                    "title": row.title,
                    "summary": row.summary,
                    "kind": _(kinds.get(row.kind, row.kind)),
                    "office": row.office,
                    "events": "、".join(_(labels[code]) for code in row.events if code in labels),
                    "state": opening.label_of(row.state),
                    "address": href[row.procedure],
                }
            )
            for row in found
        ),
        as_of=as_of,
        notes=((_("編集"), _("読み取り専用")),),
    )
