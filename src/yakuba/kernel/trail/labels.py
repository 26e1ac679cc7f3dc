"""What the trail's pages call things in words: keys that are no action's, and cells inside a record.

Rooms above register theirs in ``AppConfig.ready``; those of the rooms below stand here, because they may not import the trail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yakuba.kernel.actions import ACTIONS, SUBJECTS, Context
from yakuba.kernel.actions.scoping import ScopedManager, view_permission
from yakuba.kernel.plugins import Registry

Text = str | Promise

NAMES: Registry[Text] = Registry("name in the trail")
for _key, _name in (
    ("trail.list", _("証跡の一覧を見る")),
    ("trail.entry", _("証跡の記録を見る")),
    ("trail.erase", _("記録の内容を消去する")),
    ("town.people", _("職員の一覧を見る")),
    ("access.accounts", _("利用者の一覧を見る")),
    ("access.sign_in", _("サインイン")),
    ("access.sign_in_refused", _("サインインの拒否")),
    ("access.locked", _("サインインの一時停止")),
    ("access.sign_out", _("サインアウト")),
    ("access.directory_sign_in", _("庁内の認証でのサインイン")),
):
    NAMES.register(_key, _name)


def register_name(key: str, name: Text) -> None:
    """Name a reading, a schedule or a piece of the worker's work. Names of actions are their labels."""
    NAMES.register(key, name)


def name_of(key: str) -> str:
    """The words for an action, a reading, a schedule or a page; a key of a room that is gone stands for itself."""
    if key in ACTIONS:
        return str(_(ACTIONS[key].label))
    if key in NAMES:
        return str(NAMES.get(key))
    # Pages have addresses' names (``plan-desk-publish``); what was refused there is told by the address beside it.
    return str(_("ページを開く")) if key and "." not in key else key


@dataclass(frozen=True, slots=True)
class CellName:
    """What a cell of a record is called: the record, and the cell in it."""

    thing: str
    cell: str


Cells = Iterable[tuple[UUID, str]]
CellNames = Callable[[Context, Cells], Mapping[tuple[UUID, str], CellName]]
CELLS: Registry[CellNames] = Registry("names of cells")


def register_labels(kind: str, names: CellNames) -> None:
    """Name the cells of one kind of subject: entries note them as ``{kind: id, "path": …, "from": …, "to": …}``."""
    CELLS.register(kind, names)


def titles(ctx: Context, kind: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What things are called, of those that the reader may see."""
    known = SUBJECTS.get(kind)
    if known is None or view_permission(known.model) is None:
        return {}
    manager: ScopedManager[Model] = known.model.objects  # type: ignore[attr-defined]  # every record has it
    return {one.pk: known.title(one) for one in manager.for_actor(ctx).filter(pk__in=list(ids))}
