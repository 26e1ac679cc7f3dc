"""Entries as values: from JSON to columns and back, checked against the declaration. The city's extra fields are ``more.<key>``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from yakuba.engines.ledger.declaration import Ledger
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry, Line
from yakuba.engines.ledger.signs import half, is_number
from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.dates.fiscal import FIRST_YEAR
from yakuba.kernel.fields import Invalid, JsonValue, Spec, spec_of
from yakuba.kernel.fields.definition import Definition
from yakuba.kernel.text.my_number import hide

EXTRA: Final = "more."
#: Days and years of a ledger are reckoned with: terms run from them, they fall in fiscal years. Old programs write 9999-12-31 for «no end»
#: and 0001-01-01 for «not known», from which no term can be counted.
_DAYS: Final = (dt.date(FIRST_YEAR, 4, 1), dt.date(2999, 12, 31))
#: A label of a field that there may not be.
MY_NUMBER: Final = re.compile(r"個人番号(?!カード)|マイナンバー(?!カード)")
# Whether a closer look is worth while: of a hundred thousand rows of a table few hold so many digits.
_TWELVE: Final = re.compile(r"(?:[0-9０-９].?){12}")
_TEXTS: Final = frozenset({"text", "prose", "kana", "choice"})


def specs_of_book(ledger: Ledger[Entry], book: Book | None) -> dict[str, Spec]:
    """Every field of a ledger as this municipality keeps it: the declared ones, then its own (``more.<key>``)."""
    extra = Definition.read(book.extra).fields if book is not None and book.extra else {}
    return {**ledger.fields, **{f"{EXTRA}{key}": spec for key, spec in extra.items()}}


def typed_specs(ledger: Ledger[Entry], book: Book | None) -> dict[str, Spec]:
    """The fields that somebody says: without those that follow from others."""
    return {name: spec for name, spec in specs_of_book(ledger, book).items() if name not in ledger.derived}


def derive(ledger: Ledger[Entry], entry: Entry, *, lines: bool = False) -> None:
    """Write what follows from the other fields. For everybody who puts values into an entry before it is stored.

    ``lines``: its sub-rows changed, so that what follows from them alone is worked out too.
    """
    rules = {name: rule for name, rule in ledger.derived.items() if lines or name not in ledger.from_lines}
    put(entry, ledger.fields, {name: rule(entry) for name, rule in rules.items()})


def specs_of_line(model: type[Line]) -> dict[str, Spec]:
    """The own columns of a ledger's sub-rows: name → spec."""
    found: dict[str, Spec] = {}
    for column in model._meta.concrete_fields:
        spec = spec_of(column)
        if spec is not None and spec.kind is not None and column.name != "version" and not column.primary_key:
            found[column.name] = spec
    return found


def from_text(specs: Mapping[str, Spec], raw: Mapping[str, str]) -> dict[str, JsonValue]:
    """What a form says, as JSON; fields that the form does not have are not in it. Raises :class:`Problems`."""
    said: dict[str, JsonValue] = {}
    problems: list[Problem] = []
    for name, spec in specs.items():
        if name not in raw:
            continue
        text = raw[name].strip()
        if not text:
            said[name] = None
            continue
        assert spec.kind is not None  # fields of a form have one  # noqa: S101
        try:
            said[name] = spec.kind.to_json(spec.kind.parse(raw[name]))
        except Invalid as invalid:
            problems.append(Problem.of(name, spec.label, invalid))
    if problems:
        raise Problems(problems)
    return said


def cleaned(specs: Mapping[str, Spec], said: object, *, whole: bool) -> dict[str, object]:
    """Values from JSON: field → value, None for emptied ones. ``whole``: every required field has to be there.

    A number that tells things apart is kept in half width (:mod:`.signs`). Raises :class:`Problems` with one problem for each field, and
    for each name that is no field.
    """
    if not isinstance(said, Mapping):
        raise Problem("shape", _("内容を読み取れません。画面を開き直してください。"), field="values")
    values: dict[str, object] = {}
    problems = [
        Problem("unknown", _("「%s」という項目はありません。") % str(name)[:40], field=str(name)[:40])
        for name in said
        if name not in specs
    ]
    for name, spec in specs.items():
        given = said.get(name)
        if name not in said and not whole:
            continue
        if given is None or given == "":
            if spec.required:
                problems.append(Problem.of(name, spec.label, Invalid("required", "", _("値"))))
            elif name in said or whole:
                values[name] = None
            continue
        assert spec.kind is not None  # fields of an entry have one  # noqa: S101
        if isinstance(given, str) and is_number(spec):
            given = half(given)
        try:
            values[name] = without_my_number(_reckonable(spec.kind.from_json(given)), spec.label)
        except Invalid as invalid:
            problems.append(Problem.of(name, spec.label, invalid))
    if problems:
        raise Problems(problems)
    return values


def accepted(specs: Mapping[str, Spec], values: Mapping[str, object]) -> dict[str, object]:
    """The values of a whole new row that were read from cells already: what :func:`cleaned` says of the same in JSON.

    Raises :class:`Problems` with one problem for each field.
    """
    found: dict[str, object] = {}
    problems: list[Problem] = []
    for name, spec in specs.items():
        value = values.get(name)
        if value is None or value == "":
            if spec.required:
                problems.append(Problem.of(name, spec.label, Invalid("required", "", _("値"))))
            else:
                found[name] = None
            continue
        assert spec.kind is not None  # fields of an entry have one  # noqa: S101
        if isinstance(value, Decimal):
            value = spec.kind.from_json(spec.kind.to_json(value))  # 10.50 and 10.5 are written alike
        try:
            found[name] = without_my_number(_reckonable(value), spec.label)
        except Invalid as invalid:
            problems.append(Problem.of(name, spec.label, invalid))
    if problems:
        raise Problems(problems)
    return found


def _reckonable(value: object) -> object:
    """A value as it is. Raises :class:`Invalid` for a day or a year that stands for none."""
    first, last = _DAYS
    day = value.date() if isinstance(value, dt.datetime) else value
    if (isinstance(day, dt.date) and not first <= day <= last) or (
        isinstance(value, FiscalYear) and value.year > last.year
    ):
        raise Invalid(
            "out_of_range",
            str(value),
            _("%(first)d年から%(last)d年まで。決まっていないときは空にします")
            % {"first": first.year, "last": last.year},
        )
    return value


def without_my_number(value: object, label: str) -> object:
    """A value as it is. Raises :class:`Invalid` for a text with a 個人番号 in it (番号法 20条); a field for a number may have twelve digits."""
    if (
        isinstance(value, str)
        and _TWELVE.search(value)
        and ("番号" not in label or MY_NUMBER.search(label))
        and hide(value) != value
    ):
        raise Invalid(
            "my_number",
            _("個人番号（マイナンバー）と思われる12桁の数字"),
            _("その数字を消した文（ほかの番号のときは「免許証番号：」のように前に名前を付けた文）"),
        )
    return value


def demand_no_my_number(**texts: tuple[str, str]) -> None:
    """Raises :class:`Problems` for each text (field → what it is called, what it says) with a 個人番号 in it (番号法 20条)."""
    problems = []
    for name, (label, text) in texts.items():
        try:
            without_my_number(text, label)
        except Invalid as invalid:
            problems.append(Problem.of(name, label, invalid))
    if problems:
        raise Problems(problems)


def put(row: Entry | Line, specs: Mapping[str, Spec], values: Mapping[str, object]) -> None:
    """Write values into an entry that is not saved yet. Texts without a value are the empty text, all others NULL."""
    for name, value in values.items():
        spec = specs[name]
        if name.startswith(EXTRA):
            assert isinstance(row, Entry) and spec.kind is not None  # noqa: S101, PT018 – only entries have extra fields
            more = dict(row.more)
            if value is None:
                more.pop(name.removeprefix(EXTRA), None)
            else:
                more[name.removeprefix(EXTRA)] = spec.kind.to_json(value)
            row.more = more
        else:
            setattr(row, name, "" if value is None and spec.kind and spec.kind.key in _TEXTS else value)


def value_of(row: Entry | Line, name: str, specs: Mapping[str, Spec]) -> object:
    """One value of an entry, None for none."""
    if name.startswith(EXTRA):
        assert isinstance(row, Entry)  # only entries have extra fields  # noqa: S101
        given = row.more.get(name.removeprefix(EXTRA))
        kind = specs[name].kind
        return None if given is None or kind is None else kind.from_json(given)
    value = getattr(row, name)
    return None if value == "" else value


def told(
    row: Entry | Line, specs: Mapping[str, Spec], names: Iterable[str] | None = None
) -> dict[str, JsonValue]:
    """An entry as JSON: every field, or those named; None for no value."""
    found: dict[str, JsonValue] = {}
    for name in specs if names is None else names:
        value, kind = value_of(row, name, specs), specs[name].kind
        found[name] = None if value is None or kind is None else kind.to_json(value)
    return found


def title_of(ledger: Ledger[Entry], entry: Entry) -> str:
    """What an entry is called in lists and links: its first filled title field, or its number. Never a personal field."""
    for name in ledger.title:
        value, spec = getattr(entry, name), ledger.fields[name]
        if value not in (None, "") and spec.kind is not None and name not in ledger.personal:
            return spec.kind.format(value)
    return entry.number
