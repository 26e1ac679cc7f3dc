"""What a form shows of a question: fields as ``kernel/ui`` draws them. Names: ``q.<key>``, ``q.<key>.<part>``, ``q.<group>.<row>.<key>``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from yakuba.kernel.ui.components import field
from yakuba.kernel.ui.components.forms import Widget

ADD = "add."
REMOVE = "remove."


def field_name(key: str, part: str = "") -> str:
    """The form's name of a question's field."""
    return f"q.{key}.{part}" if part else f"q.{key}"


@dataclass(frozen=True, slots=True)
class FileShown:
    """An upload as a form and a check page show it: its id, its name, and size and pages in words."""

    key: str
    name: str
    detail: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field. ``drawn`` is its HTML; a template may as well draw it from the parts."""

    key: str
    label: str
    widget: Widget = "text"
    value: str = ""
    values: tuple[str, ...] = ()
    required: bool = True
    hint: str = ""
    error: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    autocomplete: str = ""
    rows: int = 4
    accept: str = ""
    part: str = ""

    @property
    def drawn(self) -> SafeString:
        """The field as a component."""
        return field(
            self.key,
            self.label,
            widget=self.widget,
            value=self.values if self.widget == "checkboxes" else self.value,
            required=self.required,
            hint=self.hint,
            error=self.error,
            choices=self.choices,
            unit=self.unit,
            autocomplete=self.autocomplete,
            rows=self.rows,
            accept=self.accept,
        )


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a group. ``remove`` is the name of its button, empty where the row has to stay."""

    number: int
    title: str
    questions: tuple[QuestionView, ...]
    remove: str = ""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its fields.

    ``single``: one field that carries label, help and error itself; otherwise they stand around the fields (``fieldset``).
    ``add`` is the name of the button for another row of a group, empty where there is no room. ``files`` are what was attached;
    ``room`` how many more may be. ``anchor`` is the form's name of the whole question, in a row too: a message about it stands
    there, and its fields' names begin with it.
    """

    key: str
    anchor: str
    kind: str
    label: str
    required: bool
    help: str = ""
    error: str = ""
    single: bool = True
    fields: tuple[FieldView, ...] = ()
    rows: tuple[RowView, ...] = ()
    add: str = ""
    files: tuple[FileShown, ...] = ()
    room: int = 0

    def every_field(self) -> Iterator[FieldView]:
        """All fields, those of rows too."""
        yield from self.fields
        for row in self.rows:
            for question in row.questions:
                yield from question.every_field()
