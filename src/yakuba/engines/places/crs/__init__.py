"""Coordinate systems: which there are, how they lead to JGD2011 (EPSG:6668) and how exactly, which one a file is likely in."""
