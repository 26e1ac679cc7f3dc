"""The forms of an initiative's lists: offices, places, listed actions, events."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.actions import Problem
from yakuba.services.plan import labels, words
from yakuba.services.plan.forms.base import (
    Input,
    Kept,
    PartForm,
    Typed,
    World,
    Wrong,
    choices,
    demand,
    year_of,
    year_text,
)
from yakuba.services.plan.paths import Form


class Offices(PartForm):
    """The offices in charge."""

    title = gettext_lazy("担当")
    lead = gettext_lazy("計画書に書かれた名前のまま書きます。所属との結び付けは「担当と所属」で決めます。")

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        found = [
            Input("name", _("担当部署")),
            Input("role", _("役割"), "select", choices(labels.OFFICE_ROLES)),
        ]
        if typed.cells.get("doubtful"):
            found.append(Input("doubtful", _("まだ確かめていない"), "checkbox"))
        return found

    def rows(self, form: Form) -> list[Typed]:
        return [
            Typed({"name": one["name"], "role": one["role"], "doubtful": "1" if one["doubtful"] else ""}, n)
            for n, one in enumerate(form["offices"])
        ]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        first = True
        found = []
        for _n, row in typed:
            role = row.text("role") or ("lead" if first else "related")
            found.append(
                {
                    "of": row.of,
                    "name": row.text("name"),
                    "role": role,
                    "doubtful": row.text("doubtful") == "1",
                }
            )
            first = False
        return found

    def legend(self, form: Form, typed: Typed) -> str:
        return _("新しい担当") if typed.of is None else words.thing("offices", form["offices"][typed.of])


class Placements(PartForm):
    """Where in the tree it stands."""

    title = gettext_lazy("計画の中の位置")
    lead = gettext_lazy("主たる位置は1つです。ほかの位置は再掲になり、件数には数えません。")

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        return (
            Input("path", _("位置"), "select", world.places, wide=True),
            Input("primary", _("主たる位置"), "checkbox"),
        )

    def rows(self, form: Form) -> list[Typed]:
        return [
            Typed({"path": place_key(one["path"]), "primary": "1" if one["primary"] else ""}, n)
            for n, one in enumerate(form["placements"])
        ]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        return [
            {
                "of": row.of,
                "path": wrong.take(n, "path", place_of, row.text("path")) or [],
                "primary": row.text("primary") == "1" or len(typed) == 1,
            }
            for n, row in typed
        ]

    def legend(self, form: Form, typed: Typed) -> str:
        return (
            _("新しい位置") if typed.of is None else words.thing("placements", form["placements"][typed.of])
        )


def place_key(path: Sequence[str]) -> str:
    """A node as the value of a choice."""
    return json.dumps(list(path), ensure_ascii=False)


def place_of(text: str) -> list[str]:
    """The node that the value of a choice names."""
    try:
        found = json.loads(text) if text else []
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(step, str) for step in found):
        raise Problem("place", _("選べる位置ではありません。"), found=text[:40])
    return found


class Items(PartForm):
    """The listed actions (主な取組)."""

    title = gettext_lazy("主な取組")
    lead = gettext_lazy("計画書が番号を付けて並べている事項です。")

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        return (
            Input("number", _("番号"), hint=_("①、(1) など")),
            Input("offices", _("担当"), hint=_("いくつかあるときは「、」で区切ります。")),
            Input("text", _("内容"), "textarea", wide=True),
        )

    def rows(self, form: Form) -> list[Typed]:
        return [
            Typed(
                {"number": one["number"] or "", "text": one["text"], "offices": "、".join(one["offices"])}, n
            )
            for n, one in enumerate(form["items"])
        ]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        return [
            {
                "of": row.of,
                "number": row.text("number") or None,
                "text": row.text("text").replace("\r\n", "\n"),
                "offices": [
                    name for name in (one.strip() for one in row.text("offices").split("、")) if name
                ],
            }
            for _n, row in typed
        ]

    def legend(self, form: Form, typed: Typed) -> str:
        if typed.of is None:
            return _("新しい事項")
        return _("主な取組%(number)s") % {"number": form["items"][typed.of]["number"] or typed.of + 1}


class Lineage(PartForm):
    """What happened to the initiative through the years."""

    title = gettext_lazy("経緯")
    lead = gettext_lazy("新しく始まった、運用に移った、ほかの取組と1つになった、などの出来事です。")

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        return (
            Input("event", _("出来事"), "select", choices(labels.EVENTS)),
            Input("year", _("その年度"), hint=_("例：R8、2026")),
            Input("from_year", _("元の取組の年度")),
            Input("from_kind", _("元の取組の区別"), "select", choices(labels.KINDS)),
            Input("from_number", _("元の取組の番号")),
        )

    def rows(self, form: Form) -> list[Typed]:
        found = []
        for n, one in enumerate(form["lineage"]):
            origin = one["from"] or {"year": None, "kind": None, "number": None}
            found.append(
                Typed(
                    {
                        "event": one["event"],
                        "year": year_text(one["year"]),
                        "from_year": year_text(origin["year"]),
                        "from_kind": origin["kind"] or "",
                        "from_number": origin["number"] or "",
                    },
                    n,
                )
            )
        return found

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        found = []
        for n, row in typed:
            if not row.text("event"):
                wrong.say(n, "event", demand(_("出来事")))
            origin = {
                "year": wrong.take(n, "from_year", year_of, row.text("from_year")),
                "kind": row.text("from_kind") or None,
                "number": row.text("from_number") or None,
            }
            found.append(
                {
                    "of": row.of,
                    "event": row.text("event"),
                    "year": wrong.take(n, "year", year_of, row.text("year")),
                    "from": origin if any(origin.values()) else None,
                }
            )
        return found

    def field_of(self, leaf: str) -> str:
        return leaf.replace(".", "_")

    def legend(self, form: Form, typed: Typed) -> str:
        return _("新しい出来事") if typed.of is None else words.event(form["lineage"][typed.of])
