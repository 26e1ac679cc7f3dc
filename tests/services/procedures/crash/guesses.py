"""A process that guesses codes of one resume link: `python guesses.py LINK NUMBER TIMES`; prints the statuses of the answers."""

from __future__ import annotations

import os
import sys


def main(link: str, number: str, times: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    for guess in range(int(times)):
        fresh = Client(
            headers={"X-Forwarded-For": f"192.0.2.{guess}"}, REMOTE_ADDR=f"203.0.113.{number}{guess}"
        )
        print(fresh.post(link, {"code": f"AAAA{chr(65 + guess)}AAA"}).status_code)


if __name__ == "__main__":
    main(*sys.argv[1:])
