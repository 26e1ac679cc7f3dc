"""Tiles that this process made, kept until others need the room. A key names all that a tile depends on, so none is ever stale."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Final


class Kept:
    """The tiles used last, no more than ``most`` bytes of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._tiles: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> bytes | None:
        """The tile, if it is here."""
        with self._lock:
            if key in self._tiles:
                self._tiles.move_to_end(key)
            return self._tiles.get(key)

    def put(self, key: Hashable, tile: bytes) -> None:
        """Keep a tile; those that nobody asked for longest make room."""
        with self._lock:
            self._size += len(tile) - len(self._tiles.pop(key, b""))
            self._tiles[key] = tile
            while self._size > self._most:
                self._size -= len(self._tiles.popitem(last=False)[1])

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._tiles.clear()
            self._size = 0


TILES: Final = Kept(32 * 1024 * 1024)
