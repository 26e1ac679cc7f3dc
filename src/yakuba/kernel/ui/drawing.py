"""What all components share: drawing a template, and texts that may still be lazy translations."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe

Text = str | Promise
"""A text for the screen: a string, or a lazy translation."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a row of links; `current` marks the page that one is on."""

    label: Text
    href: str
    current: bool = False
    count: int | None = None
    lang: str = ""


def draw(name: str, /, **context: object) -> SafeString:
    """Render `ui/components/{name}.html`; values are escaped by the template."""
    # S308: what a template rendered is escaped already; only the white space around it goes.
    return mark_safe(render_to_string(f"ui/components/{name}.html", context).strip())  # noqa: S308
