"""Boundary decisions and narrow roads (境界確定・狭あい道路): what was agreed with whom, and how exactly it was measured."""
