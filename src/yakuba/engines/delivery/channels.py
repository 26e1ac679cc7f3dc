"""The contract of a channel, and the registry of those that there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from yakuba.kernel.plugins import Registry


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as a channel gets it. ``sender`` is the municipality's name; ``message_id`` is the same at every attempt."""

    id: UUID
    message_id: str
    sender: str
    address: str
    subject: str
    body: str
    language: str


class Refused(Exception):
    """The other side surely did not take it. ``code`` is told to the log and names nobody; ``detail`` may hold the address.

    ``permanent``: trying again is no use.
    """

    def __init__(self, code: str, detail: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.permanent = permanent


class Channel(Protocol):
    """A way out of the house."""

    @property
    def label(self) -> str:
        """For a person."""

    def configured(self) -> bool:
        """Whether an operator has set it up; without that nothing leaves."""

    def check_config(self) -> list[str]:
        """What is wrong with its settings, for the operator."""

    def checked_address(self, address: str) -> str:
        """The address as it is kept. Raises :class:`Problem` on the field ``address``."""

    def message_id(self, delivery: UUID) -> str:
        """What the other side sees again at a second attempt."""

    def deliver(self, letter: Letter) -> None:
        """Hand it over. Raises :class:`Refused`; any other exception means that nobody knows whether it arrived.

        Takes less than four minutes whatever the other side does.
        """


CHANNELS: Registry[Channel] = Registry("channel")
