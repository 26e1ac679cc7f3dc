"""Where a house stands: in use or not, and how far the two ways of the law have gone with it."""

from __future__ import annotations

from typing import Final, Literal

from yakuba.engines.ledger.declaration import Chain, Step

_Needs = frozenset[Literal["reason", "document"]]
_WHY: Final[_Needs] = frozenset({"reason"})
_PAPER: Final[_Needs] = frozenset({"document"})
_BOTH: Final[_Needs] = frozenset({"reason", "document"})

STATES = Chain(
    column="state",
    label="状態",
    states=(
        ("vacant", "空家等"), ("used", "使用・活用"), ("demolished", "除却"), ("never", "空家等でない"),
    ),
    first="vacant",
    steps=(
        Step("use", "使用・活用が始まった", "vacant", "used"),
        Step("vacate", "再び空家になった", "used", "vacant", _WHY),
        Step("demolish", "除却された", "vacant", "demolished"),
        Step("dismiss", "調査の結果、空家等でない", "vacant", "never", _WHY),
    ),
    ended=frozenset({"used", "demolished", "never"}),
)  # fmt: skip

# 13条: found to be neglected, 指導, 勧告. Whoever mends it leaves the chain, and so does a house that becomes a dangerous one.
NEGLECTED = Chain(
    column="neglected",
    label="管理不全空家等（13条）",
    states=(("none", "該当なし"), ("found", "認定"), ("guided", "指導"), ("urged", "勧告")),
    first="none",
    steps=(
        Step("find", "管理不全空家等と認める", "none", "found", _BOTH),
        Step("guide", "指導する（13条1項）", "found", "guided", _PAPER),
        Step("urge", "勧告する（13条2項）", "guided", "urged", _BOTH),
        *(
            Step(key, label, state, "none", _WHY)
            for state in ("found", "guided", "urged")
            for key, label in (("mend", "改善された・撤回する"), ("pass_on", "特定空家等として扱う"))
        ),
    ),
)

# 22条. Orders come after a notice (4項), with a public hearing (6項) for whoever asks for one.
DANGEROUS = Chain(
    column="dangerous",
    label="特定空家等（22条）",
    states=(
        ("none", "該当なし"), ("found", "認定"), ("advised", "助言・指導"), ("urged", "勧告"), ("noticed", "命令の事前通知"),
        ("heard", "意見の聴取"), ("ordered", "命令"), ("warned", "戒告"), ("executed", "代執行"),
    ),
    first="none",
    steps=(
        Step("find", "特定空家等と認める", "none", "found", _BOTH),
        Step("advise", "助言・指導する（22条1項）", "found", "advised", _PAPER),
        Step("urge", "勧告する（22条2項）", "advised", "urged", _BOTH),
        Step("notice", "命令を事前に通知する（22条4項）", "urged", "noticed", _PAPER),
        Step("hear", "公開で意見を聴く（22条6項）", "noticed", "heard"),
        Step("order", "命令する（22条3項）", "noticed", "ordered", _BOTH),
        Step("order", "命令する（22条3項）", "heard", "ordered", _BOTH),
        Step("drop", "命令を見送る", "noticed", "urged", _WHY),
        Step("drop", "命令を見送る", "heard", "urged", _WHY),
        Step("warn", "戒告する（行政代執行法3条1項）", "ordered", "warned", _PAPER),
        Step("execute", "代執行する（22条9項）", "warned", "executed", _BOTH),
        Step("emergency", "緊急代執行する（22条11項）", "urged", "executed", _BOTH),
        *(
            Step("summary", "略式代執行する（22条10項）", state, "executed", _BOTH)
            for state in ("found", "advised", "urged")
        ),
        *(
            Step("mend", "改善された・撤回する", state, "none", _WHY)
            for state in ("found", "advised", "urged", "noticed", "heard", "ordered", "warned")
        ),
    ),
)  # fmt: skip
#: In these states an 勧告 stands, by chain.
URGED: Final = {
    "neglected": frozenset({"urged"}),
    "dangerous": frozenset({"urged", "noticed", "heard", "ordered", "warned"}),
}
