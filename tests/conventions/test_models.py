"""Conventions of every table (DESIGN §2, §3, §4 rule 12)."""

from __future__ import annotations

import uuid

import pytest
from django.apps import apps
from django.db import models

from tests.conventions.house import height, own_models, room_of
from yakuba.kernel.fields import Classification, spec_of
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.records import Record, Side

MODELS = pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
# Tables that stand above municipalities or beside them; each with its reason.
WITHOUT_MUNICIPALITY = {
    "town.Municipality": "it is the municipality",
}
MAY_BE_EMPTY = {
    "access.StaffAccount": "the platform's operators belong to none",
    "access.AccountRole": "the platform administration is everywhere",
    "outbox.OutboxMessage": "some work is the whole installation's (trail heads)",
    "outbox.ScheduleRun": "some schedules are the whole installation's",
}
# Unique over the whole installation on purpose.
UNIQUE_EVERYWHERE = {
    ("town.Municipality", "code"): "the national code",
    ("access.StaffAccount", "username"): "sign-in names its municipality nowhere",
}
# Asked across municipalities, by sweepers of the whole installation.
INDEXED_ACROSS = {
    "replay_at": "old results are swept by age",
    "schedule_run_at": "old runs are swept by age",
    "file_sha": "bytes are shared by equal content",
    "outbox_waiting": "the worker takes the work of all municipalities in one go",
    "outbox_leased": "leases that ran out are found whosever they are",
    "outbox_token": "what one claim took",
    "case_came": "metrics count what came in on a day in all municipalities, in one statement",
    "case_decided": "the same of decisions",
    "case_ended_at": "the same of what ended",
    "happening_counted": "the same of what happened to forms",
    "nation_theme_across": "who plans what, in all municipalities",
    "nation_indicator_across": "the same figure, in all municipalities",
}
LIBRARY_LABELS = {"auth", "contenttypes", "sessions", "staticfiles", "messages", "admin", "account", "mfa",
                  "socialaccount", "axes", "csp", "ninja", "sites", "headless", "idp", "oidc", "usersessions"}  # fmt: skip


@MODELS
def test_side_is_named(model: type[models.Model]) -> None:
    assert isinstance(model.__dict__.get("side"), Side), "say which side of the 三層分離 owns the table"


@MODELS
def test_primary_key_is_a_uuid7(model: type[models.Model]) -> None:
    assert isinstance(model._meta.pk, models.UUIDField)
    made = model._meta.pk.get_default()
    assert isinstance(made, uuid.UUID)
    assert made.version == 7


@MODELS
def test_municipality_comes_with_every_row(model: type[models.Model]) -> None:
    label = model._meta.label
    if label in WITHOUT_MUNICIPALITY:
        return
    field = model._meta.get_field("municipality")
    assert field.related_model is Municipality
    assert field.null == (label in MAY_BE_EMPTY)


@MODELS
def test_every_field_is_classified(model: type[models.Model]) -> None:
    for field in model._meta.concrete_fields:
        if field.name in {"password", "last_login"}:  # Django's own columns of an account
            continue
        spec = spec_of(field)
        assert spec is not None, f"{field}: declare it with yakuba.kernel.fields"
        assert isinstance(spec.classification, Classification)
        assert spec.label or field.primary_key, f"{field}: a label is missing"


@MODELS
def test_nothing_others_point_to_is_deleted_under_them(model: type[models.Model]) -> None:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            assert field.remote_field.on_delete is models.PROTECT, field


@MODELS
def test_foreign_keys_go_down_only(model: type[models.Model]) -> None:
    for field in model._meta.concrete_fields:
        target = field.related_model
        if not isinstance(target, type) or not target.__module__.startswith("yakuba."):
            continue
        here, there = model.__module__, target.__module__
        assert room_of(here) == room_of(there) or height(here) > height(there), f"{field} points up"


@MODELS
def test_unique_constraints_and_indexes_begin_with_the_municipality(model: type[models.Model]) -> None:
    label = model._meta.label
    if label in WITHOUT_MUNICIPALITY:
        return
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key:
            assert (label, field.name) in UNIQUE_EVERYWHERE, (
                f"{field}: unique within the municipality instead"
            )
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            for_all = "municipality__isnull" in str(constraint.condition)
            assert for_all or constraint.fields[0] == "municipality", constraint.name
    for index in model._meta.indexes:
        first = index.fields[0] if index.fields else "municipality"
        across = "municipality__isnull" in str(index.condition) or index.name in INDEXED_ACROSS
        assert across or first == "municipality", index.name


@MODELS
def test_what_belongs_to_a_municipality_is_found_by_it(model: type[models.Model]) -> None:
    """The column has no index of its own: each table needs one over all rows that begins with it, and none needs two."""
    if not issubclass(model, Record):
        return
    assert not model._meta.get_field("municipality").db_index
    whole = [one for one in model._meta.indexes if one.condition is None] + [
        one
        for one in model._meta.constraints
        if isinstance(one, models.UniqueConstraint) and one.condition is None
    ]
    begins = [one.name for one in whole if one.fields and one.fields[0] == "municipality"]
    assert begins, "an index that begins with the municipality is missing"


def test_labels_are_the_rooms_names_and_nobody_elses() -> None:
    for config in apps.get_app_configs():
        if config.name.startswith("yakuba."):
            assert config.label == config.name.rsplit(".", 1)[-1]
            assert config.label not in LIBRARY_LABELS


@MODELS
def test_tables_begin_with_the_rooms_name(model: type[models.Model]) -> None:
    assert model._meta.db_table.startswith(f"{model._meta.app_label}_")
