"""The demo's own home: its mark, and the passwords made for it. Nothing of the demo touches a home without the mark."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import cast

from django.conf import settings

from yakuba.kernel.access.demo import is_demo
from yakuba.kernel.actions import Problem
from yakuba.kernel.town.queries import all_municipalities, find_municipality

LOADED = "loaded"
# What starting a command makes in an empty folder before anybody asks what the folder is for.
_OWN_TRACES = {"secret-key"}
# Without letters and digits that look alike.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def folder() -> Path:
    """The home."""
    return Path(settings.HOME)


def mark() -> None:
    """Make an empty home the demo's; a home that is marked already stays as it is.

    Raises :class:`Problem` for a home that holds anything else.
    """
    if is_demo():
        return
    home = folder()
    home.mkdir(parents=True, exist_ok=True)
    others = sorted(path.name for path in home.iterdir() if path.name not in _OWN_TRACES)
    if others:
        raise Problem(
            "no_demo_home",
            f"{home} はデモの環境ではありません（{others[0]} などがあります）。"
            "空のフォルダーを --home で指定してください。",
            field="home",
            found=str(home),
        )
    _write("demo", "この環境は yakuba demo が作りました。中身はすべて架空です。\n")


def demand_own_database(codes: Collection[str]) -> None:
    """Raises :class:`Problem` when the database holds a municipality other than the sample's.

    A demo home may name a database server; a city's own data must not get invented neighbours.
    """
    other = next((town for town in all_municipalities() if town.code not in codes), None)
    if other is not None:
        raise Problem(
            "no_demo_database",
            f"このデータベースには {other.name} のデータがあります。デモには空のデータベースを使ってください。",
            found=other.code,
        )


def is_loaded(code: str) -> bool:
    """Whether the sample was loaded to the end, and into the database that is there now."""
    return (folder() / LOADED).exists() and find_municipality(code) is not None


def note_loaded() -> None:
    """Remember that the sample was loaded to the end."""
    _write(LOADED, "")


def passwords(usernames: Iterable[str]) -> dict[str, str]:
    """The password of each account: made at random once, kept in the home, readable by its owner alone."""
    kept = folder() / "demo-accounts.json"
    found = cast("dict[str, str]", json.loads(kept.read_text("utf-8"))) if kept.exists() else {}
    missing = [name for name in usernames if name not in found]
    if missing:
        found |= {name: _password() for name in missing}
        _write(kept.name, json.dumps(found, indent=1) + "\n")
    return found


def _password() -> str:
    """Three times five letters and digits: 74 bits, and it can be typed from a screen."""
    return "-".join("".join(secrets.choice(_LETTERS) for _letter in range(5)) for _group in range(3))


def _write(name: str, text: str) -> None:
    """Write a private file of the home whole or not at all."""
    path = folder() / name
    fresh = path.with_name(f"{name}.{os.getpid()}")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
