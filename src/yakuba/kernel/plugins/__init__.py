"""One registry pattern for every plug-in point of the house.

A room that can be extended declares ``CHANNELS: Registry[Channel] = Registry("channel")`` with its contract as the type; a plug-in
registers itself when its module is imported, and the names of those modules come from the settings. What a plug-in needs to be
configured it says itself, in ``check_config``.
"""

from .registry import DuplicatePluginError, Registry, UnknownPluginError

__all__ = ["DuplicatePluginError", "Registry", "UnknownPluginError"]
