"""A document to readings: container → blocks → recognisers → resolver.

The steps know shapes and words, never one document. Recognisers run in the order of :data:`RECOGNISERS`, the surest first; each
sees what those before it have claimed. Whatever finds no place is listed in the reading.
"""

from __future__ import annotations

from typing import Final

from . import bodies, claims, cross, former, outline, overview, prose, sheets, terms, wide
from .annotating import annotated
from .blocks import Paper
from .containers import open_paper
from .homes import housed
from .mentions import Found, Recogniser
from .merged import inherited
from .misread import asked
from .model import Reading
from .neighbours import doubted
from .resolving import resolve

RECOGNISERS: Final[tuple[Recogniser, ...]] = (
    sheets.recognise,
    former.recognise,
    outline.recognise,
    overview.recognise,
    wide.recognise,
    cross.recognise,
    bodies.recognise,
    claims.recognise,
    terms.recognise,
    prose.recognise,
)


def read_documents(data: bytes, name: str) -> tuple[Reading, ...]:
    """The plans that a file tells of: its own first, then its earlier years and former plans, newest first.

    `name` is the file's name, kept in every source. The same bytes give the same readings. Raises `Unreadable`
    with a Japanese message; time and memory are bounded by the limits of the steps.
    """
    return readings_of(open_paper(data, name))


def read_document(data: bytes, name: str) -> Reading:
    """The file's own plan; see :func:`read_documents`."""
    return read_documents(data, name)[0]


def readings_of(paper: Paper) -> tuple[Reading, ...]:
    """The readings of a paper, whatever container it came in. Raises `Unreadable`."""
    found: list[Found] = []
    for recognise in RECOGNISERS:
        found.append(recognise(paper, found))
    readings = asked(resolve(paper, found))
    return annotated(paper, doubted(paper, housed(paper, inherited(paper, readings))))
