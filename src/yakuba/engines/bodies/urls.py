"""Addresses of bodies; all of them are the desk's."""

from __future__ import annotations

from django.urls import URLPattern

portal: list[URLPattern] = []
desk: list[URLPattern] = []
