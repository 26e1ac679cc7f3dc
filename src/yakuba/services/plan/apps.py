"""App configuration of the plan service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanConfig(AppConfig):
    """Plans, editions, initiatives, indicators."""

    name = "yakuba.services.plan"
    label = "plan"
    verbose_name = "情報化推進計画"

    def ready(self) -> None:
        from django.urls import reverse

        from yakuba.engines.publishing.fronts import Across, Presenter, register_across, register_presenter
        from yakuba.kernel.trail.guards import guard
        from yakuba.kernel.trail.labels import register_labels, register_name
        from yakuba.kernel.trail.verify import CHECKS
        from yakuba.services.plan import access, checking, history, public, review, subjects, work  # noqa: F401 – they register what this room holds
        from yakuba.services.plan.book import access as book_access  # noqa: F401 – registers what it holds
        from yakuba.services.plan.book import actions as book_actions  # noqa: F401 – registers them
        from yakuba.services.plan.measured import access as measured_access  # noqa: F401 – registers what it holds
        from yakuba.services.plan.measured import actions as measured_actions  # noqa: F401 – registers them
        from yakuba.services.plan.measured import uses  # noqa: F401 – registers itself
        from yakuba.services.plan.models import Binding, DeclinedSource, MeasuredThen
        from yakuba.services.plan.next import actions as next_actions  # noqa: F401 – registers them
        from yakuba.services.plan.published import EDITION
        from yakuba.services.plan.year import access as year_access  # noqa: F401 – registers what it holds
        from yakuba.services.plan.year import asking, front, matters  # noqa: F401 – what rounds ask for, what comes before bodies

        # A draft that is thrown away takes its bindings along; what a closed round rested on stays.
        guard(Binding, delete=False)
        guard(DeclinedSource, delete=False)
        guard(MeasuredThen)
        register_labels("initiative", history.cell_names)
        register_labels("plan_import", review.own_words)
        register_name("plan.export", _("下書きを書き出す"))
        register_name("plan.read_file", _("計画書の読み取り"))
        register_name("plan.make_book", _("冊子の作成"))
        register_name("plan.books_of_publication", _("公表した計画の冊子を作る"))
        register_name("plan.forget_books", _("古い冊子の片付け"))
        register_name("plan.uploads", _("受け取った計画書の片付け"))
        CHECKS.register("plan", checking.check)
        register_across(
            Across(
                _("全国の情報化推進計画"),
                _("どの自治体が何に取り組み、どこまで進んだかを、主題ごとにくらべる"),
                href=lambda: reverse("nation-home"),
            )
        )
        register_presenter(
            Presenter(
                EDITION, _("情報化推進計画"), href=public.home, cards=public.cards, address=public.address
            )
        )
