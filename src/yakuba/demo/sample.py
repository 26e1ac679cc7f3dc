"""Loads みほん市 (offices, people, roles, accounts, the plan) and its neighbours. Everything by the actions that people use."""

from __future__ import annotations

import datetime as dt
from typing import Final

from yakuba.demo import bodies, home, ledgers, measures, neighbours, plans, procedures
from yakuba.demo.accounts import ACCOUNTS, make_accounts
from yakuba.demo.offices import GRANTS, HISTORY, Opened, Renamed, Step
from yakuba.demo.steps import Steps
from yakuba.kernel.access.actions import GrantRole, grant_role
from yakuba.kernel.access.actors import cli_actor
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
from yakuba.kernel.town.queries import office_by_code

CODE: Final = "990019"
NAME: Final = "みほん市"


def load() -> bool:
    """Load the sample into a marked home, going on after an interrupted load; whether there was anything to do.

    Raises :class:`Problem` for a database that holds a municipality beside the sample's.
    """
    if home.is_loaded(CODE):
        return False
    home.demand_own_database({CODE, *(one.code for one in neighbours.NEIGHBOURS)})
    steps = Steps(ensure_municipality(cli_actor(), CODE, name=NAME, kana="ミホンシ", accent="green"))
    for number, step in enumerate(HISTORY):
        _office(steps, f"office:{number}", step)
    _people(steps)
    make_accounts(steps, home.passwords(account.username for account in ACCOUNTS))
    bodies.load(steps)
    procedures.load(steps)
    ledgers.load(steps)
    measures.history(steps)
    plans.load(steps)
    measures.release(steps)
    neighbours.load()
    _work_off()
    home.note_loaded()
    return True


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
    content = plans.data("personnel.csv").decode("utf-8")
    import_personnel(ctx, here, ImportPersonnel(content, "personnel.csv"))
    for grant in GRANTS:
        key = f"grant:{grant.role}:{grant.code}:{grant.title}"
        grant_role(steps.ctx(key), None, GrantRole(grant.role, grant.code, grant.since, grant.title))


def _work_off() -> None:
    """Do what the worker would do next, so that the demo begins with it done; a worker that runs already does it itself."""
    try:
        Worker().run(once=True)
    except AlreadyWorking:
        return
