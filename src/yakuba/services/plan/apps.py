"""App configuration of the plan service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanConfig(AppConfig):
    """Plans, editions, initiatives, indicators."""

    name = "yakuba.services.plan"
    label = "plan"
    verbose_name = "情報化推進計画"

    def ready(self) -> None:
        from yakuba.engines.publishing.fronts import Presenter, register_presenter
        from yakuba.services.plan import access, public, subjects, work  # noqa: F401 – they register what this room holds
        from yakuba.services.plan.published import EDITION

        register_presenter(
            Presenter(
                EDITION, _("情報化推進計画"), href=public.home, cards=public.cards, address=public.address
            )
        )
