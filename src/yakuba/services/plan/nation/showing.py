"""How one value of the register stands in a cell: as printed, never without its year."""

from __future__ import annotations

import datetime as dt

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.kernel.ui.formats import japanese, plain_day, year_name
from yakuba.services.plan import labels
from yakuba.services.plan.nation.figures import Figure

_SHOWN = 40  # characters of a printed value that a cell shows


def figure(of: Figure | None, *, name: str = "", more: str = "", brief: bool = False) -> SafeString | str:
    """A value with its year, and what else is known: its name, how sure it is, what it is a part of.

    ``brief`` leaves out the day and the parts, for lists in which the value is one column of many.
    """
    if of is None:
        return ""
    raw = of.raw.replace("\n", " ")
    short = raw if len(raw) <= _SHOWN else f"{raw[: _SHOWN - 1]}…"
    marks = pgettext("between two remarks", "・").join(
        mark for mark in (*remarks(of, brief=brief), more) if mark
    )
    told = format_html('{} <span class="small muted phrase">{}</span>', japanese(short), marks)
    return format_html('<span class="small muted">{}</span><br>{}', japanese(name), told) if name else told


def remarks(of: Figure, *, brief: bool = False) -> list[str]:
    """The year, how sure the value is, the day it is of, its parts."""
    found = [year_name(of.year) if of.year else _("年度の記載なし")]
    if of.kind == "baseline":
        found.append(str(labels.VALUE_KINDS["baseline"]))
    if of.status and of.status != "final":
        found.append(labels.of(labels.STATUSES, of.status))
    if brief:
        return found
    if day := _day(of.as_of):
        found.append(_("%(day)s時点") % {"day": day})
    if of.numerator and of.denominator:
        found.append(f"{of.numerator}／{of.denominator}")
    return found


def _day(text: str) -> str:
    return plain_day(dt.date.fromisoformat(text)) if text else ""
