"""Forms of an initiative's parts: what stands in their fields, and the JSON that comes out of them. Pure; no request, no rows."""

from yakuba.services.plan.forms.base import Input, PartForm, Typed, World
from yakuba.services.plan.forms.parts import form_of

__all__ = ["Input", "PartForm", "Typed", "World", "form_of"]
