"""Figures of an initiative in a few words, for pages and sheets. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yakuba.services.plan.rows import Form
from yakuba.services.plan.year import figures
from yakuba.services.plan.year.flow import printed


def name_of(indicator: Form) -> str:
    """Its mark and its name."""
    return " ".join(part for part in (indicator["number"], indicator["name"]) if part)


def target_words(indicator: Form, year: int) -> str:
    """The target that the year is held against, with its year where that is another."""
    found = figures.target_for(indicator, year)
    if found is None:
        return ""
    if found["year"] == year:
        return str(found["raw"])
    return _("%(raw)s（%(year)s）") % {"raw": found["raw"], "year": short(found["year"])}


def before_words(indicator: Form, year: int) -> str:
    """The value before, with its year and status."""
    found = figures.actual_before(indicator, year)
    if found is None:
        return ""
    return _("%(raw)s（%(year)s）") % {"raw": printed(found), "year": short(found["year"])}


def short(year: int) -> str:
    """A fiscal year in a few letters: R7."""
    return f"R{year - 2018}" if year >= 2019 else str(year)
