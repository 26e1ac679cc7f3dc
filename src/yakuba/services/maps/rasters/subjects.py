"""Pictures under the map, as subjects of the trail."""

from yakuba.kernel.actions import register_subject
from yakuba.services.maps.rasters.models import RasterLayer

register_subject("raster_layer", "地図に重ねる画像", RasterLayer, title=lambda raster: raster.label)
