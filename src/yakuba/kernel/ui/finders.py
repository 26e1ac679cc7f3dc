"""Which static files there are: those of our own rooms."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.contrib.staticfiles.finders import AppDirectoriesFinder


class OwnFiles(AppDirectoriesFinder):
    """The `static` folders of our rooms.

    What libraries bring along (documentation pages, other versions of htmx, sign-in scripts) no page of ours loads, and some of it
    cannot be collected under hashed names.
    """

    def __init__(
        self, app_names: Sequence[str] | None = None, *args: Any, **kwargs: Any
    ) -> None:  # Any: Django's own
        own = [config.name for config in apps.get_app_configs() if config.name.startswith("yakuba.")]
        super().__init__(app_names or own, *args, **kwargs)
