"""Somebody who applies with a browser, page by page, and presses again when the line drops."""

from __future__ import annotations

import http.client
import io
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from PIL import Image

from yakuba.services.procedures.bench import sample
from yakuba.services.procedures.bench.browser import Answer, Browser, File

_LINE: Final = (OSError, http.client.HTTPException)
PATIENCE: Final = 30.0
"""Seconds after which a server that does not come back is a failure."""
_NUMBER: Final = re.compile(r"class=\"number\"><strong>([0-9A-Z-]{14})</strong>")


class Lost(Exception):
    """What was typed or sent is not there any more, or the answer is none."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What the applicant was told: the submission's id from the page's address, and the receipt number on the page."""

    submission: UUID
    receipt: str


class Applicant:
    """One person with one browser."""

    def __init__(self, port: int, number: int, procedure: UUID) -> None:
        place = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self._browser = Browser("127.0.0.1", port, place, timeout=PATIENCE)
        self._base = f"/{sample.CODE}/procedures/"
        self._procedure = procedure
        self._number = number
        self.filling: UUID | None = None
        self.first: UUID | None = None
        self._token = ""

    def close(self) -> None:
        """Close the browser."""
        self._browser.close()

    def fill_in(self, *, photo: bool) -> None:
        """Everything up to the check page, each page as it is given. A dropped line is tried again."""
        start = f"{self._base}{self._procedure}/start/"
        begun = self._through(start, {})
        self.filling = UUID(begun.location.rstrip("/").rsplit("/", 1)[-1])
        for key, typed in sample.PAGES.items():
            files = [_photo(self._number)] if photo and key == sample.PAPERS else []
            answer = self._through(self._address(f"pages/{key}/"), {**typed, "next": "1"}, files)
            if answer.status != 303:
                raise Lost(f"the page {key} answered {answer.status}")
        reached = {"electronic": "download", "mail": sample.mail(self._number), "next": "1"}
        if self._through(self._address("reach/"), reached).status != 303:
            raise Lost("the page of the result was refused")
        self._token = self.patiently(lambda: self._browser.get(self._address("check/"))).hidden()[
            "csrfmiddlewaretoken"
        ]

    def send(self) -> UUID | None:
        """Press 「提出する」 once: the submission that the answer leads to, None when the line dropped."""
        try:
            answer = self._browser.post(self._address("check/"), {"csrfmiddlewaretoken": self._token})
        except _LINE:
            return None
        return self._acknowledged(answer)

    def send_again(self) -> Acknowledged:
        """Press until it is answered, and read the acknowledgement."""
        where = self._address("check/")
        answer = self.patiently(lambda: self._browser.post(where, {"csrfmiddlewaretoken": self._token}))
        submission = self._acknowledged(answer)
        page = self.patiently(lambda: self._browser.get(answer.location))
        found = _NUMBER.findall(page.text)
        if page.status != 200 or len(found) != 2:
            raise Lost(f"the acknowledgement answered {page.status}")
        return Acknowledged(submission, found[0].replace("-", ""))

    def hang_up(self) -> None:
        """Send, and close the line before the answer comes."""
        self._browser.post_and_hang_up(self._address("check/"), {"csrfmiddlewaretoken": self._token})

    def patiently(self, ask: Callable[[], Answer]) -> Answer:
        """Ask until somebody answers. Raises :class:`Lost` after a while."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return ask()
            except _LINE as error:
                if time.monotonic() > end:
                    raise Lost("the server did not come back") from error
                time.sleep(0.02)

    def _through(self, path: str, typed: dict[str, str], files: list[File] | None = None) -> Answer:
        """Open a page and send its form with what is typed."""
        page = self.patiently(lambda: self._browser.get(path))
        if page.status != 200:
            raise Lost(f"{path.rsplit('/', 2)[-2]} answered {page.status}")
        fields = {**page.hidden(), **typed}
        return self.patiently(lambda: self._browser.post(path, fields, files or ()))

    def _acknowledged(self, answer: Answer) -> UUID:
        where = re.search(r"/applications/([0-9a-f-]{36})/receipt/$", answer.location)
        if answer.status != 303 or where is None:
            raise Lost(f"the sending was answered with {answer.status}")
        return UUID(where[1])

    def _address(self, rest: str) -> str:
        return f"{self._base}applying/{self.filling}/{rest}"


def _photo(number: int) -> File:
    """A picture like no other."""
    made = io.BytesIO()
    colour = (number & 255, number >> 8 & 255, number >> 16 & 255)
    Image.new("RGB", (40, 30), colour).save(made, "PNG")
    return File(f"q.{sample.PHOTO}", "pochi.png", "image/png", made.getvalue())
