"""The plan over HTTP: what is public for anybody, what the desk does for staff with a session."""

from yakuba.services.plan.api import changes
from yakuba.services.plan.api.desk import desk
from yakuba.services.plan.api.public import portal

portal.add_router("", changes.router)

__all__ = ["desk", "portal"]
