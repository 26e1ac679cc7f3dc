"""Single cells of the grid: what stands in a list as one line of text, and the JSON that a typed line means. Pure.

Names are separated by 、 (or stand on lines of their own), the steps of a place by ＞, the words of a figure by ＜. A name that holds
a 、 itself is known by its being there already.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.text import compact
from yakuba.services.plan import labels
from yakuba.services.plan.paths import Form
from yakuba.services.plan.themes import THEMES, vocabulary

# What a plan writes for all offices concerned, instead of naming them.
_GROUPS: Final = frozenset({"関係各課", "各課", "全課", "全庁", "関係課", "庁内各課", "全所属"})
_STEP: Final = re.compile(r"\s*[＞>›]\s*")
_MARK: Final = re.compile(
    r"([①-⑳⑴-⒇㋐-㋾・]|[（(][^（）()\s]{1,4}[)）]|[0-9０-９]{1,3}[.．)）]?|[ア-ンa-zA-Z][.．)）])[\s　]+(?=\S)"
)
_BY: Final = re.compile(r"（担当：([^（）]*)）$")


def names(text: str, known: Iterable[str] = ()) -> list[str]:
    """The names of a cell, without blanks and without the same name twice."""
    whole = sorted((one for one in known if "、" in one), key=len, reverse=True)
    found: list[str] = []
    for line in text.splitlines():
        rest = line.strip()
        while rest:
            kept = next((one for one in whole if rest == one or rest.startswith(f"{one}、")), None)
            name = kept or rest.partition("、")[0]
            found.append(name.strip())
            rest = rest[len(name) :].removeprefix("、").strip()
    return [name for name in dict.fromkeys(found) if name]


def joined(words: Iterable[str]) -> str | None:
    """Names as they stand in a cell; None for none."""
    return "、".join(words) or None


# --- offices -------------------------------------------------------------------------------------------------------------


def leads(form: Form) -> list[str]:
    """The offices in the lead."""
    return [office["name"] for office in form["offices"] if office["role"] == "lead" and office["name"]]


def related(form: Form) -> list[str]:
    """The offices beside them; 関係各課 stands for all of them."""
    return [_beside(office) for office in form["offices"] if office["role"] in ("related", "group")]


def _beside(office: Form) -> str:
    return str(office["name"]) or str(labels.OFFICE_ROLES["group"])


def offices(form: Form, lead: Sequence[str], beside: Sequence[str]) -> list[Form]:
    """The part «offices»; an office that stays is named by its place, so that its doubts and its unit stay with it."""
    left = dict(enumerate(form["offices"]))
    found: list[Form] = [{"of": _take(left, name, "lead"), "name": name, "role": "lead"} for name in lead]
    for name in beside:
        place = _take(left, name, "related")
        was = form["offices"][place] if place is not None else None
        if was is not None and was["role"] == "group":
            found.append({"of": place})
        elif was is None and name in _GROUPS:
            found.append({"of": None, "name": name, "role": "group"})
        else:
            found.append({"of": place, "name": name, "role": "related"})
    if not lead:
        found += [{"of": place} for place, office in left.items() if office["role"] == "not_stated"]
    return [row if row["of"] is not None else {"doubtful": False, **row} for row in found]


def _take(left: dict[int, Form], name: str, role: str) -> int | None:
    """The place of an office of this name, of the same role first; it is taken by that."""
    same = [place for place, office in left.items() if name in (office["name"], _beside(office))]
    same.sort(key=lambda place: (left[place]["role"] != role, place))
    if same:
        del left[same[0]]
        return same[0]
    return None


# --- places --------------------------------------------------------------------------------------------------------------


def place_text(path: Sequence[str]) -> str:
    """A place in a cell: 1＞1-1."""
    return "＞".join(path)


def place(text: str, places: Iterable[tuple[str, ...]], field: str) -> list[str]:
    """The node that a cell means: its codes from the root, or its last code where only one node has it. Raises :class:`Problem`."""
    known = list(places)
    typed = tuple(step for step in _STEP.split(text.strip()) if step)
    if typed in known:
        return list(typed)
    folded = tuple(compact(step) for step in typed)
    same = [path for path in known if tuple(compact(step) for step in path) == folded]
    if len(typed) == 1 and not same:
        same = [path for path in known if compact(path[-1]) == folded[0]]
    if len(same) == 1:
        return list(same[0])
    raise Problem(
        "place",
        _(
            "「%(found)s」は、この版の区分にありません。番号を上から「＞」でつないでください（例：%(example)s）。"
        )
        % {"found": text.strip()[:60], "example": place_text(max(known, key=len)) if known else "1＞1-1"},
        field=field,
        found=text.strip()[:60],
    )


def primary(form: Form) -> str | None:
    """The cell of the primary place."""
    return next((place_text(one["path"]) for one in form["placements"] if one["primary"]), None)


def again(form: Form) -> str | None:
    """The cell of the cross-listings (再掲), a line each."""
    return "\n".join(place_text(one["path"]) for one in form["placements"] if not one["primary"]) or None


# --- listed actions ---------------------------------------------------------------------------------------------------------


def items_text(form: Form) -> str | None:
    """The listed actions, a line each: ① 様式の見直し（担当：総務課）."""
    return "\n".join(_item(item) for item in form["items"]) or None


def _item(item: Form) -> str:
    line = " ".join(part for part in (item["number"], " ".join(item["text"].split("\n"))) if part)
    return f"{line}（担当：{'、'.join(item['offices'])}）" if item["offices"] else line


def items(form: Form, text: str) -> list[Form]:
    """The part «items»; a line that says what stands there already is that item."""
    left = {place: _item(item) for place, item in enumerate(form["items"])}
    found: list[Form] = []
    for line in re.split(r"\n|[;；](?=\s*[①-⑳⑴-⒇])", text):
        typed = line.strip()
        if not typed:
            continue
        place = next((n for n, known in left.items() if known == typed), None)
        if place is not None:
            del left[place]
            found.append({"of": place})
            continue
        by = _BY.search(typed)
        body = typed[: by.start()].rstrip() if by else typed
        mark = _MARK.match(body)
        found.append(
            {
                "of": None,
                "number": mark[1] if mark else None,
                "text": body[mark.end() :] if mark else body,
                "offices": names(by[1]) if by else [],
            }
        )
    return found


# --- words for codes --------------------------------------------------------------------------------------------------------


def flags_text(form: Form) -> str | None:
    """The marks (新規, 重点 …) in words."""
    return joined(labels.of(labels.FLAGS, flag) for flag in form["flags"])


def flags(text: str) -> list[str]:
    """The codes of marks. Raises :class:`Problem`."""
    return _codes(names(text), {str(word): code for code, word in labels.FLAGS.items()}, "flags")


def themes_text(form: Form) -> str | None:
    """The themes by their names."""
    return joined(vocabulary.label(THEMES[one]) if one in THEMES else one for one in form.get("themes", []))


def themes(text: str) -> list[str]:
    """The ids of themes by name (Japanese or English) or id. Raises :class:`Problem`."""
    known = {name: one.id for one in THEMES.values() for name in (one.id, one.name, one.name_en)}
    return _codes(names(text, known), known, "themes")


def _codes(typed: Sequence[str], known: Mapping[str, str], field: str) -> list[str]:
    folded = {compact(word).lower(): code for word, code in known.items()}
    found = []
    for word in typed:
        code = folded.get(compact(word).lower(), word if word in known.values() else None)
        if code is None:
            few = "・".join(list(known)[:12]) if len(known) < 20 else ""
            message = (
                _("「%(found)s」は選べません。%(expected)sのどれかにしてください。")
                if few
                else _("「%(found)s」という主題はありません。主題の一覧の名前にしてください。")
            )
            raise Problem(
                "choice", message % {"found": word[:40], "expected": few}, field=field, found=word[:40]
            )
        found.append(code)
    return list(dict.fromkeys(found))
