"""Layers and what they are made of, as subjects of the trail."""

from yakuba.engines.places.models import LayerEdition, LayerState, UploadedFeature, UploadedLayer
from yakuba.kernel.actions import register_subject

register_subject("layer_state", "地図の層の状態", LayerState)
register_subject("layer_edition", "地図の層の内容", LayerEdition)
register_subject("uploaded_layer", "地図の層", UploadedLayer)
register_subject("uploaded_feature", "地図の地物", UploadedFeature)
