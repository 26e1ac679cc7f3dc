"""App configuration of places."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    """Where things are: layers of shapes, uploaded or kept by ledgers, and their tiles."""

    name = "yakuba.engines.places"
    label = "places"
    verbose_name = "位置と地図の層"

    def ready(self) -> None:
        from yakuba.engines.places import (  # noqa: F401 – they register what this room holds
            access,
            postgis,
            subjects,
        )
        from yakuba.engines.places.layers import SOURCES
        from yakuba.engines.places.uploads import Uploads
        from yakuba.kernel.trail.labels import register_name

        SOURCES.register("uploads", Uploads())
        register_name("places.sweep", _("使われない地図の層の片付け"))
        post_migrate.connect(postgis.after_migrate, dispatch_uid="yakuba.places.postgis")
        checks.register(postgis.check, checks.Tags.database)
