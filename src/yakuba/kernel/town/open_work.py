"""What a mover leaves behind: rooms say which of their things a person has open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.plugins import Registry

OpenWork = Callable[[Context, UUID], Sequence[SubjectRef]]
"""Called with the person's id. Returns only what the actor of the context may see."""

OPEN_WORK: Registry[OpenWork] = Registry("open work")


def open_work(ctx: Context, person_id: UUID) -> list[SubjectRef]:
    """Everything that a person has open, room by room."""
    return [ref for find in OPEN_WORK.values() for ref in find(ctx, person_id)]
