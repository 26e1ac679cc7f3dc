"""Maps: the public map and the desk's, over the layers of :mod:`yakuba.engines.places`.

:mod:`.base` what lies under the layers · :mod:`.reading` a layer's features as lists and facts · :mod:`.models` how often layers were looked
at, saved views
"""
