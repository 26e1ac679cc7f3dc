"""References between rooms that may not import one another: a kind and an id, resolved through a registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Model

from yakuba.kernel.actions.context import Context

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class SubjectRef:
    """A thing somewhere in the house."""

    kind: str
    id: UUID


@dataclass(frozen=True)
class SubjectKind:
    """How one kind of thing is called, found and addressed. ``url`` returns an empty text where there is no page."""

    key: str
    label: str
    model: type[Model]
    title: Callable[[Model], str]
    url: Callable[[Context, Model], str]


SUBJECTS: dict[str, SubjectKind] = {}
_BY_MODEL: dict[type[Model], SubjectKind] = {}


def register_subject(
    key: str,
    label: str,
    model: type[M],
    *,
    title: Callable[[M], str] = str,
    url: Callable[[Context, M], str] = lambda _ctx, _obj: "",
) -> None:
    """Make a model a subject of actions, trail, search and references. Keys are stable: they stand in stored rows."""
    if key in SUBJECTS or model in _BY_MODEL:
        raise RuntimeError(f"subject {key} ({model.__name__}) is registered already")
    kind = SubjectKind(key, label, model, title, url)  # type: ignore[arg-type]  # called with objects of this model only
    SUBJECTS[key] = kind
    _BY_MODEL[model] = kind


def kind_of(model: type[Model]) -> SubjectKind:
    """The kind of a model; LookupError when it was never registered."""
    try:
        return _BY_MODEL[model]
    except KeyError:
        raise LookupError(f"{model.__name__} is not a registered subject") from None


def subject_of(obj: Model) -> SubjectRef:
    """The reference to an object."""
    return SubjectRef(kind_of(type(obj)).key, obj.pk)


def resolve(ref: SubjectRef) -> Model | None:
    """The object behind a reference, None when it is gone or its room is not installed."""
    kind = SUBJECTS.get(ref.kind)
    return None if kind is None else kind.model._base_manager.filter(pk=ref.id).first()
