"""The roles. They hang on posts and offices; only the two administrations hang on an account (MECHANISMS §2)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A role's key, its name on screen, and what it may hang on: ``post`` (a post or an office), ``account``, ``fixed``."""

    key: str
    label: str
    hangs_on: str


ROLES = {
    role.key: role
    for role in (
        Role("platform_admin", "基盤の管理", "account"),
        Role("municipality_admin", "自治体の管理", "account"),
        Role("plan_secretariat", "計画の事務局", "post"),
        Role("plan_editor", "計画の担当", "post"),
        Role("office_head", "所属長", "post"),
        Role("auditor", "監査", "post"),
        Role("procedure_secretariat", "手続の事務局", "post"),
        Role("procedure_editor", "手続の担当", "post"),
        Role("case_worker", "審査の担当", "post"),
        Role("records_keeper", "文書・公印の担当", "post"),
        Role("protection_keeper", "支援措置の担当", "post"),
        Role("ledger_secretariat", "台帳の事務局", "post"),
        Role("ledger_keeper", "台帳の担当", "post"),
        Role("ledger_reader", "台帳の閲覧", "post"),
        Role("map_keeper", "地図の担当", "post"),
        Role("staff", "職員", "fixed"),
        Role("public", "公開", "fixed"),
        Role("visitor", "来訪者", "fixed"),
        Role("cli", "操作員", "fixed"),
    )
}
ON_POSTS = tuple((role.key, role.label) for role in ROLES.values() if role.hangs_on == "post")
ON_ACCOUNTS = tuple((role.key, role.label) for role in ROLES.values() if role.hangs_on == "account")
