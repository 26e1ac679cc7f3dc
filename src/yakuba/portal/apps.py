"""App configuration of the citizens' front door."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The pages that everybody enters by."""

    name = "yakuba.portal"
    label = "portal"
    verbose_name = "市民の入口"
