"""How each action of access is tried."""

from __future__ import annotations

import datetime as dt

from tests.matrix import Specimen
from tests.world import SINCE, Town
from yakuba.kernel.access import actions as access
from yakuba.kernel.access.models import RoleGrant, StaffAccount

DAY = dt.date(2026, 4, 1)
PASSWORD = "べつの ことば 3456"
ADMIN = access.AccountRoleData("municipality_admin")


def account(here: Town) -> StaffAccount:
    return here.account("staff", "own")


def grant(here: Town) -> RoleGrant:
    made, _new = RoleGrant.unscoped.get_or_create(
        municipality_id=here.ref.id, role="plan_editor", office=here.offices["own"], valid_from=SINCE
    )
    return made


def nothing(_here: Town, _subject: object) -> access.NoData:
    return access.NoData()


SPECIMENS = {
    "access.create_account": Specimen(lambda _t: None, lambda _t, _s: access.CreateAccount("reidai")),
    "access.set_password": Specimen(account, lambda _t, _s: access.SetPassword(PASSWORD)),
    "access.change_own_password": Specimen(account, lambda _t, _s: access.SetPassword(PASSWORD)),
    "access.deactivate_account": Specimen(account, nothing),
    "access.reactivate_account": Specimen(account, nothing),
    "access.reset_second_factor": Specimen(account, nothing),
    "access.grant_role": Specimen(lambda _t: None, lambda _t, _s: access.GrantRole("auditor", "own-1", DAY)),
    "access.end_grant": Specimen(grant, lambda _t, _s: access.EndGrant(DAY)),
    "access.grant_account_role": Specimen(account, lambda _t, _s: ADMIN),
    "access.end_account_role": Specimen(account, lambda _t, _s: ADMIN),
}
