"""The board of a round as a list: its rows, columns and filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.delivery.models import STATES as DELIVERY_STATES
from yakuba.engines.rounds.models import RECIPIENTS, Round
from yakuba.engines.rounds.queries.board import NOT_ARRIVED, Row
from yakuba.engines.rounds.views.frame import late_badge
from yakuba.kernel.access.desk import address
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.ui.components import badge
from yakuba.kernel.ui.formats import month_day
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec

STANDINGS: Final = (
    ("late", gettext_lazy("遅れている")),
    ("owing", gettext_lazy("残りがある")),
    ("done", gettext_lazy("提出済み")),
    ("asks", gettext_lazy("延長の申出")),
    ("unreached", gettext_lazy("督促が課に届いていない")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """An office in the list: what is searched and sorted stands under the keys of the columns."""

    row: Row

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def by(self) -> str:
        """Who answers for it now, where that is another."""
        return "、".join(self.row.by)

    @property
    def head(self) -> str:
        return self.row.head

    @property
    def open(self) -> int:
        return self.row.open

    @property
    def entered(self) -> int:
        return self.row.entered

    @property
    def confirmed(self) -> int:
        return self.row.confirmed

    @property
    def accepted(self) -> int:
        return self.row.accepted

    @property
    def total(self) -> int:
        return self.row.total

    @property
    def due(self) -> object:
        return self.row.due

    @property
    def late(self) -> int:
        return self.row.late_days

    @property
    def reminded(self) -> object:
        return self.row.last_reminded

    @property
    def standing(self) -> tuple[str, ...]:
        """The filters that it belongs to."""
        one = self.row
        found = {
            "late": bool(one.late_days),
            "owing": bool(one.outstanding),
            "done": not one.outstanding,
            "asks": one.asks_extension is not None,
            "unreached": one.unreached,
        }
        return tuple(key for key, is_so in found.items() if is_so)


def line(row: Row) -> Line:
    """An office as a line of the list."""
    return Line(row)


def spec(ctx: Context, round_: Round) -> ListSpec[Line]:
    """Columns and filters of the board."""
    return ListSpec(
        columns=(
            Column(
                "name",
                _("所属"),
                main=True,
                show=_name,
                link=lambda one: address("rounds-part", ctx, round_.pk, one.row.part_id),
            ),
            Column("late", _("状況"), sortable=True, narrow=True, by_size=True, show=_late),
            Column("due", _("期限"), narrow=True, sortable=True, show=_due),
            Column(
                "open",
                _("未入力"),
                kind="number",
                sortable=True,
                show=lambda one: one.open or "",
            ),
            Column("entered", _("入力済"), kind="number", narrow=True, show=lambda one: one.entered or ""),
            Column(
                "confirmed", _("確認済"), kind="number", narrow=True, show=lambda one: one.confirmed or ""
            ),
            Column("accepted", _("受理"), kind="number", narrow=True, show=lambda one: one.accepted or ""),
            Column("total", _("件数"), kind="number", narrow=True, paper="only"),
            Column("head", _("所属長"), narrow=True),
            Column("reminded", _("督促"), narrow=True, sortable=True, show=_reminded),
        ),
        filters=(Filter("standing", _("状況"), tuple(Choice(key, label) for key, label in STANDINGS)),),
        search=_("所属で探す"),
    )


def _name(one: Line) -> object:
    return _("%(name)s（現在は%(by)s）") % {"name": one.name, "by": one.by} if one.by else one.name


def _due(one: Line) -> object:
    found: list[str | SafeString] = [month_day(one.row.due)]
    if one.row.extended:
        found.append(badge(_("延長")))
    if one.row.asks_extension:
        found.append(badge(_("延長の申出"), tone="warn", mark="clock"))
    return format_html_join(" ", "{}", ((part,) for part in found))


def _late(one: Line) -> object:
    if one.row.late_days:
        return late_badge(one.row.late_days)
    if one.row.outstanding:
        return ""
    if one.row.not_applicable:
        return badge(_("該当なし"), mark="swap")
    return badge(_("提出済み"), tone="good", mark="check")


def _reminded(one: Line) -> object:
    row = one.row
    if row.last_reminded is None:
        return ""
    day = month_day(japan_date(row.last_reminded))
    if row.reminder in NOT_ARRIVED:
        word = _("宛先なし") if row.reminder == "nobody" else _(dict(DELIVERY_STATES)[row.reminder])
        return format_html("{} {}", day, badge(word, tone="bad", mark="error"))
    if row.recipient != "office":
        return format_html("{} {}", day, badge(_(dict(RECIPIENTS)[row.recipient]), tone="warn", mark="moved"))
    return day
