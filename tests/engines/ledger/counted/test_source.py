"""Queries on ledgers: what they count is what a look at each entry finds; nothing personal is asked; small counts of persons stay."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.ledger import histories
from tests.packs.dog_registry.rows import ROWS as DOG
from tests.packs.inherited import book_in, entry_in
from tests.packs.public_wifi.rows import ROWS as SITE
from tests.packs.street_lights_mirrors.rows import ROWS as LAMP
from tests.world import Town, make_town
from yakuba.engines.ledger.actions.entries import MoveEntry
from yakuba.engines.ledger.counted import form
from yakuba.engines.ledger.counted.asked import countable, offered, read
from yakuba.engines.ledger.counted.source import KEY, key_of
from yakuba.engines.ledger.declaration import ledgers
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.small_cells import LEAST
from yakuba.engines.metrics.models import FrozenFigure
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import SOURCES
from yakuba.kernel.actions import Denied, Problem
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.fields import PERSONAL
from yakuba.packs.dog_registry.ledger import DOGS
from yakuba.packs.public_wifi.ledger import WIFI
from yakuba.packs.street_lights_mirrors.ledger import STREET

SOURCE = SOURCES.get(KEY)
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=JAPAN)
PERIODS = [
    Period.as_of(dt.date(2026, 3, 1)),
    Period.year(FiscalYear(2025)),
    Period.month(dt.date(2026, 10, 1)),
    Period.year(FiscalYear(2026)),
]
SHELTERS = {"ledger": "public_wifi", "filters": {"use": ["shelter"]}}


def opened(town: Town, ledger: Any) -> None:  # Any: as installed
    """The town has kept the ledger for long."""
    book = book_in(town, ledger)
    Book.unscoped.filter(pk=book.pk).update(opened_on=dt.date(2020, 4, 1))


@pytest.mark.django_db
class TestCounting:
    """Against one look at each entry."""

    def test_what_it_counts_is_what_a_look_at_each_entry_finds(self) -> None:
        values = {
            "use": ["shelter", "tourism"],
            "disaster": [True, False],
            "renewal": [None, "2026-03-31", "2027-03-31"],
        }
        asks = st.sampled_from(
            [
                ({}, {}),
                ({"use": ["shelter"]}, {"disaster": ["1"]}),
                ({"use": ["避難所等", "観光"]}, {"renewal": {"to": "2026-12-31"}}),
                ({"state": ["closed", "open"]}, {"state": ["open"]}),
                ({"renewal": {"from": "R8.4.1", "to": "R9.3.31"}}, {"use": ["tourism"]}),
            ]
        )

        @settings(max_examples=8, suppress_health_check=list(HealthCheck))
        @given(histories.told(WIFI, values), asks)
        def example(history: Any, ask: tuple[dict[str, Any], dict[str, Any]]) -> None:
            with transaction.atomic(), clock.frozen(NOON):
                town = make_town("990019", "見本市")
                other = make_town("990027", "例示町")
                histories.write(town, WIFI, history, SITE[0])
                histories.write(other, WIFI, history, SITE[0])
                opened(town, WIFI)
                filters, part = ask
                said: dict[str, Any] = {"ledger": "public_wifi", "filters": filters}
                ctx = town.ctx("plan_secretariat")
                counted = SOURCE.figures(ctx, said, PERIODS)
                shares = SOURCE.figures(ctx, {**said, "share": part}, PERIODS) if part else {}
                for period in PERIODS:
                    inside = self.look(town, period.last, filters)
                    assert counted[period].number == len(inside)
                    if part and inside:
                        top = sum(meets(one, part) for one in inside)
                        assert (shares[period].numerator, shares[period].denominator) == (top, len(inside))
                    elif part:
                        assert period not in shares
                transaction.set_rollback(True)

        example()

    def look(self, town: Town, day: dt.date, filters: dict[str, Any]) -> list[dict[str, Any]]:
        """The entries as they stood, one by one. A condition on the state asks of all of them, whatever ended."""
        if "state" not in filters:
            found = histories.naive(town, WIFI, day).values()
        else:
            found = histories.naive(town, WIFI, day, ended=True).values()
        return [one for one in found if meets(one, filters)]

    def test_a_sum_is_exact(self, mihon: Town) -> None:
        history = [
            histories.Told(
                [
                    histories.Written(
                        dt.date(2026, 3, 1), 0, {"state": "in_use", "kind": "lamp", "watts": watts}
                    )
                ]
            )
            for watts in ("0.1", "0.2", None)
        ]
        with clock.frozen(NOON):
            histories.write(mihon, STREET, history, LAMP[0])
            said = {"ledger": "street_lights_mirrors", "filters": {"kind": ["lamp"]}, "sum": "watts"}
            opened(mihon, STREET)
            ctx = mihon.ctx("plan_secretariat")
            found = SOURCE.figures(ctx, said, PERIODS)
            assert [found[one].number for one in PERIODS] == [Decimal("0.3")] * 4
            assert SOURCE.unit(ctx, said) == "W"

    def test_before_the_ledger_was_kept_here_there_is_no_number(self, mihon: Town) -> None:
        with clock.frozen(NOON):
            Book.unscoped.filter(pk=book_in(mihon, WIFI).pk).update(opened_on=dt.date(2026, 4, 1))
            found = SOURCE.figures(mihon.ctx("plan_secretariat"), SHELTERS, PERIODS)
        assert {one.last: figure.number for one, figure in found.items()} == {
            dt.date(2026, 10, 31): 0,
            dt.date(2027, 3, 31): 0,
        }

    def test_as_many_queries_for_many_periods(self, mihon: Town) -> None:
        with clock.frozen(NOON):
            opened(mihon, WIFI)
            ctx = mihon.ctx("plan_secretariat")
            taken = []
            for periods in (PERIODS[:1], PERIODS):
                with CaptureQueriesContext(connection) as caught:
                    SOURCE.figures(ctx, SHELTERS, periods)
                taken.append(len(caught))
        assert taken[0] == taken[1] <= 5


def meets(values: dict[str, Any], conditions: dict[str, Any]) -> bool:
    """The naive way: typed texts against what was said."""
    codes = {"避難所等": "shelter", "観光": "tourism", "1": True}
    days = {"R8.4.1": "2026-04-01", "R9.3.31": "2027-03-31"}
    for name, wanted in conditions.items():
        value = values.get(name)
        if isinstance(wanted, dict):
            if value is None:
                return False
            first, last = (days.get(one, one) for one in (wanted.get("from", ""), wanted.get("to", "9")))
            if not first <= value <= last:
                return False
        elif value not in [codes.get(one, one) for one in wanted]:
            return False
    return True


class TestRefusing:
    """What cannot be asked."""

    def test_nothing_personal_is_asked_of_any_ledger(self, mihon: Town) -> None:
        for ledger in ledgers():
            for name, spec in ledger.fields.items():
                if spec.classification is not PERSONAL:
                    continue
                assert name not in countable(ledger)
                for way in ("filters", "share"):
                    found = read({"ledger": ledger.key, "filters": {}, way: {name: ["見本 花子"]}})
                    assert found.asked is None
                    assert any("個人に関する項目" in one for one in found.problems)
                assert read({"ledger": ledger.key, "sum": name}).asked is None

    def test_what_names_one_entry_is_no_condition(self, mihon: Town) -> None:
        for name in ("number", "chip", "tag", "name", "place", "nothing"):
            assert read({"ledger": "dog_registry", "filters": {name: ["x"]}}).asked is None

    def test_wrong_queries_are_told_in_words(self, mihon: Town) -> None:
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"ledger": "none"}, "台帳はありません"),
            ({"ledger": "public_wifi", "filters": {"use": ["駅"]}}, "「区分」の「駅」は使えません"),
            ({"ledger": "public_wifi", "filters": {"use": []}}, "1つ以上"),
            ({"ledger": "public_wifi", "share": {}}, "分子"),
            ({"ledger": "public_wifi", "sum": "name"}, "合計できる項目"),
            ({"ledger": "public_wifi", "filters": [1]}, "読み取れません"),
            ({"ledger": "public_wifi", "filters": {"use": ["shelter"] * 101}}, "100個まで"),
            ({"ledger": "public_wifi", "filters": {"use": ["x" * 4000]}}, "長すぎます"),
            ({"ledger": "public_wifi", "other": 1}, "使えない指定"),
            ({"ledger": "public_wifi", "filters": {"use": {"from": "shelter"}}}, "使えません"),
        ]
        for said, words in wrong:
            assert words in " ".join(read(said).problems), said
            with pytest.raises(Problem):
                SOURCE.unit(mihon.ctx("plan_secretariat"), said)

    def test_a_ledger_that_nobody_opened(self, mihon: Town) -> None:
        ctx = mihon.ctx("plan_secretariat")
        assert "まだ開いていません" in SOURCE.check(ctx, SHELTERS)[0]
        assert SOURCE.figures(ctx, SHELTERS, PERIODS) == {}
        book_in(mihon, WIFI)
        assert SOURCE.check(ctx, SHELTERS) == []


class TestPersons:
    """A ledger that tells of persons."""

    @pytest.fixture
    def dogs(self, mihon: Town) -> Town:
        """Twelve dogs: two in one neighbourhood, five each in two others."""
        opened(mihon, DOGS)
        for number, town in enumerate(["見本町"] * 2 + ["例示町"] * 5 + ["試行町"] * 5):
            entry_in(mihon, DOGS, {**DOG[1], "town": town, "tag": f"T{number}"})
        return mihon

    def test_small_counts_are_kept_from_everybody(self, dogs: Town) -> None:
        ctx = dogs.ctx("plan_secretariat")
        now = [Period.as_of(clock.today())]
        for filters, shown in (({}, 12), ({"town": ["例示町"]}, LEAST), ({"town": ["見本町"]}, None)):
            said = {"ledger": "dog_registry", "filters": filters}
            found = SOURCE.figures(ctx, said, now)[now[0]]
            assert found.number == shown
            assert ("人数が少ない" in found.note) is (shown is None)
        share = {"ledger": "dog_registry", "filters": {}, "share": {"town": ["見本町"]}}
        found = SOURCE.figures(ctx, share, now)[now[0]]
        assert (found.number, found.numerator, found.denominator) == (None, None, None)
        assert all(ground.value == "―" for ground in found.grounds)

    def test_what_a_condition_leaves_out_is_small_too(self, dogs: Town) -> None:
        """Twelve are told as the whole: ten of them would tell of the two. So would thirteen with one that is not in force."""
        ctx = dogs.ctx("plan_secretariat")
        now = [Period.as_of(clock.today())]

        def number(filters: dict[str, Any], **more: Any) -> Decimal | None:
            said = {"ledger": "dog_registry", "filters": filters, **more}
            return SOURCE.figures(ctx, said, now)[now[0]].number

        assert number({"town": ["例示町", "試行町"]}) is None
        assert number({"town": ["例示町", "試行町"]}, share={"town": ["例示町"]}) is None
        assert number({"state": ["registered"]}) == 12
        gone = entry_in(dogs, DOGS, {**DOG[1], "town": "例示町", "tag": "T99"})
        DOGS.actions.move(dogs.ctx("ledger_keeper"), gone, MoveEntry("die"))
        assert number({"state": ["registered"]}) == 12
        assert number({"state": ["registered", "dead"]}) is None

    def test_what_the_public_never_sees_is_not_told_to_it(self, dogs: Town) -> None:
        ctx = dogs.ctx("plan_secretariat")
        assert SOURCE.may_be_public(ctx, {"ledger": "dog_registry", "filters": {"state": ["registered"]}})
        assert not SOURCE.may_be_public(ctx, {"ledger": "dog_registry", "filters": {"town": ["例示町"]}})
        assert SOURCE.may_be_public(ctx, SHELTERS)

    def test_nobody_meeting_a_condition_is_no_more_told_than_few_doing(self, dogs: Town) -> None:
        ctx = dogs.ctx("plan_secretariat")
        now = [Period.as_of(clock.today())]
        nobody = {"ledger": "dog_registry", "filters": {"town": ["本町"]}}
        found = SOURCE.figures(ctx, nobody, now)[now[0]]
        assert (found.number, "人数が少ない" in found.note) == (None, True)
        everybody = {"ledger": "dog_registry", "filters": {}, "share": {"state": ["registered"]}}
        assert SOURCE.figures(ctx, everybody, now)[now[0]].denominator is None
        # Before the book was opened neither few nor none is told.
        before = Period.as_of(dt.date(2019, 3, 31))
        assert SOURCE.figures(ctx, nobody, [before]) == {}

    def test_who_may_not_see_the_book_chooses_nothing_of_it(self, dogs: Town) -> None:
        said = {"ledger": "dog_registry", "filters": {"state": ["registered"]}}
        Book.unscoped.filter(ledger="dog_registry").update(open_to_staff=False)
        for role, office in (("plan_editor", "own"), ("plan_secretariat", "own"), ("ledger_keeper", "other")):
            with pytest.raises(Denied, match="見る権限がない"):
                SOURCE.check_new(dogs.ctx(role, office), said)
        assert SOURCE.check_new(dogs.ctx("ledger_keeper"), said) == []
        Book.unscoped.filter(ledger="dog_registry").update(open_to_staff=True)
        assert SOURCE.check_new(dogs.ctx("staff"), said) == []

    def test_conditions_that_single_somebody_out_are_not_chosen(self, dogs: Town) -> None:
        ctx = dogs.ctx("ledger_keeper")
        for ledger in ledgers():
            persons = bool(ledger.persons or ledger.personal)
            for name, kind in countable(ledger).items():
                assert (name in offered(ledger)) or persons
                if kind.key == "date":
                    said = {"ledger": ledger.key, "filters": {name: {"from": "2026-04-01"}}}
                    asked = read(said).asked
                    assert asked is not None
                    assert bool(asked.narrow) is persons
        typed = {"ledger": "dog_registry", "filters": {"town": ["見本町"]}}
        (told,) = SOURCE.check_new(ctx, typed)
        assert "条件にできません" in told

    def test_the_figure_is_the_towns_whoever_reads_it(self, dogs: Town) -> None:
        now = [Period.as_of(clock.today())]
        said = {"ledger": "dog_registry", "filters": {}}
        told = {
            role: SOURCE.figures(dogs.ctx(role, office), said, now)[now[0]].number
            for role, office in (("ledger_keeper", "own"), ("staff", "other"), ("auditor", "own"))
        }
        assert set(told.values()) == {12}


class TestKeeping:
    """What was kept stays."""

    def test_what_is_written_down_later_changes_nothing_that_was_kept(self, mihon: Town) -> None:
        opened(mihon, WIFI)
        entry_in(mihon, WIFI, {**SITE[0], "use": "shelter"})
        ctx = mihon.ctx("plan_secretariat")
        now = [Period.as_of(clock.today())]
        SOURCE.freeze(ctx, SHELTERS, now, "令和8年度の点検")
        entry_in(mihon, WIFI, {**SITE[1], "use": "shelter"})
        found = SOURCE.figures(ctx, SHELTERS, now)[now[0]]
        assert (found.number, found.status) == (1, "final")
        SOURCE.freeze(ctx, SHELTERS, now, "もう一度")
        row = FrozenFigure.unscoped.get(metric=key_of(SHELTERS))
        assert (row.number, row.ground) == (1, "令和8年度の点検")
        # The same query written in another order is the same query; another one is not.
        assert key_of({"filters": {"use": ["shelter"]}, "ledger": "public_wifi"}) == row.metric
        assert SOURCE.figures(ctx, {"ledger": "public_wifi"}, now)[now[0]].number == 2


class TestForm:
    """What somebody chooses becomes what a binding keeps, and back."""

    def test_the_fields_say_what_is_counted(self, mihon: Town) -> None:
        typed = {
            "ledger": ["public_wifi"],
            "what": ["share"],
            "f-use": ["shelter", "tourism"],
            "f-renewal-from": ["R8.4.1"],
            "p-disaster": ["1"],
        }
        said = form.said_of(typed)
        assert said == {
            "ledger": "public_wifi",
            "filters": {"use": ["shelter", "tourism"], "renewal": {"from": "R8.4.1"}},
            "share": {"disaster": ["1"]},
        }
        assert form.typed_of(said) == typed
        book_in(mihon, WIFI)
        ctx = mihon.ctx("plan_secretariat")
        assert SOURCE.check(ctx, said) == []
        assert "避難所等・観光" in SOURCE.title(ctx, said)
        assert form.choices(ctx) == [("public_wifi", "公衆無線LAN")]

    def test_every_ledger_has_fields_to_choose_by(self, mihon: Town) -> None:
        for ledger in ledgers():
            first, part = form.fields(ledger, {"f-state": [ledger.chain.first]})
            html = "".join([*first, *part])
            for name, spec in ledger.fields.items():
                drawn = any(f'name="f-{name}{end}"' in html for end in ("", "-from"))
                assert drawn is (name in offered(ledger)), (ledger.key, name)
                if spec.classification is PERSONAL:
                    assert name not in countable(ledger)
