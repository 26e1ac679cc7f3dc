"""App configuration of the ledger engine."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    """Typed ledgers with history."""

    name = "yakuba.engines.ledger"
    label = "ledger"
    verbose_name = "台帳"

    def ready(self) -> None:
        from yakuba.engines.ledger import (  # noqa: F401 – they register what this room holds
            access,
            layers,
            planning,
            showing,
            subjects,
        )
        from yakuba.engines.ledger.bundles import access as bundling  # noqa: F401 – as above
        from yakuba.engines.ledger.bundles import subjects as bundled  # noqa: F401 – as above
        from yakuba.engines.ledger.counted import source  # noqa: F401 – as above
        from yakuba.engines.ledger.exchange import access as taking  # noqa: F401 – as above
        from yakuba.engines.ledger.exchange import subjects as taken  # noqa: F401 – as above

        post_migrate.connect(planning.after_migrate, dispatch_uid="yakuba.ledger.planning")
