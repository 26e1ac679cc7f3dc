"""Stored files: limits before anything is opened, a sandbox for parsers, a content-addressed store, and serving.

What citizens send comes in through :mod:`.uploads`; :mod:`.merging` binds PDFs; :mod:`.scanning` asks a virus scanner.
"""
