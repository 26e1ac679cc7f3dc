"""App configuration of access."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Roles, accounts, sign-in."""

    name = "yakuba.kernel.access"
    label = "access"
    verbose_name = "権限とサインイン"

    def ready(self) -> None:
        from yakuba.kernel.access import subjects  # noqa: F401 – registers what this room holds
