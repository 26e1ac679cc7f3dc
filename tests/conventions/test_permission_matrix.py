"""The permission matrix, performed (DESIGN §8): function, page and API; a denied attempt changes nothing and is logged."""

from __future__ import annotations

import ast
import itertools

import pytest
from django.db import models
from django.test import Client

from tests.conventions.house import modules, tree
from tests.matrix import Cell, Specimen, cells, registered, specimens
from tests.world import Town
from yakuba.kernel.access.roles import ROLES
from yakuba.kernel.actions import ACTIONS, Denied
from yakuba.kernel.actions.action import snapshot
from yakuba.kernel.actions.scoping import views
from yakuba.kernel.trail.models import TrailEntry

CELLS = cells()
EXPECTED_STATUS = {"allow": {200, 201, 204, 302, 303}, "deny": {403}, "hide": {404}}


def towns(cell: Cell, mihon: Town, karina: Town) -> tuple[Town, Town]:
    """Whose subject it is, and whose staff acts."""
    return mihon, mihon if cell.municipality == "same" else karina


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_through_the_function(cell: Cell, mihon: Town, karina: Town) -> None:
    specimen, action = specimens()[cell.action], ACTIONS[cell.action]
    town, staff = towns(cell, mihon, karina)
    subject = specimen.subject(town)
    data = specimen.data(town, subject)
    ctx = town.ctx(cell.role, cell.office, of=staff)
    before = _state(subject)
    if cell.expect == "allow":
        action(ctx, subject, data)
        done = TrailEntry.unscoped.filter(action=cell.action, kind="done")
        assert done.exists(), "what was done stands in the trail"
        return
    with pytest.raises(Denied):
        action(ctx, subject, data)
    assert _state(subject) == before, "a denied attempt changes nothing"
    assert TrailEntry.unscoped.filter(action=cell.action, kind="denied").exists(), "and is logged"


def _state(subject: object) -> object:
    if not isinstance(subject, models.Model):
        return None
    fresh = type(subject)._base_manager.get(pk=subject.pk)
    return snapshot(fresh), getattr(fresh, "version", None)


def ways(cell: Cell) -> list[str]:
    """How this action can be reached over HTTP; the operator has the command line alone."""
    specimen = specimens().get(cell.action)
    if specimen is None or cell.role == "cli":
        return []
    return [way for way in ("page", "api") if getattr(specimen, way) is not None]


@pytest.mark.parametrize(
    ("cell", "way"), [pytest.param(cell, way, id=f"{cell}-{way}") for cell in CELLS for way in ways(cell)]
)
def test_through_the_web(cell: Cell, way: str, mihon: Town, karina: Town) -> None:
    specimen = specimens()[cell.action]
    send = getattr(specimen, way)
    town, staff = towns(cell, mihon, karina)
    subject = specimen.subject(town)
    before = _state(subject)
    client = Client()
    if cell.role == "public":
        response = send(client, town, subject)
        sent_to_sign_in = response.status_code == 302 and response.url.startswith("/desk/sign-in/")
        assert sent_to_sign_in or response.status_code in {401, 403, 404}
        assert _state(subject) == before
        return
    sign_in(client, staff, cell)
    response = send(client, town, subject)
    assert response.status_code in EXPECTED_STATUS[cell.expect], response.content[:300]
    if cell.expect != "allow":
        assert _state(subject) == before


def sign_in(client: Client, staff: Town, cell: Cell) -> None:
    """A session as after password and second factor."""
    from tests.signin import (
        sign_in as really,  # the one place that knows how a session proves its second factor
    )

    really(client, staff.account(cell.role, cell.office))


def test_every_action_has_its_lines() -> None:
    """An action without lines for every role, both offices and the other municipality is not decided yet."""
    written = {(c.action, c.role, c.office, c.municipality) for c in CELLS}
    missing = [
        combination
        for combination in itertools.product(sorted(registered()), ROLES, ("own", "other"), ("same", "other"))
        if combination not in written and not _needless(*combination)
    ]
    assert not missing, missing[:20]


def _needless(_action: str, role: str, office: str, municipality: str) -> bool:
    """The public, the operator and the administrations hang on no office; the public and the operator on no municipality."""
    if role in {"public", "cli", "platform_admin"} and (office, municipality) != ("own", "same"):
        return True
    return role == "municipality_admin" and office == "other"


def test_every_action_in_the_source_is_registered() -> None:
    """An action in a file that nobody imports would be asked for by nothing."""
    written = {
        decorator.args[0].value
        for _name, path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        and ast.unparse(decorator.func) == "action"
        and isinstance(decorator.args[0], ast.Constant)
    }
    assert written == registered()


def test_no_line_without_an_action() -> None:
    assert {c.action for c in CELLS} <= registered()
    assert {c.expect for c in CELLS} <= set(EXPECTED_STATUS)
    assert len({str(c) for c in CELLS}) == len(CELLS), "a line stands twice"


def test_every_action_has_a_specimen() -> None:
    assert set(specimens()) == registered()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("office", ["own", "other"])
def test_visible_in_the_list_is_may_view(role: str, office: str, mihon: Town, karina: Town) -> None:
    """The list's query and the answer for one object come from one declaration, and agree on every row there is."""
    for specimen in _distinct(specimens()):
        specimen.subject(mihon)
        specimen.subject(karina)
    for staff in (mihon, karina):
        ctx = mihon.ctx(role, office, of=staff)
        for model, permission in views().items():
            listed = set(model.objects.for_actor(ctx).values_list("pk", flat=True))
            for row in model._base_manager.all():
                assert permission.may(ctx, row).allowed == (row.pk in listed), (model, row)
                if permission.municipality == "municipality" and row.municipality_id != mihon.ref.id:
                    assert row.pk not in listed, "another municipality's row"


def _distinct(found: dict[str, Specimen]) -> list[Specimen]:
    return list({id(s.subject): s for s in found.values()}.values())
