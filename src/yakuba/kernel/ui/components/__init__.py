"""Components: typed functions that draw one template each, and are template tags of the same name (`{% load ui %}`).

Every one stands in every state on the style page.
"""

from yakuba.kernel.ui.components.comparison import (
    ComparisonColumn,
    ComparisonEntry,
    ComparisonRow,
    comparison,
)
from yakuba.kernel.ui.components.content import (
    Fact,
    SourceLine,
    TableColumn,
    card,
    facts,
    source_excerpt,
    table,
    year_strip,
)
from yakuba.kernel.ui.components.controls import (
    breadcrumbs,
    button,
    html_lang,
    language_links,
    language_prefix,
    languages,
    link_button,
    pager,
    tabs,
)
from yakuba.kernel.ui.components.figures import indicator_chart, spark_line
from yakuba.kernel.ui.components.forms import field, spec_field
from yakuba.kernel.ui.components.listing import list_table
from yakuba.kernel.ui.components.marks import MEANINGS, Share, badge, progress_badge, shares
from yakuba.kernel.ui.components.messages import (
    FieldError,
    empty_state,
    error_summary,
    notice,
    progress_bar,
    steps,
)
from yakuba.kernel.ui.components.outline import Branch, outline
from yakuba.kernel.ui.drawing import Link, Text

__all__ = [
    "MEANINGS",
    "Branch",
    "ComparisonColumn",
    "ComparisonEntry",
    "ComparisonRow",
    "Fact",
    "FieldError",
    "Link",
    "Share",
    "SourceLine",
    "TableColumn",
    "Text",
    "badge",
    "breadcrumbs",
    "button",
    "card",
    "comparison",
    "empty_state",
    "error_summary",
    "facts",
    "field",
    "html_lang",
    "indicator_chart",
    "language_links",
    "language_prefix",
    "languages",
    "link_button",
    "list_table",
    "notice",
    "outline",
    "pager",
    "progress_badge",
    "progress_bar",
    "shares",
    "source_excerpt",
    "spark_line",
    "spec_field",
    "steps",
    "table",
    "tabs",
    "year_strip",
]
