"""One declaration answers for a list and for one object."""

from __future__ import annotations

import pytest
from django.db.models import Q

from tests.world import Town
from yakuba.kernel.actions import Everywhere, Own, Permission
from yakuba.kernel.town.models import OfficeName


def permission(**roles: Everywhere | Own) -> Permission[OfficeName]:
    return Permission("test.see", OfficeName, roles=roles)


def reached(town: Town, role: str, found: Permission[OfficeName], office: str = "own") -> set[str]:
    ctx = town.ctx(role, office)
    names = set(OfficeName.unscoped.filter(found.q(ctx)).values_list("name", flat=True))
    for row in OfficeName.unscoped.all():
        assert found.may(ctx, row).allowed == (row.name in names and row.municipality_id == town.ref.id)
    return names


def test_everywhere_is_everything_of_the_municipality(mihon: Town, karina: Town) -> None:
    assert reached(mihon, "plan_secretariat", permission(plan_secretariat=Everywhere())) == {
        "見本課",
        "例示課",
    }


def test_own_is_the_office_it_hangs_on(mihon: Town, karina: Town) -> None:
    own = permission(plan_editor=Own("office"))
    assert reached(mihon, "plan_editor", own) == {"見本課"}
    assert reached(mihon, "plan_editor", own, "other") == {"例示課"}


def test_where_narrows(mihon: Town) -> None:
    some = permission(
        plan_secretariat=Everywhere(Q(name="例示課")), plan_editor=Own("office", Q(name="例示課"))
    )
    assert reached(mihon, "plan_secretariat", some) == {"例示課"}
    assert reached(mihon, "plan_editor", some) == set()


def test_roles_add_up(mihon: Town) -> None:
    both = permission(plan_editor=Own("office"), staff=Everywhere(Q(name="例示課")))
    assert reached(mihon, "plan_editor", both) == {"見本課", "例示課"}


def test_no_role_reaches_nothing(mihon: Town) -> None:
    found = permission(plan_secretariat=Everywhere())
    assert reached(mihon, "staff", found) == set()
    assert not found.holds_anywhere(mihon.ctx("staff"))
    assert found.holds_anywhere(mihon.ctx("plan_secretariat"))


def test_making_something_new_takes_a_role_that_acts_everywhere(mihon: Town) -> None:
    found = permission(plan_secretariat=Everywhere(), plan_editor=Own("office"))
    assert found.may(mihon.ctx("plan_secretariat"), None).allowed
    verdict = found.may(mihon.ctx("plan_editor"), None)
    assert not verdict.allowed
    assert verdict.reason


def test_a_manager_refuses_unscoped_use(mihon: Town) -> None:
    with pytest.raises(RuntimeError, match="for_actor"):
        OfficeName.objects.count()
