"""App configuration of the pack."""

from django.apps import AppConfig


class BuriedHeritageConfig(AppConfig):
    """Buried cultural property."""

    name = "yakuba.packs.buried_heritage"
    label = "buried_heritage"
    verbose_name = "埋蔵文化財"

    def ready(self) -> None:
        from yakuba.packs.buried_heritage import ledger  # noqa: F401 – it installs itself
