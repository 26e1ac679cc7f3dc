"""App configuration of intake."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """From the case to the ledger."""

    name = "yakuba.engines.intake"
    label = "intake"
    verbose_name = "台帳への反映"

    def ready(self) -> None:
        from yakuba.engines.intake import access, doors, panel, subjects  # noqa: F401 – they register what this room holds
