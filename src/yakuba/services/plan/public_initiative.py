"""What an initiative's public page shows, made from its frozen form: figures as chart and table, texts, stages, facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.translation import gettext as _

from yakuba.engines.publishing.models import Publication
from yakuba.kernel.text import compact
from yakuba.kernel.ui.components import Fact, progress_badge
from yakuba.kernel.ui.drawing import Text
from yakuba.kernel.ui.formats import fiscal_year, japanese, year_name
from yakuba.services.plan import differences, labels, public_list, rows
from yakuba.services.plan.public_history import Past
from yakuba.services.plan.reading.schema import TEXTS
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import Edition, NodeView, Row
from yakuba.services.plan.succession import Link


@dataclass(frozen=True, slots=True)
class TextView:
    """One text under its heading: running text, or a list of points."""

    key: str
    label: str
    text: str = ""
    points: tuple[str, ...] = ()


def texts(form: Form) -> list[TextView]:
    """The texts in the order in which one reads them; what is not printed has no heading."""
    found = []
    for key in TEXTS:
        text = form["texts"].get(key)
        if not text:
            continue
        label = labels.of(labels.TEXTS, key)
        if isinstance(text, str):
            found.append(TextView(key, label, text=text))
        else:
            found.append(TextView(key, label, points=tuple(text)))
    return found


def stages(form: Form) -> dict[int, str]:
    """What is planned in each fiscal year."""
    return {int(year): text for year, text in form["stages"].items()}


def way(edition: Edition, row: Row) -> list[NodeView]:
    """The nodes from the root to the primary place."""
    steps = (edition.node(row.home[:depth]) for depth in range(1, len(row.home) + 1))
    return [node for node in steps if node]


def cross_listings(edition: Edition, row: Row) -> list[NodeView]:
    """Where else it is printed (再掲)."""
    found = [edition.node(place["path"]) for place in row.form["placements"] if not place["primary"]]
    return [node for node in found if node]


def facts(row: Row) -> list[Fact]:
    """Office, number and what else names it, for the head of the page."""
    found = [Fact(_("担当"), *offices(row.form))]
    if row.number:
        found.append(Fact(_("番号"), row.number))
    found += [
        Fact(japanese(name), japanese("、".join(words))) for name, words in row.form["tags"].items() if words
    ]
    found += [
        Fact(label, japanese(text)) for _key, label, text in rows.more_shown(row.form, public=True) if text
    ]
    found += [_event(event) for event in row.form["lineage"]]
    return found


def offices(form: Form) -> tuple[Text, str]:
    """Who leads, and who else is named."""
    lead = [office["name"] for office in form["offices"] if office["role"] == "lead" and office["name"]]
    others = [
        office["name"] or labels.of(labels.OFFICE_ROLES, office["role"])
        for office in form["offices"]
        if office["role"] in {"related", "group"}
    ]
    related = _("関係：%(names)s") % {"names": "、".join(others)} if others else ""
    return japanese("、".join(lead)), related


def _event(event: Form) -> Fact:
    year = fiscal_year(event["year"])
    origin = event["from"]
    note = ""
    if origin:
        parts = [
            year_name(origin["year"]),
            labels.of(labels.KINDS, origin["kind"]),
            origin["number"] or "",
        ]
        note = _("もとは %(origin)s") % {"origin": " ".join(part for part in parts if part)}
    return Fact(
        _("経緯"), " ".join(part for part in (year, labels.of(labels.EVENTS, event["event"])) if part), note
    )


# --- in other years ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class YearView:
    """An initiative as one edition has it. ``href`` is empty for the edition that one reads, and where it does not stand."""

    year: str
    href: str
    here: bool
    number: str
    title: str
    """Where it is another one than that of the edition that one reads."""
    offices: Text
    badge: object
    actual: object
    target: object
    events: tuple[str, ...]
    plan: str = ""
    """Its plan, where that is another one than that of the edition that one reads."""


def years(
    editions: Sequence[Publication],
    lives: Sequence[tuple[Past, Row]],
    here: Publication,
    address: Callable[[Publication, Row], str],
) -> list[YearView]:
    """The initiative in every edition that has it, the newest first, and what happened to it in between.

    ``lives`` go from the oldest to the newest, each with the row's whole form.
    """
    found: list[YearView] = []
    before: Row | None = None
    title = next(row.title for past, row in lives if past.publication.pk == here.pk)
    plans = {one.pk: plan_of(one) for one in editions}
    own = plans.get(here.pk, "")
    for past, row in lives:
        mine = past.publication.pk == here.pk
        first = past.publication.pk == editions[0].pk
        found.append(
            YearView(
                year_name(past.publication.year),
                "" if mine else address(past.publication, row),
                mine,
                row.number,
                "" if row.title == title else row.title,
                japanese("、".join(row.leads)),
                progress_badge(row.progress, row.meaning),
                public_list.figure(row.actual),
                public_list.figure(row.target),
                tuple(_events(past, row, before, first=first)),
                plans[past.publication.pk] if compact(plans[past.publication.pk]) != compact(own) else "",
            )
        )
        before = row
    last = lives[-1][0].publication
    after = next((one for one in editions if one.year > last.year), None)
    if after is not None:
        word = (
            labels.of(labels.FLAGS, end) if (end := differences.end_of(lives[-1][1].form)) != "gone" else ""
        )
        gone = _("%(year)s版には載っていません") % {"year": year_name(after.year)}
        found.append(
            YearView(
                year_name(after.year), "", False, "", "", "", "", "", "", (word, gone) if word else (gone,)
            )
        )
    return found[::-1]


def plan_of(publication: Publication) -> str:
    """The title of a standing edition's plan: at hand where :func:`public.standing` asked for it, else in its head."""
    found = getattr(publication, "plan_title", None)
    return str(found if found is not None else publication.head["plan"]["title"])


def _events(past: Past, row: Row, before: Row | None, *, first: bool) -> Iterator[str]:
    taken_in = [other for other in past.merged if before is None or other.id != before.id]
    if before is not None:
        yield from _steps(past.link, row, before)
    elif not first and not taken_in:
        yield _("この版から新しく載りました")
    for other in taken_in:
        yield _("「%(title)s」がここに統合されました") % {"title": other.title}


def _steps(link: Link | None, row: Row, before: Row) -> Iterator[str]:
    if link is not None and link.merged:
        yield _("「%(title)s」に統合しました") % {"title": row.title}
        return
    numbers = {"before": before.number, "after": row.number}
    if before.form["kind"] != row.form["kind"]:
        yield _("%(before)sから%(after)sに移りました") % numbers
    elif before.number != row.number:
        yield _("番号が%(before)sから%(after)sに変わりました") % numbers
    if before.leads and before.leads != row.leads:
        yield _("担当が%(before)sから変わりました") % {"before": "、".join(before.leads)}


def embed_code(address: str, title: str) -> str:
    """HTML for another site's page: the chart in a frame."""
    return format_html(
        '<iframe src="{}" title="{}" width="640" height="560" loading="lazy"></iframe>', address, title
    )
