"""Ledgers in and out as tables (issue 6, points 3 and 7).

Out: :mod:`.table`. In: :mod:`.opening` a file as cells with its merged areas · :mod:`.heads` where its head is and what it says ·
:mod:`.matching` which column means which field · :mod:`.judging` each row beside what is there · :mod:`.actions` staging, choosing and
writing · :mod:`.queries` reads.

However large a table is, it takes the same way: rows are judged and staged in chunks of 1,000, each in a transaction of its own, a person
looks at what would happen, and then all of it is written at once: up to 2,000 rows by the ledger's own action ``many``, more by
statements over the staged rows. Staged rows are nobody's data yet; what is left of an import that somebody broke off is swept.
"""
