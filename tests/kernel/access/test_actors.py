from __future__ import annotations

import datetime as dt
import os
import pwd

import pytest

from tests.kernel.town.people import APRIL, context, japan, office, person
from yakuba.kernel.access import actions as access
from yakuba.kernel.access.actors import cli_actor, staff_actor
from yakuba.kernel.access.prepare import operator
from yakuba.kernel.access.queries import municipalities_of
from yakuba.kernel.actions import Denied, Problem
from yakuba.kernel.town import actions as town

LAST_MINUTE = japan(2026, 3, 31, 23, 59)
MIDNIGHT = japan(2026, 4, 1)


def roles(account, now):
    actor, _acting = staff_actor(account, now)
    return {grant.role for grant in actor.grants}


@pytest.fixture
def town_of_two(cli):
    return office(cli, "0101", "総務課"), office(cli, "0112", "DX推進課")


@pytest.fixture
def mover(cli, town_of_two):
    """Goes from 総務課 to DX推進課 on 1 April; both have roles."""
    made = person(cli, "1004", "架空よつば", "0101", "主査", dt.date(2023, 4, 1))
    town.assign(cli, made, town.Assign("0112", "課長", "main", APRIL))
    since = dt.date(2020, 4, 1)
    access.grant_role(cli, None, access.GrantRole("plan_editor", "0101", since))
    access.grant_role(cli, None, access.GrantRole("plan_secretariat", "0112", since))
    access.grant_role(cli, None, access.GrantRole("office_head", "0112", since, "課長"))
    return access.create_account(cli, None, access.CreateAccount("yotsuba", "1004"))


def test_rights_change_at_midnight_in_japan(mover, town_of_two):
    assert roles(mover, LAST_MINUTE) == {"staff", "plan_editor"}
    assert roles(mover, MIDNIGHT) == {"staff", "plan_secretariat", "office_head"}
    _general_affairs, dx = town_of_two
    actor, acting = staff_actor(mover, MIDNIGHT)
    assert acting == "DX推進課 課長", "the office as it is called on that day, and the post"
    assert actor.label == "架空よつば"
    assert {o for g in actor.grants for o in g.office_ids or ()} == {dx.pk}


def test_midnight_is_japans_and_not_utcs(mover):
    assert roles(mover, dt.datetime(2026, 3, 31, 14, 59, tzinfo=dt.UTC)) == {"staff", "plan_editor"}
    assert "plan_secretariat" in roles(mover, dt.datetime(2026, 3, 31, 15, 0, tzinfo=dt.UTC))


def test_a_concurrent_post_adds_its_roles_at_its_own_office(cli, town_of_two):
    general_affairs, dx = town_of_two
    made = person(cli, "1004", "架空よつば", "0101", "主査", dt.date(2023, 4, 1))
    town.assign(cli, made, town.Assign("0112", "課長", "acting_head", APRIL, dt.date(2026, 9, 30)))
    access.grant_role(cli, None, access.GrantRole("office_head", "0112", dt.date(2020, 4, 1), "課長"))
    account = access.create_account(cli, None, access.CreateAccount("yotsuba", "1004"))
    actor, acting = staff_actor(account, MIDNIGHT)
    assert acting == "総務課 主査"
    reach = {(g.role, o) for g in actor.grants for o in g.office_ids or ()}
    assert reach == {
        ("staff", general_affairs.pk),
        ("staff", dx.pk),
        ("office_head", dx.pk),
    }
    assert roles(account, japan(2026, 9, 30, 23, 59)) == {"staff", "office_head"}
    assert roles(account, japan(2026, 10, 1)) == {"staff"}


def test_a_role_ends_in_the_evening_of_its_last_day(cli, mover):
    grant = access.grant_role(cli, None, access.GrantRole("auditor", "0112", APRIL))
    with pytest.raises(Problem):
        access.end_grant(cli, grant, access.EndGrant(dt.date(2026, 3, 31)))
    access.end_grant(cli, grant, access.EndGrant(APRIL))
    assert "auditor" in roles(mover, japan(2026, 4, 1, 23, 59))
    assert "auditor" not in roles(mover, japan(2026, 4, 2))


def test_who_left_has_no_role_and_no_municipality(cli, mihon, mover):
    town.assign(cli, mover.person, town.Assign("0112", "課長", "main", APRIL, dt.date(2027, 3, 31)))
    assert [m.code for m in municipalities_of(mover, japan(2027, 3, 31, 23, 59))] == ["990019"]
    assert municipalities_of(mover, japan(2027, 4, 1)) == []


def test_administration_hangs_on_the_account(admin, karina):
    assert roles(admin, MIDNIGHT) == {"municipality_admin"}
    assert [m.code for m in municipalities_of(admin, MIDNIGHT)] == ["990019"]


def test_platform_administration_is_for_the_operator_to_give(cli, mihon, karina, admin):
    as_admin = context(mihon, actor=staff_actor(admin, MIDNIGHT)[0])
    for data in (access.CreateAccount("kiban", platform=True),):
        with pytest.raises(Denied):
            access.create_account(as_admin, None, data)
    with pytest.raises(Denied):
        access.grant_account_role(as_admin, admin, access.AccountRoleData("platform_admin"))
    made = access.create_account(cli, None, access.CreateAccount("kiban", platform=True))
    access.grant_account_role(cli, made, access.AccountRoleData("platform_admin"))
    assert [m.code for m in municipalities_of(made, MIDNIGHT)] == ["990019", "990027"]
    access.end_account_role(cli, made, access.AccountRoleData("platform_admin"))
    assert municipalities_of(made, MIDNIGHT) == []


def test_nobody_ends_their_own_administration(mihon, admin):
    as_admin = context(mihon, actor=staff_actor(admin, MIDNIGHT)[0])
    with pytest.raises(Problem):
        access.end_account_role(as_admin, admin, access.AccountRoleData("municipality_admin"))
    with pytest.raises(Problem):
        access.deactivate_account(as_admin, admin, access.NoData())


def test_the_operator_is_who_the_operating_system_says(monkeypatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert cli_actor().id == f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
    monkeypatch.setattr(os, "getuid", lambda: 2_000_000_123)
    assert cli_actor().label == "cli:uid2000000123"


def test_who_called_sudo_stands_beside_the_operator(cli, monkeypatch):
    monkeypatch.delenv("SUDO_USER", raising=False)
    assert operator(cli.municipality).on_behalf_of == ""
    monkeypatch.setenv("SUDO_USER", "mihon")
    found = operator(cli.municipality)
    assert (found.actor, found.on_behalf_of) == (cli_actor(), "sudo:mihon")
