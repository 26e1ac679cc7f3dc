"""Visits as subjects of actions and of the trail."""

from yakuba.engines.visitors.models import Visit
from yakuba.kernel.actions import register_subject

register_subject("visit", "来訪", Visit)
