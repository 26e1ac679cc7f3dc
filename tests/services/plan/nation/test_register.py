"""The register of plans in force follows what is published, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.services.plan.edition_sample import office, publish
from tests.services.plan.forms import indicator, value
from tests.services.plan.nation.town import AUDIT, ONLINE, karina_rows, mihon_rows, neighbour, plan, row
from tests.world import Town
from yakuba.cli import main
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.trail.models import TrailEntry
from yakuba.services.plan.actions import (
    PublishEdition,
    WithdrawEdition,
    publish_edition,
    withdraw_edition,
)
from yakuba.services.plan.actions.register import key_of, late_since
from yakuba.services.plan.checking import check
from yakuba.services.plan.models import NationIndicator, NationInitiative, NationPlan, NationTheme
from yakuba.services.plan.nation import queries

REGISTER = (NationPlan, NationInitiative, NationTheme, NationIndicator)


def sizes(town: Town) -> list[int]:
    """How many rows of each table a town has."""
    return [model.unscoped.filter(municipality=town.ref.id).count() for model in REGISTER]


def test_publishing_writes_what_the_copy_says(mihon: Town) -> None:
    publish(mihon, plan(mihon_rows(), mihon))
    assert sizes(mihon) == [1, 4, 4, 2]
    of = NationPlan.unscoped.get(municipality=mihon.ref.id)
    assert (of.year, of.initiatives) == (FiscalYear(2024), 3), "2-1 and 2-2 are one"
    assert of.tallies == [["順調", "on_track", 2], ["停滞", "stopped", 1]]
    first = NationInitiative.unscoped.get(municipality=mihon.ref.id, number="1")
    assert (first.title, first.leads, first.progress_meaning) == ("電子申請の拡大", "DX推進課", "on_track")
    figure = NationIndicator.unscoped.get(initiative=first, position=0)
    assert (figure.key, figure.unit, figure.actual_status) == ("オンライン化手続件数", "手続", "final")
    assert figure.actual["raw"] == "81手続"
    assert figure.actual_year == FiscalYear(2025)
    assert figure.target["year"] == 2026


def test_documents_are_not_sent_as_arrays(mihon: Town) -> None:
    """Escaping whole documents as elements of an array took more time than everything else of publishing."""
    with CaptureQueriesContext(connection) as asked:
        publish(mihon, plan(mihon_rows(), mihon))
    inserts = [one["sql"] for one in asked if one["sql"].startswith('INSERT INTO "publishing_publishedpart"')]
    assert inserts
    assert not any("UNNEST" in sql for sql in inserts)


def test_one_row_of_a_group_counts_in_each_theme(mihon: Town) -> None:
    rows = [
        row("2-1", "手続の見直し", ONLINE, group="2"),
        row("2-2", "様式の見直し", ONLINE, AUDIT, group="2"),
    ]
    publish(mihon, plan(rows, mihon))
    found = queries.themes()
    assert found[ONLINE] == queries.Size(1, 1)
    assert found[AUDIT] == queries.Size(1, 1), "the group counts in the second theme as well"
    assert NationInitiative.unscoped.filter(counted=True).count() == 1


def test_publishing_again_replaces_the_rows(mihon: Town) -> None:
    edition = publish(mihon, plan(mihon_rows(), mihon))
    before = NationPlan.unscoped.get(municipality=mihon.ref.id)
    publish_edition(mihon.ctx("plan_secretariat"), edition, PublishEdition("正誤"))
    after = NationPlan.unscoped.get(municipality=mihon.ref.id)
    assert sizes(mihon) == [1, 4, 4, 2]
    assert after.publication != before.publication


def test_the_newest_standing_year_is_in_force(mihon: Town) -> None:
    publish(mihon, plan(mihon_rows(), mihon))
    newer = publish(mihon, plan(mihon_rows()[:1], mihon, year=2025, edition="令和7年度版"))
    assert NationPlan.unscoped.get(municipality=mihon.ref.id).year == FiscalYear(2025)
    assert sizes(mihon) == [1, 1, 1, 2]
    withdraw_edition(mihon.ctx("plan_secretariat"), newer, WithdrawEdition("誤りがありました。"))
    assert NationPlan.unscoped.get(municipality=mihon.ref.id).year == FiscalYear(2024)
    assert sizes(mihon) == [1, 4, 4, 2]


def test_an_older_year_that_is_published_later_stays_behind(mihon: Town) -> None:
    publish(mihon, plan(mihon_rows()[:1], mihon, year=2025, edition="令和7年度版"))
    publish(mihon, plan(mihon_rows(), mihon))
    assert NationPlan.unscoped.get(municipality=mihon.ref.id).year == FiscalYear(2025)


def test_nothing_stays_of_a_plan_taken_back_and_others_are_untouched(mihon: Town) -> None:
    karina = neighbour("990027", "かりな市", "群馬県", karina_rows())
    kept = set(NationInitiative.unscoped.filter(municipality=karina.ref.id).values_list("pk", flat=True))
    edition = publish(mihon, plan(mihon_rows(), mihon))
    withdraw_edition(mihon.ctx("plan_secretariat"), edition, WithdrawEdition("誤りがありました。"))
    assert sizes(mihon) == [0, 0, 0, 0]
    assert (
        set(NationInitiative.unscoped.filter(municipality=karina.ref.id).values_list("pk", flat=True)) == kept
    )


def test_what_the_desk_alone_knows_stays_out(mihon: Town) -> None:
    rows = [row("1", "電子申請の拡大", ONLINE, warnings=["秘密の注意"], doubts=[])]
    publish(mihon, plan(rows, mihon))
    told = str(list(NationInitiative.unscoped.values())) + str(list(NationPlan.unscoped.values()))
    assert "秘密の注意" not in told


def test_the_stamp_tells_any_two_states_apart(mihon: Town) -> None:
    seen = [queries.stamp()]
    first = publish(mihon, plan(mihon_rows(), mihon))
    seen.append(queries.stamp())
    second = publish(mihon, plan(mihon_rows(), mihon, year=2025, edition="令和7年度版"))
    seen.append(queries.stamp())
    neighbour("990027", "かりな市", "群馬県", karina_rows())
    seen.append(queries.stamp())
    for edition in (second, first):
        withdraw_edition(mihon.ctx("plan_secretariat"), edition, WithdrawEdition("理由"))
        seen.append(queries.stamp())
    assert len(set(seen)) == len(seen)
    assert queries.stamp() == seen[-1]


# --- since when an initiative is late ----------------------------------------------------------------------------------


def late(number: str, meaning: str | None, **more: Any) -> dict[str, Any]:
    """A row of an edition as far as lateness asks."""
    return row(number, f"取組の{number}", progress_meaning=meaning, **more)


def test_lateness_runs_back_through_the_editions_without_a_gap() -> None:
    r8 = [late("1", "behind"), late("2", "stopped"), late("3", "on_track"), late("4", "behind")]
    r7 = [late("2", "behind"), late("1", "behind"), late("3", "behind"), late("4", "on_track")]
    r6 = [late("1", "stopped"), late("2", "on_track"), late("4", "behind")]
    found = late_since([(FiscalYear(2026), r8), (FiscalYear(2025), r7), (FiscalYear(2024), r6)])
    assert found == {0: FiscalYear(2024), 1: FiscalYear(2025), 3: FiscalYear(2026)}


def test_lateness_follows_a_row_that_got_another_number() -> None:
    before = [late("14", "behind", kind="advance")]
    after = [
        late(
            "3",
            "behind",
            kind="operate",
            lineage=[
                {"event": "moved", "year": 2026, "from": {"year": 2024, "kind": "advance", "number": "14"}}
            ],
        )
    ]
    assert late_since([(FiscalYear(2026), after), (FiscalYear(2025), before)]) == {0: FiscalYear(2025)}


def test_lateness_is_kept_in_the_register(mihon: Town) -> None:
    rows = mihon_rows()
    publish(mihon, plan(rows, mihon))
    publish(mihon, plan(rows, mihon, year=2025, edition="令和7年度版"))
    found = dict(NationInitiative.unscoped.values_list("number", "since"))
    assert found == {"1": None, "2-1": None, "2-2": None, "3": FiscalYear(2024)}


# --- by what the same figure is found elsewhere ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("①オンライン化手続件数", "オンライン化手続件数"),
        ("⑵ 研修の回数", "研修ノ回数"),
        ("(3)研修の回数", "研修ノ回数"),
        ("2. 研修の回数", "研修ノ回数"),
        ("ア）研修の回数", "研修ノ回数"),
        ("オンライン申請率", "オンライン申請率"),
        ("ラインの登録者", "ラインノ登録者"),
        ("5G基地局数", "5g基地局数"),
        ("10代の利用者数", "10代ノ利用者数"),
        ("2.5倍の処理", "2.5倍ノ処理"),
        ("ＷＥＢ 閲覧数", "web閲覧数"),
        ("①", "1"),
    ],
)
def test_the_mark_of_a_part_is_no_part_of_the_name(name: str, key: str) -> None:
    assert key_of(name) == key


def test_indicators_of_one_name_meet(mihon: Town) -> None:
    own = [indicator("② 研修の回数", [value("3回", 2025, number="3")])]
    publish(mihon, plan([row("1", "研修", AUDIT, indicators=own, offices=[office("総務課")])], mihon))
    neighbour(
        "990027",
        "かりな市",
        "群馬県",
        [row("1", "研修", AUDIT, indicators=[indicator("研修の回数", [value("5回", 2025, number="5")])])],
    )
    assert NationIndicator.unscoped.filter(key=key_of("研修の回数")).count() == 2


# --- made anew, and checked --------------------------------------------------------------------------------------------


def told(town: Town) -> list[object]:
    """What the register says of a town, without the ids of its own rows."""
    own = {"municipality": town.ref.id}
    return [
        list(NationPlan.unscoped.filter(**own).values_list("publication", "stamp", "initiatives", "tallies")),
        list(
            NationInitiative.unscoped.filter(**own)
            .order_by("position")
            .values_list("object", "title", "leads", "place", "counted", "since")
        ),
        sorted(NationTheme.unscoped.filter(**own).values_list("theme", "counted", "initiative__object")),
        sorted(
            NationIndicator.unscoped.filter(**own).values_list(
                "key", "unit", "initiative__object", "position"
            )
        ),
    ]


@pytest.mark.django_db(transaction=True)
def test_the_operator_makes_the_register_anew(mihon: Town, capsys: pytest.CaptureFixture[str]) -> None:
    publish(mihon, plan(mihon_rows(), mihon))
    karina = neighbour("990027", "かりな市", "群馬県", karina_rows())
    before = told(mihon), told(karina)
    assert queries.differing() == []
    NationTheme.unscoped.filter(municipality=mihon.ref.id).delete()
    NationIndicator.unscoped.filter(municipality=mihon.ref.id).delete()
    NationInitiative.unscoped.filter(municipality=mihon.ref.id, number="3").delete()
    assert queries.differing() == ["990019"]
    assert [finding.municipality for finding in check()] == ["990019"]
    assert main(["plan", "rebuild-nation", "--municipality", "990019"]) == 0
    assert (told(mihon), told(karina)) == before
    entry = TrailEntry.unscoped.get(action="plan.rebuild_register")
    assert entry.municipality_id == mihon.ref.id
    assert main(["plan", "rebuild-nation"]) == 0
    assert (told(mihon), told(karina)) == before
    assert "2自治体" in capsys.readouterr().err
    assert main(["plan", "rebuild-nation", "--municipality", "123455"]) == 1


def test_what_stands_in_the_register_alone_is_found(mihon: Town) -> None:
    edition = publish(mihon, plan(mihon_rows(), mihon))
    kept = NationPlan.unscoped.get(municipality=mihon.ref.id)
    withdraw_edition(mihon.ctx("plan_secretariat"), edition, WithdrawEdition("理由"))
    assert queries.differing() == []
    kept.save(force_insert=True)
    assert queries.differing() == ["990019"]
