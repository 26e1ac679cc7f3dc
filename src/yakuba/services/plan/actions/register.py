"""The register of plans in force: written from the frozen copies, in the transaction that publishes or takes back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from yakuba.engines.publishing import queries as published
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.text import fold
from yakuba.services.plan import shown
from yakuba.services.plan.actions.saving import BATCH
from yakuba.services.plan.lateness import run
from yakuba.services.plan.models import NationIndicator, NationInitiative, NationPlan, NationTheme
from yakuba.services.plan.published import EDITION
from yakuba.services.plan.rows import Form
from yakuba.services.plan.succession import Chain

_FIGURE_KEYS: Final = (
    *("raw", "kind", "year", "as_of", "number", "state", "approximate"),
    *("numerator", "denominator", "status", "revision"),
)
# The mark of one part among several, before its name: ①, ⑴, (2), 2), 2. but not the number in 5G or 2.5倍.
_MARK: Final = re.compile(
    r"\s*(?:[①-⑳⑴-⒇]|[(（](?:[0-9０-９]{1,2}|[ア-ン])[)）]|(?:[0-9０-９]{1,2}|[ア-ン])(?:[)）、:：]|[.．](?![0-9０-９])))\s*"
)
Records = tuple[NationPlan, list[NationInitiative], list[NationTheme], list[NationIndicator]]


def renew(ctx: Context) -> None:
    """Make the municipality's rows of the register anew: its newest standing edition, or nothing."""
    own = {"municipality": ctx.municipality.id}
    NationIndicator.unscoped.filter(**own).delete()
    NationTheme.unscoped.filter(**own).delete()
    NationInitiative.unscoped.filter(**own).delete()
    NationPlan.unscoped.filter(**own).delete()
    standing = list(published.standing(ctx, EDITION))
    if not standing:
        return
    newest, *earlier = standing
    parts = list(published.parts(ctx, newest).values_list("pk", "object", "position", "body"))
    forms: dict[UUID, list[Form]] = {one.pk: [] for one in earlier}
    for publication, body in published.parts_of(ctx, earlier).values_list("publication_id", "body"):
        forms[publication].append(body)
    write(records(newest, parts, [(one.year, forms[one.pk]) for one in earlier]))


def write(made: Records) -> None:
    """Save the rows of one municipality, which has none."""
    plan, initiatives, themes, indicators = made
    plan.save(force_insert=True)
    NationInitiative.unscoped.bulk_create(initiatives, batch_size=BATCH)
    NationTheme.unscoped.bulk_create(themes, batch_size=BATCH)
    NationIndicator.unscoped.bulk_create(indicators, batch_size=BATCH)


def records(
    of: Publication,
    parts: Sequence[tuple[UUID, UUID, int, Any]],  # Any: a frozen body
    earlier: Sequence[tuple[FiscalYear, Sequence[Form]]] = (),
) -> Records:
    """The rows of the register for one publication, unsaved.

    ``parts`` are (id, object, position, body), ``earlier`` the forms of the older standing editions with their years, newest first.
    """
    own = {"municipality_id": of.municipality_id}
    edition = shown.edition(of.head, ((identity, position, body) for _pk, identity, position, body in parts))
    first, last = edition.span
    plan = NationPlan(
        **own,
        publication=of.pk,
        subject=of.subject,
        stamp=of.stamp,
        year=of.year,
        title=of.title,
        first_year=first,
        last_year=last,
        published_at=of.published_at,
        initiatives=shown.count(edition.rows),
        tallies=[[word, meaning, number] for word, meaning, number in shown.tallies(edition.rows)],
    )
    initiatives: list[NationInitiative] = []
    themes: list[NationTheme] = []
    indicators: list[NationIndicator] = []
    counted: set[tuple[str, str]] = set()
    met: set[str] = set()

    def first_of(row: shown.Row, theme: str = "") -> bool:
        """Whether no other row of its group was met, within one theme or in the whole plan."""
        known = (theme, row.counted_as) in counted
        counted.add((theme, row.counted_as))
        return not known

    since = late_since([(of.year, [row.form for row in edition.rows]), *earlier])
    names = shown.titles_of(of.head["nodes"])
    for index, ((pk, *_rest), row) in enumerate(zip(parts, edition.rows, strict=True)):
        listed = NationInitiative(
            **own,
            plan=plan,
            part=pk,
            object=row.id,
            position=row.position,
            number=row.form["number"],
            title=row.title[:300],
            kind=row.form["kind"] or "",
            leads="、".join(row.leads)[:300],
            place=" ＞ ".join(_way(row.home, names))[:600],
            progress=row.progress,
            progress_meaning=row.meaning,
            since=since.get(index),
            counted=first_of(row),
        )
        initiatives.append(listed)
        own_themes = list(dict.fromkeys(row.form.get("themes", [])))
        themes += [
            NationTheme(
                **own,
                initiative=listed,
                theme=theme,
                progress_meaning=row.meaning,
                counted=first_of(row, theme),
                first=theme not in met,
            )
            for theme in own_themes
        ]
        met.update(own_themes)
        indicators += [
            NationIndicator(**own, initiative=listed, position=position, **_indicator(one))
            for position, one in enumerate(row.form["indicators"])
        ]
    return plan, initiatives, themes, indicators


def late_since(editions: Sequence[tuple[FiscalYear, Sequence[Form]]]) -> dict[int, FiscalYear]:
    """For each late row of the newest edition (by its index): the first year of the unbroken run of years judged late.

    ``editions`` newest first. An edition in which the initiative does not stand ends the run.
    """
    oldest_first = editions[::-1]
    chain = Chain([rows for _year, rows in oldest_first])
    newest = len(oldest_first) - 1
    years = [year for year, _rows in oldest_first]
    runs = ((index, run(chain, years, newest, index)) for index in range(len(chain.editions[newest])))
    return {index: found.since for index, found in runs if found.years}


def _way(path: tuple[str, ...], names: dict[tuple[str, ...], str]) -> Iterable[str]:
    return (names[path[:depth]] for depth in range(1, len(path) + 1) if path[:depth] in names)


def _indicator(form: Form) -> Form:
    actual = _figure(form, ("actual", "baseline"))
    return {
        "name": form["name"],
        "key": key_of(form["name"]),
        "unit": form["unit"] or "",
        "direction": form["direction"] or "",
        "aggregation": form["aggregation"] or "",
        "bound": form["bound"] or "",
        "definition": form.get("definition") or "",
        "actual": actual,
        "actual_year": FiscalYear(actual["year"]) if actual.get("year") else None,
        "actual_status": actual.get("status") or "",
        "target": _figure(form, ("target",)),
    }


def _figure(indicator: Form, kinds: Sequence[str]) -> Form:
    value = shown.newest(indicator, kinds)
    return {} if value is None else {key: value[key] for key in _FIGURE_KEYS}


def key_of(name: str) -> str:
    """By what the same figure is found elsewhere: its name folded, without blanks and without the mark of a part (①)."""
    marked = _MARK.match(name)
    bare = name[marked.end() :] if marked else name
    return "".join(fold(bare or name).split())[:120]
