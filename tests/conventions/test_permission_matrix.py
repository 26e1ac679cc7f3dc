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


ALLOWED = [cell for cell in CELLS if cell.expect == "allow"]
# What is refused changes nothing, so that all refusals of an action are tried on one subject.
REFUSED = {key: list(found) for key, found in itertools.groupby(
    sorted((cell for cell in CELLS if cell.expect != "allow"), key=lambda cell: cell.action), lambda cell: cell.action
)}  # fmt: skip


@pytest.mark.parametrize("cell", ALLOWED, ids=str)
def test_allowed_through_the_function(cell: Cell, mihon: Town, karina: Town) -> None:
    specimen, action = specimens()[cell.action], ACTIONS[cell.action]
    town, staff = towns(cell, mihon, karina)
    subject = specimen.subject(town)
    data = specimen.data(town, subject)
    action(town.ctx(cell.role, cell.office, of=staff), subject, data)
    done = TrailEntry.unscoped.filter(action=cell.action, kind="done")
    assert done.exists(), "what was done stands in the trail"


@pytest.mark.parametrize("key", REFUSED)
def test_refused_through_the_function(key: str, mihon: Town, karina: Town) -> None:
    specimen, action = specimens()[key], ACTIONS[key]
    subject = specimen.subject(mihon)
    data = specimen.data(mihon, subject)
    before = _state(subject)
    logged = TrailEntry.unscoped.filter(action=key, kind="denied")
    for cell in REFUSED[key]:
        _town, staff = towns(cell, mihon, karina)
        count = logged.count()
        try:
            action(mihon.ctx(cell.role, cell.office, of=staff), subject, data)
        except Denied:
            pass
        else:
            pytest.fail(f"{cell} is not refused")
        assert _state(subject) == before, f"{cell}: a denied attempt changes nothing"
        assert logged.count() == count + 1, f"{cell}: and is logged"


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
    ("cell", "way"), [pytest.param(cell, way, id=f"{cell}-{way}") for cell in ALLOWED for way in ways(cell)]
)
def test_allowed_through_the_web(cell: Cell, way: str, mihon: Town, karina: Town) -> None:
    specimen = specimens()[cell.action]
    town, staff = towns(cell, mihon, karina)
    subject = specimen.subject(town)
    client = Client()
    sign_in(client, staff, cell)
    response = getattr(specimen, way)(client, town, subject)
    assert response.status_code in EXPECTED_STATUS["allow"], response.content[:300]


@pytest.mark.parametrize(
    ("key", "way"),
    [
        (key, way)
        for key, found in REFUSED.items()
        for way in ("page", "api")
        if any(way in ways(cell) for cell in found)
    ],
)
def test_refused_through_the_web(key: str, way: str, mihon: Town, karina: Town) -> None:
    specimen = specimens()[key]
    send = getattr(specimen, way)
    subject = specimen.subject(mihon)
    before = _state(subject)
    for cell in REFUSED[key]:
        if way not in ways(cell):
            continue
        _town, staff = towns(cell, mihon, karina)
        client = Client()
        if cell.role == "public":
            response = send(client, mihon, subject)
            sent_to_sign_in = response.status_code == 302 and response.url.startswith("/desk/sign-in/")
            assert sent_to_sign_in or response.status_code in {401, 403, 404}, cell
        else:
            sign_in(client, staff, cell)
            response = send(client, mihon, subject)
            assert response.status_code in EXPECTED_STATUS[cell.expect], (cell, response.content[:300])
        assert _state(subject) == before, cell


def sign_in(client: Client, staff: Town, cell: Cell) -> None:
    """A session as after password and second factor; a visitor's is a cookie of the portal."""
    if cell.role == "visitor":
        staff.enter(client, cell.office)
        return
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


def _needless(action: str, role: str, office: str, municipality: str) -> bool:
    """The public, the operator and the administrations hang on no office; the public and the operator on no municipality.

    A role on posts, or of a visitor, that an action's permission does not name needs no lines of its own:
    :func:`test_a_role_that_is_not_named_reaches_nothing` asks for all of these.
    """
    if role in {"public", "cli", "platform_admin"} and (office, municipality) != ("own", "same"):
        return True
    if role == "municipality_admin" and office == "other":
        return True
    return role in _ON_DEMAND and role not in ACTIONS[action].permission.roles


# Roles whose lines stand only where a permission names them.
_ON_DEMAND = {role.key for role in ROLES.values() if role.hangs_on == "post"} - {"auditor"} | {"visitor"}


def test_a_role_that_is_not_named_reaches_nothing(mihon: Town) -> None:
    """What has no line in the matrix is denied, in the subject's own office too, unless all staff may do it.

    All specimens stand side by side, so that every role comes in once.
    """
    written = {(c.action, c.role, c.office) for c in CELLS}
    subjects = {key: specimens()[key].subject(mihon) for key in sorted(registered())}
    reached = []
    for office in ("own", "other"):
        contexts = {role: mihon.ctx(role, office) for role in ("staff", *sorted(_ON_DEMAND))}
        for key, subject in subjects.items():
            permission = ACTIONS[key].permission
            staff = permission.may(contexts["staff"], subject).allowed
            reached += [
                (key, role, office)
                for role in sorted(_ON_DEMAND - set(permission.roles))
                if (key, role, office) not in written
                and permission.may(contexts[role], subject).allowed
                and (role == "visitor" or not staff)
            ]
    assert not reached


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


def test_visible_in_the_list_is_may_view(mihon: Town, karina: Town) -> None:
    """The list's query and the answer for one object come from one declaration, and agree for everybody.

    All specimens are made once, side by side; of each model some rows of both towns are asked for.
    """
    for specimen in _distinct(specimens()):
        specimen.subject(mihon)
        specimen.subject(karina)
    asked = {model: _some_rows(model, mihon, karina) for model in views()}
    for role, office, staff in itertools.product(ROLES, ("own", "other"), (mihon, karina)):
        ctx = mihon.ctx(role, office, of=staff)
        for model, permission in views().items():
            listed = set(model.objects.for_actor(ctx).values_list("pk", flat=True))
            for row in asked[model]:
                allowed = permission.may(ctx, row).allowed
                assert allowed == (row.pk in listed), (role, office, model, row)
                if permission.municipality == "municipality" and row.municipality_id != mihon.ref.id:
                    assert row.pk not in listed, "another municipality's row"


def _some_rows(model: type[models.Model], mihon: Town, karina: Town) -> list[models.Model]:
    """The first and the last rows of both towns, which different specimens made."""
    found = list(model._base_manager.order_by("pk"))
    if not hasattr(model, "municipality_id"):
        return found[:3]
    own = [row for row in found if row.municipality_id == mihon.ref.id]
    others = [row for row in found if row.municipality_id == karina.ref.id]
    return [*own[:2], *own[-1:], *others[:1]]


def _distinct(found: dict[str, Specimen]) -> list[Specimen]:
    return list({id(s.subject): s for s in found.values()}.values())
