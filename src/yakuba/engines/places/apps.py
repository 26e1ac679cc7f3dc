"""App configuration of places."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Where things are: layers of shapes, uploaded or kept by ledgers, and their tiles."""

    name = "yakuba.engines.places"
    label = "places"
    verbose_name = "位置と地図の層"
