"""Addresses of the desk's front door."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.desk import views
from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:code>

desk: list[URLPattern | URLResolver] = [path("<code6:code>/desk/", views.home, name="desk-home")]
