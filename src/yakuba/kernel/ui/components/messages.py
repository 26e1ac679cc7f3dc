"""What the page tells the person: notices, errors, emptiness, progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

from yakuba.kernel.ui.drawing import Text, draw

NoticeKind = Literal["info", "success", "warning", "error"]
_NOTICE_ICONS: dict[NoticeKind, str] = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle",
    "error": "error",
}


def notice(
    title: Text, body: Text = "", *, kind: NoticeKind = "info", live: bool = False, lang: str = ""
) -> SafeString:
    """Draw a notice. Its kind is said in words to screen readers; `live` announces one that is the answer to an action.

    `lang` is the language of the body where it may not be the page's.
    """
    return draw("notice", title=title, body=body, kind=kind, icon=_NOTICE_ICONS[kind], live=live, lang=lang)


@dataclass(frozen=True, slots=True)
class FieldError:
    """A message about one field: which field, what was found, what is expected. An empty key means the whole form."""

    key: str
    message: Text


def error_summary(errors: Sequence[FieldError]) -> SafeString:
    """Draw the errors of a form above it, each a link to its field. Nothing without errors."""
    return draw("error_summary", errors=errors) if errors else SafeString("")


def empty_state(
    title: Text, body: Text = "", *, action: Text = "", href: str = "", icon: str = "tray"
) -> SafeString:
    """Draw what an empty list says: what is missing (`title`), and what to do first (`body`, and a link to it)."""
    return draw("empty_state", title=title, body=body, action=action, href=href, icon=icon)


def progress_bar(
    label: Text,
    *,
    done: int,
    total: int,
    doing: Text,
    leave_href: str,
    leave_label: Text = "",
    key: str = "progress",
) -> SafeString:
    """Draw a long action: how far (`done` of `total`), what is happening now, and a way to leave while it goes on.

    A `total` of 0 means that the length is not known yet.
    """
    return draw(
        "progress_bar",
        label=label,
        done=done,
        total=total,
        doing=doing,
        leave_href=leave_href,
        leave_label=leave_label,
        key=key,
    )


@dataclass(frozen=True, slots=True)
class _Step:
    label: Text
    state: Literal["done", "current", "ahead"]


def steps(labels: Sequence[Text], current: int, *, label: Text = "") -> SafeString:
    """Draw 「2／4ページ」 with the names of the pages; `current` counts from 1. ValueError outside the pages.

    With a `label` of their own the steps are those of something else than a form's pages, and are counted as 「2／4」.
    """
    if not 1 <= current <= len(labels):
        raise ValueError(f"page {current} of {len(labels)}")
    states = [
        _Step(label, "done" if n < current else "current" if n == current else "ahead")
        for n, label in enumerate(labels, start=1)
    ]
    return draw("steps", steps=states, current=current, total=len(labels), label=label)
