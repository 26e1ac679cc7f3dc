"""Whether the register of plans in force says what stands published: part of ``yakuba trail verify``."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yakuba.kernel.trail.verify import Finding
from yakuba.services.plan.nation import queries


def check() -> Iterator[Finding]:
    """Every municipality whose register is of another publication than the one in force, or has other rows than that has parts."""
    for one in queries.differing():
        message = _(
            "全国の一覧にある計画が、公表中の計画と合いません。`yakuba plan rebuild-nation --municipality %(code)s` で作り直せます。"
        ) % {"code": one}
        yield Finding("register_differs", one, "nation_plan", message)
