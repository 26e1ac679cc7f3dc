"""What two write at the same moment is written once, and the other is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem


@contextmanager
def told_once() -> Iterator[None]:
    """Around a write that another may have done already: the database lets one through. Raises :class:`Problem` for the other."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        message = _("ほかの人が先に、この期間の値を確定または訂正しました。画面を開き直してください。")
        raise Problem("stale", message, field="period") from None
