"""`yakuba demo load`: once, whole, repeatable, and nowhere else."""

from __future__ import annotations

import datetime as dt
import stat
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from yakuba.cli import main
from yakuba.demo import cli, home, ledgers, plans, sample
from yakuba.demo.accounts import ACCOUNTS
from yakuba.demo.procedures import SENT
from yakuba.demo.steps import Steps
from yakuba.engines.bodies.models import Answer, Body, Meeting, Minutes
from yakuba.engines.ledger import queries as ledger_queries
from yakuba.engines.ledger.declaration import find_ledger
from yakuba.engines.ledger.declaration import ledgers as declared
from yakuba.engines.ledger.released import ReleasedBook, ReleasedEntry
from yakuba.engines.ledger.reports import table_of
from yakuba.engines.protection.models import Hold
from yakuba.engines.publishing.models import Publication, PublishedPart
from yakuba.kernel.access.actors import staff_actor
from yakuba.kernel.access.models import RoleGrant, StaffAccount
from yakuba.kernel.actions import Context, MunicipalityRef, Problem
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.town.models import Assignment, Municipality, Office, Person
from yakuba.kernel.town.queries import offices_on
from yakuba.kernel.trail.models import TrailEntry
from yakuba.kernel.trail.verify import verify
from yakuba.packs.buried_heritage.models import Remains
from yakuba.packs.dog_registry.models import Dog
from yakuba.packs.public_wifi.models import Site
from yakuba.packs.street_lights_mirrors.models import Fixture
from yakuba.services.plan import queries
from yakuba.services.plan.models import (
    CalendarEntry,
    Edition,
    Import,
    Initiative,
    InitiativeOffice,
    NationInitiative,
    NationPlan,
    Note,
)
from yakuba.services.plan.published import EDITION
from yakuba.services.procedures.models import Submission

# Each of sample-town's offices, and the offices of people who work in none of them.
OFFICES = {
    *("総務課", "DX推進課", "財政課", "税務課", "危機管理課", "市民課", "環境課"),
    *("こども課", "介護福祉課", "建設課", "生涯学習課", "上下水道課"),
}
BESIDE = {"特別職", "選挙管理委員会事務局", "監査委員事務局"}


@pytest.fixture
def demo_home(tmp_path: Path, settings, db: None, monkeypatch) -> Path:
    folder = tmp_path / "demo"
    settings.HOME = folder
    # Slow on purpose where it protects somebody; eight accounts here are made a dozen times.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setenv("YAKUBA_HOME", str(folder))
    home.mark()
    return folder


def counted() -> dict[str, int]:
    models = (
        Municipality, Office, Person, Assignment, StaffAccount, RoleGrant, Edition, Initiative, Import, Publication, TrailEntry,
    )  # fmt: skip
    return {model.__name__: model.unscoped.count() for model in models}


# What everybody of an office that takes applications may do there.
OFFICE = {"procedure_editor", "case_worker"}
SECRETARIAT = {"plan_secretariat", "procedure_secretariat", "ledger_secretariat"}
# Functions of the demo, in the order in which loading comes to them.
STOPS: tuple[tuple[ModuleType, str], ...] = (
    (sample, "_people"),
    (plans, "revise"),
    (ledgers, "arrange_book"),
    (sample, "_work_off"),
)


@pytest.mark.nights
def test_the_town_as_it_is_loaded(
    demo_home: Path, subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading takes seconds: one town is loaded, going on after each interruption; everything is looked at in it.

    At last it is loaded again, and nothing changes.
    """

    def pulled(*_given: object) -> None:
        raise KeyboardInterrupt

    for room, stop in STOPS:
        with monkeypatch.context() as patch:
            patch.setattr(room, stop, pulled)
            with pytest.raises(KeyboardInterrupt):
                sample.load()
    assert sample.load()
    before = counted()
    for look in LOOKS:
        with subtests.test(look.__name__):
            look()
    with subtests.test("again"):
        assert not sample.load()
        assert counted() == before
    with subtests.test("what was done twice was done once"):
        (demo_home / home.LOADED).unlink()
        assert sample.load()
        assert counted() == before


def nothing_is_there_twice() -> None:
    found = counted()
    assert (found["Municipality"], found["Edition"], found["Publication"], found["Import"]) == (5, 8, 25, 1)
    assert found["StaffAccount"] == len(ACCOUNTS)
    assert Submission.unscoped.count() == len(SENT)
    assert Import.unscoped.get().state == "ready"


def the_whole_town() -> None:
    town = Municipality.unscoped.get(code="990019")
    assert town.name == "みほん市"
    today = {office.name: office for office in offices_on(town.pk, clock.today())}
    assert set(today) == OFFICES | BESIDE
    assert today["生涯学習課"].authority == "education"
    assert today["上下水道課"].authority == "enterprise"
    assert Initiative.unscoped.filter(edition__plan__municipality=town).count() == 26 + 29
    assert StaffAccount.unscoped.count() == len(ACCOUNTS)
    assert not InitiativeOffice.unscoped.filter(office=None).exclude(role="group").exists()

    # Something is left to do at the desk: a change since publication, a doubt, a document to decide about.
    edition = Edition.unscoped.get(municipality=town, label="令和8年度版")
    assert edition.state == "draft"
    assert edition.file.name == "mihon.txt"
    changed = Initiative.unscoped.filter(edition=edition).exclude(corrected={}).order_by("position")
    assert [one.number for one in changed] == ["1", "10"]
    assert Initiative.unscoped.filter(edition=edition).exclude(doubts=[]).count() == 1
    job = Import.unscoped.get()
    assert (job.file_name, job.state) == ("mihon-r9.txt", "ready")
    assert len(job.reading["documents"][0]["initiatives"]) == 6
    assert [one for one in verify() if one.level == "error"] == []


def publications_bear_their_days() -> None:
    found = (
        Publication.unscoped.filter(kind=EDITION)
        .order_by("published_at", "title")
        .select_related("municipality")
    )
    told = [
        (one.municipality.code, one.year.year, one.number, clock.japan_date(one.published_at).isoformat())
        for one in found
    ]
    assert told == [
        ("990051", 2019, 1, "2024-03-29"),
        ("990043", 2025, 1, "2025-03-28"),
        ("990019", 2025, 1, "2025-03-31"),
        ("990027", 2025, 1, "2025-05-30"),
        ("990051", 2024, 1, "2026-02-27"),
        ("990035", 2023, 1, "2026-03-27"),
        ("990019", 2025, 2, "2026-03-31"),
        ("990019", 2026, 1, "2026-03-31"),
        ("990027", 2026, 1, "2026-05-29"),
        ("990019", 2026, 2, "2026-06-26"),
    ]


def who_did_it_and_as_what() -> None:
    """Each step of the past was done in the post that the person held that day."""
    found = TrailEntry.unscoped.filter(action="plan.publish", municipality__code="990019").order_by("at")
    assert [(one.actor_label, one.acting_post) for one in found] == [
        ("架空よつば", "情報管理課 課長補佐"),
        *([("架空よつば", "DX推進課 課長")] * 3),
    ]


def the_draft_is_the_file_again() -> None:
    """What was revised by hand leads to what the file holds as a whole."""
    town = Municipality.unscoped.get(code="990019")
    edition = Edition.unscoped.get(municipality=town, label="令和8年度版")
    own = Initiative.unscoped.filter(edition=edition).order_by("position")
    (document,) = plans.documents(Steps(town.ref), "mihon.json")
    for (_row, form), wanted in zip(queries.forms(own), document["initiatives"], strict=True):
        assert form["indicators"] == wanted["indicators"], wanted["number"]
        undecided = (wanted["kind"], wanted["number"]) == plans.UNDECIDED
        assert form.get("themes", []) == ([] if undecided else wanted["themes"])


def the_year_stands_in_the_calendar() -> None:
    town = Municipality.unscoped.get(code="990019")
    found = {
        one.title: (one.first_day, one.last_day) for one in CalendarEntry.unscoped.filter(municipality=town)
    }
    assert {
        "人事異動と組織改正": (dt.date(2026, 4, 1), None),
        "令和7年度の確定値の照会": (dt.date(2026, 4, 10), None),
        "確定値の回答の締切": (dt.date(2026, 5, 29), None),
        "情報化推進会議": (dt.date(2026, 6, 25), None),
        "電算業務等計画書の依頼": (dt.date(2026, 8, 3), None),
        "電算業務等計画書のヒアリング": (dt.date(2026, 9, 7), dt.date(2026, 9, 11)),
        "令和9年度予算編成方針": (dt.date(2026, 10, 9), None),
        "予算要求の締切": (dt.date(2026, 10, 30), None),
        "市長査定": (dt.date(2027, 1, 4), dt.date(2027, 1, 29)),
        "令和8年度の見込値の基準日": (dt.date(2027, 3, 1), None),
        "検討部会": (dt.date(2027, 3, 12), None),
        "情報化推進本部": (dt.date(2027, 3, 24), None),
        "令和9年度版の公表": (dt.date(2027, 3, 31), None),
    }.items() <= found.items()
    assert all(FiscalYear.of(first).year == 2026 for first, _last in found.values())


def memos_and_a_theme_to_decide() -> None:
    edition = Edition.unscoped.get(municipality__code="990019", label="令和8年度版")
    told = {(note.initiative.number, note.written_by) for note in Note.unscoped.filter(edition=edition)}
    assert told == {("13", "雛形いつき"), ("6", "凡例はちろう")}
    open_rows = Initiative.unscoped.filter(edition=edition, themes=[])
    assert [one.title for one in open_rows if "themes" not in one.corrected] == ["道路台帳"]


def first_and_second_publication() -> None:
    parts = PublishedPart.unscoped.filter(
        publication__municipality__code="990019", kind="initiative", title="電子申請の拡大"
    ).order_by("publication__published_at")
    told = [
        (
            one.body["progress"],
            [v["number"] for v in one.body["indicators"][0]["values"] if v["kind"] == "actual"],
        )
        for one in parts
    ]
    assert told == [
        (None, ["38", "57"]),
        ("順調", ["38", "57", "81"]),
        ("順調", ["38", "57", "81"]),
        ("順調", ["38", "57", "81", "84"]),
    ]


def neighbours_are_in_the_register() -> None:
    assert sorted(NationPlan.unscoped.values_list("municipality__code", flat=True)) == [
        *("990019", "990027", "990035", "990043", "990051"),
    ]
    late = NationInitiative.unscoped.filter(title="情報セキュリティ監査の実施").get()
    assert late.since.year == 2024, "both editions of かりな市 judge it late: for 令和6年度 and for 令和7年度"


def offices_on_earlier_days() -> None:
    town = Municipality.unscoped.get(code="990019").pk

    def names(day: dt.date) -> set[str]:
        return {office.name for office in offices_on(town, day)}

    assert {"子育て支援課", "保育課"} <= names(dt.date(2024, 3, 31))
    assert "こども課" in names(dt.date(2024, 4, 1))
    assert "保育課" not in names(dt.date(2024, 4, 1))
    assert {"情報管理課", "デジタル推進室"} <= names(dt.date(2025, 3, 31))
    assert "DX推進課" in names(dt.date(2025, 4, 1))
    assert "危機管理課" not in names(dt.date(2025, 9, 30))
    assert {"危機管理課", "総務課"} <= names(dt.date(2025, 10, 1))


def roles_follow_posts() -> None:
    account = StaffAccount.unscoped.get(username="itsuki")
    before, after = (
        staff_actor(account, dt.datetime(*day, 3, tzinfo=dt.UTC))[0].roles_in(account.municipality_id)
        for day in ((2025, 3, 31), (2025, 4, 1))
    )
    assert "plan_secretariat" not in before
    assert "plan_secretariat" in after


def who_may_what_today() -> None:
    held = {}
    for account in StaffAccount.unscoped.all():
        actor, _post = staff_actor(account, clock.now())
        held[account.username] = set(actor.roles_in(account.municipality_id)) - {"staff"}
    assert held == {
        "yotsuba": {*SECRETARIAT, "office_head", "ledger_keeper"},
        "itsuki": {*SECRETARIAT, "ledger_keeper"},
        "nanako": {"plan_editor", "ledger_keeper", *OFFICE},
        "shiori": {"plan_editor", "office_head", "ledger_keeper", *OFFICE},
        "manabu": {"plan_secretariat", "ledger_keeper"},
        "hikari": {"plan_editor", *OFFICE},
        "naoki": {"plan_editor", "office_head", *OFFICE},
        "tooru": {"plan_editor", "records_keeper", *OFFICE},
        "minori": {"plan_editor", "protection_keeper", *OFFICE},
        "hachiro": {"plan_editor", "ledger_keeper", *OFFICE},
        "ichika": {"office_head", "ledger_keeper"},
        "aya": {"office_head", "ledger_keeper", *OFFICE},
        "kokono": {"plan_editor", "office_head", "protection_keeper", *OFFICE},
        "futaba": set(),
        "mamoru": {"auditor"},
        "mutsumi": {"municipality_admin", *OFFICE},
        "aoi": OFFICE,
    }


def bodies_have_met() -> None:
    states = dict(Meeting.unscoped.order_by("pk").values_list("place", "state"))
    assert states["市役所 3階 第1会議室"] == "reported"
    assert Body.unscoped.count() == 3
    told = Minutes.unscoped.get(state="confirmed", meeting__body__kind="council")
    assert told.shown["items"][0]["decision"] == "原案のとおり決定"
    # The headquarters by circulation: eight answers, one against; its minutes wait for whoever presided.
    assert Counter(Answer.unscoped.values_list("answer", flat=True)) == {"consent": 7, "objection": 1}
    chair = StaffAccount.unscoped.get(username="futaba")
    assert Minutes.unscoped.get(state="proposed").meeting.presider == chair.person


def passwords_open_the_accounts() -> None:
    account = StaffAccount.unscoped.get(username="itsuki")
    assert account.check_password(home.passwords([])["itsuki"])
    assert main(["demo", "code", "itsuki"]) == 0


def ledgers_are_kept_and_some_are_open_to_everybody() -> None:
    rows = {kept.key: len(ledgers._sheet(f"{kept.key}.csv")) for kept in ledgers.BOOKS}
    assert set(rows) == {ledger.key for ledger in declared()}
    public = dict(ReleasedBook.unscoped.values_list("ledger", "count"))
    assert set(public) == {kept.key for kept in ledgers.BOOKS if kept.released}
    for kept in ledgers.BOOKS:
        ledger = find_ledger(kept.key)
        assert ledger is not None
        model = ledger.model
        assert model.unscoped.count() == rows[kept.key]
        for lines in ledger.lines:
            found = lines.model.unscoped.count()
            assert found == len(ledgers._sheet(f"{kept.key}.{lines.key}.csv")), lines.key
        if kept.released:
            assert 0 < public[kept.key] <= model.unscoped.filter(ledger.public_when).count()
    # 運7 of the plan: 24 in shelters and the like, 12 for tourists.
    assert dict(Counter(Site.unscoped.values_list("use", flat=True))) == {"shelter": 24, "tourism": 12}
    feared = Remains.unscoped.filter(looting=True, state="listed")
    for one in ReleasedEntry.unscoped.filter(pk__in=feared.values("pk")):
        true = feared.get(pk=one.pk)
        assert one.place == true.public_place != true.place


def whoever_is_under_protection_is_found() -> None:
    """With another character in the register: 例崎 there, 例﨑 in the ledger of dogs."""
    dog = Dog.unscoped.get(owner_name="例﨑うめこ")
    assert Hold.unscoped.filter(subject_kind="dog_registry", subject_id=dog.pk).exists()


def a_day_of_the_ledgers_is_told() -> None:
    account = StaffAccount.unscoped.get(username="hachiro")
    actor, _post = staff_actor(account, clock.now())
    town = Municipality.unscoped.get(code="990019")
    ctx = Context(actor, MunicipalityRef(town.pk, town.code, town.name), clock.now(), request_id="look")
    ledger = find_ledger("street_lights_mirrors")
    assert ledger is not None
    book = ledger_queries.book_of(ctx, ledger)
    for report in ledger.reports:
        assert list(table_of(ctx, ledger, book, report, dt.date(2026, 11, 10)).rows), report.key
    standing = table_of(ctx, ledger, book, ledger.reports[0], dt.date(2026, 4, 1))
    assert (
        sum(row.values["count"] for row in standing.rows)
        == Fixture.unscoped.exclude(  # type: ignore[misc]  # numbers
            state__in=("planned", "removed")
        ).count()
    )


LOOKS: tuple[Callable[[], None], ...] = (
    nothing_is_there_twice,
    the_whole_town,
    publications_bear_their_days,
    who_did_it_and_as_what,
    the_draft_is_the_file_again,
    the_year_stands_in_the_calendar,
    memos_and_a_theme_to_decide,
    first_and_second_publication,
    neighbours_are_in_the_register,
    offices_on_earlier_days,
    roles_follow_posts,
    who_may_what_today,
    bodies_have_met,
    passwords_open_the_accounts,
    ledgers_are_kept_and_some_are_open_to_everybody,
    whoever_is_under_protection_is_found,
    a_day_of_the_ledgers_is_told,
)


class TestRefusals:
    def test_a_home_with_anything_in_it(self, tmp_path: Path, settings) -> None:
        settings.HOME = tmp_path
        (tmp_path / "yakuba.sqlite3").write_bytes(b"")
        with pytest.raises(Problem, match="デモの環境ではありません"):
            home.mark()
        assert not (tmp_path / "demo").exists()

    def test_a_database_with_a_city_in_it(self, demo_home: Path) -> None:
        Municipality.unscoped.create(code="102083", name="渋川市", kana="", prefecture="")
        with pytest.raises(Problem, match="渋川市"):
            sample.load()
        assert not Municipality.unscoped.filter(code="990019").exists()

    def test_no_home_named(self, monkeypatch, capsys) -> None:
        monkeypatch.delenv("YAKUBA_HOME", raising=False)
        assert main(["demo", "load"]) == 1
        assert "--home" in capsys.readouterr().err

    def test_no_code_outside(self, tmp_path: Path, settings, db: None, capsys) -> None:
        settings.HOME = tmp_path
        assert main(["demo", "code", "yotsuba"]) == 1
        assert "デモ" in capsys.readouterr().err


class TestPasswords:
    def test_made_once_and_private(self, demo_home: Path) -> None:
        first = home.passwords(["yotsuba", "itsuki"])
        assert first["yotsuba"] != first["itsuki"]
        assert min(len(word) for word in first.values()) >= 12
        assert home.passwords(["yotsuba", "itsuki"]) == first
        assert set(home.passwords(["aoi"])) == {"yotsuba", "itsuki", "aoi"}
        assert stat.S_IMODE((demo_home / "demo-accounts.json").stat().st_mode) == 0o600

    def test_the_table_shows_them_all(self, demo_home: Path) -> None:
        shown = cli.accounts()
        for account in ACCOUNTS:
            assert account.name in shown
            assert home.passwords([])[account.username] in shown
