"""Who may do what with procedures: the desk's permissions in :mod:`.desk`, the portal's in :mod:`.portal`."""

from yakuba.services.procedures.access import desk, portal

__all__ = ["desk", "portal"]
