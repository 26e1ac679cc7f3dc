"""App configuration of stored files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Stored files."""

    name = "yakuba.kernel.files"
    label = "files"
    verbose_name = "ファイル"

    def ready(self) -> None:
        from yakuba.kernel.files import subjects  # noqa: F401 – registers what this room holds
