"""The database from one address: embedded SQLite, or PostgreSQL for a city that outgrew it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# IMMEDIATE takes SQLite's write lock when a transaction begins: without it 24–75 % of read-then-write requests failed with
# "database is locked", with it none. FULL: an acknowledged change survives a power cut.
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-32000;PRAGMA mmap_size=134217728;",
}


def database(url: str, home: Path) -> dict[str, Any]:  # Any: Django's own setting
    """Django's DATABASES entry. ValueError for an address of another database."""
    if not url:
        return {
            "ENGINE": "yakuba.kernel.plugins.sqlite",
            "NAME": home / "yakuba.sqlite3",
            "CONN_MAX_AGE": 60,
            "OPTIONS": dict(_SQLITE_OPTIONS),
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"YAKUBA_DATABASE_URL: postgresql://… is expected, found {parts.scheme}://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        # The server closes idle connections sooner than its limit is reached: threads × processes stays below it.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
