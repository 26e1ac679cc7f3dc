from __future__ import annotations

import datetime as dt

import pytest

from tests.kernel.town.people import APRIL, CLI, context, office
from yakuba.kernel.actions import Denied, Problem
from yakuba.kernel.town import actions as town
from yakuba.kernel.town.models import Municipality, OfficeName, OfficeSuccession
from yakuba.kernel.town.queries import office_by_code, office_name, office_names, offices_on
from yakuba.kernel.town.vocabulary import prefecture_of, shipped

EVE = dt.date(2026, 3, 31)


def test_the_shipped_table_gives_name_reading_and_prefecture(db, remembered):
    found = town.ensure_municipality(CLI, "152064")
    kept = Municipality.unscoped.get(pk=found.id)
    assert (kept.name, kept.prefecture, kept.kana) == ("新発田市", "新潟県", "シバタシ")
    assert town.ensure_municipality(CLI, "152064") == found
    assert [entry.action for entry in remembered.done_] == ["town.found_municipality"]


def test_a_ward_is_written_in_one_word():
    assert shipped()["011011"].name == "札幌市中央区"
    assert len(shipped()) == 1741 + 175
    assert all(entry.prefecture == prefecture_of(code) for code, entry in shipped().items())


def test_any_code_with_a_right_check_digit_may_be_founded(db, remembered):
    assert town.ensure_municipality(CLI, "990035").name == "990035"
    with pytest.raises(Problem, match="検査数字"):
        town.ensure_municipality(CLI, "990036")
    with pytest.raises(Problem):
        town.ensure_municipality(CLI, "９９００１９")
    assert Municipality.unscoped.count() == 1


def test_a_municipality_admin_founds_no_other_municipality(mihon, remembered):
    admin = context(mihon, "municipality_admin").actor
    with pytest.raises(Denied):
        town.ensure_municipality(admin, "152064")
    assert remembered.denied_[0][0] == "town.found_municipality"
    assert Municipality.unscoped.count() == 1


def test_a_new_name_ends_the_former_the_evening_before(cli, mihon):
    made = office(cli, "0102", "情報管理課")
    town.rename_office(cli, made, town.RenameOffice("DX推進課", "0112", APRIL, "総務部"))
    assert office_name(made.pk, EVE) == "情報管理課"
    assert office_name(made.pk, APRIL) == "DX推進課"
    assert office_by_code(mihon.id, "0102", EVE) == made
    assert office_by_code(mihon.id, "0102", APRIL) is None
    assert office_by_code(mihon.id, "0112", APRIL) == made
    with pytest.raises(Problem):
        town.rename_office(cli, made, town.RenameOffice("過去課", "0113", EVE))


def test_a_code_belongs_to_one_office_at_a_time(cli):
    first = office(cli, "0101", "総務課")
    with pytest.raises(Problem, match="総務課"):
        office(cli, "0101", "財政課")
    town.succeed_office(cli, first, town.SucceedOffice("abolished", APRIL))
    assert office(cli, "0101", "財政課", since=APRIL).pk != first.pk


def test_merger_ends_the_old_offices_and_spinning_off_does_not(cli, mihon):
    old, other = office(cli, "0102", "情報管理課"), office(cli, "0103", "企画課")
    new = office(cli, "0112", "DX推進課", since=APRIL)
    town.succeed_office(cli, old, town.SucceedOffice("merged", APRIL, "0112"))
    town.succeed_office(cli, other, town.SucceedOffice("spun_off", APRIL, "0112"))
    assert [o.name for o in offices_on(mihon.id, EVE)] == ["情報管理課", "企画課"]
    assert [o.name for o in offices_on(mihon.id, APRIL)] == ["企画課", "DX推進課"]
    assert OfficeSuccession.unscoped.filter(successor=new).count() == 2
    # What still points to the abolished office says what it was.
    assert office_name(old.pk, dt.date(2030, 1, 1)) == "情報管理課"


def test_a_successor_has_to_exist_on_the_day(cli):
    old = office(cli, "0102", "情報管理課")
    for data in (
        town.SucceedOffice("merged", APRIL, "9999"),
        town.SucceedOffice("merged", APRIL, "0102"),
        town.SucceedOffice("abolished", APRIL, "0102"),
    ):
        with pytest.raises(Problem):
            town.succeed_office(cli, old, data)
    assert OfficeName.unscoped.get(office=old).valid_to is None


def test_staff_read_offices_and_change_none(cli, mihon, remembered):
    made = office(cli, "0101", "総務課")
    staff = context(mihon, "staff")
    assert OfficeName.objects.for_actor(staff).count() == 1
    with pytest.raises(Denied):
        town.rename_office(staff, made, town.RenameOffice("別課", "0101", APRIL))
    assert remembered.denied_[-1][0] == "town.rename_office"


def test_offices_of_another_municipality_are_out_of_sight(cli, karina):
    office(cli, "0101", "総務課")
    assert not OfficeName.objects.for_actor(context(karina, "municipality_admin")).exists()


def test_names_of_many_offices_cost_one_query(cli, django_assert_num_queries):
    ids = [office(cli, f"01{n:02}", f"第{n}課").pk for n in range(8)]
    with django_assert_num_queries(1):
        assert len(office_names(ids, APRIL)) == 8
