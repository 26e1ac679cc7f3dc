"""App configuration of the trail."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TrailConfig(AppConfig):
    """Fills the trail's port and guards its tables."""

    name = "yakuba.kernel.trail"
    label = "trail"
    verbose_name = "証跡"

    def ready(self) -> None:
        from yakuba.kernel.actions import ports
        from yakuba.kernel.trail import access, doors, guards, subjects, vouching  # noqa: F401 – they register
        from yakuba.kernel.trail.models import TrailBlock, TrailEntry, TrailSeal
        from yakuba.kernel.trail.store import TrailStore
        from yakuba.kernel.trail.verify import CHECKS

        for model in (TrailEntry, TrailBlock, TrailSeal):
            guards.guard(model)
        ports.fill(trail=TrailStore())
        CHECKS.register("vouched", vouching.check)
        post_migrate.connect(guards.after_migrate, dispatch_uid="yakuba.trail.guards")
