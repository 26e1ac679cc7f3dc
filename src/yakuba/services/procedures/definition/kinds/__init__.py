"""The kinds of question: one stateless object each, all with the contract of :class:`.base.QuestionKind`."""

from __future__ import annotations

from typing import Final

from yakuba.services.procedures.definition.kinds.attached import FileKind, PhotoKind
from yakuba.services.procedures.definition.kinds.base import Answer, QuestionKind, Scope
from yakuba.services.procedures.definition.kinds.chosen import (
    ChoiceKind,
    ConsentKind,
    ManyKind,
    YesNoKind,
)
from yakuba.services.procedures.definition.kinds.composed import AddressKind, NameKind
from yakuba.services.procedures.definition.kinds.numeric import DateKind, NumberKind, YenKind
from yakuba.services.procedures.definition.kinds.rows import GroupKind
from yakuba.services.procedures.definition.kinds.written import (
    KanaKind,
    LongTextKind,
    MailKind,
    PhoneKind,
    TextKind,
)
from yakuba.services.procedures.definition.model import Question

_PLAIN: Final[tuple[QuestionKind, ...]] = (
    TextKind(),
    LongTextKind(),
    KanaKind(),
    NameKind(),
    DateKind(),
    NumberKind(),
    YenKind(),
    ChoiceKind(),
    ManyKind(),
    YesNoKind(),
    AddressKind(),
    PhoneKind(),
    MailKind(),
    FileKind(),
    PhotoKind(),
    ConsentKind(),
)
_SINGLE: Final = {one.key: one for one in _PLAIN}
BY_KEY: Final[dict[str, QuestionKind]] = {**_SINGLE, "group": GroupKind(_SINGLE)}


def kind_of(question: Question) -> QuestionKind:
    """The kind of a question."""
    return BY_KEY[question.kind]


__all__ = ["BY_KEY", "Answer", "QuestionKind", "Scope", "kind_of"]
