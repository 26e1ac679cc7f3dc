"""Addresses of procedures: the citizens' pages, and at the desk designing, the inventory and what came in."""

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and sheet
from yakuba.services.procedures.urls.cases import cases
from yakuba.services.procedures.urls.desk import designing
from yakuba.services.procedures.urls.everything import everything
from yakuba.services.procedures.urls.papers import papers
from yakuba.services.procedures.urls.portal import portal as citizens

desk = [*designing, *cases, *papers]
portal = [*everything, *citizens]

__all__ = ["desk", "portal"]
