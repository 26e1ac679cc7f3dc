"""XLSX and CSV in and out (DESIGN §4 rule 6).

Out: a :class:`~.table.Table` through :func:`~.respond.respond`. In: :func:`~.reading.read` gives a grid, :func:`~.rows.read_rows`
its typed rows, :func:`~.changes.compare` what a person changed in a list that may be edited.
"""
