"""The only writers of procedures. Every module is imported here, so that its actions are registered."""

from yakuba.services.procedures.actions import (
    answering,
    applying,
    bundling,
    designing,
    entering,
    handover,
    inventory,
    receiving,
    sending,
    sweeping,
)

__all__ = [
    "answering",
    "applying",
    "bundling",
    "designing",
    "entering",
    "handover",
    "inventory",
    "receiving",
    "sending",
    "sweeping",
]
