"""Stored files: limits before anything is opened, a sandbox for parsers, a content-addressed store, and serving."""
