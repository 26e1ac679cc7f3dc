"""A town with a plan of a year that is over, and a round that asks its offices; shared by the modules of this folder."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.services.plan.forms import Form, document, indicator, initiative, value
from tests.world import Town, make_town
from yakuba.engines.rounds import actions as rounds
from yakuba.engines.rounds.models import Item, OfficePart, Round
from yakuba.kernel.actions import Context, NoData
from yakuba.kernel.dates import FiscalYear, clock, japan_date
from yakuba.services.plan.actions import ImportDocument, import_document
from yakuba.services.plan.models import Edition, Initiative, InitiativeOffice
from yakuba.services.plan.models.year import Review
from yakuba.services.plan.setters import figures_of
from yakuba.services.plan.year import queries
from yakuba.services.plan.year.actions import SaveReview, save_review

YEAR = 2025


def figure(raw: str, year: int, kind: str = "actual", **more: Any) -> Form:
    return value(raw, year, kind, **{**figures_of(raw, "指標"), **more})


def rows(year: int) -> list[Form]:
    """Three initiatives: with figures, without, in operation."""
    common: dict[str, Any] = {
        "year": year,
        "placements": [{"path": ["市民"], "primary": True}],
        "offices": [{"name": "見本課", "role": "lead", "doubtful": False}],
    }
    other = [{"name": "例示課", "role": "lead", "doubtful": False}]
    known = [figure(f"{n}手続", 1985 + n) for n in (38,)] + [figure("57手続", 2024, status="final")]
    goals = [figure("80手続", 2025, "target"), figure("110手続", 2026, "target")]
    return [
        initiative(
            "1",
            "電子申請の拡大",
            kind="advance",
            indicators=[indicator("指標", [*known, *goals], unit="手続", direction="increase")],
            **common,
        ),
        initiative("2", "マイナンバーカードの活用研究", kind="advance", **common),
        initiative("6", "道路台帳", kind="operate", **{**common, "offices": other}),
    ]


def edition_of(town: Town, year: int) -> Edition:
    """The edition of a year, whose printed offices mean the town's."""
    made: Edition = import_document(
        town.ctx("cli"),
        None,
        ImportDocument(
            document(rows(year), edition=f"令和{year - 2018}年度版", first_year=2024, last_year=2027)
        ),
    )
    for key, name in (("own", "見本課"), ("other", "例示課")):
        InitiativeOffice.unscoped.filter(initiative__edition=made, name=name).update(office=town.offices[key])
    return made


@dataclass
class Year:
    """The town, the edition of the judged year and the round that asks about it."""

    town: Town
    edition: Edition
    round: Round

    def review(self, title: str) -> Review:
        return queries.review_of_item(
            self.town.ctx("staff"), Item.unscoped.get(round=self.round, label=title).pk
        )

    def ctx(self, role: str, office: str = "own") -> Context:
        return self.town.ctx(role, office)

    def part(self, office: str) -> OfficePart:
        return OfficePart.unscoped.get(round=self.round, office=self.town.offices[office])

    def say(self, title: str, office: str = "own", **said: Any) -> Review:
        """An office's answer."""
        given = {"result": f"{title}を進めました。", "progress": "順調", "next_action": "continue", **said}
        return save_review(self.ctx("plan_editor", office), self.review(title), SaveReview(**given))

    def enter(self, *titles: str, office: str = "own") -> None:
        items = self.items(titles)
        rounds.enter(self.ctx("plan_editor", office), self.part(office), rounds.Chosen(items))

    def confirm(self, *titles: str, office: str = "own") -> None:
        items = self.items(titles)
        rounds.confirm(self.ctx("office_head", office), self.part(office), rounds.Chosen(items))

    def accept(self, *titles: str) -> None:
        rounds.accept(self.ctx("plan_secretariat"), self.round, rounds.Chosen(self.items(titles)))

    def items(self, titles: Sequence[str]) -> list[str]:
        return [str(self.review(title).item_id) for title in titles]


def open_year(
    town: Town, edition: Edition, year: int, phase: str, title: str = "令和7年度の進捗の照会"
) -> Year:
    """A round that is open."""
    planned = rounds.plan(
        town.ctx("plan_secretariat"),
        None,
        rounds.PlanRound(
            kind="plan_review",
            year=FiscalYear(year),
            phase=phase,
            title=title,
            letter="報告してください。",
            subject=str(edition.pk),
            office=str(town.offices["own"].pk),
            office_due=japan_date(clock.now()) + dt.timedelta(days=7),
        ),
    )
    return Year(town, edition, rounds.open_round(town.ctx("plan_secretariat"), planned, NoData()))


@pytest.fixture(scope="module")
def asked(module_db: None) -> Year:
    """The round of a module, whose answers each test gives for itself."""
    town = make_town("990019", "みほん市")
    for role, office in (
        ("plan_editor", "own"),
        ("plan_editor", "other"),
        ("office_head", "own"),
        ("office_head", "other"),
        ("plan_secretariat", "own"),
    ):
        town.account(role, office)
    edition_of(town, 2024)
    return open_year(town, edition_of(town, YEAR), YEAR, "provisional")


@pytest.fixture
def year(asked: Year, db: None) -> Year:
    """The same, its rows as the database has them now."""
    return Year(
        copy.deepcopy(asked.town),
        Edition.unscoped.get(pk=asked.edition.pk),
        Round.unscoped.get(pk=asked.round.pk),
    )


def initiative_of(year: Year, title: str) -> Initiative:
    return Initiative.unscoped.get(edition=year.edition, title=title)
