"""What the desk pages of protection share."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yakuba.kernel.access.desk import Pages, address
from yakuba.kernel.actions import Context
from yakuba.kernel.ui.components import Link

show = Pages("protection").show


def tabs(ctx: Context, current: str, standing: int) -> list[Link]:
    """The two lists."""
    return [
        Link(
            _("止めているもの"),
            address("protection-desk-holds", ctx),
            current=current == "holds",
            count=standing or None,
        ),
        Link(_("登録"), address("protection-desk", ctx), current=current == "entries"),
    ]
