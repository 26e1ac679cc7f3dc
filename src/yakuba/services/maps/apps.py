"""App configuration of maps."""

from django.apps import AppConfig


class MapsConfig(AppConfig):
    """The public map and the desk's."""

    name = "yakuba.services.maps"
    label = "maps"
    verbose_name = "地図"

    def ready(self) -> None:
        from yakuba.services.maps import access, doors, front, subjects  # noqa: F401 – they register what this room holds
        from yakuba.services.maps.rasters import access as _access  # noqa: F401 – as above
        from yakuba.services.maps.rasters import subjects as _subjects  # noqa: F401 – as above
