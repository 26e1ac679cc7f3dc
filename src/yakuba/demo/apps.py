"""App configuration of the demo."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Loads and serves the sample town."""

    name = "yakuba.demo"
    label = "demo"
    verbose_name = "デモ"
