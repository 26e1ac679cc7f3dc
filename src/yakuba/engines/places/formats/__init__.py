"""Files of places in and out: GeoJSON, Shapefile, KML and tables with coordinates.

In: :func:`~.reading.read` gives a :class:`~.drawn.Drawn`, in the file's own coordinates and with what is wrong by row; the parsers run in
the sandbox. Out: :func:`~.writing.write`. Shapefile, DBF and KML are read and written by our own few lines rather than by a library: what
matters here (CP932, cut characters, broken lengths, rings, a message for each row) is what libraries pass over.
"""
