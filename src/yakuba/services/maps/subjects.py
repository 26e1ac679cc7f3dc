"""What maps keep, as subjects."""

from yakuba.kernel.actions import register_subject
from yakuba.services.maps.models import LayerViews

register_subject("layer_views", "地図の閲覧数", LayerViews)
