"""What ``yakuba check`` looks at in rounds: every state equals the last move."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yakuba.engines.rounds.queries import sweeps
from yakuba.kernel.trail.verify import Finding


def check() -> Iterator[Finding]:
    """Rounds and items that stand in another state than their last move left them in."""
    for one in sweeps.rounds_astray():
        yield Finding(
            "round_state",
            one.municipality.code,
            one.title,
            _("照会「%(title)s」の状態が、動きの記録と合いません。") % {"title": one.title},
        )
    for item in sweeps.items_astray():
        yield Finding(
            "round_item_state",
            item.municipality.code,
            str(item),
            _("照会の項目「%(item)s」の状態が、動きの記録と合いません。") % {"item": item},
        )
