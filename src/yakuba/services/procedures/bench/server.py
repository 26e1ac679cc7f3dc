"""The application that the bench's web server runs: the product's own, with its settings, and one address more."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.settings")
application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 – the settings have to stand first

from yakuba.kernel.plugins.settling import settle  # noqa: E402 – as above
from yakuba.services.procedures.bench import baseline  # noqa: E402 – as above

# In front: it is found at once, and the comparison does not gain by the search.
get_resolver().url_patterns[:0] = baseline.urls
settle()
