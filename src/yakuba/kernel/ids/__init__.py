"""Identifiers: UUID version 7 for our own rows, and the codes that the state gives to municipalities.

A UUIDv7 begins with its time, so that new rows stand together in an index and sort by creation. A municipality code
(全国地方公共団体コード) is five digits and a check digit. This room is the bottom of the house and imports no other.
"""

import os
import re
import secrets
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

__all__ = ["is_municipality_code", "municipality_check_digit", "read_id", "uuid7", "uuid7_time"]

_TIME_BITS = 48
_TAIL_BITS = 74  # rand_a (12) and rand_b (62), used together as one counter
_NIL = uuid.UUID(int=0)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Sequence:
    """Ever larger (millisecond, tail) pairs: RFC 9562 §6.2, method 2 (monotonic random)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ms = -1
        self._tail = 0

    def after(self, ms: int, *, may_go_back: bool) -> tuple[int, int]:
        """Return the next pair for ``ms``; with ``may_go_back`` false, an earlier ``ms`` counts on from the latest pair."""
        with self._lock:
            if ms > self._ms or (may_go_back and ms < self._ms):
                self._ms = ms
                # The top bit starts at zero, which leaves room to count up within the millisecond.
                self._tail = secrets.randbits(_TAIL_BITS - 1)
            else:
                self._tail += 1 + secrets.randbits(32)
                if self._tail >> _TAIL_BITS:
                    self._ms += 1
                    self._tail = secrets.randbits(_TAIL_BITS - 1)
            return self._ms, self._tail


_by_clock = _Sequence()
_by_caller = _Sequence()


def _forget_after_fork() -> None:
    # A forked process would count on from its parent's tail, and might inherit a lock that nobody releases.
    global _by_clock, _by_caller
    _by_clock, _by_caller = _Sequence(), _Sequence()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)


def uuid7(now_ms: int | None = None) -> uuid.UUID:
    """Return a new UUID version 7 (RFC 9562 §5.7).

    Without ``now_ms`` each id is larger than every one that this process made before, from any thread, also when the clock
    is set back. ``now_ms`` (milliseconds since 1970-01-01 UTC) makes an id of that very moment; ids of one moment asked for
    in a row still grow. Raises ValueError when ``now_ms`` does not fit 48 bits.
    """
    if now_ms is None:
        ms, tail = _by_clock.after(time.time_ns() // 1_000_000, may_go_back=False)
    elif 0 <= now_ms < 1 << _TIME_BITS:
        ms, tail = _by_caller.after(now_ms, may_go_back=True)
    else:
        raise ValueError(f"UUIDv7 の時刻は 0 以上 2^48 未満のミリ秒です: {now_ms}")
    rand_a, rand_b = tail >> 62, tail & ((1 << 62) - 1)
    return uuid.UUID(int=ms << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)


def read_id(text: str) -> uuid.UUID:
    """Return the id that somebody sent as text; for what is none the nil UUID (RFC 9562), which no row has."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return _NIL


def uuid7_time(u: uuid.UUID) -> datetime:
    """Return the moment in a UUID version 7, UTC, to the millisecond. Raises ValueError for any other version."""
    if u.version != 7:
        raise ValueError(f"UUIDv7 ではありません: {u}")
    return _EPOCH + timedelta(milliseconds=u.int >> 80)


def municipality_check_digit(first5: str) -> str:
    """Return the sixth digit of a 全国地方公共団体コード from its first five.

    The rule is that of the Ministry of Internal Affairs (全国地方公共団体コード, 検査数字): weights 6, 5, 4, 3, 2; the check digit
    is the last digit of 11 minus the remainder of the sum by 11. Raises ValueError unless five ASCII digits are given.
    """
    if not re.fullmatch(r"[0-9]{5}", first5):
        raise ValueError(f"検査数字を求めるには半角数字5桁が要ります: {first5!r}")
    total = sum(int(digit) * weight for digit, weight in zip(first5, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def is_municipality_code(code: str) -> bool:
    """Tell whether ``code`` is six ASCII digits with a right check digit; whether such a body exists is the town room's."""
    return bool(re.fullmatch(r"[0-9]{6}", code)) and municipality_check_digit(code[:5]) == code[5]
