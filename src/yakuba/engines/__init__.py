"""Mechanisms that several services share, each built with its first user."""
