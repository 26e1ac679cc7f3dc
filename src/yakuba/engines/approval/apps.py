"""App configuration of decision routes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalConfig(AppConfig):
    """Decision rules, proposals, their steps, and who is away."""

    name = "yakuba.engines.approval"
    label = "approval"
    verbose_name = "決裁"

    def ready(self) -> None:
        from yakuba.engines.approval import access, store, subjects, work  # noqa: F401 – registers what this room holds
        from yakuba.kernel.trail.vouching import VOUCHED, Vouched

        VOUCHED.register("proposal", Vouched(_("起案"), store.proposals))
