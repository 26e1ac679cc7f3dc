"""App configuration of protection."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtectionConfig(AppConfig):
    """Persons under 支援措置, and what is held back because of them."""

    name = "yakuba.engines.protection"
    label = "protection"
    verbose_name = "支援措置"

    def ready(self) -> None:
        from yakuba.engines.protection import access, doors, subjects  # noqa: F401 – they register what this room holds
        from yakuba.engines.protection.rules import OUTPUTS
        from yakuba.kernel.trail.labels import register_name

        register_name("protection.entries", _("支援措置の一覧を見る"))
        register_name("protection.entry", _("支援措置の登録を見る"))
        register_name("protection.save", _("支援措置の一覧を書き出す"))
        register_name("protection.holds", _("支援措置による停止の一覧を見る"))
        register_name("protection.hold", _("支援措置による停止を見る"))
        register_name("protection.look", _("支援措置の毎日の照合"))
        register_name("protection.look_again_after_change", _("支援措置の変更後の照合"))
        for output, _label in OUTPUTS:
            register_name(f"protection.{output}", _("支援措置で止めた出力"))
