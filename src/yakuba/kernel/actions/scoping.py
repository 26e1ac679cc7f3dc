"""Managers refuse unscoped use: a list is always somebody's list."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

from yakuba.kernel.actions.context import Context
from yakuba.kernel.actions.permission import Permission

M = TypeVar("M", bound=models.Model)

_VIEWS: dict[type[models.Model], Permission[models.Model]] = {}


def viewed_by(permission: Permission[M]) -> Permission[M]:
    """Name the permission that decides which rows of its model an actor sees. Once per model."""
    if permission.model in _VIEWS:
        raise RuntimeError(f"{permission.model.__name__} has a view permission already")
    _VIEWS[permission.model] = permission  # type: ignore[assignment]  # kept side by side for all models
    return permission


def view_permission(model: type[M]) -> Permission[M] | None:
    """The permission named by :func:`viewed_by`."""
    return _VIEWS.get(model)  # type: ignore[return-value]  # put in under this very model


class ScopedManager(models.Manager[M]):
    """``objects`` of our models: ``for_actor(ctx)`` or nothing.

    Each model also has ``unscoped``, a plain manager, which only the modules named in the convention test may use.
    """

    def get_queryset(self) -> models.QuerySet[M]:
        raise RuntimeError(f"{self.model.__name__}.objects needs for_actor(ctx); see docs/add-a-room.md")

    def for_actor(self, ctx: Context) -> models.QuerySet[M]:
        """The rows this actor may see in this municipality."""
        permission = view_permission(self.model)
        if permission is None:
            raise RuntimeError(f"{self.model.__name__} has no view permission: declare one with viewed_by(…)")
        return super().get_queryset().filter(permission.q(ctx))


def views() -> dict[type[models.Model], Permission[models.Model]]:
    """Every model that has a view permission, with it."""
    return dict(_VIEWS)
