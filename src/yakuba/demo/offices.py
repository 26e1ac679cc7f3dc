"""The offices of みほん市 with their history: who was called what from when, and what became of whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

_LONG_AGO = dt.date(2006, 4, 1)
_R5, _R6, _R7 = dt.date(2023, 4, 1), dt.date(2024, 4, 1), dt.date(2025, 4, 1)
_AUTUMN = dt.date(2025, 10, 1)


@dataclass(frozen=True)
class Opened:
    """An office that opens."""

    code: str
    name: str
    department: str
    authority: str = "mayor"
    on: dt.date = _LONG_AGO


@dataclass(frozen=True)
class Renamed:
    """The office under a code gets another name, department or code."""

    code: str
    name: str
    department: str
    new_code: str
    on: dt.date


@dataclass(frozen=True)
class Succeeded:
    """What becomes of the office under a code; the successor by the code it bears that day."""

    code: str
    kind: str
    successor: str
    on: dt.date


Step = Opened | Renamed | Succeeded

# In the order in which it happened. 050100 took 子育て支援課 and 保育課 together; 030300 took 情報管理課 and the digital room of
# the former planning department together; 危機管理課 left 総務課 in the middle of a fiscal year.
HISTORY: tuple[Step, ...] = (
    Opened("010100", "特別職", ""),
    Opened("030100", "総務課", "総務部"),
    Opened("030200", "情報管理課", "総務部"),
    Opened("030400", "財政課", "総務部"),
    Opened("030500", "税務課", "総務部"),
    Opened("040100", "市民課", "市民部"),
    Opened("040200", "環境課", "市民部"),
    Opened("050110", "子育て支援課", "福祉部"),
    Opened("050120", "保育課", "福祉部"),
    Opened("050200", "介護福祉課", "福祉部"),
    Opened("060100", "建設課", "都市整備部"),
    Opened("070100", "社会教育課", "教育委員会事務局", "education"),
    Opened("080100", "上下水道課", "公営企業", "enterprise"),
    Opened("090100", "選挙管理委員会事務局", "", "election"),
    Opened("090200", "監査委員事務局", "", "audit"),
    Opened("020200", "デジタル推進室", "企画部企画課", on=dt.date(2022, 4, 1)),
    Renamed("070100", "生涯学習課", "教育委員会事務局", "070100", _R5),
    Renamed("050200", "介護福祉課", "福祉こども部", "050200", _R6),
    Opened("050100", "こども課", "福祉こども部", on=_R6),
    Succeeded("050110", "merged", "050100", _R6),
    Succeeded("050120", "merged", "050100", _R6),
    Opened("030300", "DX推進課", "総務部", on=_R7),
    Succeeded("030200", "merged", "030300", _R7),
    Succeeded("020200", "merged", "030300", _R7),
    Opened("020100", "危機管理課", "市長公室", on=_AUTUMN),
    Succeeded("030100", "spun_off", "020100", _AUTUMN),
)


@dataclass(frozen=True)
class Granted:
    """A role on an office, or on one of its posts."""

    role: str
    code: str
    title: str = ""
    since: dt.date = _R6


_HEADED = {
    **dict.fromkeys(
        ("030100", "030400", "030500", "040100", "040200", "050100", "050200", "060100", "070100", "080100"),
        _R6,
    ),
    "030300": _R7,
    "020100": _AUTUMN,
}
_PROCEDURES = (
    "030100", "030400", "030500", "040100", "040200", "050100", "050200", "060100", "070100", "080100",
)  # fmt: skip
GRANTS: tuple[Granted, ...] = (
    # Before the reorganisation the plan was in the hands of 情報管理課.
    Granted("plan_secretariat", "030200", "課長補佐"),
    Granted("plan_secretariat", "030300", "課長", _R7),
    Granted("plan_secretariat", "030300", "係長", _R7),
    Granted("plan_secretariat", "030300", "主事", _R7),
    Granted("plan_editor", "030100", "文書法規係長"),
    Granted("plan_editor", "040100"),
    Granted("plan_editor", "040200"),
    Granted("plan_editor", "050100"),
    Granted("plan_editor", "060100"),
    Granted("auditor", "090200"),
    Granted("procedure_secretariat", "030300", "課長", _R7),
    Granted("procedure_secretariat", "030300", "係長", _R7),
    Granted("ledger_secretariat", "030300", "課長", _R7),
    Granted("ledger_secretariat", "030300", "係長", _R7),
    *(Granted("ledger_keeper", code) for code in ("040200", "060100", "070100")),
    Granted("ledger_keeper", "030300", since=_R7),
    Granted("ledger_keeper", "020100", since=_AUTUMN),
    Granted("records_keeper", "030100", "文書法規係長"),
    Granted("protection_keeper", "040100", "課長"),
    Granted("protection_keeper", "040100", "窓口係長"),
    *(Granted(role, code) for code in _PROCEDURES for role in ("procedure_editor", "case_worker")),
    *(Granted("office_head", code, "課長", since) for code, since in _HEADED.items()),
)
