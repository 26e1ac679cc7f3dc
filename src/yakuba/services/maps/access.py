"""Staff read how often layers were looked at."""

from yakuba.kernel.actions import Everywhere, Permission, viewed_by
from yakuba.services.maps.models import LayerViews

VIEW_VIEWS = viewed_by(
    Permission("maps.view_views", LayerViews, roles={"staff": Everywhere(), "auditor": Everywhere()})
)
