"""What changed between two versions of a procedure, in words for a person. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yakuba.services.procedures.definition.model import Definition, said
from yakuba.services.procedures.designing import editing, facts, pieces
from yakuba.services.procedures.designing.entries import show


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: where, what of it, how it was and how it is; empty for what was not there."""

    place: str
    label: str
    before: str
    after: str


def between(before: Definition, after: Definition) -> list[Difference]:
    """Every difference in the order of the pages; none where a reader would see none."""
    return [
        *_facts(before, after),
        *_steps(before, after),
        *_sections(before, after),
        *_questions(before, after),
    ]


def _facts(before: Definition, after: Definition) -> Iterator[Difference]:
    for group in facts.GROUPS:
        yield from _lines(_(group.title), facts.summary(group, before), facts.summary(group, after))


def _lines(place: str, before: Sequence[facts.Told], after: Sequence[facts.Told]) -> Iterator[Difference]:
    was, now = ({one.label: one.text for one in told} for told in (before, after))
    for label in dict.fromkeys([*was, *now]):
        if was.get(label, "") != now.get(label, ""):
            yield Difference(place, label, was.get(label, ""), now.get(label, ""))


def _steps(before: Definition, after: Definition) -> Iterator[Difference]:
    was, now = ({one.key: said(one.title) for one in of.steps} for of in (before, after))
    yield from _named(_("段階"), was, now)


def _sections(before: Definition, after: Definition) -> Iterator[Difference]:
    was, now = ({one.key: one for one in of.sections()} for of in (before, after))
    titles = [{key: said(one.title) for key, one in of.items()} for of in (was, now)]
    yield from _named(_("ページ"), *titles)
    for key in was.keys() & now.keys():
        told = [
            [one for one in facts.told(show(pieces.section_form(of), part)) if one.label != _("ページの題名")]
            for of, part in ((before, was[key]), (after, now[key]))
        ]
        yield from _lines(said(now[key].title), *told)


def _named(label: str, was: dict[str, str], now: dict[str, str]) -> Iterator[Difference]:
    for key in dict.fromkeys([*was, *now]):
        if was.get(key, "") != now.get(key, ""):
            yield Difference(now.get(key) or was[key], label, was.get(key, ""), now.get(key, ""))
    shared = [[key for key in of if key in was and key in now] for of in (was, now)]
    if shared[0] != shared[1]:
        lists = [" → ".join(of[key] for key in keys) for of, keys in zip((was, now), shared, strict=True)]
        yield Difference(_("並び"), label, *lists)


def _questions(before: Definition, after: Definition) -> Iterator[Difference]:
    was, now = ({one.question.key: one for one in editing.places(of)} for of in (before, after))
    for key in dict.fromkeys([*was, *now]):
        old, new = was.get(key), now.get(key)
        place = said((new or was[key]).section.title)
        if old is None or new is None:
            label = _("質問が加わります") if old is None else _("質問がなくなります")
            yield Difference(
                place, label, said(old.question.label) if old else "", said(new.question.label) if new else ""
            )
            continue
        name = said(new.question.label)
        told = [
            facts.told(
                show(pieces.question_form(of, one.question, inside=one.group is not None), one.question)
            )
            for of, one in ((before, old), (after, new))
        ]
        yield from (
            Difference(f"{place}「{name}」", one.label, one.before, one.after) for one in _lines("", *told)
        )
        if old.section.key != new.section.key:
            yield Difference(f"「{name}」", _("ページ"), said(old.section.title), said(new.section.title))
    yield from _order(before, after)


def _order(before: Definition, after: Definition) -> Iterator[Difference]:
    for section in after.sections():
        old = before.section(section.key)
        if old is None:
            continue
        lists = [
            [one.key for one in first.questions if any(one.key == other.key for other in second.questions)]
            for first, second in ((old, section), (section, old))
        ]
        if lists[0] != lists[1]:
            labels = {one.key: said(one.label) for one in section.questions}
            words = [" → ".join(labels[key] for key in keys) for keys in lists]
            yield Difference(said(section.title), _("質問の並び"), *words)
