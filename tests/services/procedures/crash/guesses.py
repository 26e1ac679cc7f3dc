"""A process that guesses codes of one resume link and prints the statuses of the answers: a command for :mod:`tests.children`."""

from __future__ import annotations

from django.conf import settings
from django.test import Client


def guess(link: str, number: str, times: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    for one in range(int(times)):
        fresh = Client(headers={"X-Forwarded-For": f"192.0.2.{one}"}, REMOTE_ADDR=f"203.0.113.{number}{one}")
        print(fresh.post(link, {"code": f"AAAA{chr(65 + one)}AAA"}).status_code)


COMMANDS = {"guess": guess}
