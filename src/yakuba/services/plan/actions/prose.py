"""The plan's own words by hand: its sections, terms, related and former plans, the bodies that carry it, the numbers it claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, cast

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, Problems, action
from yakuba.kernel.fields import INTERNAL, PUBLIC, Invalid
from yakuba.services.plan import access, labels
from yakuba.services.plan.models import Edition
from yakuba.services.plan.parts import misshapen
from yakuba.services.plan.reading import schema
from yakuba.services.plan.reading.shapes import Malformed, Many
from yakuba.services.plan.rows import Form

PARTS = (
    ("sections", "計画の本文"),
    ("terms", "用語"),
    ("related", "関係する計画"),
    ("predecessors", "前の計画"),
    ("bodies", "推進体制"),
    ("stated", "計画書に書かれた数"),
)
_LONGEST: Final = 300
_LONGEST_TEXT: Final = 50_000
_MOST: Final = 200


@dataclass(frozen=True)
class EditProse:
    """A part of what the plan says beside its initiatives, and what it is from now on."""

    part: Annotated[str, fields.choice(PARTS, label="部分", classification=INTERNAL)]
    value: Annotated[
        Any, fields.document(label="内容", classification=PUBLIC, required=True)
    ]  # Any: JSON of the part
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=500, required=False)
    ] = ""


@action("plan.edit_prose", label="計画の本文や体制を直す", may=access.SHAPE, data=EditProse)
def edit_prose(ctx: Context, edition: Edition, data: EditProse) -> Edition:
    """Replace one part of the plan's own words. Raises :class:`Problems` with the path of each field that cannot be kept."""
    value = shaped(data.part, data.value)
    if problems := list(_CHECKS[data.part](data.part, value)):
        raise Problems(problems)
    before = kept(edition, data.part)
    if value == before:
        return edition
    if data.part in ("bodies", "stated"):
        setattr(edition, data.part, value)
    else:
        rest = {key: found for key, found in edition.prose.items() if key != data.part}
        edition.prose = {**rest, data.part: value} if value else rest
    edition.state = "draft"
    edition.save(update_fields=["prose", "bodies", "stated", "state"])
    if data.reason:
        ctx.because(data.reason)
    ctx.note(part=data.part, before=before, after=value)
    return edition


def kept(edition: Edition, part: str) -> Any:  # Any: JSON of the part
    """A part as it stands."""
    if part == "bodies":
        return edition.bodies
    if part == "stated":
        return {"progress": {}, "counts": {}, **edition.stated}
    return edition.prose.get(part, [])


def shaped(part: str, value: Any) -> Any:  # Any: JSON of the part
    """The part as the format writes it. Raises :class:`Problem` for another shape."""
    plan = {"title": "", "first_year": 2000, "last_year": 2000}
    try:
        if part == "bodies":
            bodies = Many(schema.BODY)
            return bodies.write(bodies.read(value, part))
        if part == "stated":
            return schema.STATED.write(schema.STATED.read(value, part))
        written = cast("Form", schema.PLAN.write(schema.PLAN.read({**plan, part: value}, "")))
        return written[part]
    except Malformed as malformed:
        raise misshapen(malformed) from malformed


def _sections(part: str, value: list[Form]) -> Iterator[Problem]:
    yield from _many(part, value)
    for n, section in enumerate(value):
        if not any(section[key] for key in ("number", "title", "text")):
            yield _empty(f"{part}[{n}].title", _("見出し"))
        for key, longest in (("number", 40), ("title", _LONGEST), ("text", _LONGEST_TEXT)):
            yield from _length(f"{part}[{n}].{key}", section[key], longest)


def _terms(part: str, value: list[Form]) -> Iterator[Problem]:
    yield from _many(part, value)
    for n, term in enumerate(value):
        for key, label, longest in (("term", _("用語"), _LONGEST), ("text", _("説明"), _LONGEST_TEXT)):
            if not term[key].strip():
                yield _empty(f"{part}[{n}].{key}", label)
            yield from _length(f"{part}[{n}].{key}", term[key], longest)
    yield from _twice(part, "term", [term["term"] for term in value])


def _plans(part: str, value: list[str]) -> Iterator[Problem]:
    yield from _many(part, value)
    for n, title in enumerate(value):
        if not title.strip():
            yield _empty(f"{part}[{n}].title", _("計画名"))
        yield from _length(f"{part}[{n}].title", title, _LONGEST)
    yield from _twice(part, "title", value)


def _bodies(part: str, value: list[Form]) -> Iterator[Problem]:
    yield from _many(part, value)
    for n, body in enumerate(value):
        here = f"{part}[{n}]"
        if not body["name"].strip():
            yield _empty(f"{here}.name", _("名称"))
        yield from _length(f"{here}.name", body["name"], _LONGEST)
        yield from _length(f"{here}.rule", body["rule"], _LONGEST)
        for member in body["members"]:
            if not member["post"].strip():
                yield _empty(f"{here}.members", _("構成員"))
            yield from _length(f"{here}.members", member["post"], _LONGEST)
            yield from _length(f"{here}.members", member["role"], _LONGEST)
        for duty in body["duties"]:
            yield from _length(f"{here}.duties", duty, 2000)
    yield from _twice(part, "name", [body["name"] for body in value])


def _stated(part: str, value: Form) -> Iterator[Problem]:
    for word in value["progress"]:
        if not word.strip():
            yield _empty(part, _("進捗の言葉"))
        yield from _length(part, word, 60)
    for kind in value["counts"]:
        if kind not in labels.KINDS and len(kind) > 60:
            yield from _length(part, kind, 60)


_CHECKS: Mapping[str, Callable[[str, Any], Iterator[Problem]]] = {  # Any: JSON of the part
    "sections": _sections,
    "terms": _terms,
    "related": _plans,
    "predecessors": _plans,
    "bodies": _bodies,
    "stated": _stated,
}


def _many(part: str, value: list[Any]) -> Iterator[Problem]:  # Any: rows of every part
    if len(value) > _MOST:
        yield Problem(
            "too_many",
            _("%(most)dまでにしてください（今は%(found)d）。") % {"most": _MOST, "found": len(value)},
            field=part,
            found=str(len(value)),
            expected=str(_MOST),
        )


def _empty(field: str, label: str) -> Problem:
    return Problem.of(field, label, Invalid("required", "", ""))


def _length(field: str, text: str | None, longest: int) -> Iterator[Problem]:
    if len(text or "") > longest:
        yield Problem(
            "too_long",
            _("%(longest)d文字以内で入力してください（今は%(found)d文字）。")
            % {"longest": longest, "found": len(text or "")},
            field=field,
            found=str(len(text or "")),
            expected=str(longest),
        )


def _twice(part: str, key: str, names: list[str]) -> Iterator[Problem]:
    for n, name in enumerate(names):
        if name in names[:n]:
            yield Problem(
                "twice",
                _("「%(what)s」が2つあります。片方を消してください。") % {"what": name},
                field=f"{part}[{n}].{key}",
                found=name,
            )
