"""App configuration of search."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    """The search index."""

    name = "yakuba.kernel.search"
    label = "search"
    verbose_name = "検索"

    def ready(self) -> None:
        from yakuba.kernel.search import engine

        post_migrate.connect(engine.install_after_migrate, sender=self, dispatch_uid="search.install")
