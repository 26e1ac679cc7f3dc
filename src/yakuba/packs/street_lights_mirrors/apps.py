"""App configuration of the pack."""

from django.apps import AppConfig


class StreetLightsMirrorsConfig(AppConfig):
    """Street lights and mirrors."""

    name = "yakuba.packs.street_lights_mirrors"
    label = "street_lights_mirrors"
    verbose_name = "防犯灯・カーブミラー"

    def ready(self) -> None:
        from yakuba.packs.street_lights_mirrors import ledger  # noqa: F401 – it installs itself
