"""How an office writes a procedure, without a database and without the web.

:mod:`.editing` changes of a definition's parts · :mod:`.entries` what a form asks of one part · :mod:`.facts` the forms of the whole ·
:mod:`.pieces` those of steps, pages and questions · :mod:`.differences` what changed between two versions
"""
