"""The JSON Schema (2020-12) of ``yakuba-procedure/1``, for editors and other programs. :func:`.document.read` checks more."""

from __future__ import annotations

from typing import Final

from yakuba.engines.casework.deadlines import HOLIDAYS, STARTS, UNITS
from yakuba.engines.casework.states import KINDS as PROCEDURE_KINDS
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.town.models import AUTHORITIES
from yakuba.services.procedures.definition import model as m
from yakuba.services.procedures.definition.kinds.attached import MOST_MB, TYPES
from yakuba.services.procedures.definition.kinds.written import LONGEST
from yakuba.services.procedures.definition.source import KEY, LANGUAGE, LINE, NUMBER, PARAGRAPH

Json = dict[str, JsonValue]
_KEY: Final[Json] = {"type": "string", "pattern": f"^{KEY.pattern}$"}
_BOUND: Final[Json] = {"type": "string", "pattern": f"^({NUMBER.pattern})?$"}
_WHOLE: Final[Json] = {"type": "integer", "minimum": 0}
_FLAG: Final[Json] = {"type": "boolean"}
_MOMENT: Final[Json] = {"type": "string", "format": "date-time"}


def _text(limit: int = LINE) -> Json:
    return {"type": "string", "maxLength": limit}


def _words(limit: int = LINE) -> Json:
    """A text, or the text in languages."""
    return {
        "oneOf": [
            {"type": "string", "maxLength": limit},
            {
                "type": "object",
                "required": ["ja"],
                "propertyNames": {"pattern": f"^{LANGUAGE.pattern}$"},
                "additionalProperties": {"type": "string", "maxLength": limit},
            },
        ]
    }


def _codes(pairs: tuple[tuple[str, str], ...]) -> Json:
    return {"enum": [code for code, _label in pairs]}


def _list(items: Json, most: int) -> Json:
    return {"type": "array", "items": items, "maxItems": most}


def _object(members: dict[str, Json], *needed: str) -> Json:
    return {
        "type": "object",
        "properties": dict(members),
        "required": list(needed),
        "additionalProperties": False,
    }


def _question(kinds: list[str], inner: Json | None) -> Json:
    members: dict[str, Json] = {
        "key": _KEY,
        "kind": {"enum": list(kinds)},
        "label": _words(500),
        "help": _words(PARAGRAPH),
        "example": _words(500),
        "required": _FLAG,
        "when": _text(1_000),
        "options": _list(
            _object({"code": _KEY, "label": _words(500), "price": _WHOLE}, "code", "label"), 200
        ),
        "unit": _text(20),
        "minimum": _BOUND,
        "maximum": _BOUND,
        "max_length": {"type": "integer", "minimum": 1, "maximum": LONGEST},
        "earliest": _text(20),
        "latest": _text(20),
        "types": {"type": "array", "items": {"enum": list(TYPES)}, "uniqueItems": True},
        "max_mb": {"type": "integer", "minimum": 1, "maximum": MOST_MB},
        "stands_for": {"enum": list(m.STANDS_FOR)},
    }
    if inner is not None:
        members["questions"] = _list(inner, 200)
    return _object(members, "key", "kind", "label")


def schema() -> Json:
    """The schema as a document of its own."""
    kinds = [code for code, _label in m.KINDS]
    inner = _question([one for one in kinds if one not in {"group", "file", "photo", "consent"}], None)
    section = _object(
        {
            "key": _KEY,
            "title": _words(),
            "help": _words(PARAGRAPH),
            "when": _text(1_000),
            "questions": _list(_question(kinds, inner), 200),
        },
        "key",
        "title",
    )
    step = _object({"key": _KEY, "title": _words(), "sections": _list(section, 30)}, "key", "title")
    term = _object(
        {
            "amount": {"type": "integer", "minimum": 0, "maximum": 3_650},
            "unit": _codes(UNITS),
            "start": _codes(STARTS),
            "holiday": _codes(HOLIDAYS),
        }
    )
    fee = _object({"rule": _codes(m.FEES), "amount": _WHOLE, "question": _text(), "note": _words(PARAGRAPH)})
    ground = _object({"kind": _codes(m.GROUNDS), "name": _text(), "article": _text()}, "kind", "name")
    demand = _object(
        {"holds": _text(1_000), "message": _words(500), "at": _text(), "when": _text(1_000)},
        "holds",
        "message",
        "at",
    )
    members: dict[str, Json] = {
        "format": {"const": m.FORMAT},
        "title": _words(),
        "kind": _codes(PROCEDURE_KINDS),
        "authority": _codes(AUTHORITIES),
        "summary": _words(PARAGRAPH),
        "grounds": _list(ground, 20),
        "criteria_url": {"type": "string", "maxLength": 500, "pattern": "^https?://"},
        "term": term,
        "term_note": _words(PARAGRAPH),
        "form_number": _text(),
        "form_title": _text(),
        "remedies": _text(PARAGRAPH),
        "remedies_note": _words(PARAGRAPH),
        "who": _words(PARAGRAPH),
        "may_apply": _text(1_000),
        "may_not_apply": _words(PARAGRAPH),
        "agent": _FLAG,
        "person_concerned": _FLAG,
        "opening": _object(
            {"opens_at": _MOMENT, "closes_at": _MOMENT, "places": {"type": "integer", "minimum": 1}}
        ),
        "needs": _list(_object({"label": _words(500), "question": _text()}, "label"), 30),
        "fee": fee,
        "identity": _codes(m.IDENTITIES),
        "result": _list(_codes(m.RESULTS), 4),
        "result_title": _text(),
        "routed": _FLAG,
        "matter": _text(),
        "accept_on_arrival": _FLAG,
        "retention": _codes(m.RETENTIONS),
        "languages": _list({"type": "string", "pattern": f"^{LANGUAGE.pattern}$"}, 20),
        "life_events": _list(_codes(m.LIFE_EVENTS), 20),
        "words": _list(_text(), 60),
        "demands": _list(demand, 50),
        "checks": _list(_text(), 50),
        "not_online": _words(PARAGRAPH),
        "print_after_days": {"type": "integer", "minimum": 1, "maximum": 90},
        "steps": _list(step, 15),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:yakuba:procedure:1",
        "title": "手続の定義",
        **_object(members, "format", "title", "kind", "authority"),
    }
