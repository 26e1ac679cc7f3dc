"""The personnel CSV (発令CSV): read it, see what it would change, and change it in one action.

:func:`preview` is what a page or command shows first; ``town.import_personnel`` does the same again inside its transaction.
"""

from yakuba.kernel.town.personnel.planning import (
    Change,
    Mover,
    PersonnelPlan,
    load_standing,
    plan_changes,
    preview,
)
from yakuba.kernel.town.personnel.reading import (
    COLUMNS,
    MAX_BYTES,
    MAX_PROBLEMS,
    CellProblem,
    PersonnelFile,
    PersonnelRow,
    decode,
    read_rows,
    too_large,
)

__all__ = [
    "COLUMNS",
    "MAX_BYTES",
    "MAX_PROBLEMS",
    "CellProblem",
    "Change",
    "Mover",
    "PersonnelFile",
    "PersonnelPlan",
    "PersonnelRow",
    "decode",
    "load_standing",
    "plan_changes",
    "preview",
    "read_rows",
    "too_large",
]
