"""The ways in which somebody can show who they are: other rooms register theirs, and pages ask which of them reach a level."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from django.utils.functional import Promise
from django.utils.http import urlencode

from yakuba.engines.visitors import rules
from yakuba.engines.visitors.returning import safe_return
from yakuba.kernel.actions import Context
from yakuba.kernel.plugins import Registry


class Method(Protocol):
    """One way to show who one is. ``level`` is what it reaches."""

    @property
    def key(self) -> str:
        """Stands in stored rows for ever."""

    @property
    def label(self) -> str | Promise:
        """What one does, on the page that offers the ways: 「メールで確認する」."""

    @property
    def name(self) -> str | Promise:
        """What it is called where it is told how somebody was confirmed: 「メールの確認コード」."""

    @property
    def about(self) -> str | Promise:
        """What one needs for it, in a sentence."""

    @property
    def level(self) -> str:
        """The level that it reaches."""

    def start_url(self, ctx: Context, return_to: str) -> str:
        """The page where it begins; from there one comes back to ``return_to``."""

    def available(self) -> bool:
        """Whether it is set up in this installation."""

    def check_config(self) -> list[str]:
        """What is wrong with how it is set up, in words; nothing where it is not set up at all."""


METHODS: Registry[Method] = Registry("way to show who one is")


def methods_reaching(level: str) -> list[Method]:
    """The ways that are set up here and reach a level, those that ask least first."""
    found = [one for one in METHODS.values() if one.available() and rules.reaches(one.level, level)]
    return sorted(found, key=lambda one: rules.height(one.level))


def method_label(key: str) -> str:
    """The name of a way; a key of a room that is gone stands for itself."""
    return str(METHODS.get(key).name) if key in METHODS else key


Address = Callable[[Context], str]
_CHOICE: list[Address] = []


def register_choice(address: Address) -> None:
    """Name the page on which one chooses a way; called once, by the room that has it. RuntimeError the second time."""
    if _CHOICE:
        raise RuntimeError("there is a page for choosing already")
    _CHOICE.append(address)


def sign_in_url(ctx: Context, level: str, return_to: str) -> str:
    """The page on which somebody chooses a way that reaches ``level``, and from there comes back to ``return_to``.

    LookupError where no room offers one.
    """
    if not _CHOICE:
        raise LookupError("no room offers a page for signing in")
    asked = {"level": level, "next": safe_return(ctx, return_to)}
    return f"{_CHOICE[0](ctx)}?{urlencode({key: value for key, value in asked.items() if value})}"
