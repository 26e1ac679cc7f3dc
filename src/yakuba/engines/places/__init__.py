"""Places: shapes and their columns, coordinates, layers, vector tiles and the pages that give them out."""
