"""Loads みほん市: offices, people, roles, accounts, the plan. Everything by the actions that people use."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files as resources
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

from yakuba.demo import home
from yakuba.demo.accounts import ACCOUNTS, make_accounts
from yakuba.demo.offices import GRANTS, HISTORY, Opened, Renamed, Step
from yakuba.demo.steps import Steps
from yakuba.kernel.access.actions import GrantRole, grant_role
from yakuba.kernel.access.actors import cli_actor
from yakuba.kernel.dates import clock
from yakuba.kernel.files import store as files
from yakuba.kernel.outbox.worker import AlreadyWorking, Worker
from yakuba.kernel.town.actions import (
    ImportPersonnel,
    OpenOffice,
    RenameOffice,
    SucceedOffice,
    ensure_municipality,
    import_personnel,
    open_office,
    rename_office,
    succeed_office,
)
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.queries import office_by_code, offices_on
from yakuba.services.plan import queries, uploads
from yakuba.services.plan.actions import (
    CorrectField,
    ImportDocument,
    LinkOffice,
    PublishEdition,
    ReceiveFile,
    correct_field,
    import_document,
    link_office,
    publish_edition,
    receive_file,
)
from yakuba.services.plan.models import Edition
from yakuba.services.plan.parsing import read_bytes

CODE: Final = "990019"
NAME: Final = "みほん市"
_DOCUMENT: Final = "mihon.txt"
_NEXT_DOCUMENT: Final = "mihon-r9.txt"


def load() -> bool:
    """Load the sample into a marked home, going on after an interrupted load; whether there was anything to do.

    Raises :class:`Problem` for a database that holds another municipality.
    """
    if home.is_loaded(CODE):
        return False
    home.demand_own_database(CODE)
    steps = Steps(ensure_municipality(cli_actor(), CODE, name=NAME, kana="ミホンシ", accent="green"))
    for number, step in enumerate(HISTORY):
        _office(steps, f"office:{number}", step)
    _people(steps)
    make_accounts(steps, home.passwords(account.username for account in ACCOUNTS))
    _plan(steps)
    _work_off()
    home.note_loaded()
    return True


def _data(name: str) -> bytes:
    return (resources("yakuba.demo") / "data" / name).read_bytes()


def _office(steps: Steps, key: str, step: Step) -> None:
    ctx = steps.ctx(key)
    if isinstance(step, Opened):
        open_office(ctx, None, OpenOffice(step.authority, step.name, step.code, step.on, step.department))
        return
    # The office that bore the code the day before.
    before = office_by_code(steps.ref.id, step.code, step.on - dt.timedelta(days=1))
    if before is None:
        raise LookupError(f"no office {step.code} before {step.on}")
    if isinstance(step, Renamed):
        rename_office(ctx, before, RenameOffice(step.name, step.new_code, step.on, step.department))
    else:
        succeed_office(ctx, before, SucceedOffice(step.kind, step.on, step.successor))


def _people(steps: Steps) -> None:
    ctx = steps.ctx("personnel")
    here = Municipality.objects.for_actor(ctx).get(pk=steps.ref.id)
    content = _data("personnel.csv").decode("utf-8")
    import_personnel(ctx, here, ImportPersonnel(content, "personnel.csv"))
    for grant in GRANTS:
        key = f"grant:{grant.role}:{grant.code}:{grant.title}"
        grant_role(steps.ctx(key), None, GrantRole(grant.role, grant.code, grant.since, grant.title))


def _plan(steps: Steps) -> None:
    """The edition of this year, read from its document and published; one cell corrected since; next year's draft handed in."""
    (document,) = read_bytes(_data("mihon.json"), "mihon.json", CODE, NAME)
    sha256 = files.put(_data(_DOCUMENT))
    edition = import_document(
        steps.staff("plan:import", "itsuki"), None, ImportDocument(document, _DOCUMENT, sha256)
    )
    _link_offices(steps, edition)
    publish_edition(steps.staff("plan:publish", "yotsuba"), edition, PublishEdition())
    hachiro = steps.staff("plan:correct", "hachiro")
    maps = queries.initiatives(hachiro, edition).get(number="10")
    after = "公園と消火栓の層を公開し、印刷用の地図を用意します。道路の工事予定は毎週更新します。"
    correct_field(
        hachiro,
        maps,
        CorrectField("texts.schedule", after, "道路の工事予定を載せることにしたため"),
    )
    name = uploads.receive(SimpleUploadedFile(_NEXT_DOCUMENT, _data(_NEXT_DOCUMENT)), f"{CODE}:sample")
    receive_file(steps.staff("plan:receive", "itsuki"), None, ReceiveFile(_NEXT_DOCUMENT, name))


def _link_offices(steps: Steps, edition: Edition) -> None:
    """Say which office each printed name means; a group (各課) means none."""
    units = {office.name: office.id for office in offices_on(steps.ref.id, clock.today())}
    rows = queries.forms(queries.initiatives(steps.ctx("plan:link"), edition))
    offices = [office for _row, form in rows for office in form["offices"]]
    for name in sorted({office["name"] for office in offices if office["role"] != "group"}):
        data = LinkOffice(name, str(units[name]))
        link_office(steps.staff(f"plan:link:{name}", "yotsuba"), edition, data)


def _work_off() -> None:
    """Do what the worker would do next, so that the demo begins with it done; a worker that runs already does it itself."""
    try:
        Worker().run(once=True)
    except AlreadyWorking:
        return
