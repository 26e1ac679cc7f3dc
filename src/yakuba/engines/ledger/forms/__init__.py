"""What is printed of a ledger (帳票): its list, its entries, and the letters that a pack declares.

:mod:`.declaring` what a letter is · :mod:`.printing` tagged PDFs · :mod:`.actions` runs of letters · :mod:`.queries` of which entries
"""
