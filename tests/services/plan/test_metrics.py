"""What plans say of themselves, counted from the frozen copies one by one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tests.engines.metrics.recomputed import Counted, Recomputed
from tests.engines.rounds.test_metrics import TestInTime as InTime
from tests.world import Town
from yakuba.engines.metrics.declaring import METRICS
from yakuba.engines.metrics.periods import Period
from yakuba.engines.publishing.models import Publication, PublishedPart
from yakuba.engines.rounds.models import Round
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.ids import uuid7
from yakuba.services.plan.models import Binding, Edition, Plan

DAYS = [
    dt.date(2025, 5, 1), dt.date(2026, 2, 28), dt.date(2026, 3, 1), dt.date(2026, 3, 2), dt.date(2026, 3, 31),
    dt.date(2026, 4, 1), dt.date(2026, 10, 31), dt.date(2026, 11, 1), dt.date(2026, 11, 21),
]  # fmt: skip
_WORDS = [
    ("順調", "on_track"), ("ほぼ順調", "mostly_on_track"), ("遅れ", "behind"), ("停滞", "stopped"),
    ("計画変更", "changed"), ("終了", "ended"), ("完了", "completed"), ("推進中", None), (None, None),
]  # fmt: skip
_ON, _OVER = {"on_track", "mostly_on_track"}, {"ended", "completed", "abolished", "merged", "moved"}
#: (kind, group, word with its meaning, themes)
ROWS = st.tuples(
    st.sampled_from(["advance", "operate", None]),
    st.sampled_from([None, None, "2"]),
    st.sampled_from(_WORDS),
    st.lists(st.sampled_from(["public-gis", "dog-registry"]), unique=True, max_size=2),
)
#: (which plan, day, taken back, rows)
PUBLISHED = st.tuples(
    st.integers(0, 2),
    st.sampled_from(DAYS),
    st.sampled_from([False, False, True]),
    st.lists(ROWS, max_size=6),
)


class TestStatus(Recomputed):
    """Initiatives by what their words mean."""

    key = "initiatives_by_status"
    examples = 8
    histories = st.lists(PUBLISHED, max_size=4)

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        here = {"municipality_id": town.ref.id}
        plans = [(uuid7(), year) for year in (2025, 2026, 2026)]
        numbers: Counter[int] = Counter()
        for nth, (which, day, withdrawn, rows) in enumerate(sorted(history, key=lambda one: one[1])):
            subject, year = plans[which]
            numbers[which] += 1
            publication = Publication.unscoped.create(
                **here, kind="plan_edition", subject=subject, number=numbers[which], year=FiscalYear(year),
                title=f"見本計画{which}", stamp=f"{nth:064d}", published_by="例示", withdrawn=withdrawn,
                published_at=dt.datetime.combine(day, dt.time(23, 59, nth), JAPAN),
                head={} if withdrawn else {"plan": {"first_year": 2024, "last_year": 2026 + which}},
            )  # fmt: skip
            if withdrawn:
                continue
            for position, (kind, group, (word, meaning), themes) in enumerate(rows):
                PublishedPart.unscoped.create(
                    **here, publication=publication, position=position, kind="initiative", object=uuid7(),
                    title="取組",
                    body={
                        "kind": kind, "group": group, "progress": word, "progress_meaning": meaning,
                        **({"themes": themes} if themes else {}),
                    },
                )  # fmt: skip

    def stood(self, town: Town, period: Period) -> Publication | None:
        """What the public read last when the period ended: of each plan its newest word, of the plans the newest year."""
        last: dict[UUID, Publication] = {}
        for one in Publication.unscoped.filter(municipality=town.ref.id).order_by("number"):
            if clock.japan_date(one.published_at) <= period.last:
                last[one.subject] = one
        found = [one for one in last.values() if not one.withdrawn]
        return min(found, key=lambda one: (-one.year.year, one.title), default=None)

    def rows(self, town: Town, period: Period) -> list[tuple[str, Any]] | None:
        """(what it counts as, its body), None where nothing stood."""
        edition = self.stood(town, period)
        if edition is None:
            return None
        return [
            (f"{one.body['kind'] or ''} {one.body['group']}" if one.body["group"] else str(one.pk), one.body)
            for one in PublishedPart.unscoped.filter(publication=edition)
        ]

    def count(self, town: Town, period: Period) -> Counted:
        rows = self.rows(town, period)
        if rows is None:
            return Counted(None)
        meant: dict[str, set[str]] = {}
        for own, body in rows:
            meant.setdefault(body["progress_meaning"] or "none", set()).add(own)
        return Counted(
            Decimal(len({own for own, _body in rows})),
            parts={meaning: Decimal(len(several)) for meaning, several in meant.items()},
        )


class TestLate(TestStatus):
    """Behind, or standing still."""

    key = "initiatives_late"

    def count(self, town: Town, period: Period) -> Counted:
        rows = self.rows(town, period)
        if rows is None:
            return Counted(None)
        late = {own for own, body in rows if body["progress_meaning"] in {"behind", "stopped"}}
        return Counted(Decimal(len(late)))


class TestOnCourse(TestStatus):
    """On track among those under way: each word of a group counts once, and the words have to tell."""

    key = "initiatives_on_course"

    def count(self, town: Town, period: Period) -> Counted:
        told = {
            (own, body["progress"], body["progress_meaning"])
            for own, body in self.rows(town, period) or ()
            if body["progress"]
        }
        meanings = [meaning for _own, _word, meaning in told]
        degrees = any(one and one not in _OVER | {"changed"} for one in meanings)
        if not degrees or not all(meanings):
            return Counted(None)
        going = [one for one in meanings if one not in _OVER]
        return Counted.share(sum(one in _ON for one in going), len(going))


class TestThemes(TestStatus):
    """Initiatives with themes, by theme."""

    key = "national_theme_links"

    def count(self, town: Town, period: Period) -> Counted:
        rows = self.rows(town, period)
        if rows is None:
            return Counted(None)
        by: dict[str, set[str]] = {}
        for own, body in rows:
            for theme in body.get("themes", ()):
                by.setdefault(theme, set()).add(own)
        every = set().union(*by.values())
        return Counted(
            Decimal(len(every)), parts={theme: Decimal(len(several)) for theme, several in by.items()}
        )


class TestYears(TestStatus):
    """How long the plan runs."""

    key = "rolling_plan_years"

    def count(self, town: Town, period: Period) -> Counted:
        edition = self.stood(town, period)
        if edition is None:
            return Counted(None)
        return Counted(Decimal(edition.head["plan"]["last_year"] - 2024 + 1))


class TestMeasured(TestStatus):
    """Indicators that are bound to something that measures them."""

    key = "indicators_measured"
    #: What stood published, and what was decided on the indicators: (initiative, position, name, line, day, source).
    histories = st.tuples(
        st.lists(st.sampled_from(DAYS), min_size=1, max_size=2),
        st.lists(
            st.tuples(
                st.integers(0, 2),
                st.integers(0, 1),
                st.sampled_from("ABC"),
                st.integers(0, 3),
                st.sampled_from(DAYS),
                st.sampled_from(["metric", "ledger", "manual", ""]),
            ),
            max_size=6,
        ),
    )

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        here = {"municipality_id": town.ref.id}
        days, decided = history
        plan = Plan.unscoped.create(
            **here, title="見本計画", first_year=FiscalYear(2024), last_year=FiscalYear(2026)
        )
        edition = Edition.unscoped.create(**here, plan=plan, year=FiscalYear(2025), state="published")
        rows = [uuid7() for _n in range(3)]
        for number, day in enumerate(sorted(days), start=1):
            publication = Publication.unscoped.create(
                **here, kind="plan_edition", subject=edition.pk, number=number, year=FiscalYear(2025),
                title="見本計画", stamp=f"{number:064d}", published_by="例示", withdrawn=False, head={},
                published_at=dt.datetime.combine(day, dt.time(9, number), JAPAN),
            )  # fmt: skip
            for position, row in enumerate(rows):
                names = ["A", "B"][: 2 - position % 2] if number == 1 else ["B", "A"]
                PublishedPart.unscoped.create(
                    **here, publication=publication, position=position, kind="initiative", object=row, title="取組",
                    body={"indicators": [{"name": name} for name in names]},
                )  # fmt: skip
        # A line stays with the indicator that it began with.
        lines: dict[int, tuple[UUID, int, str, UUID]] = {}
        taken: Counter[int] = Counter()
        for row, position, name, line, day, source in sorted(decided, key=lambda one: one[4]):
            initiative, at, called, pk = lines.setdefault(line, (rows[row], position, name, uuid7()))
            Binding.unscoped.create(
                **here, edition=edition, initiative=initiative, position=at, name=called, line=pk,
                revision=taken[line], source=source, said={}, title="出所", bound_by="例示",
                bound_at=dt.datetime.combine(day, dt.time(23), JAPAN),
            )  # fmt: skip
            taken[line] += 1

    def count(self, town: Town, period: Period) -> Counted:
        edition = self.stood(town, period)
        if edition is None:
            return Counted(None)
        indicators = {
            part.object: [one["name"] for one in part.body["indicators"]]
            for part in PublishedPart.unscoped.filter(publication=edition)
        }
        last: dict[UUID, Binding] = {}
        for one in Binding.unscoped.filter(municipality=town.ref.id).order_by("revision", "id"):
            if clock.japan_date(one.bound_at) <= period.last:
                last[one.line] = one
        found: dict[tuple[UUID, int], str] = {}
        for one in last.values():  # of two at one place the line that began later
            names = indicators.get(one.initiative, [])
            at = one.position if names[one.position : one.position + 1] == [one.name] else None
            if at is None and names.count(one.name) == 1:
                at = names.index(one.name)
            if at is not None and one.source:
                found[one.initiative, at] = one.source
        many = Counter(found.values())
        return Counted.share(
            many["metric"] + many["ledger"],
            sum(map(len, indicators.values())),
            {source: Decimal(count) for source, count in many.items()},
        )


class TestReviewsInTime(InTime):
    """Of the rounds about plans alone."""

    key = "plan_reviews_on_time"
    examples = 4
    kind = "plan_review"

    def asks(self, round_: Round) -> bool:
        return round_.kind == "plan_review"


def test_themes_have_their_names() -> None:
    assert METRICS.get("national_theme_links").name_of("dog-registry") == "犬の登録・狂犬病予防"
