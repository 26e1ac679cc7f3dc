"""The words that a new round begins with: the house's own title and letter, for whoever's asking brings none."""

from __future__ import annotations

import re

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.engines.rounds.askings import Asking
from yakuba.engines.rounds.rules import PHASES
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear


def years_on(text: str, former: FiscalYear, year: FiscalYear) -> str:
    """A former round's words for a later year: the fiscal year asked about, the one before and the one after move on with it.

    What names any other year (the plan's own span) stays as it was.
    """
    moved = {
        FiscalYear(one).wareki: FiscalYear(one + year.year - former.year).wareki
        for one in (former.year - 1, former.year, former.year + 1)
    }
    return re.sub("|".join(map(re.escape, moved)), lambda found: moved[found[0]], text)


def template_of(ctx: Context, asking: Asking, year: FiscalYear, phase: str) -> tuple[str, str]:
    """Title and letter of a new round, in Japanese: they are the city's, in whatever language the clerk reads the desk."""
    with translation.override("ja"):
        title, letter = asking.template(ctx, year, phase)
        label = str(asking.label)
        words = "" if phase == "none" else f"（{_(dict(PHASES)[phase])}）"
        title = title or _("%(year)s%(label)s%(phase)s") % {
            "year": year.wareki,
            "label": label,
            "phase": words,
        }
        letter = letter or _(
            "各所属長　様\n\n"
            "「%(title)s」について、次のとおり照会します。\n\n"
            "1　役場の職員の画面で、自分の課の項目に回答してください。\n"
            "2　入力が終わったら「入力を終える」を押し、所属長が確認してください。入力した人は確認できません。\n"
            "3　該当するものがないときは、理由を書いて「該当なし」にしてください。\n"
            "4　期限までに回答できないときは、理由と日を書いて延長を求めてください。"
        ) % {"title": title}
    return title, letter
