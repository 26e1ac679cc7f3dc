"""App configuration of access."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Roles, accounts, sign-in."""

    name = "yakuba.kernel.access"
    label = "access"
    verbose_name = "権限とサインイン"

    def ready(self) -> None:
        from allauth.mfa.signals import authentication_failed

        from yakuba.kernel.access import doors, subjects  # noqa: F401 – registers what this room holds
        from yakuba.kernel.access.lockout import count_wrong_code

        authentication_failed.connect(count_wrong_code, dispatch_uid="access.wrong-code")
