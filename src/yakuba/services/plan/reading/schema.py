"""`yakuba-plan/1`, declared once: key order, types, vocabularies; the JSON Schema is derived from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from . import model
from .shapes import (
    FIRST_YEAR,
    LAST_YEAR,
    Choice,
    Day,
    DecimalText,
    Key,
    Known,
    Many,
    Maybe,
    Pattern,
    Record,
    Scalar,
    Schema,
    Shape,
    String,
    Table,
    Whole,
    YesNo,
)

FORMAT: Final = "yakuba-plan/1"

KINDS: Final = ("advance", "operate")
FLAGS: Final = ("new", "priority", "changed", "ended", "completed", "abolished", "merged", "moved")
OUTCOMES: Final = ("moved", "merged", "completed", "ended", "abolished", "postponed")
EVENTS: Final = ("new", "continued", "changed", "ended", "completed", "abolished", "merged", "moved")
OFFICE_ROLES: Final = ("lead", "related", "group", "not_stated")
VALUE_KINDS: Final = ("baseline", "target", "actual")
STATUSES: Final = ("provisional", "preliminary", "final")
DIRECTIONS: Final = ("increase", "decrease", "maintain", "reach", "none")
AGGREGATIONS: Final = ("year_total", "cumulative", "at_date", "ratio", "average", "state")
BOUNDS: Final = ("at_least", "at_most", "exactly")
PROGRESS_MEANINGS: Final = (
    *("not_started", "on_track", "mostly_on_track", "behind", "stopped"),
    *("changed", "ended", "completed", "abolished", "merged", "moved"),
)
#: The texts an initiative may have, in the order in which they are written.
TEXTS: Final = (
    *("purpose", "issue", "approach", "effect", "target_state", "result", "schedule_past", "schedule"),
)
#: Texts that are lists of printed points; all others are running text.
LISTED_TEXTS: Final = ("target_state",)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality by its six-digit code (check digit included) and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Document:
    """One `yakuba-plan/1` document: whose plan, and what it holds."""

    format: str
    municipality: Municipality
    plan: model.Plan
    levels: tuple[str, ...]
    nodes: tuple[model.Node, ...]
    initiatives: tuple[model.Initiative, ...]
    bodies: tuple[model.Body, ...]
    stated: model.Stated
    warnings: tuple[model.Warning, ...]
    unplaced: tuple[model.Unplaced, ...]


def _key(name: str, shape: object, default: object = ..., attribute: str = "") -> Key[object]:
    """A key of any value type: the record hands each value to its own key's shape only."""
    inner = cast("Shape[object]", shape)
    return Key(name, inner, attribute=attribute) if default is ... else Key(name, inner, default, attribute)


_TEXT = String()
_MAYBE_TEXT = Maybe(String())
_TEXTS = Many(String())
_YEAR = Whole(FIRST_YEAR, LAST_YEAR)
_LINE = Whole(1, 10**9)
_COUNT = Whole(0, 10**9)
_NUMBER = Maybe(DecimalText())
_PATH = Many(String())
#: The sheet or page in which lines count; files of one part have none.
_PART = Key("part", cast("Shape[object]", _TEXT), "", sparse=True)

MUNICIPALITY: Final = Record(
    Municipality,
    _key("code", Pattern(r"^[0-9]{6}$", "6桁の地方公共団体コード")),
    _key("name", _TEXT),
)

ANCESTOR: Final = Record(
    model.Ancestor,
    _key("year", Maybe(_YEAR), None),
    _key("kind", Maybe(Choice(*KINDS)), None),
    _key("number", _MAYBE_TEXT, None),
)

OUTCOME: Final = Record(
    model.Outcome,
    _key("from", ANCESTOR, ..., "origin"),
    _key("title", _TEXT),
    _key("event", Choice(*OUTCOMES)),
    _key("reason", _MAYBE_TEXT, None),
)

PLAN: Final = Record(
    model.Plan,
    _key("title", _TEXT),
    _key("edition", _MAYBE_TEXT, None),
    _key("first_year", _YEAR),
    _key("last_year", _YEAR),
    _key(
        "sections",
        Many(
            Record(
                model.Section,
                _key("number", _MAYBE_TEXT, None),
                _key("title", _MAYBE_TEXT, None),
                _key("text", _MAYBE_TEXT, None),
            )
        ),
        (),
    ),
    _key("terms", Many(Record(model.Term, _key("term", _TEXT), _key("text", _TEXT))), ()),
    _key("predecessors", _TEXTS, ()),
    _key("related", _TEXTS, ()),
    # Of the rows of the edition before what became of those that do not simply go on, and why (新旧対照).
    Key("outcomes", cast("Shape[object]", Many(OUTCOME)), (), sparse=True),
)

NODE: Final = Record(
    model.Node,
    _key("path", _PATH),
    _key("title", _TEXT),
    _key("text", _MAYBE_TEXT, None),
)

VALUE: Final = Record(
    model.Value,
    _key("kind", Choice(*VALUE_KINDS)),
    _key("year", Maybe(_YEAR), None),
    _key("as_of", Maybe(Day()), None),
    _key("raw", _TEXT),
    _key("number", _NUMBER, None),
    _key("state", _MAYBE_TEXT, None),
    _key("approximate", YesNo(), default=False),
    _key("numerator", _NUMBER, None),
    _key("denominator", _NUMBER, None),
    _key("status", Maybe(Choice(*STATUSES)), None),
    _key("revision", _COUNT, 0),
    _key("reason", _MAYBE_TEXT, None),
)

INDICATOR: Final = Record(
    model.Indicator,
    _key("number", _MAYBE_TEXT, None),
    _key("name", _TEXT),
    _key("unit", _MAYBE_TEXT, None),
    _key("direction", Maybe(Choice(*DIRECTIONS)), None),
    _key("aggregation", Maybe(Choice(*AGGREGATIONS)), None),
    _key("bound", Maybe(Choice(*BOUNDS)), None),
    Key("definition", cast("Shape[object]", _MAYBE_TEXT), None, sparse=True),
    Key("states", cast("Shape[object]", _TEXTS), (), sparse=True),
    _key("values", Many(VALUE), ()),
)

INITIATIVE: Final = Record(
    model.Initiative,
    _key("year", _YEAR),
    _key("kind", Maybe(Choice(*KINDS)), None),
    _key("number", _TEXT),
    _key("title", _TEXT),
    _key(
        "offices",
        Many(
            Record(
                model.Office,
                _key("name", _TEXT),
                _key("role", Choice(*OFFICE_ROLES)),
                _key("doubtful", YesNo(), default=False),
            )
        ),
        (),
    ),
    _key("flags", Many(Choice(*FLAGS)), ()),
    _key("group", _MAYBE_TEXT, None),
    _key(
        "lineage",
        Many(
            Record(
                model.Lineage,
                _key("event", Choice(*EVENTS)),
                _key("year", Maybe(_YEAR), None),
                _key("from", Maybe(ANCESTOR), None, "origin"),
            )
        ),
        (),
    ),
    _key(
        "placements",
        Many(Record(model.Placement, _key("path", _PATH), _key("primary", YesNo(), default=True))),
        (),
    ),
    _key("tags", Table(_TEXTS), {}),
    _key("texts", Known(**{name: _TEXTS if name in LISTED_TEXTS else _TEXT for name in TEXTS}), {}),
    _key(
        "items",
        Many(
            Record(
                model.Item,
                _key("number", _MAYBE_TEXT, None),
                _key("text", _TEXT),
                _key("offices", _TEXTS, ()),
            )
        ),
        (),
    ),
    _key("stages", Table(_TEXT, Pattern(r"^[0-9]{4}$", "西暦4桁の年度")), {}),
    _key("progress", _MAYBE_TEXT, None),
    _key("indicators", Many(INDICATOR), ()),
    _key("source", Maybe(Record(model.Source, _key("file", _TEXT), _key("line", _LINE), _PART)), None),
    _key(
        "sources",
        Table(
            Record(
                model.FieldSource,
                _key("file", _TEXT),
                _key("line", _LINE),
                _key("cell", Maybe(_LINE), None),
                _key("rule", _TEXT, ""),
                _PART,
            )
        ),
        {},
    ),
    _key(
        "doubts",
        Many(
            Record(
                model.Doubt,
                _key("field", _TEXT),
                _key("code", _TEXT),
                _key("candidates", _TEXTS, ()),
                _key("note", _TEXT, ""),
            )
        ),
        (),
    ),
    _key(
        "corrected",
        Table(
            Record(
                model.Correction,
                _key("by", _TEXT),
                _key("on", Day()),
                Key("made", YesNo(), default=False, sparse=True),
                Key("confirmed", YesNo(), default=False, sparse=True),
            )
        ),
        {},
    ),
    _key("progress_meaning", Maybe(Choice(*PROGRESS_MEANINGS)), None),
    _key("warnings", _TEXTS, ()),
    # Ids of the shared vocabulary (services/plan/themes) that a person confirmed.
    Key("themes", cast("Shape[object]", _TEXTS), (), sparse=True),
    # Fields that an installation has beyond the format (docs/add-a-field.md).
    Key("more", cast("Shape[object]", Table(Scalar())), {}, sparse=True),
)

BODY: Final = Record(
    model.Body,
    _key("name", _TEXT),
    _key(
        "members",
        Many(Record(model.Member, _key("role", _MAYBE_TEXT, None), _key("post", _TEXT))),
        (),
    ),
    _key("duties", _TEXTS, ()),
    _key("rule", _MAYBE_TEXT, None),
)

STATED: Final = Record(
    model.Stated,
    _key("progress", Table(_COUNT), {}),
    _key("counts", Table(_COUNT), {}),
)

DOCUMENT: Final = Record(
    Document,
    _key("format", Choice(FORMAT)),
    _key("municipality", MUNICIPALITY),
    _key("plan", PLAN),
    _key("levels", _TEXTS, ()),
    _key("nodes", Many(NODE), ()),
    _key("initiatives", Many(INITIATIVE), ()),
    _key("bodies", Many(BODY), ()),
    _key("stated", STATED, model.Stated()),
    _key(
        "warnings",
        Many(
            Record(
                model.Warning,
                _key("line", Maybe(_LINE), None),
                _key("code", _TEXT),
                _key("text", _TEXT),
                _PART,
            )
        ),
        (),
    ),
    _key(
        "unplaced",
        Many(Record(model.Unplaced, _key("line", Maybe(_LINE), None), _key("text", _TEXT), _PART)),
        (),
    ),
)

#: The JSON Schema of one document; a file holds one document, or an array of them.
SCHEMA: Final[Schema] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:yakuba:plan:1",
    "title": FORMAT,
    "description": "One municipality's informatization plan as read or as kept.",
    **DOCUMENT.schema(),
}
