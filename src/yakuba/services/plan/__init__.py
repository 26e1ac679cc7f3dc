"""The plan service: plans as data that a city, its council and its citizens can read, search and compare."""
