"""App configuration of the serving room."""

from django.apps import AppConfig


class ServingConfig(AppConfig):
    """Starts and stops the processes of an installation."""

    name = "yakuba.serving"
    label = "serving"
    verbose_name = "起動"
