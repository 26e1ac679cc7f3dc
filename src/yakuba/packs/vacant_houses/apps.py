"""App configuration of the pack."""

from django.apps import AppConfig


class VacantHousesConfig(AppConfig):
    """Vacant houses."""

    name = "yakuba.packs.vacant_houses"
    label = "vacant_houses"
    verbose_name = "空家等"

    def ready(self) -> None:
        from yakuba.packs.vacant_houses import ledger  # noqa: F401 – it installs itself
