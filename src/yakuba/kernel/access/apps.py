"""App configuration of access."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Roles, accounts, sign-in."""

    name = "yakuba.kernel.access"
    label = "access"
    verbose_name = "権限とサインイン"

    def ready(self) -> None:
        from allauth.mfa.signals import authentication_failed
        from axes.signals import user_locked_out
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

        from yakuba.kernel.access import doors, noted, subjects  # noqa: F401 – registers what this room holds
        from yakuba.kernel.access.lockout import count_wrong_code

        authentication_failed.connect(count_wrong_code, dispatch_uid="access.wrong-code")
        user_logged_in.connect(noted.signed_in, dispatch_uid="access.signed-in")
        user_logged_out.connect(noted.signed_out, dispatch_uid="access.signed-out")
        user_login_failed.connect(noted.refused, dispatch_uid="access.refused")
        user_locked_out.connect(noted.locked, dispatch_uid="access.locked")
