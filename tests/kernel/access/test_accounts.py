from __future__ import annotations

import json

import pytest

from tests.kernel.access.conftest import PASSWORD
from tests.kernel.town.people import APRIL, context, office, person
from yakuba.kernel.access import actions as access
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.queries import account_by_name, accounts
from yakuba.kernel.actions import Missing, Problem
from yakuba.kernel.fields import as_json


def test_a_password_never_reaches_the_trail(admin, cli, remembered):
    access.set_password(cli, admin, access.SetPassword("べつの ことば 3456"))
    told = json.dumps([[entry.notes, entry.after] for entry in remembered.done_], ensure_ascii=False)
    assert PASSWORD not in told
    assert "べつの" not in told
    assert as_json(access.SetPassword(PASSWORD)) == {"password": ""}
    assert StaffAccount.unscoped.get().check_password("べつの ことば 3456")


@pytest.mark.parametrize("password", ["みじかい", "password1234", "kanri2-kanri2", "123456789012"])
def test_weak_passwords_are_refused(cli, password):
    with pytest.raises(Problem) as refused:
        access.create_account(cli, None, access.CreateAccount("kanri2-kanri2", "", password))
    assert refused.value.field == "password"
    assert not StaffAccount.unscoped.exists()


@pytest.mark.parametrize("username", ["", "a", "架空", "a b", "-a", "a" * 151])
def test_user_names_are_plain(cli, username):
    with pytest.raises(Problem):
        access.create_account(cli, None, access.CreateAccount(username))


def test_a_user_name_is_taken_whatever_its_case(cli, admin):
    with pytest.raises(Problem, match="使われています"):
        access.create_account(cli, None, access.CreateAccount("Kanri"))


def test_one_account_for_one_person(cli):
    office(cli, "0101", "総務課")
    person(cli, "1004", "架空よつば", "0101", "主査", APRIL)
    access.create_account(cli, None, access.CreateAccount("yotsuba", "1004"))
    for data in (access.CreateAccount("futari", "1004"), access.CreateAccount("nashi", "9999")):
        with pytest.raises(Problem) as refused:
            access.create_account(cli, None, data)
        assert refused.value.field == "staff_number"


def test_accounts_are_seen_by_those_who_keep_them(cli, mihon, karina, admin):
    assert [line.username for line in accounts(context(mihon, "municipality_admin"))] == ["kanri"]
    for blind in (
        context(karina, "municipality_admin"),
        context(mihon, "staff"),
        context(mihon, "auditor"),
        context(mihon, "public"),
        context(mihon, "platform_admin"),
    ):
        assert accounts(blind) == []
        with pytest.raises(Missing):
            account_by_name(blind, "kanri")


def test_another_municipality_changes_no_account(karina, admin, remembered):
    with pytest.raises(Missing):
        access.set_password(
            context(karina, "municipality_admin"), admin, access.SetPassword("べつの ことば 3456")
        )
    assert StaffAccount.unscoped.get().check_password(PASSWORD)
    assert remembered.denied_[-1][0] == "access.set_password"


def test_the_list_costs_three_queries(cli, mihon, django_assert_num_queries):
    for number in range(5):
        access.create_account(cli, None, access.CreateAccount(f"someone-{number}"))
    with django_assert_num_queries(3):
        assert len(accounts(context(mihon, "municipality_admin"))) == 5


def test_the_same_role_is_granted_once(cli):
    office(cli, "0101", "総務課")
    data = access.GrantRole("auditor", "0101", APRIL)
    access.grant_role(cli, None, data)
    with pytest.raises(Problem):
        access.grant_role(cli, None, data)
    for wrong in (
        access.GrantRole("auditor", "9999", APRIL),
        access.GrantRole("auditor", "0101", APRIL, "無い職"),
    ):
        with pytest.raises(Problem):
            access.grant_role(cli, None, wrong)
