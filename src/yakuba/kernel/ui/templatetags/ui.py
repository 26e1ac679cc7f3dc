"""`{% load ui %}`: every component as a tag, the formats as filters, and a few tags that the page shells need."""

from typing import TYPE_CHECKING

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from yakuba.kernel.ui import components, formats, icons, palette
from yakuba.kernel.ui.lists import ListView

if TYPE_CHECKING:
    from collections.abc import Callable

register = template.Library()

COMPONENTS: "tuple[Callable[..., SafeString], ...]" = (
    components.badge,
    components.breadcrumbs,
    components.button,
    components.card,
    components.comparison,
    components.empty_state,
    components.error_summary,
    components.facts,
    components.field,
    components.indicator_chart,
    components.link_button,
    components.list_table,
    components.notice,
    components.outline,
    components.pager,
    components.progress_badge,
    components.progress_bar,
    components.shares,
    components.source_excerpt,
    components.spark_line,
    components.spec_field,
    components.steps,
    components.table,
    components.tabs,
    components.year_strip,
    icons.icon,
)
for component in COMPONENTS:
    register.simple_tag(component)

for written in (
    formats.wareki,
    formats.plain_day,
    formats.moment,
    formats.fiscal_year,
    formats.year_name,
    formats.yen,
    formats.phrase,
    formats.japanese,
):
    register.filter(written)
register.filter("accent_class", palette.accent_class)


@register.simple_tag(takes_context=True)
def list_table(context: Context, view: ListView[object]) -> SafeString:
    """Draw a list; the request gives its address scheme and host."""
    request = context.get("request")
    origin = request.build_absolute_uri("/")[:-1] if isinstance(request, HttpRequest) else ""
    return components.list_table(view, origin=origin)


@register.simple_tag(takes_context=True)
def languages(context: Context) -> SafeString:
    """Draw the language switch for the page that is being shown; nothing without a request."""
    request = context.get("request")
    return (
        components.languages(request.get_full_path()) if isinstance(request, HttpRequest) else SafeString("")
    )


@register.simple_tag
def page_lang() -> str:
    """Return the `lang` of the page's language."""
    return components.html_lang(get_language() or "ja")


@register.simple_tag
def home_prefix() -> str:
    """Return the prefix of the page's language, empty for Japanese: `/en`."""
    return components.language_prefix()


@register.filter
def initial(name: object) -> str:
    """Return the first character of a municipality's name, for its seal."""
    return str(name)[:1]
