"""The definition host: fields described in JSON, for what a city defines itself.

A definition version is immutable and carries a format number; values live in one JSON object (decimals as text).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from yakuba.kernel.fields import kinds
from yakuba.kernel.fields.kinds import Invalid, JsonValue
from yakuba.kernel.fields.spec import Classification, Spec

FORMAT = 1

# What a definition may set of each kind; everything else is refused, so that a typing error never passes for a setting.
_BUILD: dict[str, Callable[[Mapping[str, Any]], kinds.Kind[Any]]] = {  # Any: kinds of every value type
    "text": lambda o: kinds.Text(int(o.get("max_length", 200))),
    "prose": lambda o: kinds.Prose(int(o.get("max_length", 20_000))),
    "kana": lambda o: kinds.Kana(int(o.get("max_length", 200))),
    "integer": lambda o: kinds.Integer(int(o.get("minimum", -(2**31))), int(o.get("maximum", 2**31 - 1))),
    "number": lambda _o: kinds.Number(),
    "yes_no": lambda _o: kinds.YesNo(),
    "choice": lambda o: kinds.Choice(tuple((str(code), str(label)) for code, label in o["options"])),
    "date": lambda _o: kinds.Date(),
    "moment": lambda _o: kinds.Moment(),
    "fiscal_year": lambda _o: kinds.Year(),
}
_OPTIONS: dict[str, set[str]] = {
    "text": {"max_length"},
    "prose": {"max_length"},
    "kana": {"max_length"},
    "integer": {"minimum", "maximum"},
    "choice": {"options"},
}
# Facts and their types; the first four have to be there.
_NEEDED: dict[str, type] = {"key": str, "kind": str, "label": str, "classification": str}
_MAY_BE: dict[str, type] = {
    "required": bool,
    "unit": str,
    "help": str,
    "filterable": bool,
    "searchable": bool,
    "options": dict,
}


@dataclass(frozen=True)
class Definition:
    """An ordered set of fields read from JSON."""

    fields: dict[str, Spec]

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Definition:  # Any: JSON from outside
        """From its JSON form. Raises :class:`Invalid` naming the first thing that is wrong."""
        if document.get("format") != FORMAT:
            raise Invalid("format", str(document.get("format")), f"format = {FORMAT}")
        items = document.get("fields")
        if not isinstance(items, list):
            raise Invalid("fields", repr(items)[:40], "項目の並び（[ … ]）")
        fields: dict[str, Spec] = {}
        for item in items:
            key, spec = _read_field(item)
            if key in fields:
                raise Invalid("key", key, "重複しない名前")
            fields[key] = spec
        return cls(fields)

    def clean(self, values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """The JSON object to store for these JSON values. Raises :class:`Invalid` for the first refused one."""
        unknown = sorted(set(values) - set(self.fields))
        if unknown:
            raise Invalid("unknown", unknown[0], "・".join(self.fields))
        stored: dict[str, JsonValue] = {}
        for key, spec in self.fields.items():
            raw = values.get(key)
            if raw is None:
                if spec.required:
                    raise Invalid("required", key, spec.label)
                continue
            assert spec.kind is not None  # a definition is built from kinds alone  # noqa: S101
            stored[key] = spec.kind.to_json(spec.kind.from_json(raw))
        return stored


def _read_field(item: object) -> tuple[str, Spec]:
    """One field's key and spec. Raises :class:`Invalid`."""
    facts = {**_NEEDED, **_MAY_BE}
    if not isinstance(item, dict) or not set(_NEEDED) <= set(item) <= set(facts):
        raise Invalid("facts", repr(item)[:80], "・".join(facts))
    for name, value in item.items():
        if type(value) is not facts[name] or value == "":
            raise Invalid(name, repr(value)[:40], facts[name].__name__)
    key, kind, options = item["key"], item["kind"], item.get("options", {})
    if not (key.isascii() and key.isidentifier()):
        raise Invalid("key", key[:40], "英数字の名前")
    if kind not in _BUILD:
        raise Invalid("kind", kind[:40], "・".join(_BUILD))
    if not set(options) <= _OPTIONS.get(kind, set()):
        raise Invalid("options", "・".join(options)[:40], "・".join(_OPTIONS.get(kind, ())))
    try:
        built = _BUILD[kind](options)
        classification = Classification(item["classification"])
    except (KeyError, TypeError, ValueError) as exc:
        raise Invalid("options", repr(item)[:80], f"{kind}: {'・'.join(_OPTIONS.get(kind, ()))}") from exc
    return key, Spec(
        label=item["label"],
        classification=classification,
        kind=built,
        required=item.get("required", True),
        unit=item.get("unit", ""),
        help=item.get("help", ""),
        filterable=item.get("filterable", False),
        searchable=item.get("searchable", False),
    )
