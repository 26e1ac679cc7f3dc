"""The permission matrix, performed (DESIGN §8): function, page and API; a denied attempt changes nothing and is logged.

The two towns and everybody in them are made once; what an action is tried on is made once for all tests of that action. Each attempt
is rolled back.
"""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client, override_settings

from tests.conventions.house import SETTINGS, modules, tree
from tests.matrix import Cell, Specimen, cells, registered, specimens
from tests.signin import sign_in
from tests.world import Town, make_town
from yakuba.engines.ledger.registering import installed
from yakuba.kernel.access.models import AccountRole, RoleGrant
from yakuba.kernel.access.roles import ROLES
from yakuba.kernel.actions import ACTIONS, Actor, Context, Denied
from yakuba.kernel.actions.action import snapshot
from yakuba.kernel.actions.scoping import views
from yakuba.kernel.town.models import Assignment, Post
from yakuba.kernel.trail.models import TrailEntry

CELLS = cells()
EXPECTED_STATUS = {"allow": {200, 201, 204, 302, 303}, "deny": {403}, "hide": {404}}
OFFICES = ("own", "other")


def by_action(found: Iterable[Cell]) -> dict[str, list[Cell]]:
    """The cells of each action."""
    grouped = itertools.groupby(sorted(found, key=lambda cell: cell.action), lambda cell: cell.action)
    return {key: list(some) for key, some in grouped}


ALLOWED = by_action(cell for cell in CELLS if cell.expect == "allow")
REFUSED = by_action(cell for cell in CELLS if cell.expect != "allow")


@dataclass
class Staffed(Town):
    """A town whose people do not change: who somebody is, is asked once."""

    known: dict[tuple[str, str], Actor] = field(default_factory=dict)

    def actor(self, role: str, office: str = "own", *, of: Town | None = None) -> Actor:
        """The actor behind a role, as it was when first asked."""
        if of is not None and of is not self:
            return of.actor(role, office)
        if (role, office) not in self.known:
            self.known[role, office] = super().actor(role, office)
        return self.known[role, office]

    def plain(self) -> Town:
        """The same for specimens, which may give somebody another post."""
        return Town(self.ref, dict(self.offices), dict(self.accounts), dict(self.visits))


Towns = dict[str, Staffed]


@pytest.fixture(scope="module")
def towns(module_db: None) -> Towns:
    """みほん市 (``same``) and its neighbour (``other``), with somebody for every role at both offices."""
    made = {
        "same": Staffed(**vars(make_town("990019", "みほん市"))),
        "other": Staffed(**vars(make_town("990027", "かりな市"))),
    }
    for town, role, office in itertools.product(made.values(), ROLES.values(), OFFICES):
        if role.hangs_on in {"post", "account"} or role.key == "staff":
            town.account(role.key, office)
        town.actor(role.key, office)
    return made


@dataclass
class Made:
    """What the tests of one action share."""

    specimen: Specimen
    towns: Towns
    subject: Any  # of whatever model, or a value of the specimen's own

    def again(self) -> tuple[Town, Any]:
        """みほん市 and the subject, as they were made: for one attempt."""
        return self.towns["same"].plain(), copy.deepcopy(self.subject)

    def ctx(self, cell: Cell) -> Context:
        """Who tries it, in みほん市."""
        return self.towns["same"].ctx(cell.role, cell.office, of=self.towns[cell.municipality])


@pytest.fixture(scope="module")
def people(towns: Towns) -> list[object]:
    """What everybody of the two towns holds."""
    return holdings()


@pytest.fixture(scope="module")
def made(request: pytest.FixtureRequest, towns: Towns, people: list[object]) -> Iterator[Made]:
    """The subject of one action, for all tests of it."""
    specimen = specimens()[request.param]
    with transaction.atomic():
        with override_settings(**SETTINGS):
            subject = specimen.subject(towns["same"].plain())
        if holdings() != people:
            towns = {name: replace(town, known={}) for name, town in towns.items()}
        yield Made(specimen, towns, subject)
        transaction.set_rollback(True)


def holdings() -> list[object]:
    """All that makes people who they are."""
    return [
        list(model.unscoped.order_by("pk").values_list())
        for model in (Post, Assignment, RoleGrant, AccountRole)
    ]


@contextmanager
def attempt(cell: Cell) -> Iterator[None]:
    """One try, of which nothing remains. Whatever comes out of it names the cell."""
    with transaction.atomic():
        try:
            yield
        except Exception as exc:
            exc.add_note(str(cell))
            raise
        finally:
            transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("made", ALLOWED, indirect=True)
def test_allowed_through_the_function(made: Made, request: pytest.FixtureRequest) -> None:
    key = request.node.callspec.params["made"]
    done = TrailEntry.unscoped.filter(action=key, kind="done")
    for cell in ALLOWED[key]:
        with attempt(cell):
            town, subject = made.again()
            data = made.specimen.data(town, subject)
            count = done.count()
            ACTIONS[key](made.ctx(cell), subject, data)
            assert done.count() > count, f"{cell}: what was done stands in the trail"


@pytest.mark.django_db
@pytest.mark.parametrize("made", REFUSED, indirect=True)
def test_refused_through_the_function(made: Made, request: pytest.FixtureRequest) -> None:
    """What is refused changes nothing, so that all refusals of an action are tried on one subject."""
    key = request.node.callspec.params["made"]
    town, subject = made.again()
    data = made.specimen.data(town, subject)
    before = _state(subject)
    logged = TrailEntry.unscoped.filter(action=key, kind="denied")
    earlier = logged.count()
    for cell in REFUSED[key]:
        try:
            ACTIONS[key](made.ctx(cell), subject, data)
        except Denied:
            pass
        else:
            pytest.fail(f"{cell} is not refused")
    assert _state(subject) == before, "a denied attempt changes nothing"
    assert logged.count() == earlier + len(REFUSED[key]), "and each is logged"


def _state(subject: object) -> object:
    if not isinstance(subject, models.Model):
        return None
    fresh = type(subject)._base_manager.get(pk=subject.pk)
    return snapshot(fresh), getattr(fresh, "version", None)


def ways(key: str) -> list[str]:
    """How an action can be reached over HTTP."""
    specimen = specimens().get(key)
    return [way for way in ("page", "api") if getattr(specimen, way, None) is not None]


def on_the_web(found: dict[str, list[Cell]]) -> dict[str, list[Cell]]:
    """The cells of the actions that can be reached over HTTP; the operator has the command line alone."""
    chosen = {key: [cell for cell in some if cell.role != "cli"] for key, some in found.items() if ways(key)}
    return {key: some for key, some in chosen.items() if some}


@pytest.mark.django_db
@pytest.mark.parametrize("made", on_the_web(ALLOWED), indirect=True)
def test_allowed_through_the_web(made: Made, request: pytest.FixtureRequest) -> None:
    key = request.node.callspec.params["made"]
    for way, cell in itertools.product(ways(key), on_the_web(ALLOWED)[key]):
        with attempt(cell):
            town, subject = made.again()
            response = send(made, way, cell, town, subject)
            assert response.status_code in EXPECTED_STATUS["allow"], (way, cell, response.content[:300])


@pytest.mark.django_db
@pytest.mark.parametrize("made", on_the_web(REFUSED), indirect=True)
def test_refused_through_the_web(made: Made, request: pytest.FixtureRequest) -> None:
    key = request.node.callspec.params["made"]
    town, subject = made.again()
    before = _state(subject)
    for way, cell in itertools.product(ways(key), sampled(made, on_the_web(REFUSED)[key])):
        response = send(made, way, cell, town, subject)
        if cell.role == "public":
            sent_to_sign_in = response.status_code == 302 and response.url.startswith("/desk/sign-in/")
            assert sent_to_sign_in or response.status_code in {401, 403, 404}, (way, cell)
        else:
            assert response.status_code in EXPECTED_STATUS[cell.expect], (way, cell, response.content[:300])
    assert _state(subject) == before


def send(made: Made, way: str, cell: Cell, town: Town, subject: Any) -> HttpResponse:  # Any: as in ``Made``
    """What somebody's browser or program sends. Signed in as after password and second factor; a visitor by a cookie of the portal."""
    client, staff = Client(), made.towns[cell.municipality]
    if cell.role == "visitor":
        staff.enter(client, cell.office)
    elif cell.role != "public":
        sign_in(client, staff.account(cell.role, cell.office))
    response: HttpResponse = getattr(made.specimen, way)(client, town, subject)
    return response


def sampled(made: Made, found: list[Cell]) -> list[Cell]:
    """Which refusals go over HTTP.

    Every one where a page says something else than what follows from the view permission: who may see the subject is told no, to
    anybody else it is not there. Of those where it does follow, which is asked of every cell, one of each answer, office and
    municipality; each action begins at another role.
    """
    view = views().get(type(made.subject))
    if view is None:
        return found
    chosen: dict[object, Cell] = {}
    begin = sum(map(ord, found[0].action)) % len(found)
    for cell in found[begin:] + found[:begin]:
        visible = view.may(made.ctx(cell), made.subject).allowed
        follows = cell.role != "public" and visible == (cell.expect == "deny")
        chosen.setdefault((cell.expect, cell.office, cell.municipality) if follows else cell, cell)
    return list(chosen.values())


def test_every_action_has_its_lines() -> None:
    """An action without lines for every role, both offices and the other municipality is not decided yet."""
    written = {(c.action, c.role, c.office, c.municipality) for c in CELLS}
    missing = [
        combination
        for combination in itertools.product(sorted(registered()), ROLES, OFFICES, ("same", "other"))
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


@pytest.mark.django_db
@pytest.mark.parametrize("made", sorted(registered()), indirect=True)
def test_a_role_that_is_not_named_reaches_nothing(made: Made, request: pytest.FixtureRequest) -> None:
    """What has no line in the matrix is denied, in the subject's own office too, unless all staff may do it."""
    key = request.node.callspec.params["made"]
    permission, town = ACTIONS[key].permission, made.towns["same"]
    written = {(c.role, c.office) for c in CELLS if c.action == key}
    for office in OFFICES:
        staff = permission.may(town.ctx("staff", office), made.subject).allowed
        reached = [
            role
            for role in sorted(_ON_DEMAND - set(permission.roles))
            if (role, office) not in written
            and (role == "visitor" or not staff)
            and permission.may(town.ctx(role, office), made.subject).allowed
        ]
        assert not reached, office


def test_every_action_in_the_source_is_registered() -> None:
    """An action in a file that nobody imports would be asked for by nothing. Those of a ledger are made with it."""
    written = {
        decorator.args[0].value
        for _name, path in modules()
        if "@action(" in path.read_text("utf-8")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        and ast.unparse(decorator.func) == "action"
        and isinstance(decorator.args[0], ast.Constant)
    }
    of_ledgers = {one.key for ledger in installed() for one in vars(ledger.actions).values()}
    assert written | of_ledgers == registered()


def test_no_line_without_an_action() -> None:
    assert {c.action for c in CELLS} <= registered()
    assert {c.expect for c in CELLS} <= set(EXPECTED_STATUS)
    assert len({str(c) for c in CELLS}) == len(CELLS), "a line stands twice"


def test_every_action_has_a_specimen() -> None:
    assert set(specimens()) == registered()


@pytest.mark.django_db
def test_visible_in_the_list_is_may_view(towns: Towns) -> None:
    """The list's query and the answer for one object come from one declaration, and agree for everybody.

    All specimens are made once, side by side; of each model some rows of both towns are asked for. What is asked with the very same
    query for somebody else is asked once.
    """
    for specimen, town in itertools.product(_distinct(specimens()), towns.values()):
        specimen.subject(town.plain())
    towns = {name: replace(town, known={}) for name, town in towns.items()}
    here = towns["same"]
    asked = {model: _some_rows(model, here, towns["other"]) for model in views()}
    answered = set()
    for role, office, staff in itertools.product(ROLES, OFFICES, towns.values()):
        ctx = here.ctx(role, office, of=staff)
        for model, permission in views().items():
            query = permission.q(ctx)
            if _comparable(query) and (model, query) in answered:
                continue
            answered.add((model, query) if _comparable(query) else None)
            rows = asked[model]
            listed = set(
                model.objects.for_actor(ctx)
                .filter(pk__in=[row.pk for row in rows])
                .values_list("pk", flat=True)
            )
            for row in rows:
                allowed = permission.may(ctx, row).allowed
                assert allowed == (row.pk in listed), (role, office, model, row)
                if permission.municipality == "municipality" and row.municipality_id != here.ref.id:
                    assert row.pk not in listed, "another municipality's row"


def _comparable(query: models.Q) -> bool:
    """Whether two such conditions can be told to be the same: not where they hold queries."""
    try:
        hash(query)
    except TypeError:
        return False
    return True


def _some_rows(model: type[models.Model], mihon: Town, karina: Town) -> list[models.Model]:
    """The first and the last rows of both towns, which different specimens made."""
    found = list(model._base_manager.order_by("pk"))
    if not hasattr(model, "municipality_id"):
        return found[:3]
    own = [row for row in found if row.municipality_id == mihon.ref.id]
    others = [row for row in found if row.municipality_id == karina.ref.id]
    return list({row.pk: row for row in [*own[:2], *own[-1:], *others[:1]]}.values())


def _distinct(found: dict[str, Specimen]) -> list[Specimen]:
    return list({id(s.subject): s for s in found.values()}.values())
