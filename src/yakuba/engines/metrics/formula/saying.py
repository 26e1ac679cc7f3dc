"""Formula to text: as it would be typed, and in the words of what it counts."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from yakuba.engines.metrics.formula.reading import EXTERNAL
from yakuba.engines.metrics.formula.tree import (
    SIGNS,
    Binary,
    Cumulative,
    Name,
    Negative,
    Number,
    Share,
    States,
    Tree,
)
from yakuba.kernel.ui.formats import year_name


def written(tree: Tree) -> str:
    """The text that is read as this formula, with no more parentheses than it needs."""
    match tree:
        case Number(value):
            return f"{value:f}"
        case Name(key, origin):
            return f"[{EXTERNAL if origin == 'series' else ''}{key}]"
        case Share(top, bottom):
            return f"割合({written(top)}, {written(bottom)})"
        case Cumulative(of, since):
            return f"累計({written(of)}, {since.wareki})"
        case States(of, words):
            return f"件数({', '.join([written(of), *(f'「{word}」' for word in words)])})"
        case _:
            return _joined(tree, written)


def in_words(tree: Tree, title: Callable[[Name], str]) -> str:
    """「オンライン化手続数」の、「手続数」に占める割合: what it is, in words; ``title`` gives what a name is called."""

    def say(one: Tree) -> str:
        match one:
            case Number(value):
                return f"{value:,f}"
            case Name():
                return _("「%(title)s」") % {"title": title(one)}
            case Share(top, bottom):
                return _("%(bottom)sに占める%(top)sの割合（％）") % {
                    "top": _grouped(top, say), "bottom": _grouped(bottom, say),
                }  # fmt: skip
            case Cumulative(of, since):
                return _("%(year)sからの%(of)sの累計") % {"year": year_name(since), "of": _grouped(of, say)}
            case States(of, words):
                return _("%(of)sのうち%(words)sの件数") % {
                    "of": say(of), "words": _("または").join(_("「%(word)s」") % {"word": word} for word in words),
                }  # fmt: skip
            case _:
                return _joined(one, say)

    return say(tree)


def _grouped(tree: Tree, say: Callable[[Tree], str]) -> str:
    return f"（{say(tree)}）" if isinstance(tree, Binary | Share | Cumulative | States) else say(tree)


def _joined(tree: Tree, say: Callable[[Tree], str]) -> str:
    """Signs between what they join; what binds less than its sign stands in parentheses."""

    def within(one: Tree, level: int) -> str:
        return f"({say(one)})" if _level(one) < level else say(one)

    match tree:
        case Negative(of):
            return f"−{within(of, 3)}"
        case Binary(sign, left, right):
            level = _level(tree)
            # The right side of its own level was in parentheses: a − (b − c).
            return f"{within(left, level)} {SIGNS[sign]} {within(right, level + 1)}"
        case _:
            raise TypeError(tree)


def _level(tree: Tree) -> int:
    if isinstance(tree, Binary):
        return 0 if tree.sign in ("+", "-") else 1
    return 2 if isinstance(tree, Negative) else 3
