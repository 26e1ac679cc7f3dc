"""Reads of cases."""
