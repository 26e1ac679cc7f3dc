"""Reads of bodies."""
