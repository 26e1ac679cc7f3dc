"""The writers of the register and its holds."""

from yakuba.engines.protection.actions.holds import LookAgain, Release, look_again, release
from yakuba.engines.protection.actions.register import ChangeRegister, change_register

__all__ = [
    "ChangeRegister",
    "LookAgain",
    "Release",
    "change_register",
    "look_again",
    "release",
]
