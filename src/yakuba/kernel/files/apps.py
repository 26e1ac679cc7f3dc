"""App configuration of stored files."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Stored files."""

    name = "yakuba.kernel.files"
    label = "files"
    verbose_name = "ファイル"

    def ready(self) -> None:
        from yakuba.kernel.files import (  # noqa: F401 – register themselves, and what this room holds
            clamd,
            scanning,
            subjects,
        )
        from yakuba.kernel.trail.labels import register_name

        register_name("files.sweep", _("使われないファイルの片付け"))
