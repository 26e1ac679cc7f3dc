"""App configuration of the pack."""

from django.apps import AppConfig


class PublicWifiConfig(AppConfig):
    """Public Wi-Fi sites."""

    name = "yakuba.packs.public_wifi"
    label = "public_wifi"
    verbose_name = "公衆無線LAN"

    def ready(self) -> None:
        from yakuba.packs.public_wifi import ledger  # noqa: F401 – it installs itself
