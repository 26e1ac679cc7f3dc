"""Procedures over HTTP: what is offered, for anybody; drafts and the inventory for staff."""

from yakuba.services.procedures.api.desk import desk
from yakuba.services.procedures.api.portal import portal

__all__ = ["desk", "portal"]
