"""What maps keep, as subjects."""

from yakuba.kernel.actions import register_subject
from yakuba.services.maps.models import LayerDraft, LayerViews, MapView

register_subject("layer_views", "地図の閲覧数", LayerViews)
register_subject("layer_draft", "地図の層になるファイル", LayerDraft, title=lambda draft: draft.name)
register_subject("map_view", "地図の表示", MapView, title=lambda view: view.name)
