"""`yakuba demo load`: once, whole, repeatable, and nowhere else."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import pytest

from yakuba.cli import main
from yakuba.demo import cli, home, sample
from yakuba.demo.accounts import ACCOUNTS
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.access.actors import staff_actor
from yakuba.kernel.access.models import RoleGrant, StaffAccount
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.town.models import Assignment, Municipality, Office, Person
from yakuba.kernel.town.queries import offices_on
from yakuba.kernel.trail.models import TrailEntry
from yakuba.kernel.trail.verify import verify
from yakuba.services.plan.models import Edition, Import, Initiative, InitiativeOffice

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


class TestOnce:
    def test_the_whole_town(self, demo_home: Path) -> None:
        assert sample.load()
        town = Municipality.unscoped.get(code="990019")
        assert town.name == "みほん市"
        today = {office.name: office for office in offices_on(town.pk, clock.today())}
        assert set(today) == OFFICES | BESIDE
        assert today["生涯学習課"].authority == "education"
        assert today["上下水道課"].authority == "enterprise"
        assert Initiative.unscoped.filter(edition__label="令和8年度版").count() == 11
        assert Publication.unscoped.filter(municipality=town).count() == 1
        assert StaffAccount.unscoped.count() == len(ACCOUNTS)
        assert not InitiativeOffice.unscoped.filter(office=None).exclude(role="group").exists()

        # Something is left to do at the desk: a change since publication, a doubt, a document to decide about.
        edition = Edition.unscoped.get(label="令和8年度版")
        assert edition.state == "draft"
        assert edition.file.name == "mihon.txt"
        assert [one.number for one in Initiative.unscoped.filter(edition=edition).exclude(corrected={})] == [
            "10"
        ]
        assert Initiative.unscoped.filter(edition=edition).exclude(doubts=[]).count() == 1
        job = Import.unscoped.get()
        assert (job.file_name, job.state) == ("mihon-r9.txt", "ready")
        assert len(job.reading["documents"][0]["initiatives"]) == 6
        assert [one for one in verify() if one.level == "error"] == []

    def test_again_changes_nothing(self, demo_home: Path) -> None:
        sample.load()
        before = counted()
        assert not sample.load()
        assert counted() == before

    @pytest.mark.parametrize("stop", ["_people", "make_accounts", "_link_offices", "_work_off"])
    def test_goes_on_after_an_interruption(self, demo_home: Path, monkeypatch, stop: str) -> None:
        whole = getattr(sample, stop)

        def pulled(*_given: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(sample, stop, pulled)
        with pytest.raises(KeyboardInterrupt):
            sample.load()
        monkeypatch.setattr(sample, stop, whole)
        assert sample.load()
        found = counted()
        assert found["Edition"] == found["Publication"] == found["Import"] == found["Municipality"] == 1
        assert found["StaffAccount"] == len(ACCOUNTS)
        assert Import.unscoped.get().state == "ready"

    def test_what_was_done_twice_was_done_once(self, demo_home: Path) -> None:
        sample.load()
        before = counted()
        (demo_home / home.LOADED).unlink()
        assert sample.load()
        assert counted() == before


class TestReorganisations:
    def test_offices_on_earlier_days(self, demo_home: Path) -> None:
        sample.load()
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

    def test_roles_follow_posts(self, demo_home: Path) -> None:
        sample.load()
        account = StaffAccount.unscoped.get(username="yotsuba")
        before, after = (
            staff_actor(account, dt.datetime(*day, 3, tzinfo=dt.UTC))[0].roles_in(account.municipality_id)
            for day in ((2025, 3, 31), (2025, 4, 1))
        )
        assert "plan_secretariat" not in before
        assert "plan_secretariat" in after

    def test_who_may_what_today(self, demo_home: Path) -> None:
        sample.load()
        held = {}
        for account in StaffAccount.unscoped.all():
            actor, _post = staff_actor(account, clock.now())
            held[account.username] = set(actor.roles_in(account.municipality_id)) - {"staff"}
        assert held == {
            "yotsuba": {"plan_secretariat", "office_head"},
            "itsuki": {"plan_secretariat"},
            "nanako": {"plan_editor"},
            "hachiro": {"plan_editor"},
            "kokono": {"plan_editor", "office_head"},
            "mamoru": {"auditor"},
            "mutsumi": {"municipality_admin"},
            "aoi": set(),
        }


class TestRefusals:
    def test_a_home_with_anything_in_it(self, tmp_path: Path, settings) -> None:
        settings.HOME = tmp_path
        (tmp_path / "yakuba.sqlite3").write_bytes(b"")
        with pytest.raises(Problem, match="デモの環境ではありません"):
            home.mark()
        assert not (tmp_path / "demo").exists()

    def test_a_database_with_a_city_in_it(self, demo_home: Path) -> None:
        Municipality.unscoped.create(code="990027", name="かりな市", kana="", prefecture="")
        with pytest.raises(Problem, match="かりな市"):
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

    def test_they_open_the_accounts(self, demo_home: Path, capsys) -> None:
        sample.load()
        account = StaffAccount.unscoped.get(username="itsuki")
        assert account.check_password(home.passwords([])["itsuki"])
        assert main(["demo", "code", "itsuki"]) == 0
        assert capsys.readouterr().out.strip().isdigit()

    def test_the_table_shows_them_all(self, demo_home: Path) -> None:
        shown = cli.accounts()
        for account in ACCOUNTS:
            assert account.name in shown
            assert home.passwords([])[account.username] in shown
