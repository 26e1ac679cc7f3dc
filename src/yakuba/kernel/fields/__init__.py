"""Field kinds: one declaration, many uses.

A *kind* knows one sort of value (how a person types it, how it is shown, stored, compared and described). A *field* is a
kind plus facts (label, required, unit, classification …). The same declaration serves three hosts:

* a model class – ``title = fields.text(label="名称", classification=fields.PUBLIC)``
* action data – ``title: Annotated[str, fields.text(label="名称", classification=fields.PUBLIC)]`` on a frozen dataclass
* a definition – JSON read by :mod:`yakuba.kernel.fields.definition`
"""

from yakuba.kernel.fields.columns import (
    Link,
    SpecColumn,
    choice,
    date,
    decimal,
    digest,
    document,
    fiscal_year,
    identifier,
    integer,
    kana,
    moment,
    prose,
    reference,
    spec_of,
    text,
    yes_no,
)
from yakuba.kernel.fields.data import DataProblem, as_json, read_json, read_text, specs_of
from yakuba.kernel.fields.kinds import KINDS, Invalid, JsonValue, Kind, Widget
from yakuba.kernel.fields.spec import INTERNAL, PERSONAL, PUBLIC, Classification, Spec

__all__ = [
    "INTERNAL",
    "KINDS",
    "PERSONAL",
    "PUBLIC",
    "Classification",
    "DataProblem",
    "Invalid",
    "JsonValue",
    "Kind",
    "Link",
    "Spec",
    "SpecColumn",
    "Widget",
    "as_json",
    "choice",
    "date",
    "decimal",
    "digest",
    "document",
    "fiscal_year",
    "identifier",
    "integer",
    "kana",
    "moment",
    "prose",
    "read_json",
    "read_text",
    "reference",
    "spec_of",
    "specs_of",
    "text",
    "yes_no",
]
