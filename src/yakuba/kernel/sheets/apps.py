"""App configuration of sheets."""

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    """Tables in and out; the room has no tables of its own."""

    name = "yakuba.kernel.sheets"
    label = "sheets"
    verbose_name = "表の出し入れ"
