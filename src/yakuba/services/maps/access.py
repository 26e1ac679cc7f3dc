"""Staff read how often layers were looked at and keep views of the map; its keeper brings files."""

from typing import Final

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Everywhere, Own, Permission, viewed_by
from yakuba.kernel.town.models import Office
from yakuba.services.maps.models import LayerDraft, LayerViews, MapView

VIEW_VIEWS = viewed_by(
    Permission("maps.view_views", LayerViews, roles={"staff": Everywhere(), "auditor": Everywhere()})
)

_KEEPERS: Final = {"map_keeper": Everywhere(), "cli": Everywhere()}


def _open(draft: LayerDraft) -> str:
    return _("この取り込みは終わっています。") if draft.state in {"done", "stopped"} else ""


VIEW_DRAFT = viewed_by(Permission("maps.view_draft", LayerDraft, roles=_KEEPERS))
BEGIN_DRAFT = Permission("maps.begin_draft", LayerDraft, roles=_KEEPERS)
WORK_DRAFT = Permission("maps.work_draft", LayerDraft, roles=_KEEPERS, when=_open)

#: A view is its office's; whether it is shown to everybody there its maker says.
VIEW_VIEW = viewed_by(Permission("maps.view_view", MapView, roles={"staff": Own("office_id")}))
#: Dropping one is its maker's (:func:`.actions.kept.drop_view`).
SAVE_VIEW = Permission("maps.save_view", Office, roles={"staff": Own("pk")})
