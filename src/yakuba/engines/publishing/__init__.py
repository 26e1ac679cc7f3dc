"""Frozen publications: what the public reads is an immutable copy with one version stamp."""
