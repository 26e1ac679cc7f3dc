"""The WSGI application that the web server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)  # as in the command line: what is written here is its owner's alone
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.settings")
application = get_wsgi_application()

from yakuba.kernel.plugins.settling import settle  # noqa: E402 – the settings have to stand first

settle()
