"""What is found out once for a context: who somebody is and which posts he holds does not change while one page is drawn.

Kept with the context itself, so never from one request to the next. A running action finds everything out anew each time, for it may be
changing just that; and once an action ran, the context that it was called with has to ask again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from yakuba.kernel.actions.context import Context

T = TypeVar("T")

_PLACE = "_found_once"
_ran = threading.local()


def once(ctx: Context, what: Hashable, find: Callable[[], T]) -> T:
    """What ``find`` finds, the first time; afterwards the same. ``what`` names it, and whatever it depends on beside the context."""
    if ctx.work is not None:
        return find()
    # Beside the fields: comparing, copying and showing a context know nothing of it.
    count, found = vars(ctx).get(_PLACE, (-1, {}))
    if count != _count():
        found = {}
        vars(ctx)[_PLACE] = _count(), found
    if what not in found:
        found[what] = find()
    return cast("T", found[what])


def forget() -> None:
    """An action begins: what contexts of this thread had found out counts no more."""
    _ran.count = _count() + 1


def _count() -> int:
    return cast("int", getattr(_ran, "count", 0))
