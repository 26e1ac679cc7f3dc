"""The forms of the plan's own words: sections, terms, other plans, bodies, the numbers that the document claims."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.actions import Problem
from yakuba.services.plan import labels
from yakuba.services.plan.forms.base import Input, Kept, PartForm, Typed, World, Wrong, demand, twice
from yakuba.services.plan.paths import Form


class Sections(PartForm):
    """The sections of the plan (第1章 …)."""

    title = gettext_lazy("計画の本文")
    lead = gettext_lazy("取組のほかに計画書が述べていることです。市民は、計画のページの本文で読みます。")

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        return (
            Input("number", _("番号"), hint=_("1、1(1) など")),
            Input("title", _("見出し")),
            Input("text", _("本文"), "textarea", wide=True, rows=6),
        )

    def rows(self, form: Form) -> list[Typed]:
        keys = ("number", "title", "text")
        return [Typed({key: one[key] or "" for key in keys}, n) for n, one in enumerate(form["sections"])]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        return [
            {
                "number": row.text("number") or None,
                "title": row.text("title") or None,
                "text": _lines(row.text("text")) or None,
            }
            for _n, row in typed
        ]

    def legend(self, form: Form, typed: Typed) -> str:
        if typed.of is None:
            return _("新しい節")
        one = form["sections"][typed.of]
        return " ".join(part for part in (one["number"], one["title"]) if part) or _("見出しのない節")


class Terms(PartForm):
    """The terms that the plan explains."""

    title = gettext_lazy("用語")
    lead = gettext_lazy("計画書の用語解説です。")

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        return (Input("term", _("用語")), Input("text", _("説明"), "textarea", wide=True))

    def rows(self, form: Form) -> list[Typed]:
        return [Typed({"term": one["term"], "text": one["text"]}, n) for n, one in enumerate(form["terms"])]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        return [{"term": row.text("term"), "text": _lines(row.text("text"))} for _n, row in typed]

    def legend(self, form: Form, typed: Typed) -> str:
        return _("新しい用語") if typed.of is None else str(form["terms"][typed.of]["term"])


class _Plans(PartForm):
    """Titles of other plans."""

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        return (Input("title", _("計画名"), wide=True),)

    def rows(self, form: Form) -> list[Typed]:
        return [Typed({"title": one["title"]}, n) for n, one in enumerate(form[self.part])]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        return [row.text("title") for _n, row in typed]

    def legend(self, form: Form, typed: Typed) -> str:
        return _("新しい計画") if typed.of is None else str(form[self.part][typed.of]["title"])


class Related(_Plans):
    """Plans beside this one."""

    title = gettext_lazy("関係する計画")
    lead = gettext_lazy("総合計画や国の計画など、この計画が拠り所とする計画です。")


class Predecessors(_Plans):
    """Plans that this one takes the place of."""

    title = gettext_lazy("前の計画")
    lead = gettext_lazy("この計画が後を継ぐ計画です（この計画は、その後継計画です）。")


class Bodies(PartForm):
    """The bodies that carry the plan: who sits there, what they do, by which rule."""

    title = gettext_lazy("推進体制")
    lead = gettext_lazy("本部、会議、委員会、部会などです。構成員は役職で書きます。")

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        return (
            Input("name", _("名称")),
            Input("rule", _("根拠"), hint=_("設置要綱第5条 など")),
            Input(
                "members",
                _("構成員"),
                "textarea",
                wide=True,
                rows=4,
                hint=_("1行に1人。役割があれば「本部長：副市長」のように書きます。"),
            ),
            Input("duties", _("役割"), "textarea", wide=True, rows=3, hint=_("1行に1つ。")),
        )

    def rows(self, form: Form) -> list[Typed]:
        return [
            Typed(
                {
                    "name": one["name"],
                    "rule": one["rule"] or "",
                    "members": "\n".join(_member(member) for member in one["members"]),
                    "duties": "\n".join(" ".join(duty.splitlines()) for duty in one["duties"]),
                },
                n,
            )
            for n, one in enumerate(form["bodies"])
        ]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        before = self.rows(form)
        found = []
        for _n, row in typed:
            was: Form = form["bodies"][row.of] if row.of is not None else {}
            old = before[row.of] if row.of is not None else Typed({})
            # A list that nobody touched stays as it was printed, whatever its lines would read as.
            members = [_seat(line) for line in row.lines("members")]
            duties: list[str] = row.lines("duties")
            found.append(
                {
                    "name": row.text("name"),
                    "members": was["members"]
                    if was and row.lines("members") == old.lines("members")
                    else members,
                    "duties": was["duties"] if was and duties == old.lines("duties") else duties,
                    "rule": row.text("rule") or None,
                }
            )
        return found

    def legend(self, form: Form, typed: Typed) -> str:
        return _("新しい組織") if typed.of is None else str(form["bodies"][typed.of]["name"])


def _member(member: Form) -> str:
    role, post = member["role"], " ".join(str(member["post"]).splitlines())
    return f"{role}：{post}" if role else post


def _seat(line: str) -> Form:
    """One member from a line: 本部長：副市長; without a colon the line is the post."""
    role, colon, post = line.partition("：") if "：" in line else line.partition(":")
    return {"role": role.strip(), "post": post.strip()} if colon else {"role": None, "post": line}


# The key of a claimed number of all initiatives; the keys of one kind's are the kinds.
WHOLE: Final = "total"


class Stated(PartForm):
    """The numbers that the document claims of itself."""

    title = gettext_lazy("計画書に書かれた数")
    lead = gettext_lazy(
        "計画書が「全部で何件」「順調は何件」と述べている数です。取組から数えた数とは別に、書かれたとおりに残します。"
    )
    ordered = False

    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        return (
            Input("what", _("数えるもの"), "select", _subjects(typed.text("what")), required=True),
            Input("word", _("進捗の言葉"), hint=_("「進捗状況の件数」のときだけ書きます。")),
            Input("number", _("計画書に書かれた件数"), "number", required=True),
        )

    def rows(self, form: Form) -> list[Typed]:
        return [
            Typed({key: str(one[key]) for key in ("what", "word", "number")}, n)
            for n, one in enumerate(form["stated"])
        ]

    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        found: dict[str, dict[str, int]] = {"progress": {}, "counts": {}}
        for n, row in typed:
            count = wrong.take(n, "number", _count, row.text("number"))
            kind, word = row.text("what"), row.text("word")
            if not kind:
                wrong.say(n, "what", demand(_("数えるもの")))
                continue
            if kind == "progress" and not word:
                wrong.say(n, "word", demand(_("進捗の言葉")))
                continue
            group, key = ("progress", word) if kind == "progress" else ("counts", kind)
            if key in found[group]:
                wrong.say(n, "word" if group == "progress" else "what", twice(_named(group, key)))
            elif count is not None:
                found[group][key] = count
        return found

    def legend(self, form: Form, typed: Typed) -> str:
        if typed.of is None:
            return _("新しい数")
        one = form["stated"][typed.of]
        return _named("progress", one["word"]) if one["what"] == "progress" else _named("counts", one["what"])


def stated_rows(stated: Form) -> list[Form]:
    """The claimed numbers, a row each."""
    counts = [{"what": kind, "word": "", "number": number} for kind, number in stated["counts"].items()]
    words = [
        {"what": "progress", "word": word, "number": number} for word, number in stated["progress"].items()
    ]
    return [*counts, *words]


def _subjects(known: str) -> list[tuple[str, labels.Text]]:
    """What may be counted; a document may count something of its own (``known``), which stays."""
    kinds = dict.fromkeys((WHOLE, *labels.KINDS, *([known] if known not in ("", "progress") else [])))
    return [*((kind, _named("counts", kind)) for kind in kinds), ("progress", _("進捗状況の件数"))]


def _named(group: str, key: str) -> str:
    """What a claimed number is a number of, in words."""
    if group == "progress":
        return _("進捗「%(word)s」") % {"word": key}
    if key == WHOLE:
        return _("取組の総数")
    return _("%(kind)s取組") % {"kind": labels.KINDS[key]} if key in labels.KINDS else key


def _count(text: str) -> int:
    found = re.fullmatch(r"([0-9０-９]{1,6})\s*件?", text)
    if found is None:
        raise Problem("number", _("件数を数字で入力してください。"), found=text[:40])
    return int(found[1])


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


FORMS: Mapping[str, Callable[[str], PartForm]] = {
    "sections": Sections,
    "terms": Terms,
    "related": Related,
    "predecessors": Predecessors,
    "bodies": Bodies,
    "stated": Stated,
}
