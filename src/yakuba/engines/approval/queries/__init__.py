"""Reads of decision routes."""
