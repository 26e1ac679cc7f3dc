"""App configuration of the pack."""

from django.apps import AppConfig


class BoundaryRecordsConfig(AppConfig):
    """Boundary decisions and narrow roads."""

    name = "yakuba.packs.boundary_records"
    label = "boundary_records"
    verbose_name = "境界確定・狭あい道路"

    def ready(self) -> None:
        from yakuba.packs.boundary_records import ledger  # noqa: F401 – it installs itself
