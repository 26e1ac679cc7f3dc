"""PDF out: documents in Japanese that a screen reader can read (PDF/UA-1), from typst sources of ours.

:func:`~.printing.render` makes the bytes. What people wrote enters through its `data` or through :func:`~.printing.escape`, never
as source. :mod:`.typefaces` knows which characters can be printed.
"""

from .printing import PrintError, escape, picture, render
from .rows import with_row_heads
from .typefaces import Typeface, unprintable, unvaried

__all__ = [
    "PrintError",
    "Typeface",
    "escape",
    "picture",
    "render",
    "unprintable",
    "unvaried",
    "with_row_heads",
]
