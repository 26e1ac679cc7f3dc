"""App configuration of identity."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    """Who a citizen is."""

    name = "yakuba.services.identity"
    label = "identity"
    verbose_name = "市民の本人確認"

    def ready(self) -> None:
        from yakuba.kernel.trail.labels import register_name
        from yakuba.kernel.ui.components import Link, language_prefix
        from yakuba.kernel.ui.shells import register_own_page
        from yakuba.services.identity import access, actions, methods, subjects  # noqa: F401 – registers what this room holds

        methods.register()
        register_own_page(
            lambda municipality: Link(_("マイページ"), f"{language_prefix()}/{municipality.code}/my/")
        )
        register_name("identity.sweep", _("使えなくなった確認コードを消す"))
        register_name("identity.sign_in_refused", _("ポータルへのサインインの拒否"))
