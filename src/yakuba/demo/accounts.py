"""The accounts of the demo: who may sign in, with which password, and a second factor that is set up already."""

from __future__ import annotations

from dataclasses import dataclass

from yakuba.demo.steps import Steps
from yakuba.kernel.access.actions import (
    AccountRoleData,
    CreateAccount,
    create_account,
    grant_account_role,
)
from yakuba.kernel.access.demo import enrol_factor


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in; ``role`` is what the demo tells about them."""

    username: str
    staff_number: str
    name: str
    post: str
    role: str
    administers: bool = False


ACCOUNTS = (
    Account("yotsuba", "00110", "架空よつば", "DX推進課 課長", "計画の事務局（取り込み・訂正・公表）"),
    Account("itsuki", "00111", "雛形いつき", "DX推進課 係長", "計画の事務局（取り込み・訂正・公表）"),
    Account("nanako", "00161", "様式ななこ", "環境課 主任", "計画の担当（自分の課の取組）"),
    Account("hachiro", "00191", "凡例はちろう", "建設課 技師", "計画の担当（自分の課の取組）"),
    Account("kokono", "00150", "図解ここの", "市民課 課長", "所属長・計画の担当（自分の課の取組）"),
    Account("mamoru", "00220", "控えまもる", "監査委員事務局 局長", "監査（証跡を読む）"),
    Account(
        "mutsumi",
        "00103",
        "模型むつみ",
        "総務課 職員係長",
        "自治体の管理（利用者・職員・所属）",
        administers=True,
    ),
    Account("aoi", "00105", "空欄あおい", "総務課 主事", "職員（読むだけ）"),
)


def make_accounts(steps: Steps, passwords: dict[str, str]) -> None:
    """Make the accounts that are not there yet."""
    for one in ACCOUNTS:
        data = CreateAccount(one.username, one.staff_number, passwords[one.username])
        account = create_account(steps.ctx(f"account:{one.username}"), None, data)
        if one.administers:
            role = AccountRoleData("municipality_admin")
            grant_account_role(steps.ctx(f"administers:{one.username}"), account, role)
        enrol_factor(account)
