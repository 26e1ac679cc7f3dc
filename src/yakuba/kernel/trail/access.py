"""Who reads the trail: auditors, and the operator of the machine. Nobody changes it."""

from yakuba.kernel.actions import Everywhere, Permission, viewed_by
from yakuba.kernel.trail.models import TrailEntry

VIEW = viewed_by(Permission("trail.view", TrailEntry, roles={"auditor": Everywhere(), "cli": Everywhere()}))
