"""Rooms above say which of their things may still be output, with the persons in them: so that a new protection finds old things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from yakuba.engines.protection.rules import Party
from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.plugins import Registry

Source = Callable[[Context], Iterable[tuple[SubjectRef, Sequence[Party]]]]
"""All of the municipality's things, whoever asks: only comparing is done with them. May be a generator."""

SOURCES: Registry[Source] = Registry("persons to compare")
