"""``yakuba bench year``: a round of a thousand items and sixty offices, all of it made up."""
