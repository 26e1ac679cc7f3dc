"""App configuration of delivery."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    """Mail, and further channels later."""

    name = "yakuba.engines.delivery"
    label = "delivery"
    verbose_name = "送信"

    def ready(self) -> None:
        from yakuba.engines.delivery import access, doors, subjects  # noqa: F401 – they register what this room holds
        from yakuba.engines.delivery.channels import CHANNELS
        from yakuba.engines.delivery.mail import Mail
        from yakuba.kernel.trail.labels import register_name

        CHANNELS.register("mail", Mail())
        register_name("delivery.list", _("送信の一覧を見る"))
        register_name("delivery.page", _("送信を見る"))
        register_name("delivery.save", _("送信の一覧を書き出す"))
        register_name("delivery.send_portal", _("公開側のメールの送信"))
        register_name("delivery.send_desk", _("庁内側のメールの送信"))
        register_name("delivery.go_on", _("止めていたメールの送信"))
        register_name("delivery.erase_portal", _("公開側の古い送信の内容の消去"))
        register_name("delivery.erase_desk", _("庁内側の古い送信の内容の消去"))
