"""App configuration of the pack."""

from django.apps import AppConfig


class SheltersConfig(AppConfig):
    """Evacuation sites and shelters."""

    name = "yakuba.packs.shelters"
    label = "shelters"
    verbose_name = "避難場所・避難所"

    def ready(self) -> None:
        from yakuba.packs.shelters import ledger  # noqa: F401 – it installs itself
