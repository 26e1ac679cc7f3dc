"""The one way in which anything changes.

An action is a function ``(ctx, subject, data) -> result`` under :func:`action`, which in one transaction locks the subject,
checks the expected version, asks for permission, calls, bumps the version, and writes trail, outbox and replay rows.
"""

from yakuba.kernel.actions.action import ACTIONS, Action, NoData, action
from yakuba.kernel.actions.context import ANYONE, Actor, ActorKind, Context, Face, Grant, MunicipalityRef
from yakuba.kernel.actions.once import once
from yakuba.kernel.actions.permission import Everywhere, Own, Permission, Verdict
from yakuba.kernel.actions.problem import Denied, Missing, Problem, Problems, Stale
from yakuba.kernel.actions.scoping import ScopedManager, viewed_by
from yakuba.kernel.actions.subjects import (
    SUBJECTS,
    SubjectKind,
    SubjectRef,
    register_subject,
    resolve,
    subject_of,
)

__all__ = [
    "ACTIONS",
    "ANYONE",
    "SUBJECTS",
    "Action",
    "Actor",
    "ActorKind",
    "Context",
    "Denied",
    "Everywhere",
    "Face",
    "Grant",
    "Missing",
    "MunicipalityRef",
    "NoData",
    "Own",
    "Permission",
    "Problem",
    "Problems",
    "ScopedManager",
    "Stale",
    "SubjectKind",
    "SubjectRef",
    "Verdict",
    "action",
    "once",
    "register_subject",
    "resolve",
    "subject_of",
    "viewed_by",
]
