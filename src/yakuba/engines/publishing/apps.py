"""App configuration of publishing."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """Immutable copies of what was made public."""

    name = "yakuba.engines.publishing"
    label = "publishing"
    verbose_name = "公表"

    def ready(self) -> None:
        from yakuba.engines.publishing import access, checking, subjects  # noqa: F401 – registers what this room holds
        from yakuba.engines.publishing.models import Publication, PublishedPart
        from yakuba.kernel.trail.guards import guard
        from yakuba.kernel.trail.verify import CHECKS

        guard(Publication)
        guard(PublishedPart)
        CHECKS.register("publishing", checking.check)
