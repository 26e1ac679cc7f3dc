"""App configuration of the ledgers' pages."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    """Ledgers at the desk."""

    name = "yakuba.services.ledgers"
    label = "ledgers"
    verbose_name = "台帳"

    def ready(self) -> None:
        from yakuba.services.ledgers import doors  # noqa: F401 – it puts the lines into the navigation
