"""The forms of what an initiative is once: its head, its texts, its stages, its tags."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from yakuba.kernel.actions import Problem
from yakuba.kernel.fields import Invalid, Spec
from yakuba.kernel.ui.components.forms import Widget
from yakuba.services.plan import labels
from yakuba.services.plan.forms.base import (
    Input,
    Kept,
    PartForm,
    Typed,
    World,
    Wrong,
    choices,
    demand,
    name_of,
    twice,
    year_of,
    year_text,
)
from yakuba.services.plan.paths import Form
from yakuba.services.plan.reading.schema import LISTED_TEXTS
from yakuba.services.plan.rows import more_specs


class Head(PartForm):
    """Number, title and what else stands at the top."""

    title = gettext_lazy("番号・取組名・進捗")
    many = False
    ordered = False

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        used = "、".join(world.progress_words)
        return (
            Input("number", _("番号")),
            Input("title", _("取組名"), wide=True, required=True),
            Input(
                "kind", _("区別"), "select", choices(labels.KINDS), _("分けていない計画では、選びません。")
            ),
            Input("year", _("年度"), hint=_("この行が書かれた年度。例：令和8年度、R8、2026"), required=True),
            Input("group", _("組"), hint=_("2-1と2-2を1件と数えるとき、両方に同じ印（2）を書きます。")),
            Input(
                "progress",
                _("進捗状況"),
                hint=_("市の言葉のまま。この版で使われている言葉：%(words)s") % {"words": used}
                if used
                else _("市の言葉のまま書きます。"),
            ),
            Input(
                "progress_meaning",
                _("進捗の意味"),
                "select",
                choices(labels.MEANINGS),
                _("ほかの市と比べるための意味。言葉だけ変えたときは、その言葉の意味に変わります。"),
            ),
            Input("flags", _("印"), "checkboxes", choices(labels.FLAGS), wide=True),
            *(_more_input(key, spec) for key, spec in more_specs().items()),
        )

    def rows(self, form: Form) -> list[Typed]:
        cells: dict[str, str | list[str]] = {
            key: form[key] or ""
            for key in ("number", "title", "kind", "group", "progress", "progress_meaning")
        }
        cells["year"] = year_text(form["year"])
        cells["flags"] = list(form["flags"])
        for key, spec in more_specs().items():
            kept = form.get("more", {}).get(key)
            text = "" if kept is None or spec.kind is None else spec.kind.to_text(spec.kind.from_json(kept))
            cells[f"more.{key}"] = text
        return [Typed(cells, 0)]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        (n, row), *_rest = typed
        found: Form = {
            "number": row.text("number"),
            "title": row.text("title"),
            "kind": row.text("kind") or None,
            "year": wrong.take(n, "year", year_of, row.text("year")),
            "group": row.text("group") or None,
            "flags": row.many("flags"),
            "progress": row.text("progress") or None,
        }
        if found["year"] is None and not row.text("year"):
            wrong.say(n, "year", demand(_("年度")))
        meaning = row.text("progress_meaning") or None
        if found["progress"] == form["progress"] or meaning != form["progress_meaning"]:
            found["progress_meaning"] = meaning
        more = {
            key: wrong.take(n, f"more.{key}", partial(_more, spec), row.text(f"more.{key}"))
            for key, spec in more_specs().items()
        }
        return {**found, "more": more} if more else found

    def key_of(self, path: str, kept: Kept) -> str:
        return name_of(0, path.partition("[")[0])


def _more_input(key: str, spec: Spec) -> Input:
    offered = spec.kind.choices() if spec.kind is not None else ()
    widget: Widget = (
        "select" if offered else "textarea" if spec.kind is not None and spec.kind.key == "prose" else "text"
    )
    return Input(f"more.{key}", spec.label, widget, offered, spec.help, wide=widget == "textarea")


def _more(spec: Spec, text: str) -> object:
    """What a field beyond the format makes of its text; None for nothing."""
    if spec.kind is None or not text:
        return None
    try:
        return spec.kind.to_json(spec.kind.parse(text))
    except Invalid as invalid:
        raise Problem.of("", spec.label, invalid) from invalid


class Texts(PartForm):
    """The running texts."""

    title = gettext_lazy("本文")
    lead = gettext_lazy("空にした欄は、計画書に書かれていないものとして扱います。")
    many = False
    ordered = False

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        return tuple(
            Input(
                key,
                label,
                "textarea",
                hint=_("1行に1つずつ書きます。") if key in LISTED_TEXTS else "",
                rows=6,
                wide=True,
            )
            for key, label in labels.TEXTS.items()
        )

    def rows(self, form: Form) -> list[Typed]:
        cells: dict[str, str | list[str]] = {}
        for key in labels.TEXTS:
            text = form["texts"].get(key, "")
            cells[key] = "\n".join(text) if isinstance(text, list) else text
        return [Typed(cells, 0)]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        row = typed[0][1]
        found: dict[str, object] = {}
        for key in labels.TEXTS:
            if not row.text(key):
                continue
            raw = str(row.cells[key]).replace("\r\n", "\n").rstrip()
            old = form["texts"].get(key)
            # A browser sends what it showed; a text that nobody touched stays to the last blank.
            same = old is not None and not isinstance(old, list) and old.replace("\r\n", "\n").rstrip() == raw
            found[key] = row.lines(key) if key in LISTED_TEXTS else old if same else raw
        return found

    def key_of(self, path: str, kept: Kept) -> str:
        return name_of(0, path.removeprefix("texts.").partition("[")[0])


class Stages(PartForm):
    """What is planned in each fiscal year."""

    title = gettext_lazy("年度別の工程")
    lead = gettext_lazy(
        "書き間違いをここで直します。工程そのものを改めたときは、取組の画面の「改訂する」から理由を付けて書いてください。"
    )
    ordered = False

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        return (
            Input("year", _("年度"), hint=_("例：R8、2026")),
            Input("text", _("工程"), hint=_("例：検証・構築")),
        )

    def rows(self, form: Form) -> list[Typed]:
        return [
            Typed({"year": year_text(int(year)), "text": text}, n)
            for n, (year, text) in enumerate(sorted(form["stages"].items()))
        ]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        found: dict[str, str] = {}
        for n, row in typed:
            if not row.text("year") and not row.text("text"):
                continue
            year = wrong.take(n, "year", year_of, row.text("year"))
            if year is None:
                if not row.text("year"):
                    wrong.say(n, "year", demand(_("年度")))
                continue
            if str(year) in found:
                wrong.say(n, "year", twice(year_text(year)))
            found[str(year)] = row.text("text")
        return found

    def key_of(self, path: str, kept: Kept) -> str:
        year = path.removeprefix("stages.")
        for n, row in kept:
            try:
                if str(year_of(row.text("year"))) == year:
                    return name_of(n, "text" if not row.text("text") else "year")
            except Problem:
                continue
        return name_of(0, "year")

    def legend(self, form: Form, typed: Typed) -> str:
        return _("新しい年度") if typed.of is None else typed.text("year")


class Tags(PartForm):
    """Tags by taxonomy."""

    title = gettext_lazy("タグ")
    lead = gettext_lazy("種類ごとに、計画書にある印を書きます。例：種類「SDGs」に「9、11」。")
    ordered = False

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        return (
            Input("name", pgettext_lazy("tag", "種類")),
            Input("words", _("印"), hint=_("いくつかあるときは「、」で区切ります。")),
        )

    def rows(self, form: Form) -> list[Typed]:
        return [
            Typed({"name": name, "words": "、".join(tags)}, n)
            for n, (name, tags) in enumerate(form["tags"].items())
        ]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        found: dict[str, list[str]] = {}
        for n, row in typed:
            name = row.text("name")
            if not name and not row.text("words"):
                continue
            if name in found:
                wrong.say(n, "name", twice(name))
            found[name] = [tag for tag in (one.strip() for one in row.text("words").split("、")) if tag]
        return found

    def key_of(self, path: str, kept: Kept) -> str:
        name = path.removeprefix("tags").removeprefix(".")
        row = next((n for n, one in kept if one.text("name") == name), 0)
        return name_of(row, "words" if name else "name")

    def legend(self, form: Form, typed: Typed) -> str:
        return _("新しい種類") if typed.of is None else typed.text("name")
