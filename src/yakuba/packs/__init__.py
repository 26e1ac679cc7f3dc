"""Departmental ledgers on the engines, one small folder each."""
