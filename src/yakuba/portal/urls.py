"""Addresses of the front door, and the health check that both faces answer."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6
from yakuba.portal import health, views

portal: list[URLPattern] = [
    path("", views.home, name="portal-home"),
    path("<code6:code>/", views.front, name="portal-front"),
    path("<code6:code>/search/", views.search, name="portal-search"),
]
plain_portal: list[URLPattern] = [path("health", health.health, name="health")]
plain_desk: list[URLPattern] = [path("health", health.health, name="health")]
