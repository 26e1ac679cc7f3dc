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
    Account("yotsuba", "00110", "架空よつば", "DX推進課 課長", "計画・手続・台帳の事務局"),
    Account("itsuki", "00111", "雛形いつき", "DX推進課 係長", "計画・手続・台帳の事務局"),
    Account("manabu", "00112", "略図まなぶ", "DX推進課 主事", "計画の事務局（入力を手伝う）"),
    Account("nanako", "00161", "様式ななこ", "環境課 主任", "計画・手続・審査・台帳の担当（自分の課）"),
    Account("shiori", "00160", "付録しおり", "環境課 課長", "所属長（審査・決裁）"),
    Account("hikari", "00172", "例題ひかり", "こども課 主任", "計画・手続・審査の担当（自分の課）"),
    Account("naoki", "00171", "添付なおき", "こども課 課長", "所属長（児童クラブを決裁する）"),
    Account(
        "tooru",
        "00104",
        "記入とおる",
        "総務課 文書法規係長",
        "文書番号・公印・決裁の定め・計画の担当（自分の課）",
    ),
    Account("minori", "00151", "索引みのり", "市民課 窓口係長", "支援措置の担当・審査の担当"),
    Account("hachiro", "00191", "凡例はちろう", "建設課 技師", "計画・手続・審査・台帳の担当（自分の課）"),
    Account("ichika", "00140", "注記いちか", "危機管理課 課長", "所属長・避難所の台帳の担当"),
    Account("aya", "00200", "清書あや", "生涯学習課 課長", "所属長・埋蔵文化財の台帳の担当"),
    Account("kokono", "00150", "図解ここの", "市民課 課長", "所属長・計画の担当・支援措置の担当"),
    Account("futaba", "00002", "例示ふたば", "特別職 副市長", "本部長（会議の議事録を確認する）"),
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
