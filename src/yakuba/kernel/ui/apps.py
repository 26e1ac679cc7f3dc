"""App configuration: label `ui`, no tables."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, static files and template tags that every room may use."""

    name = "yakuba.kernel.ui"
    label = "ui"
    verbose_name = "画面"
