from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator

from tests.kernel.town.people import office
from yakuba.cli import main
from yakuba.kernel.access.demo import enrol_factor
from yakuba.kernel.access.models import AccountRole, RoleGrant, StaffAccount
from yakuba.kernel.town.models import Assignment

HERE = ["--municipality", "990019"]
CSV = "職員番号,氏名,所属コード,職,区分,発令日\n1,例題とおる,0101,主事,本務,R8.4.1\n"


@pytest.fixture(autouse=True)
def here(mihon, monkeypatch, tmp_path):
    """The database is there already."""
    monkeypatch.setattr("yakuba.kernel.access.prepare.database", lambda: None)
    monkeypatch.chdir(tmp_path)


def test_an_account_from_the_command_line(capsys):
    assert main(["account", "create", "Kanri", *HERE]) == 0
    password = capsys.readouterr().out.strip()
    assert StaffAccount.unscoped.get(username="kanri").check_password(password)
    assert main(["account", "administer", "kanri", *HERE]) == 0
    assert AccountRole.unscoped.get().role == "municipality_admin"
    assert main(["account", "password", "kanri", *HERE]) == 0
    assert not StaffAccount.unscoped.get().check_password(password)
    assert main(["account", "stop", "kanri", *HERE]) == 0
    assert not StaffAccount.unscoped.get().is_active


def test_what_is_refused_leaves_nothing_and_prints_no_password(capsys):
    assert main(["account", "create", "架空", *HERE]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "利用者ID「架空」は使えません" in said.err
    assert main(["account", "password", "dareka", *HERE]) == 1
    assert main(["account", "create", "kanri", "--municipality", "123456"]) == 1
    assert not StaffAccount.unscoped.exists()


def test_a_role_on_an_office(cli):
    office(cli, "0101", "総務課")
    assert main(["account", "grant", "auditor", "0101", *HERE, "--from", "R8.4.1"]) == 0
    assert RoleGrant.unscoped.get().valid_from == dt.date(2026, 4, 1)


def test_the_personnel_csv(cli, tmp_path, capsys):
    file = tmp_path / "発令.csv"
    file.write_text(CSV, "cp932")
    assert main(["people", "import", str(file), *HERE]) == 1
    assert "2行目「所属コード」" in capsys.readouterr().err
    office(cli, "0101", "総務課")
    assert main(["people", "import", str(file), *HERE, "--dry-run"]) == 0
    assert not Assignment.unscoped.exists()
    assert main(["people", "import", str(file), *HERE]) == 0
    assert Assignment.unscoped.count() == 1
    assert main(["people", "import", str(tmp_path / "無い.csv"), *HERE]) == 1


def test_the_demos_code(cli, settings, tmp_path, capsys):
    settings.HOME = tmp_path
    assert main(["account", "create", "kanri", *HERE]) == 0
    capsys.readouterr()
    assert main(["demo", "code", "kanri"]) == 1
    (tmp_path / "demo").touch()
    assert main(["demo", "code", "kanri"]) == 1
    enrol_factor(StaffAccount.unscoped.get())
    enrol_factor(StaffAccount.unscoped.get())
    assert Authenticator.objects.count() == 1
    capsys.readouterr()
    assert main(["demo", "code", "kanri"]) == 0
    assert len(capsys.readouterr().out.strip()) == 6
