"""What a form asks of one part of a definition: entries that read a part and give the changed one. Pure.

A form is a list of entries. Each knows how the part's value is typed and how what was typed becomes the part's value; a value that is
none is a :class:`Wrong` in words, and every entry of a form is tried, so that a person hears of all of them at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Generic, Literal, TypeVar, cast

from django.utils.translation import gettext as _

from yakuba.kernel.dates import parse_date
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.fields import Invalid
from yakuba.kernel.fields.kinds import Date, Integer, Prose, Text

P = TypeVar("P")
R = TypeVar("R")
Typed = Mapping[str, Sequence[str]]
"""Field name → what was typed, several values for boxes."""
Widget = Literal["text", "textarea", "number", "date", "moment", "select", "radio", "checkbox", "checkboxes"]
Choices = Sequence[tuple[str, str]]
LANGUAGES: Final = (("en", "English"), ("ja-simple", "やさしい日本語"))
_LINE: Final = Text(300)
_PROSE: Final = Prose(4000)
_MOST_ROWS: Final = 200


class Wrong(ValueError):
    """What was typed into one field cannot be; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field as the template draws it."""

    key: str
    label: str
    widget: Widget
    value: str | tuple[str, ...]
    required: bool
    hint: str
    error: str
    choices: Choices
    unit: str
    rows: int
    wide: bool


@dataclass(frozen=True, slots=True)
class RowsShown:
    """Rows of fields as the template draws them. ``fresh`` is the number of the first empty one."""

    key: str
    label: str
    hint: str
    rows: Sequence[Sequence[FieldShown]]
    fresh: int
    many: bool = True
    """Told apart by this in a template."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[P]):
    """One field. ``show`` gives what stands in it, ``take`` the part with what was typed; it raises :class:`Wrong`."""

    key: str
    label: str
    show: Callable[[P], str | tuple[str, ...]]
    take: Callable[[P, tuple[str, ...]], P]
    widget: Widget = "text"
    required: bool = False
    hint: str = ""
    choices: Choices = ()
    unit: str = ""
    rows: int = 3

    def shown(self, name: str, value: str | tuple[str, ...], error: str, *, wide: bool = False) -> FieldShown:
        """As the template draws it, under the name that it has in its form."""
        return FieldShown(
            name, self.label, self.widget, value, self.required, self.hint, error, self.choices, self.unit, self.rows, wide
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows(Generic[P, R]):
    """Rows of one sort: grounds, choices, things to have at hand. A row that is emptied goes; empty ones wait at the end.

    ``main`` is the key of the field that makes a row one. Where ``ordered``, a first field says the place of each row.
    """

    key: str
    label: str
    entries: Sequence[Entry[R]]
    get: Callable[[P], Sequence[R]]
    put: Callable[[P, tuple[R, ...]], P]
    blank: Callable[[int], R]
    main: str
    hint: str = ""
    more: int = 2
    ordered: bool = False


Form = Sequence[Entry[P] | Rows[P, Any]]  # Any: rows of several sorts in one form


@dataclass(frozen=True, slots=True)
class Filled(Generic[P]):
    """A form with what stands in it. ``errors`` by field name; ``part`` is the changed part where there is none."""

    part: P
    items: Sequence[FieldShown | RowsShown]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> frozenset[str]:
        """The names of all fields."""
        found = {item.key for item in self.items if isinstance(item, FieldShown)}
        rows = [item for item in self.items if isinstance(item, RowsShown)]
        return frozenset(found | {one.key for item in rows for row in item.rows for one in row})


def show(form: Form[P], part: P) -> Filled[P]:
    """The form as the part stands."""
    items: list[FieldShown | RowsShown] = []
    for item in form:
        if isinstance(item, Entry):
            items.append(item.shown(item.key, item.show(part), ""))
            continue
        values = [[entry.show(row) for entry in item.entries] for row in item.get(part)]
        items.append(_rows(item, values, {}))
    return Filled(part, items)


def read(form: Form[P], part: P, typed: Typed, *, told: Mapping[str, str] | None = None) -> Filled[P]:
    """The part with what was typed, the form as typed, and what is wrong.

    ``told`` are errors that somebody else found in the part that the same form made; they are shown at their fields.
    """
    errors: dict[str, str] = dict(told or {})
    items: list[FieldShown | RowsShown] = []
    for item in form:
        if isinstance(item, Entry):
            values = tuple(typed.get(item.key, ()))
            try:
                part = _taken(item, part, values)
            except Wrong as wrong:
                errors[item.key] = str(wrong)
            items.append(item.shown(item.key, _as_typed(item, values), errors.get(item.key, "")))
            continue
        part, shown = _read_rows(item, part, typed, errors)
        items.append(shown)
    return Filled(part, items, errors)


def _taken(entry: Entry[P], part: P, values: tuple[str, ...]) -> P:
    given = tuple(value for value in values if value.strip())
    if entry.required and not given:
        raise Wrong(_("「%(label)s」が空です。入力してください。") % {"label": entry.label})
    if entry.choices and not set(given) <= {code for code, _label in entry.choices}:
        raise Wrong(_("「%(label)s」は、並んでいる中から選んでください。") % {"label": entry.label})
    try:
        return entry.take(part, given)
    except Invalid as invalid:
        words = _("「%(label)s」に「%(found)s」は使えません。%(expected)s にしてください。")
        raise Wrong(
            words % {"label": entry.label, "found": invalid.found, "expected": invalid.expected}
        ) from invalid


def _as_typed(entry: Entry[P], values: tuple[str, ...]) -> str | tuple[str, ...]:
    if entry.widget == "checkboxes":
        return values
    return values[0] if values else ""


def _read_rows(item: Rows[P, R], part: P, typed: Typed, errors: dict[str, str]) -> tuple[P, RowsShown]:
    before = list(item.get(part))
    taken: list[tuple[float, R]] = []
    values: list[list[str | tuple[str, ...]]] = []
    for number in range(_count(item, typed)):
        given = [tuple(typed.get(f"{item.key}.{number}.{entry.key}", ())) for entry in item.entries]
        values.append([_as_typed(entry, one) for entry, one in zip(item.entries, given, strict=True)])
        at = next(n for n, entry in enumerate(item.entries) if entry.key == item.main)
        if not any(one.strip() for one in given[at]):
            continue  # an emptied row goes
        row = before[number] if number < len(before) else item.blank(number)
        for entry, one in zip(item.entries, given, strict=True):
            try:
                row = _taken(entry, row, one)
            except Wrong as wrong:
                errors[f"{item.key}.{number}.{entry.key}"] = str(wrong)
        taken.append((_order(typed, f"{item.key}.{number}.order", number), row))
    taken.sort(key=lambda pair: pair[0])
    try:
        part = item.put(part, tuple(row for _place, row in taken))
    except Wrong as wrong:
        errors[f"{item.key}.0.{item.main}"] = str(wrong)
    return part, _rows(item, values, errors, fill=False)


def _count(item: Rows[P, R], typed: Typed) -> int:
    """How many rows came; no more than anybody would write by hand."""
    found = re.compile(rf"{re.escape(item.key)}\.([0-9]{{1,4}})\.")
    numbers = [int(match[1]) for name in typed if (match := found.match(name))]
    return min(max(numbers, default=-1) + 1, _MOST_ROWS)


def _order(typed: Typed, name: str, number: int) -> float:
    """The place that a row asks for; a row without one keeps the one it has. Half a place before the row that stands there."""
    text = "".join(typed.get(name, ())).strip()
    try:
        wanted = Integer(0, 999).parse(text)
    except Invalid:
        return number + 1
    return wanted - 0.5 if wanted <= number else wanted + (0.5 if wanted > number + 1 else 0)


def _rows(
    item: Rows[P, R],
    values: Sequence[Sequence[str | tuple[str, ...]]],
    errors: Mapping[str, str],
    *,
    fill: bool = True,
) -> RowsShown:
    blank: list[Sequence[str | tuple[str, ...]]] = [[""] * len(item.entries)] * (item.more if fill else 0)
    drawn: list[list[FieldShown]] = []
    for number, row in enumerate([*values, *blank]):
        fields: list[FieldShown] = []
        if item.ordered:
            key = f"{item.key}.{number}.order"
            place = str(number + 1)
            fields.append(
                FieldShown(key, _("順"), "number", place, required=False, hint="", error="", choices=(), unit="", rows=1, wide=False)
            )  # fmt: skip
        for entry, value in zip(item.entries, row, strict=True):
            name = f"{item.key}.{number}.{entry.key}"
            shown = entry.shown(name, value, errors.get(name, ""), wide=entry.key == item.main)
            # A row may stay empty, so the browser has to let it; a filled one is judged when it is read.
            fields.append(replace(shown, required=False))
        drawn.append(fields)
    return RowsShown(item.key, item.label, item.hint, drawn, len(values))


# --- the usual entries, by the attribute that they are of --------------------------------------------------------------
# Parts are frozen dataclasses of several sorts; which attribute an entry is of is known by its name alone.


def _with(part: P, attribute: str, value: object) -> P:
    changed: Any = replace(cast("Any", part), **{attribute: value})  # Any: a dataclass of whichever sort
    return cast("P", changed)


def words(
    attribute: str,
    label: str,
    languages: Sequence[str] = ("ja",),
    *,
    prose: bool = False,
    required: bool = False,
    hint: str = "",
    rows: int = 3,
) -> list[Entry[Any]]:  # Any: of whichever part has the attribute
    """A text in every language of the procedure: one field each, the Japanese one first."""
    named = dict(LANGUAGES)

    def one(language: str) -> Entry[Any]:
        first = language == "ja"

        def get(part: object) -> str:
            return str(getattr(part, attribute).get(language, ""))

        def take(part: object, given: tuple[str, ...]) -> object:
            kept = {key: text for key, text in getattr(part, attribute).items() if key != language}
            text = (_PROSE if prose else _LINE).parse(given[0]) if given else ""
            return _with(part, attribute, {**kept, language: text} if text else kept)

        return Entry(
            attribute if first else f"{attribute}.{language}",
            label if first else f"{label}（{named[language]}）",
            get,
            take,
            widget="textarea" if prose else "text",
            required=required and first,
            hint=hint if first else _("空なら日本語のまま見せます。"),
            rows=rows,
        )

    return [one(language) for language in ("ja", *(key for key, _name in LANGUAGES if key in languages))]


def line(
    attribute: str,
    label: str,
    *,
    required: bool = False,
    hint: str = "",
    limit: int = 300,
    prose: bool = False,
) -> Entry[Any]:  # Any: as above
    """A text in one language."""
    kind = Prose(limit) if prose else Text(limit)
    return Entry(
        attribute,
        label,
        lambda part: str(getattr(part, attribute)),
        lambda part, given: _with(part, attribute, kind.parse(given[0]) if given else ""),
        widget="textarea" if prose else "text",
        required=required,
        hint=hint,
    )


def pick(
    attribute: str,
    label: str,
    choices: Choices,
    *,
    required: bool = True,
    hint: str = "",
    radio: bool = False,
) -> Entry[Any]:  # Any: as above
    """One of several; empty where it may be left open."""
    return Entry(
        attribute,
        label,
        lambda part: str(getattr(part, attribute)),
        lambda part, given: _with(part, attribute, given[0] if given else ""),
        widget="radio" if radio else "select",
        required=required,
        hint=hint,
        choices=choices,
    )


def ticks(
    attribute: str, label: str, choices: Choices, *, hint: str = "", required: bool = False
) -> Entry[Any]:  # Any: as above
    """Any of several. What stays keeps its order, what comes follows in the order in which they are listed."""
    order = [code for code, _label in choices]

    def take(part: object, given: tuple[str, ...]) -> object:
        kept = [one for one in getattr(part, attribute) if one in given]
        return _with(part, attribute, (*kept, *(one for one in order if one in given and one not in kept)))

    return Entry(
        attribute,
        label,
        lambda part: tuple(getattr(part, attribute)),
        take,
        widget="checkboxes",
        hint=hint,
        required=required,
        choices=choices,
    )


def tick(attribute: str, label: str, *, hint: str = "") -> Entry[Any]:  # Any: as above
    """Yes or no."""
    return Entry(
        attribute,
        label,
        lambda part: "1" if getattr(part, attribute) else "",
        lambda part, given: _with(part, attribute, bool(given)),
        widget="checkbox",
        hint=hint,
    )


def lines(attribute: str, label: str, *, hint: str = "", rows: int = 4) -> Entry[Any]:  # Any: as above
    """Several short texts, one a line."""

    def take(part: object, given: tuple[str, ...]) -> object:
        text = given[0] if given else ""
        return _with(part, attribute, tuple(_LINE.parse(one) for one in text.splitlines() if one.strip()))

    return Entry(
        attribute,
        label,
        lambda part: "\n".join(getattr(part, attribute)),
        take,
        widget="textarea",
        hint=hint,
        rows=rows,
    )


def whole(
    attribute: str,
    label: str,
    *,
    minimum: int = 0,
    maximum: int = 10**9,
    unit: str = "",
    hint: str = "",
    empty: int | None = 0,
    required: bool = False,
) -> Entry[Any]:  # Any: as above
    """A whole number; ``empty`` is what stands for none."""
    kind = Integer(minimum, maximum)

    def get(part: object) -> str:
        value = getattr(part, attribute)
        return "" if value is None or (value == empty and not required) else str(value)

    return Entry(
        attribute,
        label,
        get,
        lambda part, given: _with(part, attribute, kind.parse(given[0]) if given else empty),
        widget="number",
        unit=unit,
        hint=hint,
        required=required,
    )


def day(attribute: str, label: str, *, hint: str = "") -> Entry[Any]:  # Any: as above
    """A day as ISO text, or the word «today» (今日)."""

    def get(part: object) -> str:
        value = str(getattr(part, attribute))
        if value in {"", "today"}:
            return _("今日") if value else ""
        return Date().format(dt.date.fromisoformat(value))

    def take(part: object, given: tuple[str, ...]) -> object:
        text = given[0].strip() if given else ""
        if text in {"today", "今日", _("今日")}:
            return _with(part, attribute, "today")
        return _with(part, attribute, _day(text).isoformat() if text else "")

    return Entry(attribute, label, get, take, hint=hint)


def moment(attribute: str, label: str, *, hint: str = "") -> Entry[Any]:  # Any: as above
    """A moment by Japan's clock, typed as a day with a time."""

    def get(part: object) -> str:
        value = getattr(part, attribute)
        if value is None:
            return ""
        there = value.astimezone(JAPAN)
        return f"{Date().format(there.date())} {there:%H:%M}"

    return Entry(
        attribute,
        label,
        get,
        lambda part, given: _with(part, attribute, read_moment(given[0]) if given else None),
        widget="moment",
        hint=hint,
    )


_TIME: Final = re.compile(
    r"^(?P<day>.*?)[\sT　]+(?P<hour>[0-9０-９]{1,2})[:：時](?P<minute>[0-9０-９]{2})?分?$"
)


def read_moment(text: str) -> dt.datetime:
    """令和8年4月1日 8:30, 2026-04-01 08:30, or a day alone (its beginning), as UTC. Raises :class:`Wrong`."""
    found = _TIME.match(text.strip())
    day_text, hour, minute = (
        (found["day"], found["hour"], found["minute"] or "0") if found else (text, "0", "0")
    )
    try:
        there = dt.datetime.combine(_day(day_text), dt.time(int(hour), int(minute)), JAPAN)
    except ValueError as exc:
        raise Wrong(
            _("「%(found)s」は日時として読めません。「令和8年4月1日 8:30」のように書いてください。")
            % {"found": text[:40]}
        ) from exc
    return there.astimezone(dt.UTC)


def _day(text: str) -> dt.date:
    try:
        return parse_date(text)
    except ValueError as exc:
        raise Wrong(str(exc)) from exc
