"""Form fields: label, need, hint, error and input in one, with the entered value kept."""

from collections.abc import Sequence
from typing import Literal, get_args

from django.utils.safestring import SafeString

from yakuba.kernel.fields import Spec
from yakuba.kernel.fields import Widget as KindWidget
from yakuba.kernel.ui.drawing import Text, draw

Widget = Literal[
    "text",
    "textarea",
    "number",
    "date",
    "moment",
    "select",
    "radio",
    "checkbox",
    "checkboxes",
    "password",
    "file",
    "search",
    "email",
    "tel",
]
_WIDGETS = frozenset(get_args(Widget))
_GROUPS = frozenset({"radio", "checkboxes"})
_KIND_WIDGETS: dict[KindWidget, Widget] = {
    KindWidget.LINE: "text",
    KindWidget.AREA: "textarea",
    KindWidget.NUMBER: "number",
    KindWidget.DATE: "date",
    KindWidget.MOMENT: "moment",
    KindWidget.CHOICE: "radio",
    KindWidget.YES_NO: "radio",
}
_MANY_CHOICES = 6  # more than this many radio buttons are slower to read than a select


def field(
    key: str,
    label: Text,
    *,
    widget: Widget = "text",
    value: str | Sequence[str] = "",
    required: bool = True,
    hint: Text = "",
    error: Text = "",
    choices: Sequence[tuple[str, Text]] = (),
    unit: Text = "",
    autocomplete: str = "",
    readonly: bool = False,
    rows: int = 4,
    accept: str = "",
    name: str = "",
    autofocus: bool = False,
    multiple: bool = False,
) -> SafeString:
    """Draw one field. `key` is its name and, as `id_{key}`, its id, to which `error_summary` links.

    `value` is what was typed, kept as typed (several for checkboxes; "1" checks a single checkbox). Dates are typed as text,
    because people write 令和6年4月1日 and R6.4.1. Where several forms of a page have a field of one `name`, each has a
    `key` of its own. `autocomplete` is a token of the HTML standard (WCAG 1.3.5).
    `multiple`: several files may be chosen at once.
    `autofocus` puts the cursor here when the page opens: for the one field that somebody asked to edit.
    """
    if widget not in _WIDGETS:
        raise ValueError(f"no widget {widget!r}")
    chosen = (value,) if isinstance(value, str) else tuple(value)
    described = " ".join(
        [f"id_{key}-hint"] * bool(hint or widget in {"date", "moment"}) + [f"id_{key}-error"] * bool(error)
    )
    return draw(
        "field",
        key=key,
        name=name or key,
        label=label,
        widget=widget,
        value=chosen[0] if chosen else "",
        chosen=chosen,
        required=required,
        hint=hint,
        error=error,
        choices=choices,
        unit=unit,
        autocomplete=autocomplete,
        readonly=readonly,
        rows=rows,
        accept=accept,
        autofocus=autofocus,
        multiple=multiple,
        described=described,
        is_group=widget in _GROUPS,
    )


def spec_field(
    key: str, spec: Spec, *, value: str = "", error: Text = "", readonly: bool = False
) -> SafeString:
    """Draw a field of `kernel/fields`: label, need, unit, help and widget come from its declaration."""
    if spec.kind is None:
        raise ValueError(f"{key} is read by the machine alone")
    widget = _KIND_WIDGETS[spec.kind.widget]
    choices = spec.kind.choices()
    if widget == "radio" and len(choices) > _MANY_CHOICES:
        widget = "select"
    return field(
        key,
        spec.label,
        widget=widget,
        value=value,
        required=spec.required,
        hint=spec.help,
        error=error,
        choices=choices,
        unit=spec.unit,
        readonly=readonly,
    )
