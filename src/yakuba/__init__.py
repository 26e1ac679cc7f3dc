"""Yakuba (役場): an open digital town hall for Japanese municipalities.

The floors stand on one another and import only downwards: ``kernel`` (what every room needs), ``engines`` (mechanisms that
several services share), ``services`` (what people come for), ``packs`` (departmental systems), and the two front doors
``portal`` (citizens) and ``desk`` (staff).
"""

__version__ = "0.1.0"
