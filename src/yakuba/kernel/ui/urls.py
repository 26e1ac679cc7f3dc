"""Addresses of the room: the style page, on both faces."""

from django.urls import URLPattern, path

from yakuba.kernel.ui import views

portal: list[URLPattern] = [path("style", views.style, name="style")]
desk: list[URLPattern] = [path("style", views.style, name="style")]
