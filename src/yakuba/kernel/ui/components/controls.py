"""Things to press: buttons, tabs, pages, the way back up, languages."""

from collections.abc import Sequence
from typing import Literal

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from yakuba.kernel.ui.drawing import Link, Text, draw

Look = Literal["filled", "outlined", "text"]


def button(
    label: Text,
    *,
    look: Look = "outlined",
    icon: str = "",
    name: str = "",
    value: str = "",
    form: str = "",
    danger: bool = False,
    small: bool = False,
    disabled: bool = False,
    question: Text = "",
) -> SafeString:
    """Draw a submit button. The label is a verb (「申請をはじめる」); a page has one filled button, its next action.

    `question` asks in a dialog before the form goes («confirm on danger»); without JavaScript the form's own check page asks.
    `name` and `value` say which of several buttons was pressed; `form` is the id of a form that stands elsewhere.
    """
    return draw(
        "button",
        label=label,
        look=look,
        icon=icon,
        name=name,
        value=value,
        form=form,
        danger=danger,
        small=small,
        disabled=disabled,
        question=question,
    )


def link_button(
    label: Text,
    href: str,
    *,
    look: Look = "outlined",
    icon: str = "",
    small: bool = False,
    download: bool = False,
) -> SafeString:
    """Draw a link that looks like a button; for ways to another page or a file, never for changes."""
    return draw("link_button", label=label, href=href, look=look, icon=icon, small=small, download=download)


def breadcrumbs(links: Sequence[Link], here: Text, *, lang: str = "") -> SafeString:
    """Draw the way from the top to this page; `here` is the page itself, not a link. Nothing without links.

    `lang` is the language of `here` where it may not be the page's.
    """
    return draw("breadcrumbs", links=links, here=here, lang=lang) if links else SafeString("")


def tabs(links: Sequence[Link], *, label: Text) -> SafeString:
    """Draw tabs as links to pages; the current one is marked. `label` names the group for screen readers."""
    return draw("tabs", links=links, label=label)


def pager(*, previous: str = "", following: str = "") -> SafeString:
    """Draw links to the previous and following page (keyset: no page numbers). Nothing on a single page."""
    return draw("pager", previous=previous, following=following) if previous or following else SafeString("")


LANGUAGE_NAMES = {"ja": "日本語", "en": "English", "ja-simple": "やさしい日本語"}


def language_links(full_path: str) -> list[Link]:
    """Links to the same page in each language of the settings; the default language has no prefix.

    `full_path` is the path with its query, under any prefix.
    """
    codes = [code for code, _name in settings.LANGUAGES]
    default = settings.LANGUAGE_CODE
    current = get_language() or default
    bare = full_path
    for code in codes:
        if code != default and (full_path + "/").startswith(f"/{code}/"):
            bare = full_path[len(code) + 1 :] or "/"
    return [
        Link(
            LANGUAGE_NAMES.get(code, code),
            bare if code == default else f"/{code}{bare}",
            current=code == current,
            lang=html_lang(code),
        )
        for code in codes
    ]


def language_prefix() -> str:
    """What stands before every path in the language of the page: empty for the default language, `/en` for English."""
    current = get_language() or settings.LANGUAGE_CODE
    return "" if current == settings.LANGUAGE_CODE else f"/{current}"


def html_lang(code: str) -> str:
    """The value of `lang` in HTML for one of our language codes: やさしい日本語 is Japanese."""
    return "ja" if code.startswith("ja") else code


def languages(full_path: str) -> SafeString:
    """Draw the language switch: links to the same page, nothing when there is only one language."""
    links = language_links(full_path)
    return draw("languages", links=links) if len(links) > 1 else SafeString("")
