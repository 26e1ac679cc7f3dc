"""What a part of an initiative has to fulfil before it is kept. Pure.

Only the part that somebody edits is checked: what a document printed otherwise stays as it was read, and stands in nobody's way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import Invalid, spec_of
from yakuba.kernel.ui.formats import wareki
from yakuba.services.plan import rows, words
from yakuba.services.plan.models import Indicator, Initiative, InitiativeOffice, Value
from yakuba.services.plan.parts import VALUES
from yakuba.services.plan.paths import Form, get

# A figure may look back (基準値) and ahead (目標値) a generation; anything further is a slip of the fingers.
_BACK: Final = 30
_AHEAD: Final = 30
_LONGEST_WORD: Final = 60


@dataclass(frozen=True, slots=True)
class About:
    """The edition that an initiative stands in: its nodes by path, first and last fiscal year of its plan; and today in Japan."""

    places: frozenset[tuple[str, ...]]
    first: int
    last: int
    today: dt.date


def check(form: Form, part: str, about: About) -> list[Problem]:
    """What is wrong with a part of a well-formed form, each problem with the path of its field; nothing where it may be kept."""
    if VALUES.fullmatch(part):
        return list(_values(form, part, about))
    found = {
        "head": _head,
        "offices": _offices,
        "placements": _placements,
        "tags": _tags,
        "texts": _texts,
        "stages": _stages,
        "items": _items,
        "lineage": _lineage,
        "indicators": _indicators,
    }[part](form, about)
    return list(found)


def _head(form: Form, about: About) -> Iterator[Problem]:
    yield from _columns(
        Initiative,
        form,
        ("number", "title", "year", "kind", "group", "progress", "progress_meaning"),
        "",
        ("title",),
    )
    yield from _year(form["year"], "year", about)
    if len(set(form["flags"])) < len(form["flags"]):
        yield _twice("flags", _("印"))


def _offices(form: Form, _about: About) -> Iterator[Problem]:
    seen = set()
    for index, office in enumerate(form["offices"]):
        here = f"offices[{index}]"
        yield from _columns(InitiativeOffice, office, ("name", "role"), f"{here}.", ())
        if not office["name"] and office["role"] in ("lead", "related"):
            yield _empty(f"{here}.name", _("担当部署"))
        key = (office["name"], office["role"])
        if key in seen:
            yield _twice(f"{here}.name", words.thing("offices", office))
        seen.add(key)


def _placements(form: Form, about: About) -> Iterator[Problem]:
    placements = form["placements"]
    seen = set()
    for index, place in enumerate(placements):
        path, here = tuple(place["path"]), f"placements[{index}].path"
        if not path:
            yield _empty(here, _("位置"))
        elif path not in about.places:
            yield Problem(
                "place",
                _("「%(place)s」は、この版の区分にありません。") % {"place": " › ".join(path)},
                field=here,
                found=" › ".join(path),
            )
        if path in seen:
            yield _twice(here, " › ".join(path))
        seen.add(path)
    primary = [index for index, place in enumerate(placements) if place["primary"]]
    if placements and len(primary) != 1:
        message = _("主たる位置は1つだけ選んでください（今は%(n)d）。ほかは再掲になります。") % {
            "n": len(primary)
        }
        yield Problem(
            "primary",
            message,
            field=f"placements[{primary[1] if primary else 0}].primary",
            found=str(len(primary)),
            expected="1",
        )


def _tags(form: Form, _about: About) -> Iterator[Problem]:
    for name, tags in form["tags"].items():
        if not name.strip():
            yield _empty("tags", _("タグの種類"))
        if not tags:
            yield _empty(f"tags.{name}", name)
        for word in (name, *tags):
            if not word.strip() or len(word) > _LONGEST_WORD:
                yield _length(f"tags.{name}", word, _LONGEST_WORD)
        if len(set(tags)) < len(tags):
            yield _twice(f"tags.{name}", name)


def _texts(form: Form, _about: About) -> Iterator[Problem]:
    for key, text in form["texts"].items():
        lines = text if isinstance(text, list) else [text]
        if not any(line.strip() for line in lines):
            yield _empty(f"texts.{key}", _("本文"))
        if sum(map(len, lines)) > 20_000:
            yield _length(f"texts.{key}", "".join(lines), 20_000)


def _stages(form: Form, about: About) -> Iterator[Problem]:
    for year, stage in form["stages"].items():
        yield from _year(int(year), f"stages.{year}", about)
        if not stage.strip():
            yield _empty(f"stages.{year}", _("工程"))
        if len(stage) > 300:
            yield _length(f"stages.{year}", stage, 300)


def _items(form: Form, _about: About) -> Iterator[Problem]:
    for index, item in enumerate(form["items"]):
        if not item["text"].strip():
            yield _empty(f"items[{index}].text", _("内容"))
        for key, longest in (("number", 40), ("text", 2000)):
            if len(item[key] or "") > longest:
                yield _length(f"items[{index}].{key}", item[key], longest)


def _lineage(form: Form, about: About) -> Iterator[Problem]:
    for index, event in enumerate(form["lineage"]):
        here = f"lineage[{index}]"
        yield from _year(event["year"], f"{here}.year", about)
        if event["from"]:
            yield from _year(event["from"]["year"], f"{here}.from.year", about)


def _indicators(form: Form, _about: About) -> Iterator[Problem]:
    keys = ("number", "name", "unit", "direction", "aggregation", "bound", "definition")
    for index, indicator in enumerate(form["indicators"]):
        here = f"indicators[{index}]"
        yield from _columns(Indicator, indicator, keys, f"{here}.", ("name",))
        yield from _states(indicator, here, f"{here}.states")


def _states(indicator: Form, here: str, field: str) -> Iterator[Problem]:
    """The order of words holds every word that a value of the figure is."""
    states = indicator.get("states") or []
    if len(set(states)) < len(states):
        yield _twice(f"{here}.states", _("言葉の順"))
    used = dict.fromkeys(value["state"] for value in indicator["values"] if value["state"])
    missing = [word for word in used if word not in states]
    if states and missing:
        yield Problem(
            "states",
            _("言葉の順に「%(words)s」がありません。値に使われている言葉は、すべて順に入れてください。")
            % {"words": "」「".join(missing)},
            field=field,
            found="、".join(missing),
        )


def _values(form: Form, part: str, about: About) -> Iterator[Problem]:
    keys = (*rows.VALUE_KEYS,)
    seen: dict[tuple[object, ...], int] = {}
    for index, value in enumerate(get(form, part)):
        here = f"{part}[{index}]"
        yield from _columns(Value, value, keys, f"{here}.", ())
        yield from _year(value["year"], f"{here}.year", about)
        yield from _final(value, f"{here}.status", about)
        if not value["raw"] and any(value[key] is not None for key in ("number", "state")):
            yield _empty(f"{here}.raw", _("記載のとおり"))
        key = (value["kind"], value["year"], value["revision"])
        if value["year"] is not None and key in seen:
            yield Problem(
                "twice",
                _(
                    "%(figure)sが2つあります。年度か種類を直すか、片方を消してください。値を改めたのなら「改訂する」から書いてください。"
                )
                % {"figure": words.figure(value)},
                field=f"{here}.year",
                found=words.figure(value),
            )
        seen[key] = index
        if (value["numerator"] is None) != (value["denominator"] is None):
            lacking = "numerator" if value["numerator"] is None else "denominator"
            yield Problem(
                "fraction",
                _("分子と分母は、両方を書くか、両方を空にしてください。"),
                field=f"{here}.{lacking}",
            )
    indicator = get(form, part.removesuffix(".values"))
    yield from _states(indicator, part.removesuffix(".values"), part)


def _final(value: Form, field: str, about: About) -> Iterator[Problem]:
    """An actual is 確定 once its day has come: nobody has counted the day after today."""
    if value["kind"] != "actual" or value["status"] != "final" or not value["as_of"]:
        return
    day = dt.date.fromisoformat(value["as_of"])
    if day > about.today:
        yield Problem(
            "not_yet",
            _(
                "時点の%(day)sがまだ来ていないので、確定にできません。見込か速報にするか、時点を直してください。"
            )
            % {"day": wareki(day)},
            field=field,
            found=day.isoformat(),
            expected=f"≤ {about.today.isoformat()}",
        )


def _columns(
    model: type[models.Model], found: Form, keys: Sequence[str], prefix: str, required: Sequence[str]
) -> Iterator[Problem]:
    """What a column's own kind refuses (too long, no such code, too many digits), and what may not be empty."""
    for key in keys:
        spec = spec_of(model._meta.get_field(key))
        value = found.get(key)
        if spec is None or spec.kind is None:
            continue
        if value is None or value == "":
            if key in required:
                yield Problem.of(prefix + key, spec.label, Invalid("required", "", ""))
            continue
        try:
            spec.kind.from_json(value)
        except Invalid as invalid:
            yield Problem.of(prefix + key, spec.label, invalid)


def _year(year: int | None, field: str, about: About) -> Iterator[Problem]:
    first, last = about.first - _BACK, about.last + _AHEAD
    if year is not None and not first <= year <= last:
        yield Problem(
            "year",
            _("%(found)sは計画の期間から離れすぎています。%(first)sから%(last)sまでにしてください。")
            % {
                "found": FiscalYear(year).label,
                "first": FiscalYear(first).label,
                "last": FiscalYear(last).label,
            },
            field=field,
            found=str(year),
            expected=f"{first}–{last}",
        )


def _empty(field: str, label: str) -> Problem:
    return Problem.of(field, label, Invalid("required", "", ""))


def _twice(field: str, what: str) -> Problem:
    return Problem(
        "twice", _("「%(what)s」が2つあります。片方を消してください。") % {"what": what}, field=field
    )


def _length(field: str, text: str, longest: int) -> Problem:
    return Problem(
        "too_long",
        _("1文字以上%(longest)d文字以内で入力してください（今は%(found)d文字）。")
        % {"longest": longest, "found": len(text.strip())},
        field=field,
        found=str(len(text)),
        expected=str(longest),
    )
