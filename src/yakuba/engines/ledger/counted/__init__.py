"""Counting what stands in ledgers as of a day: for metrics over all municipalities at once, and for the query that an indicator is bound to.

:mod:`.queries` entries as of a day, in the database · :mod:`.asked` what is counted, as a binding keeps it; pure · :mod:`.source` the
figures of such a query · :mod:`.form` where somebody says what is counted
"""
