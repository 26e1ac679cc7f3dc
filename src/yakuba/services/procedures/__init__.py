"""Procedures (手続): defined by an office, applied for by citizens, decided at the desk."""
