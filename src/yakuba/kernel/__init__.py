"""The ground floor: what every other room of Yakuba stands on.

From the ground up: ``ids``, ``dates``, ``text`` and ``plugins`` need neither a database nor a web framework; above them stand
``fields``, ``ui`` and ``actions``; then the rooms that own tables. A room imports only from rooms below it.
"""
