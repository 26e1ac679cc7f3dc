"""Themes: a vocabulary that all plans share, and proposals from an initiative's words. Pure: no database, no request."""

from .proposing import Proposal, propose
from .vocabulary import AREAS, THEMES, Area, Theme, by_area, label, theme

__all__ = ["AREAS", "THEMES", "Area", "Proposal", "Theme", "by_area", "label", "propose", "theme"]
