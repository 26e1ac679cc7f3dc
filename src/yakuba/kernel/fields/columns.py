"""The model host: the same declarations as real, typed Django columns.

Migrations see plain Django fields (``deconstruct`` names the Django class), so that a label or a help text never makes a
migration and old migrations need nothing of this module.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from django.db import models
from django.db.models.fields import NOT_PROVIDED

from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.fields import kinds
from yakuba.kernel.fields.spec import Classification, Spec
from yakuba.kernel.ids import uuid7

if TYPE_CHECKING:
    from collections.abc import Sequence

S = TypeVar("S")
G = TypeVar("G")


class SpecColumn:
    """What all our columns share: they know their :class:`Spec`."""

    spec: Spec
    plain: type[models.Field[Any, Any]]  # Any: the plain Django class behind any column

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As the plain Django field, without words for people."""
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]  # Field provides it
        for word in ("verbose_name", "help_text"):
            kwargs.pop(word, None)
        return (
            name,
            f"{self.plain.__module__}.{self.plain.__qualname__}".replace(
                f"{self.plain.__module__}.", "django.db.models.", 1
            ),
            args,
            kwargs,
        )


class TextColumn(SpecColumn, models.CharField[S, G], Generic[S, G]):
    """One line of text."""

    plain = models.CharField


class ProseColumn(SpecColumn, models.TextField[S, G], Generic[S, G]):
    """Text of several lines."""

    plain = models.TextField


class IntegerColumn(SpecColumn, models.BigIntegerField[S, G], Generic[S, G]):
    """A whole number."""

    plain = models.BigIntegerField


class DecimalColumn(SpecColumn, models.DecimalField[S, G], Generic[S, G]):
    """A decimal."""

    plain = models.DecimalField


class YesNoColumn(SpecColumn, models.BooleanField[S, G], Generic[S, G]):
    """Yes or no."""

    plain = models.BooleanField


class DateColumn(SpecColumn, models.DateField[S, G], Generic[S, G]):
    """A day."""

    plain = models.DateField


class MomentColumn(SpecColumn, models.DateTimeField[S, G], Generic[S, G]):
    """A moment in UTC."""

    plain = models.DateTimeField


class DocumentColumn(SpecColumn, models.JSONField[S, G], Generic[S, G]):
    """JSON kept as a whole."""

    plain = models.JSONField

    def get_placeholder(self, _value: object, _compiler: object, _connection: object) -> str:
        """An ordinary placeholder. That there is one at all keeps PostgreSQL's bulk inserts from sending whole columns as arrays.

        As elements of an array, documents are escaped character by character in Python, which costs more than everything else
        of an insert together.
        """
        return "%s"


class IdentifierColumn(SpecColumn, models.UUIDField[S, G], Generic[S, G]):
    """A UUID."""

    plain = models.UUIDField


class YearColumn(SpecColumn, models.SmallIntegerField[S, G], Generic[S, G]):
    """A fiscal year stored as the number of the year in which it starts."""

    plain = models.SmallIntegerField

    def from_db_value(self, value: int | None, _expression: object, _connection: object) -> FiscalYear | None:
        return None if value is None else FiscalYear(value)

    def to_python(self, value: Any) -> Any:  # Any: Django's own signature
        if value is None or isinstance(value, FiscalYear):
            return value
        return FiscalYear(int(value))

    def get_prep_value(self, value: Any) -> Any:  # Any: Django's own signature
        return value.year if isinstance(value, FiscalYear) else super().get_prep_value(value)


class Link(SpecColumn, models.ForeignKey[S, G], Generic[S, G]):
    """A foreign key. Always PROTECT: what others point to is never deleted under them."""

    plain = models.ForeignKey

    def __init__(
        self,
        to: str | type[models.Model],
        *,
        label: str = "",
        classification: Classification = Classification.INTERNAL,
        null: bool = False,
        related_name: str = "+",
        **kwargs: Any,  # Any: passed on to Django, which also clones and deconstructs fields through here
    ) -> None:
        kwargs["on_delete"] = models.PROTECT
        if label:
            kwargs["verbose_name"] = label
        kwargs.setdefault("blank", null)  # a clone brings its own
        super().__init__(to, null=null, related_name=related_name, **kwargs)
        self.spec = Spec(
            label=str(kwargs.get("verbose_name", "")), classification=classification, required=not null
        )


def _spec(  # one place where every constructor below turns its words into facts
    kind: kinds.Kind[Any] | None,  # Any: any kind
    label: str,
    classification: Classification,
    *,
    required: bool = True,
    unit: str = "",
    help: str = "",  # noqa: A002 – the word of the declaration
    filterable: bool = False,
    searchable: bool = False,
) -> Spec:
    return Spec(label, classification, kind, required, unit, help, filterable, searchable)


def text(
    *,
    label: str,
    classification: Classification,
    max_length: int = 200,
    required: bool = True,
    help: str = "",  # noqa: A002
    filterable: bool = False,
    searchable: bool = False,
    unique: bool = False,
) -> TextColumn[str, str]:
    """One line; without a value it is the empty text."""
    return _text(
        kinds.Text(max_length), label, classification, required, help, filterable, searchable, unique=unique
    )


def kana(
    *,
    label: str,
    classification: Classification,
    max_length: int = 200,
    required: bool = True,
    help: str = "",  # noqa: A002
) -> TextColumn[str, str]:
    """A reading in full-width katakana."""
    return _text(
        kinds.Kana(max_length), label, classification, required, help, filterable=False, searchable=True
    )


def choice(
    options: Sequence[tuple[str, str]],
    *,
    label: str,
    classification: Classification,
    required: bool = True,
    help: str = "",  # noqa: A002
    filterable: bool = True,
) -> TextColumn[str, str]:
    """One of a short list; the code is stored."""
    kind = kinds.Choice(tuple(options))
    return _text(kind, label, classification, required, help, filterable, searchable=False, max_length=40)


def _text(
    kind: kinds.Kind[str],
    label: str,
    classification: Classification,
    required: bool,
    help: str,  # noqa: A002
    filterable: bool,
    searchable: bool,
    *,
    unique: bool = False,
    max_length: int | None = None,
) -> TextColumn[str, str]:
    length = max_length or (kind.max_length if isinstance(kind, kinds.Text) else 200)
    column: TextColumn[str, str] = TextColumn(
        label, max_length=length, blank=not required, unique=unique, default=NOT_PROVIDED if required else ""
    )
    column.spec = _spec(
        kind,
        label,
        classification,
        required=required,
        help=help,
        filterable=filterable,
        searchable=searchable,
    )
    return column


def prose(
    *,
    label: str,
    classification: Classification,
    max_length: int = 20_000,
    required: bool = False,
    help: str = "",  # noqa: A002
    searchable: bool = True,
) -> ProseColumn[str, str]:
    """Text of several lines; without a value it is the empty text."""
    column: ProseColumn[str, str] = ProseColumn(label, blank=not required, default="")
    column.spec = _spec(
        kinds.Prose(max_length), label, classification, required=required, help=help, searchable=searchable
    )
    return column


@overload
def integer(
    *,
    label: str,
    classification: Classification,
    required: Literal[False],
    minimum: int = ...,
    maximum: int = ...,
    unit: str = "",
    filterable: bool = False,
    default: int | None = None,
) -> IntegerColumn[int | None, int | None]: ...
@overload
def integer(
    *,
    label: str,
    classification: Classification,
    required: Literal[True] = True,
    minimum: int = ...,
    maximum: int = ...,
    unit: str = "",
    filterable: bool = False,
    default: int | None = None,
) -> IntegerColumn[int, int]: ...
def integer(
    *,
    label: str,
    classification: Classification,
    required: bool = True,
    minimum: int = -(2**31),
    maximum: int = 2**31 - 1,
    unit: str = "",
    filterable: bool = False,
    default: int | None = None,
) -> IntegerColumn[Any, Any]:  # Any: the overloads say which
    """A whole number; without a value it is NULL, never 0."""
    column: IntegerColumn[Any, Any] = IntegerColumn(  # Any: as above
        label, null=not required, blank=not required, default=NOT_PROVIDED if default is None else default
    )
    column.spec = _spec(
        kinds.Integer(minimum, maximum),
        label,
        classification,
        required=required,
        unit=unit,
        filterable=filterable,
    )
    return column


@overload
def decimal(
    *, label: str, classification: Classification, required: Literal[False], unit: str = ""
) -> DecimalColumn[Decimal | None, Decimal | None]: ...
@overload
def decimal(
    *, label: str, classification: Classification, required: Literal[True] = True, unit: str = ""
) -> DecimalColumn[Decimal, Decimal]: ...
def decimal(
    *, label: str, classification: Classification, required: bool = True, unit: str = ""
) -> DecimalColumn[Any, Any]:  # Any: the overloads say which
    """A decimal of at most 15 significant digits; without a value it is NULL, never 0."""
    column: DecimalColumn[Any, Any] = DecimalColumn(  # Any: as above
        label,
        max_digits=kinds.MAX_DIGITS + kinds.DECIMAL_PLACES,
        decimal_places=kinds.DECIMAL_PLACES,
        null=not required,
        blank=not required,
    )
    column.spec = _spec(kinds.Number(), label, classification, required=required, unit=unit)
    return column


def yes_no(
    *, label: str, classification: Classification, default: bool = False, filterable: bool = False
) -> YesNoColumn[bool, bool]:
    """Yes or no, never unknown."""
    column: YesNoColumn[bool, bool] = YesNoColumn(label, default=default)
    column.spec = _spec(kinds.YesNo(), label, classification, filterable=filterable)
    return column


@overload
def date(
    *, label: str, classification: Classification, required: Literal[False], help: str = ""
) -> DateColumn[dt.date | None, dt.date | None]: ...
@overload
def date(
    *, label: str, classification: Classification, required: Literal[True] = True, help: str = ""
) -> DateColumn[dt.date, dt.date]: ...
def date(
    *,
    label: str,
    classification: Classification,
    required: bool = True,
    help: str = "",  # noqa: A002
) -> DateColumn[Any, Any]:  # Any: the overloads say which
    """A day."""
    column: DateColumn[Any, Any] = DateColumn(label, null=not required, blank=not required)  # Any: as above
    column.spec = _spec(kinds.Date(), label, classification, required=required, help=help)
    return column


@overload
def moment(
    *, label: str, classification: Classification, required: Literal[False]
) -> MomentColumn[dt.datetime | None, dt.datetime | None]: ...
@overload
def moment(
    *, label: str, classification: Classification, required: Literal[True] = True
) -> MomentColumn[dt.datetime, dt.datetime]: ...
def moment(
    *, label: str, classification: Classification, required: bool = True
) -> MomentColumn[Any, Any]:  # Any: the overloads say which
    """A moment in UTC."""
    column: MomentColumn[Any, Any] = MomentColumn(
        label, null=not required, blank=not required
    )  # Any: as above
    column.spec = _spec(kinds.Moment(), label, classification, required=required)
    return column


@overload
def fiscal_year(
    *, label: str, classification: Classification, required: Literal[False]
) -> YearColumn[FiscalYear | None, FiscalYear | None]: ...
@overload
def fiscal_year(
    *, label: str, classification: Classification, required: Literal[True] = True
) -> YearColumn[FiscalYear, FiscalYear]: ...
def fiscal_year(
    *, label: str, classification: Classification, required: bool = True
) -> YearColumn[Any, Any]:  # Any: the overloads say which
    """A fiscal year (年度)."""
    column: YearColumn[Any, Any] = YearColumn(label, null=not required, blank=not required)  # Any: as above
    column.spec = _spec(kinds.Year(), label, classification, required=required, filterable=True)
    return column


def document(
    *,
    label: str,
    classification: Classification,
    default: type[list[Any] | dict[str, Any]] = dict,
    required: bool = False,
) -> DocumentColumn[Any, Any]:  # Any: JSON kept and given back as a whole
    """JSON that is kept and given back as a whole; what is filtered or summed has a column of its own."""
    column: DocumentColumn[Any, Any] = DocumentColumn(label, default=default, blank=True)  # Any: as above
    column.spec = _spec(None, label, classification, required=required)
    return column


def identifier(
    *, label: str = "ID", primary_key: bool = False
) -> IdentifierColumn[Any, Any]:  # Any: UUID in and out
    """A UUIDv7: sorted by time of creation, so that indexes grow at their end."""
    column: IdentifierColumn[Any, Any] = IdentifierColumn(  # Any: as above
        label, primary_key=primary_key, default=uuid7, editable=False
    )
    column.spec = _spec(None, label, Classification.PUBLIC)
    return column


def reference(
    *, label: str, classification: Classification = Classification.INTERNAL, required: bool = True
) -> IdentifierColumn[Any, Any]:  # Any: UUID in and out
    """The id of a thing in a room that may not be imported here (see ``SubjectRef``): no foreign key, no default."""
    column: IdentifierColumn[Any, Any] = IdentifierColumn(
        label, null=not required, blank=not required
    )  # Any: as above
    column.spec = _spec(None, label, classification, required=required)
    return column


def digest(*, label: str, required: bool = True, unique: bool = False) -> TextColumn[str, str]:
    """A SHA-256 in hexadecimal."""
    column: TextColumn[str, str] = TextColumn(
        label, max_length=64, blank=not required, unique=unique, default=NOT_PROVIDED if required else ""
    )
    column.spec = _spec(None, label, Classification.INTERNAL, required=required)
    return column


def spec_of(field: object) -> Spec | None:
    """The spec of a column, None for a foreign library's."""
    return getattr(field, "spec", None)
