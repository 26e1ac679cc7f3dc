"""Who sees layers and who changes them: everybody what was released, staff everything, the map's keeper brings and releases."""

from django.db.models import Q
from django.utils.translation import gettext as _

from yakuba.engines.places.models import LayerEdition, LayerState, UploadedFeature, UploadedLayer
from yakuba.kernel.actions import Everywhere, Permission, viewed_by

_KEEPERS = {"map_keeper": Everywhere(), "cli": Everywhere()}


def _seen(path: str) -> dict[str, Everywhere]:
    """``path`` leads from the model to the state of its layer."""
    released = Everywhere(Q(**{f"{path}released": True}))
    return {
        "public": released,
        "visitor": released,
        "staff": Everywhere(),
        "auditor": Everywhere(),
        **_KEEPERS,
    }


def _not_released(state: LayerState) -> str:
    return _("この層は、もう公開されています。") if state.released else ""


def _released(state: LayerState) -> str:
    return "" if state.released else _("この層は、公開されていません。")


VIEW_STATE = viewed_by(Permission("places.view_state", LayerState, roles=_seen("")))
VIEW_LAYER = viewed_by(Permission("places.view", UploadedLayer, roles=_seen("state__")))
VIEW_EDITION = viewed_by(Permission("places.view_edition", LayerEdition, roles=_seen("layers__state__")))
VIEW_FEATURE = viewed_by(
    Permission("places.view_feature", UploadedFeature, roles=_seen("edition__layers__state__"))
)
UPLOAD = Permission("places.upload", UploadedLayer, roles=_KEEPERS)
STYLE = Permission("places.style", LayerState, roles=_KEEPERS)
RELEASE = Permission("places.release", LayerState, roles=_KEEPERS, when=_not_released)
WITHDRAW = Permission("places.withdraw", LayerState, roles=_KEEPERS, when=_released)
