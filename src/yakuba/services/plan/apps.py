"""App configuration of the plan service."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Plans, editions, initiatives, indicators."""

    name = "yakuba.services.plan"
    label = "plan"
    verbose_name = "情報化推進計画"

    def ready(self) -> None:
        from yakuba.services.plan import access, subjects  # noqa: F401 – registers what this room holds
