"""App configuration of sheets."""

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    """Tables in and out, staging."""

    name = "yakuba.kernel.sheets"
    label = "sheets"
    verbose_name = "表の出し入れ"

    def ready(self) -> None:
        from yakuba.kernel.sheets import subjects  # noqa: F401 – registers what this room holds
