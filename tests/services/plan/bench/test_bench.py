"""The bench: the generated nation is what publishing would write, and the report says what was measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.children import run_yakuba
from tests.world import Town
from yakuba.kernel.actions import Problem
from yakuba.services.plan import rows
from yakuba.services.plan.bench import cases, filling
from yakuba.services.plan.bench.measuring import Case, Request, measure, percentile
from yakuba.services.plan.bench.plans import YEAR, Generator, has_two, municipalities
from yakuba.services.plan.models import NationInitiative, NationPlan
from yakuba.services.plan.nation import queries
from yakuba.services.plan.reading.schema import INITIATIVE

KEYS = ["name", "database", "n", "p50_ms", "p95_ms", "queries", "figure", "bar", "holds"]
PRIVATE = {"source": None, "sources": {}, "doubts": [], "corrected": {}, "warnings": []}


def test_there_are_as_many_municipalities_as_in_the_country() -> None:
    found = municipalities()
    assert len(found) == 1741
    assert len({town.code for town in found}) == 1741
    assert len({town.prefecture for town in found}) == 47
    two = [town for town in found if has_two(town)]
    assert 100 < len(two) < 250, "about one in ten"


def test_the_same_seed_makes_the_same_plans() -> None:
    town = municipalities()[0]
    assert Generator(1, 60).editions(town) == Generator(1, 60).editions(town)
    assert Generator(1, 60).editions(town) != Generator(2, 60).editions(town)


def test_a_generated_initiative_is_a_public_form() -> None:
    town = next(one for one in municipalities() if has_two(one))
    before, edition = Generator(1, 60).editions(town)
    assert (before.year, edition.year) == (YEAR - 1, YEAR)
    assert len(before.forms) == len(edition.forms) == 60
    for form in edition.forms:
        assert rows.public_form(form) == form, "what publishing would not freeze is not there"
        INITIATIVE.read(
            {**form, **PRIVATE, "offices": [{**one, "doubtful": False} for one in form["offices"]]}, ""
        )
        assert len(form["indicators"]) == 3
        for one in form["indicators"]:
            assert len({value["year"] for value in one["values"]}) == 6
    assert before.forms != edition.forms


def test_words_are_few_and_frequent_or_many_and_rare() -> None:
    generator = Generator(1, 60)
    for town in municipalities()[:20]:
        generator.edition(town)
    words = generator.vocabulary
    frequent, seldom = words.frequent(), words.seldom()
    assert len(set(frequent)) == len(set(seldom)) == 20
    assert min(words.used[word] for word in frequent) > 20 * max(words.used[word] for word in seldom)
    assert [len(word) for word in words.characters()] == [1] * 10
    assert len(words.phrases()) == 10
    assert min(len(word) for word in words.phrases()) >= 16


@pytest.mark.django_db(transaction=True)
def test_filling_publishes_and_registers() -> None:
    assert cases.REQUESTS == 200
    one = [town for town in municipalities() if not has_two(town)]
    towns = [*one[:6], *[town for town in municipalities() if has_two(town)][:2]]
    told: list[int] = []
    generator = Generator(1, 8)
    cities = filling.fill(generator, towns, lambda done, _of: told.append(done))
    assert told[-1] == len(cities) == 8
    assert NationPlan.unscoped.count() == 8
    assert NationInitiative.unscoped.count() == 8 * 8
    assert queries.differing() == []
    found = {case.name: case for case in cases.run(cities, generator.vocabulary, 1, 12)}
    assert list(found) == [
        "overview-city", "overview-nation", "initiative", "search", "compare-6-cities", "edition-diff",
    ]  # fmt: skip
    for case in found.values():
        assert case.n >= 12
        assert list(case.as_json()) == KEYS
        assert case.figure == case.p95_ms
        assert case.bar == 100
    with pytest.raises(Problem, match="空のデータベース"):
        filling.demand_empty()


def test_a_page_that_is_not_there_is_no_measurement(mihon: Town) -> None:
    with pytest.raises(ValueError, match="404"):
        measure("missing", [Request("/plan/themes/nothing/")])


def test_queries_that_vary_do_not_hold(mihon: Town) -> None:
    same = [Request("/plan/"), Request("/plan/")]
    mixed = [*same, Request("/health")]
    assert measure("same", same).queries > 0
    assert not measure("mixed", mixed).holds
    assert measure("sorts", [*same, Request("/health", "health")]).queries == measure("same", same).queries


@given(st.lists(st.floats(min_value=0, max_value=1000), min_size=1), st.integers(min_value=1, max_value=100))
def test_so_many_of_a_hundred_stay_below_the_percentile(values: list[float], share: int) -> None:
    limit = percentile(values, share)
    assert sum(round(value, 2) <= limit for value in values) * 100 >= share * len(values)


def test_nearest_rank() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 50) == 2.0
    assert percentile([1.0, 2.0, 3.0, 4.0], 95) == 4.0


def test_a_case_reports_what_the_other_benches_report() -> None:
    assert list(Case("a", "sqlite", 1, 1.0, 2.0, 3, 2.0, 100.0, True).as_json()) == KEYS


def test_the_command_leaves_the_operators_home_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    asked = ("--cities", "6", "--requests", "6", "--json")
    done = run_yakuba("bench", "plan", *asked, home=home, folder=tmp_path)
    report = json.loads(done.stdout)
    assert [list(case) for case in report["cases"]] == [KEYS] * 6
    assert done.returncode == (0 if all(case["holds"] for case in report["cases"]) else 1)
    assert not (home / "yakuba.sqlite3").exists()
    assert list((home / "bench").iterdir()) == []
