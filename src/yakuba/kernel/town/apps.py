"""App configuration of the town."""

from django.apps import AppConfig


class TownConfig(AppConfig):
    """Municipalities, offices, people, posts."""

    name = "yakuba.kernel.town"
    label = "town"
    verbose_name = "自治体と組織"

    def ready(self) -> None:
        from yakuba.kernel.town import subjects  # noqa: F401 – registers what this room holds
