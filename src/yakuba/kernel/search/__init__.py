"""The search index: characters and their pairs in SQLite FTS5 or a PostgreSQL GIN index, equal results on both (MECHANISMS §10).

Rooms write through :mod:`.store` in the transaction of the change; pages read through :mod:`.queries`.
"""
