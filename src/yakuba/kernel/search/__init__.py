"""The search index: own bigrams in SQLite FTS5 or a PostgreSQL tsvector, equal results on both (MECHANISMS §10).

Rooms write through :mod:`.store` in the transaction of the change; pages read through :mod:`.queries`.
"""
