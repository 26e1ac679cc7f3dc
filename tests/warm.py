"""What :mod:`tests.children` forks from has read: the program, without having opened anything of its home."""

from __future__ import annotations

import importlib
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.settings")
django.setup()

importlib.import_module("yakuba.cli")
importlib.import_module("yakuba.kernel.outbox.worker")
importlib.import_module("yakuba.settings.rooms").parts("cli")
