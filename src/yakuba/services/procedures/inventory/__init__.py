"""The inventory (手続台帳): every procedure of the city on every channel, and what is counted from it.

:mod:`.rules` what a row has to be, and when it is online · :mod:`.queries` reading and counting · :mod:`.sheet` as a sheet, out and in ·
:mod:`.public` the copy that the public reads
"""
