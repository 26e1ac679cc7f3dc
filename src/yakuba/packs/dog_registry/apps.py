"""App configuration of the pack."""

from django.apps import AppConfig


class DogRegistryConfig(AppConfig):
    """The register of dogs."""

    name = "yakuba.packs.dog_registry"
    label = "dog_registry"
    verbose_name = "犬の登録"

    def ready(self) -> None:
        from yakuba.packs.dog_registry import intake, ledger  # noqa: F401 – they install themselves
