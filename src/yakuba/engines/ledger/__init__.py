"""Ledgers (台帳): one explicit model class of typed fields and one declaration, from which everything else follows.

:mod:`.declaration` what a ledger is · :mod:`.records` the base classes of its rows · :mod:`.models` what all ledgers share (books,
amendments, moves, journal, attachments, joints, due dates) · :mod:`.values` rows as values, from forms, sheets and JSON and back ·
:mod:`.access` who may do what · :mod:`.actions` the only writers · :mod:`.queries` reads, also as of a day
"""
