"""From the case to the ledger (台帳への反映): what a completed procedure says becomes a change of an entry, once a keeper looked at it.

:mod:`.rules` how answers become values · :mod:`.models` which procedure belongs to which book, what waits · :mod:`.actions` the writers ·
:mod:`.queries` reads and what would be changed · :mod:`.ready` rules that packs bring along
"""
