"""The forms of indicators and of their values, with what the words mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.services.plan import labels, rules, words
from yakuba.services.plan.cells import read_as
from yakuba.services.plan.forms.base import (
    Input,
    Kept,
    PartForm,
    Typed,
    World,
    Wrong,
    choices,
    day_of,
    day_text,
    demand,
    number_of,
    year_of,
    year_text,
)
from yakuba.services.plan.paths import Form
from yakuba.services.plan.setters import FIGURES

DIRECTION_HELP: Mapping[str, str | Promise] = {
    "increase": gettext_lazy("大きくなるほどよい。オンライン化した手続の数など。"),
    "decrease": gettext_lazy("小さくなるほどよい。待ち時間、紙の枚数など。"),
    "maintain": gettext_lazy("今の水準を保てばよい。"),
    "reach": gettext_lazy("ある状態に着けばよい。「実施」など。"),
    "none": gettext_lazy("よい向きがない。把握するだけの数。"),
}
AGGREGATION_HELP: Mapping[str, str | Promise] = {
    "year_total": gettext_lazy("その年度の1年間に数えた合計。翌年度は0から数え直す。"),
    "cumulative": gettext_lazy("計画の始めから足し続ける数。減ることはない。"),
    "at_date": gettext_lazy("ある日の時点の数。3月31日の登録者数など。"),
    "ratio": gettext_lazy("全体のうちどれだけか。分子と分母がある。"),
    "average": gettext_lazy("1件あたり、1日あたりなどの平均。"),
    "state": gettext_lazy("数ではなく「検討」「実施」などの言葉。"),
}
BOUND_HELP: Mapping[str, str | Promise] = {
    "at_least": gettext_lazy("目標値に届けば、超えてもよい。"),
    "at_most": gettext_lazy("目標値を超えなければよい。"),
    "exactly": gettext_lazy("目標値と同じでなければならない。"),
}


class Indicators(PartForm):
    """The indicators themselves; their values have a form of their own."""

    title = gettext_lazy("指標の一覧")
    lead = gettext_lazy(
        "計画書に書かれていないことは、分かるまで空のままにします。値は、指標ごとの「値を直す」で直します。"
    )
    help = (
        *((labels.DIRECTIONS[code], text) for code, text in DIRECTION_HELP.items()),
        *((labels.AGGREGATIONS[code], text) for code, text in AGGREGATION_HELP.items()),
        *((labels.BOUNDS[code], text) for code, text in BOUND_HELP.items()),
    )
    _TEXTS = ("number", "name", "unit", "direction", "aggregation", "bound")

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        return (
            Input("number", _("番号")),
            Input("unit", _("単位")),
            Input("name", _("指標名"), wide=True),
            Input("direction", _("望ましい向き"), "select", choices(labels.DIRECTIONS)),
            Input("aggregation", _("集計"), "select", choices(labels.AGGREGATIONS)),
            Input("bound", _("目標の範囲"), "select", choices(labels.BOUNDS)),
            Input("states", _("言葉の順"), hint=_("低い方から「＜」でつなぎます。例：検討＜試行＜実施")),
            Input("definition", _("数え方"), "textarea", hint=_("何を、いつ、どこまで数えるか。"), wide=True),
        )

    def rows(self, form: Form) -> list[Typed]:
        return [
            Typed(
                {
                    **{key: one[key] or "" for key in self._TEXTS},
                    "definition": one.get("definition") or "",
                    "states": "＜".join(one.get("states") or []),
                },
                n,
            )
            for n, one in enumerate(form["indicators"])
        ]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        return [
            {
                "of": row.of,
                **{key: row.text(key) or (None if key != "name" else "") for key in self._TEXTS},
                "definition": row.text("definition").replace("\r\n", "\n") or None,
                "states": [
                    word
                    for word in (one.strip() for one in row.text("states").replace("<", "＜").split("＜"))
                    if word
                ],
            }
            for _n, row in typed
        ]

    def identity(self, row: Form) -> str:
        return f"{row['number']}\0{row['name']}"

    def legend(self, form: Form, typed: Typed) -> str:
        return (
            _("新しい指標") if typed.of is None else words.thing("indicators", form["indicators"][typed.of])
        )


class Values(PartForm):
    """The values of one indicator."""

    title = gettext_lazy("指標の値")
    lead = gettext_lazy(
        "「記載のとおり」に書いた文字（約150件、数値なし、実施など）から、数や言葉を読み取ります。年度は「令和8年度」「R8」「2026」、時点は「R8.3.1」のように書けます。値そのものを改めたときは、ここではなく、取組の画面の「改訂する」から理由を付けて書いてください。"
    )
    help = (
        (labels.STATUSES["provisional"], gettext_lazy("年度が終わる前に見込んだ値。")),
        (labels.STATUSES["preliminary"], gettext_lazy("集計の途中で出した値。")),
        (labels.STATUSES["final"], gettext_lazy("集計を終え、もう変わらない値。")),
    )

    def _values(self, form: Form) -> list[Form]:
        found: list[Form] = rules.get(form, self.part)
        return found

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        found = [
            Input("kind", _("値の種類"), "select", choices(labels.VALUE_KINDS)),
            Input("year", _("年度")),
            Input("raw", _("記載のとおり")),
            Input("status", _("確度"), "select", choices(labels.STATUSES)),
            Input("as_of", _("時点")),
            Input("number", _("読み取った数"), folded=True),
            Input("state", _("読み取った語"), folded=True),
            Input("numerator", _("分子"), folded=True),
            Input("denominator", _("分母"), folded=True),
            Input("approximate", _("約"), "checkbox", folded=True),
        ]
        if typed.cells.get("revised"):
            found.append(Input("reason", _("改訂の理由"), wide=True))
        return found

    def rows(self, form: Form) -> list[Typed]:
        return [
            Typed(
                {
                    "kind": one["kind"],
                    "year": year_text(one["year"]),
                    "raw": one["raw"],
                    "status": one["status"] or "",
                    "as_of": day_text(one["as_of"]),
                    "number": one["number"] or "",
                    "state": one["state"] or "",
                    "numerator": one["numerator"] or "",
                    "denominator": one["denominator"] or "",
                    "approximate": "1" if one["approximate"] else "",
                    "reason": one["reason"] or "",
                    "revised": "1" if one["revision"] else "",
                },
                n,
            )
            for n, one in enumerate(self._values(form))
        ]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        values = self._values(form)
        return [self._row(n, row, values[row.of] if row.of is not None else None, wrong) for n, row in typed]

    def _row(self, n: int, row: Typed, old: Form | None, wrong: Wrong) -> Form:
        if not row.text("kind"):
            wrong.say(n, "kind", demand(_("値の種類")))
        if old is None and not row.text("raw"):
            wrong.say(n, "raw", demand(_("記載のとおり")))
        raw = str(row.cells.get("raw", "")).replace("\r\n", "\n")
        if old is not None and " ".join(old["raw"].split()) == " ".join(raw.split()):
            raw = old["raw"]  # a line of a browser's field holds no line break
        found: Form = {
            "of": row.of,
            "kind": row.text("kind"),
            "year": wrong.take(n, "year", year_of, row.text("year")),
            "as_of": wrong.take(n, "as_of", day_of, row.text("as_of")),
            "raw": raw if raw == (old or {}).get("raw") else raw.strip(),
            "status": row.text("status") or None,
        }
        if old is not None and old["revision"]:
            found["reason"] = row.text("reason") or None
        figures: Form = {
            key: wrong.take(n, key, number_of, row.text(key))
            for key in ("number", "numerator", "denominator")
        }
        figures |= {"state": row.text("state") or None, "approximate": row.text("approximate") == "1"}
        before = {key: old[key] for key in FIGURES} if old is not None else dict.fromkeys(FIGURES)
        untouched = all((figures[key] or None) == (before[key] or None) for key in FIGURES)
        # Figures that nobody touched follow what is printed now.
        return found if untouched else {**found, **figures}

    def folded(self, form: Form, typed: Typed) -> str:
        if typed.of is None:
            return _("読み取りを手で書く")
        indicator = rules.get(form, self.part.removesuffix(".values"))
        found = read_as(self._values(form)[typed.of], indicator["unit"])
        return _("読み取り：%(found)s") % {"found": found}

    def identity(self, row: Form) -> str:
        return f"{row['kind']}\0{row['year']}\0{row['revision']}"

    def field_of(self, leaf: str) -> str:
        return "year" if leaf in ("", "revision") else leaf

    def legend(self, form: Form, typed: Typed) -> str:
        return _("新しい値") if typed.of is None else words.figure(self._values(form)[typed.of])
