"""The same declaration in its three hosts: a model class, action data, a definition."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

import pytest
from django.db import connection, models
from django.db.migrations.state import ModelState
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kernel.fields.catalogue import OPTIONS, SAMPLES
from yakuba.kernel import fields
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import (
    INTERNAL,
    PUBLIC,
    DataProblem,
    Invalid,
    as_json,
    read_json,
    read_text,
    specs_of,
)
from yakuba.kernel.fields.definition import FORMAT, Definition
from yakuba.kernel.ids import uuid7


class Everything(models.Model):  # noqa: DJ008 – never shown
    """A table with a column of every kind, required and not."""

    id = fields.identifier(primary_key=True)
    text = fields.text(label="文", classification=PUBLIC, max_length=40)
    text_or_not = fields.text(label="文", classification=PUBLIC, max_length=40, required=False)
    prose = fields.prose(label="長文", classification=PUBLIC, max_length=200)
    kana = fields.kana(label="カナ", classification=PUBLIC, max_length=40)
    choice = fields.choice(OPTIONS, label="選択", classification=PUBLIC)
    integer = fields.integer(label="整数", classification=PUBLIC, minimum=-5, maximum=2**40)
    integer_or_not = fields.integer(label="整数", classification=PUBLIC, required=False)
    number = fields.decimal(label="数", classification=PUBLIC)
    number_or_not = fields.decimal(label="数", classification=PUBLIC, required=False)
    yes_no = fields.yes_no(label="有無", classification=PUBLIC)
    date = fields.date(label="日", classification=PUBLIC)
    date_or_not = fields.date(label="日", classification=PUBLIC, required=False)
    moment = fields.moment(label="時", classification=PUBLIC)
    moment_or_not = fields.moment(label="時", classification=PUBLIC, required=False)
    fiscal_year = fields.fiscal_year(label="年度", classification=PUBLIC)
    year_or_not = fields.fiscal_year(label="年度", classification=PUBLIC, required=False)
    document = fields.document(label="文書", classification=INTERNAL)
    sha256 = fields.digest(label="SHA-256", required=False)
    link = fields.Link("self", label="親", classification=INTERNAL, null=True)

    class Meta:
        app_label = "tests_of_fields"


@dataclasses.dataclass(frozen=True)
class Data:
    """Action data with a field of every kind, and one that may be left out."""

    text: Annotated[str, fields.text(label="文", classification=PUBLIC, max_length=40)]
    prose: Annotated[str, fields.prose(label="長文", classification=PUBLIC, max_length=200, required=True)]
    kana: Annotated[str, fields.kana(label="カナ", classification=PUBLIC, max_length=40)]
    choice: Annotated[str, fields.choice(OPTIONS, label="選択", classification=PUBLIC)]
    integer: Annotated[int, fields.integer(label="整数", classification=PUBLIC, minimum=-5, maximum=2**40)]
    number: Annotated[Decimal, fields.decimal(label="数", classification=PUBLIC)]
    yes_no: Annotated[bool, fields.yes_no(label="有無", classification=PUBLIC)]
    date: Annotated[dt.date, fields.date(label="日", classification=PUBLIC)]
    moment: Annotated[dt.datetime, fields.moment(label="時", classification=PUBLIC)]
    fiscal_year: Annotated[FiscalYear, fields.fiscal_year(label="年度", classification=PUBLIC)]
    note: Annotated[str, fields.text(label="備考", classification=PUBLIC, required=False)] = "元の備考"
    until: Annotated[dt.date | None, fields.date(label="まで", classification=PUBLIC, required=False)] = None


DEFINITION = {
    "format": FORMAT,
    "fields": [
        {
            "key": key,
            "kind": key,
            "label": key,
            "classification": "public",
            **({"options": sample.options} if sample.options else {}),
        }
        for key, sample in SAMPLES.items()
    ],
}
every_value = st.fixed_dictionaries({key: sample.values for key, sample in SAMPLES.items()})


@pytest.fixture
def table(transactional_db: None) -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Everything)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Everything)


def test_every_kind_is_in_every_host() -> None:
    assert set(SAMPLES) <= {field.name for field in Everything._meta.concrete_fields}
    assert set(SAMPLES) <= set(specs_of(Data))
    for key, sample in SAMPLES.items():
        column = fields.spec_of(Everything._meta.get_field(key))
        assert column is not None
        assert (
            column.kind
            == specs_of(Data)[key].kind
            == Definition.read(DEFINITION).fields[key].kind
            == sample.kind
        )


@given(values=every_value)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_model_host(table: None, values: dict[str, Any]) -> None:
    made = Everything(**values, document={"a": ["あ", 1]})
    made.save()
    back = Everything._base_manager.get(pk=made.pk)
    for key, value in values.items():
        assert getattr(back, key) == value
        assert SAMPLES[key].kind.to_json(getattr(back, key)) == SAMPLES[key].kind.to_json(value)
        assert Everything._base_manager.filter(pk=made.pk, **{key: value}).exists()
    assert back.document == {"a": ["あ", 1]}
    nothing = (
        back.integer_or_not,
        back.number_or_not,
        back.date_or_not,
        back.moment_or_not,
        back.year_or_not,
    )
    assert nothing == (None,) * 5  # never 0
    assert back.text_or_not == back.sha256 == ""


def test_the_database_puts_values_in_order(table: None) -> None:
    base: dict[str, Any] = {
        "text": "a", "kana": "ア", "choice": "none", "integer": 1, "date": dt.date(2024, 4, 1),
        "moment": dt.datetime(2024, 4, 1, tzinfo=dt.UTC), "fiscal_year": FiscalYear(2024),
    }  # fmt: skip
    for number in ("10", "9.5", "-1", "0"):
        Everything(**base, number=Decimal(number)).save()
    found = Everything._base_manager.order_by("number").values_list("number", flat=True)
    assert list(found) == [Decimal(-1), Decimal(0), Decimal("9.5"), Decimal(10)]


@pytest.mark.django_db
def test_migrations_see_plain_columns_and_no_words_for_people() -> None:
    state = ModelState.from_model(Everything)
    for name, field in state.fields.items():
        _name, path, _args, kwargs = field.deconstruct()
        assert path.startswith("django.db.models."), name
        assert not {"verbose_name", "help_text"} & set(kwargs), name


def test_columns_are_cloned_as_migrations_do() -> None:
    for field in Everything._meta.concrete_fields:
        again = field.clone().clone()
        assert again.deconstruct()[1:] == field.deconstruct()[1:]


@given(values=every_value)
@settings(max_examples=25, deadline=None)
def test_the_data_host(values: dict[str, Any]) -> None:
    made = Data(**values)
    assert read_json(Data, as_json(made)) == made
    assert read_text(Data, {key: SAMPLES[key].kind.to_text(value) for key, value in values.items()}) == made


def test_data_tells_every_problem_at_once() -> None:
    with pytest.raises(DataProblem) as caught:
        read_text(Data, {"text": " ", "kana": "空家", "integer": "多数"})
    assert {key: problem.code for key, problem in caught.value.problems.items()} == {
        "text": "required",
        "prose": "required",
        "kana": "kana",
        "choice": "required",
        "integer": "integer",
        "number": "required",
        "yes_no": "required",
        "date": "required",
        "moment": "required",
        "fiscal_year": "required",
    }


def test_unknown_keys_of_json_are_refused() -> None:
    with pytest.raises(DataProblem) as caught:
        read_json(Data, {"titel": "x"})
    assert caught.value.problems["titel"].code == "unknown"


@given(values=every_value)
@settings(max_examples=5, deadline=None)
def test_left_out_and_cleared_on_purpose_are_two_things(values: dict[str, Any]) -> None:
    kept = as_json(Data(**values))
    del kept["note"]
    assert read_json(Data, kept).note == "元の備考"
    assert read_json(Data, {**kept, "note": ""}).note == ""
    assert read_json(Data, {**kept, "until": None}).until is None


def test_a_field_without_a_declaration_is_an_error_of_the_programmer() -> None:
    @dataclasses.dataclass(frozen=True)
    class Bare:
        title: str

    with pytest.raises(TypeError, match="carries no field"):
        specs_of(Bare)


def test_a_field_that_may_be_left_out_needs_a_default() -> None:
    @dataclasses.dataclass(frozen=True)
    class Torn:
        title: Annotated[str, fields.text(label="名", classification=PUBLIC, required=False)]

    with pytest.raises(TypeError, match="default"):
        specs_of(Torn)


def test_a_document_without_a_default_is_required() -> None:
    @dataclasses.dataclass(frozen=True)
    class Rows:
        rows: Annotated[list[int], fields.document(label="行", classification=INTERNAL, default=list)]

    assert specs_of(Rows)["rows"].required
    with pytest.raises(DataProblem):
        read_json(Rows, {})
    assert read_json(Rows, {"rows": [1]}).rows == [1]


@given(values=every_value)
@settings(max_examples=25, deadline=None)
def test_the_definition_host(values: dict[str, Any]) -> None:
    definition = Definition.read(DEFINITION)
    raw = {key: SAMPLES[key].kind.to_json(value) for key, value in values.items()}
    stored = definition.clean(raw)
    assert stored == raw
    for key, value in values.items():
        kind = definition.fields[key].kind
        assert kind is not None
        assert kind.from_json(stored[key]) == value


def test_a_definition_refuses_what_it_does_not_know() -> None:
    good = DEFINITION["fields"][0]  # type: ignore[index]  # a list
    for bad in (
        {"format": 2, "fields": []},
        {"format": FORMAT, "fields": {}},
        {"format": FORMAT, "fields": ["text"]},
        {"format": FORMAT, "fields": [good, good]},
        {"format": FORMAT, "fields": [{**good, "key": "題名"}]},
        {"format": FORMAT, "fields": [{**good, "kind": "colour"}]},
        {"format": FORMAT, "fields": [{**good, "reqired": False}]},
        {"format": FORMAT, "fields": [{**good, "options": {"minimum": 1}}]},
        {"format": FORMAT, "fields": [{**good, "options": {"max_length": "many"}}]},
        {"format": FORMAT, "fields": [{**good, "options": []}]},
        {"format": FORMAT, "fields": [{**good, "classification": "secret"}]},
        {"format": FORMAT, "fields": [{**good, "label": ""}]},
        {"format": FORMAT, "fields": [{"key": "a", "kind": "text"}]},
        {"format": FORMAT, "fields": [{**good, "required": "no"}]},
        {"format": FORMAT, "fields": [{**good, "kind": "choice", "options": {}}]},
        {"format": FORMAT, "fields": [{**good, "kind": "choice", "options": {"options": [["a"]]}}]},
    ):
        with pytest.raises(Invalid):
            Definition.read(bad)


def test_a_definition_cleans_what_it_stores() -> None:
    definition = Definition.read(
        {
            "format": FORMAT,
            "fields": [
                {"key": "count", "kind": "number", "label": "数", "classification": "public"},
                {
                    "key": "note",
                    "kind": "text",
                    "label": "備考",
                    "classification": "internal",
                    "required": False,
                },
            ],
        }
    )
    assert definition.clean({"count": "0075.50"}) == {"count": "75.5"}
    for bad in ({}, {"count": 75.5}, {"count": "1", "nota": "x"}, {"count": "1", "note": 5}):
        with pytest.raises(Invalid):
            definition.clean(bad)


def test_ids_grow() -> None:
    assert uuid7() < uuid7()
