"""What changes proposals, decision rules and absences. Services start proposals through ``store``."""

from yakuba.engines.approval.actions.absences import NoteAbsence, end_absence, note_absence
from yakuba.engines.approval.actions.deciding import (
    Comment,
    Opinion,
    approve,
    concur,
    decide,
    return_to_drafter,
    skip,
)
from yakuba.engines.approval.actions.drafting import Redraft, redraft, submit, withdraw
from yakuba.engines.approval.actions.reading import read, read_after
from yakuba.engines.approval.actions.table import ChangeRules, RuleChange, change_rules

__all__ = [
    "ChangeRules",
    "Comment",
    "NoteAbsence",
    "Opinion",
    "Redraft",
    "RuleChange",
    "approve",
    "change_rules",
    "concur",
    "decide",
    "end_absence",
    "note_absence",
    "read",
    "read_after",
    "redraft",
    "return_to_drafter",
    "skip",
    "submit",
    "withdraw",
]
