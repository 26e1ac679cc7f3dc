"""Proposing what could measure an indicator, by themes, words, units and what was measured. Pure. A person confirms; nothing here decides.

How the points come about, for the one who reads them on a screen:

* The indicator is called what the source is called, but for generic words: 100. A word of the source stands in the indicator's name: 50
  and one for each of its characters (ten at most), 10 for each further word (two at most), in its definition 15, in the title of its
  initiative 20.
* Words of a source whose themes are none of the initiative's count half: 観光 stands in many names.
* Name of source and indicator share a run of four characters or more, generic words left out: 30.
* The source is of a theme that somebody gave the initiative: 30; of a theme that is only proposed for it: a quarter of that one's points.
* The unit is the same: 15; the aggregation too: 10. What differs costs nothing and is told; what makes no sense is left out.
* The plan's value of a year and the measured one are the same: 40, within a twentieth: 20, ten times as much or as little: 40 less, and told.
* The wanted directions contradict: 10 less.
* The source counts over many themes (four or more), so over more than the initiative: 15 less, and told.
* A source needs a word, a run or a theme to be proposed at all; a unit alone says nothing. One of other themes needs 40 points. Never
  more than three for an indicator.

An indicator whose theme has a source but that no source can give (it is told in words, say) is proposed to stay with its office, with
the reason: nobody has to wonder why nothing is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, Literal

from django.utils.translation import gettext as _

from yakuba.engines.metrics.sources import Said
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.text import fold
from yakuba.services.plan.measured.beside import grouped
from yakuba.services.plan.measured.fitting import Measure, fit
from yakuba.services.plan.rows import Form
from yakuba.services.plan.themes import THEMES, label, propose
from yakuba.services.plan.year import figures as plan_figures

MOST: Final = 3
STRONG: Final = 60
"""From here on a proposal stands among the strong ones: a word and the theme, or a word and the unit, are enough; a theme alone is not."""
_NAME, _FIRST, _FURTHER, _MOST_WORDS, _TITLE, _DEFINITION, _RUN = 100, 50, 10, 3, 20, 15, 30
_GIVEN_THEME, _UNIT, _AGGREGATION, _SAME_VALUE, _NEAR_VALUE, _AGAINST = 30, 15, 10, 40, 20, 10
_QUARTER: Final = 4
_SHORTEST: Final = 4
_MANY_THEMES, _BROAD, _AFAR = 4, 15, 40
_NEAR: Final = Decimal("0.05")
_FAR_VALUE, _TIMES, _MOST_LONG = 40, 10, 10
# What stands in many names and tells none from another.
_GENERIC: Final = re.compile(
    "|".join(
        fold(word)
        for word in (
            *(
                "件数",
                "割合",
                "利用率",
                "実施",
                "利用者数",
                "登録者数",
                "参加者数",
                "年間",
                "の数",
                "における",
            ),
            *(
                "に関する",
                "に対する",
                "システム",
                "サービス",
                "オンライン",
                "デジタル",
                "全体",
                "電子化",
                "による",
            ),
        )
    )
)
_OPPOSED: Final = frozenset({("increase", "decrease"), ("decrease", "increase")})


@dataclass(frozen=True, slots=True)
class Offer:
    """A source that could measure something: what a binding would keep of it (``source``, ``said``), and what tells whom it fits.

    ``systems`` are themes (ids), ``words`` those by which a plan's indicators mean it. ``numbers``: what it measured, by fiscal year.
    """

    source: str
    said: Said
    title: str
    measure: Measure
    definition: str = ""
    systems: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    direction: str = "none"
    numbers: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a proposal, with its points (minus: against it) and in a sentence."""

    code: Literal[
        "name", "word", "run", "theme", "unit", "aggregation", "value", "direction", "broad", "words"
    ]
    points: int
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A source for an indicator, or its office where ``offer`` is None. ``cautions`` tell what differs; ``score`` is 0–100."""

    offer: Offer | None
    score: int
    reasons: tuple[Reason, ...]
    cautions: tuple[str, ...] = ()

    @property
    def strong(self) -> bool:
        """Whether it stands among those that a person looks at first."""
        return self.offer is not None and self.score >= STRONG


def proposals(form: Form, place: int, offers: Sequence[Offer]) -> list[Proposal]:
    """Up to three sources for an indicator of an initiative (`yakuba-plan/1`), best first; the same input gives the same list."""
    return propose_all(form, offers).get(place, [])


def propose_all(form: Form, offers: Sequence[Offer]) -> dict[int, list[Proposal]]:
    """Of every indicator of an initiative by its place. One that nothing speaks for is not in it."""
    if not form["indicators"]:
        return {}
    themes = _themes(form)
    found = {}
    for place, indicator in enumerate(form["indicators"]):
        own = list(_of_indicator(form, indicator, themes, offers))
        if own:
            found[place] = own
    return found


def _themes(form: Form) -> dict[str, int]:
    """The themes of an initiative with the points that each gives; those that a person gave count alone."""
    given = [one for one in form.get("themes", ()) if one in THEMES]
    if given:
        return dict.fromkeys(given, _GIVEN_THEME)
    return {one.theme: max(one.score // _QUARTER, 1) for one in propose(form)}


def _of_indicator(
    form: Form, indicator: Form, themes: Mapping[str, int], offers: Sequence[Offer]
) -> Iterator[Proposal]:
    ranked: list[tuple[int, int, Proposal]] = []
    senseless: list[tuple[int, Offer, str]] = []
    for nth, offer in enumerate(offers):
        reasons = list(_about(form, indicator, offer, themes))
        if not reasons:
            continue
        fits = fit(indicator, offer.measure)
        if fits.refusal:
            senseless.append((sum(one.points for one in reasons), offer, fits.refusal))
            continue
        if fits.same_unit:
            text = _("単位が同じ「%(unit)s」です。") % {"unit": offer.measure.unit}
            reasons.append(Reason("unit", _UNIT, text))
        if fits.same_aggregation:
            reasons.append(Reason("aggregation", _AGGREGATION, _("集計のしかたも同じです。")))
        reasons += _of_values(indicator, offer)
        if (indicator["direction"], offer.direction) in _OPPOSED:
            text = _("望ましい向きが、指標と逆です。")
            reasons.append(Reason("direction", -_AGAINST, text))
        cautions = list(fits.cautions)
        if len(offer.systems) >= _MANY_THEMES:
            text = _("市全体の数です。この取組だけの数ではありません。")
            reasons.append(Reason("broad", -_BROAD, text))
        score = max(0, min(100, sum(one.points for one in reasons)))
        if score < _AFAR and _afar(offer, themes):
            continue
        cautions += [one.text for one in reasons if one.points < 0]
        told = tuple(sorted((one for one in reasons if one.points >= 0), key=lambda one: -one.points))
        ranked.append((-score, nth, Proposal(offer, score, told, tuple(cautions))))
    if ranked:
        yield from (one for _minus, _nth, one in sorted(ranked, key=lambda one: one[:2])[:MOST])
        return
    if senseless:
        _points, offer, why = max(senseless, key=lambda one: one[0])
        text = _("近い計測値「%(title)s」がありますが、担当課が数えます。%(why)s") % {
            "title": offer.title,
            "why": why,
        }
        yield Proposal(None, 0, (Reason("words", 0, text),))


def _about(form: Form, indicator: Form, offer: Offer, themes: Mapping[str, int]) -> Iterator[Reason]:
    """What says that an offer is about an indicator's matter: names, words, themes."""
    name, title = _folded(indicator["name"]), _folded(form["title"])
    called = _folded(offer.title)
    if name and _bare(name) == _bare(called) and _bare(name):
        yield Reason("name", _NAME, _("指標名と計測値の名前が同じです。"))
    else:
        for one in _of_words(name, title, _folded(indicator.get("definition") or ""), offer):
            yield replace(one, points=one.points // 2) if _afar(offer, themes) else one
        run = _run(_bare(name), _bare(called))
        if len(run) >= _SHORTEST and not any(_folded(word) in name for word in offer.words):
            text = _("指標名と計測値の名前に、同じ「%(run)s」があります。")
            yield Reason("run", _RUN, text % {"run": run})
    best = max((one for one in offer.systems if one in themes), key=lambda one: themes[one], default=None)
    if best is not None:
        given = themes[best] == _GIVEN_THEME and best in form.get("themes", ())
        text = (
            _("取組の主題「%(theme)s」を測る数です。")
            if given
            else _("取組の文から見て、主題「%(theme)s」を測る数です。")
        )
        yield Reason("theme", themes[best], text % {"theme": label(THEMES[best])})


def _afar(offer: Offer, themes: Mapping[str, int]) -> bool:
    """Whether a source is of themes that are none of the initiative's."""
    return bool(offer.systems) and not set(offer.systems) & set(themes)


def _of_words(name: str, title: str, definition: str, offer: Offer) -> Iterator[Reason]:
    # A longer word holds the shorter ones: オンライン化手続 counts once, not three times.
    words = sorted(dict.fromkeys((*offer.words, offer.title)), key=lambda one: (-len(one), one))
    there: list[str] = []
    for word in words:
        folded = _folded(word)
        if folded and folded in name and not any(folded in _folded(one) for one in there):
            there.append(word)
    for nth, word in enumerate(there[:_MOST_WORDS]):
        text = _("指標名に「%(word)s」があります。") % {"word": word}
        # The longer word says more: 電子申請件数 is nearer than 申請件数.
        yield Reason("word", _FURTHER if nth else _FIRST + min(len(_folded(word)), _MOST_LONG), text)
    if there:
        return
    for text_, points in ((definition, _DEFINITION), (title, _TITLE)):
        hit = next((one for one in words if _folded(one) and _folded(one) in text_), None)
        if hit is not None:
            told = (
                _("指標の数え方に「%(word)s」があります。")
                if text_ is definition
                else _("取組名に「%(word)s」があります。")
            )
            yield Reason("word", points, told % {"word": hit})


def _of_values(indicator: Form, offer: Offer) -> Iterator[Reason]:
    """Whether the newest year that both have says the same."""
    years = sorted({one["year"] for one in indicator["values"] if one["year"]} & set(offer.numbers))
    for year in reversed(years):
        value = plan_figures.newest(indicator, "actual", year) or plan_figures.newest(
            indicator, "baseline", year
        )
        printed = plan_figures.number(value)
        if printed is None or value is None:
            continue
        measured = offer.numbers[year]
        facts = {
            "year": FiscalYear(year).wareki,
            "raw": value["raw"],
            "measured": grouped(measured),
        }
        if printed == measured:
            text = _("%(year)sの計画の値「%(raw)s」と、計測値%(measured)sが同じです。")
            yield Reason("value", _SAME_VALUE, text % facts)
        elif measured and abs(printed - measured) <= abs(measured) * _NEAR:
            text = _("%(year)sの計画の値「%(raw)s」と、計測値%(measured)sが近い値です。")
            yield Reason("value", _NEAR_VALUE, text % facts)
        elif max(abs(printed), abs(measured)) >= _TIMES * max(min(abs(printed), abs(measured)), Decimal(1)):
            text = _("%(year)sの計画の値「%(raw)s」と、計測値%(measured)sが大きく違います。")
            yield Reason("value", -_FAR_VALUE, text % facts)
        return


@lru_cache(maxsize=4096)
def _bare(folded: str) -> str:
    """A folded name without what stands in many names."""
    return _GENERIC.sub("", folded)


# The same few words of the sources are looked for in every indicator.
_folded: Final = lru_cache(maxsize=4096)(fold)


def _run(one: str, other: str) -> str:
    """The longest run of characters that two names share."""
    if not any(one[at : at + _SHORTEST] in other for at in range(len(one) - _SHORTEST + 1)):
        return ""
    found = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    return one[found.a : found.a + found.size]
