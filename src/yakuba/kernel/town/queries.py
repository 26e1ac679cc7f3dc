"""Reads of the town: what offices are called on a day, who holds which post. Set-based: lists cost a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Context, MunicipalityRef, Problem
from yakuba.kernel.dates import format_date
from yakuba.kernel.plugins import statements
from yakuba.kernel.town.access import VIEW_STAFF_NUMBER
from yakuba.kernel.town.models import (
    ASSIGNMENT_KINDS,
    Assignment,
    Municipality,
    Office,
    OfficeName,
    OfficeSuccession,
)


def valid_on(day: dt.date) -> Q:
    """Rows whose dates include the day (both ends included)."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def find_municipality(code: str) -> MunicipalityRef | None:
    """The municipality with this code, None when this installation does not hold it."""
    found = _BY_CODE.first(code=code)
    return None if found is None else found.ref


_BY_CODE = statements.Prepared(lambda blank: Municipality.unscoped.filter(code=blank["code"]), code=str)


def all_municipalities() -> list[MunicipalityRef]:
    """Every municipality of this installation, by code."""
    return [m.ref for m in Municipality.unscoped.order_by("code")]


@dataclass(frozen=True)
class OfficeOn:
    """An office as it is called on one day."""

    id: UUID
    code: str
    name: str
    department: str
    authority: str


def offices_on(municipality_id: UUID, day: dt.date) -> list[OfficeOn]:
    """The offices that exist on a day, by code."""
    names = (
        OfficeName.unscoped.filter(valid_on(day), municipality_id=municipality_id)
        .select_related("office")
        .order_by("code", "id")
    )
    return [OfficeOn(n.office_id, n.code, n.name, n.department, n.office.authority) for n in names]


def office_by_code(municipality_id: UUID, code: str, day: dt.date) -> Office | None:
    """The office that bears a code on a day."""
    found = (
        OfficeName.unscoped.filter(valid_on(day), municipality_id=municipality_id, code=code)
        .select_related("office")
        .first()
    )
    return None if found is None else found.office


def demand_office(municipality_id: UUID, code: str, day: dt.date) -> Office:
    """The office that bears a code on a day. Raises :class:`Problem` on the field ``office_code`` where there is none."""
    office = office_by_code(municipality_id, code, day)
    if office is None:
        raise Problem(
            "office",
            _("%(day)sに所属コード「%(code)s」の所属はありません。")
            % {"day": format_date(day), "code": code},
            field="office_code",
            found=code,
        )
    return office


def office_name(office_id: UUID, day: dt.date) -> str:
    """What an office is called on a day; see :func:`office_names`."""
    return office_names([office_id], day).get(office_id, "")


def office_names(office_ids: Iterable[UUID], day: dt.date) -> Mapping[UUID, str]:
    """What offices are called on a day, one query.

    An office that has no name on that day has its last name before it, or else its first one: records that point to an
    abolished office still say what it was.
    """
    by_office: dict[UUID, list[OfficeName]] = defaultdict(list)
    for name in OfficeName.unscoped.filter(office_id__in=set(office_ids)).order_by("valid_from"):
        by_office[name.office_id].append(name)
    return {
        office: next((n.name for n in reversed(names) if n.valid_from <= day), names[0].name)
        for office, names in by_office.items()
    }


def latest_name(office: Office) -> str:
    """The newest name of an office, also one that begins later; its id while it has none."""
    found = OfficeName.unscoped.filter(office=office).order_by("-valid_from").first()
    return found.name if found else str(office.pk)


@dataclass(frozen=True)
class Holding:
    """One post that a person holds."""

    office_id: UUID
    office: str
    title: str
    kind: str
    valid_from: dt.date
    valid_to: dt.date | None

    @property
    def kind_label(self) -> str:
        """本務, 兼務 …"""
        return dict(ASSIGNMENT_KINDS)[self.kind]


@dataclass(frozen=True)
class PersonOn:
    """A person with the posts held on one day, the main one first. The staff number is empty for those who may not see it."""

    id: UUID
    staff_number: str
    name: str
    kana: str
    holdings: tuple[Holding, ...]


_KIND_ORDER = {code: order for order, (code, _label) in enumerate(ASSIGNMENT_KINDS)}


def people_on(ctx: Context, day: dt.date, *, office_id: UUID | None = None) -> list[PersonOn]:
    """Who holds a post on a day, in the order of office codes and of names; two queries however many there are.

    With ``office_id`` those who hold a post of that office, each with all their posts. Empty for an actor who may not see
    people. The reader logs what it shows: ``ports.trail().read(…)``.
    """
    held = (
        Assignment.objects.for_actor(ctx)
        .filter(valid_on(day))
        .select_related("person", "post")
        .order_by("valid_from", "id")
    )
    names = {n.office_id: n for n in OfficeName.objects.for_actor(ctx).filter(valid_on(day)).order_by("code")}
    shows_numbers = VIEW_STAFF_NUMBER.holds_anywhere(ctx)
    by_person: dict[UUID, list[Assignment]] = defaultdict(list)
    for assignment in held:
        by_person[assignment.person_id].append(assignment)
    found: list[tuple[tuple[str, str, str], PersonOn]] = []
    for assignments in by_person.values():
        if office_id is not None and all(a.post.office_id != office_id for a in assignments):
            continue
        assignments.sort(key=lambda a: _KIND_ORDER[a.kind])
        person = assignments[0].person
        first = names.get(assignments[0].post.office_id)
        holdings = tuple(_holding(a, names) for a in assignments)
        number = person.staff_number if shows_numbers else ""
        key = (first.code if first else "", person.kana or person.name, person.staff_number)
        found.append((key, PersonOn(person.pk, number, person.name, person.kana, holdings)))
    return [person for _key, person in sorted(found, key=lambda pair: pair[0])]


def _holding(assignment: Assignment, names: Mapping[UUID, OfficeName]) -> Holding:
    office_id = assignment.post.office_id
    name = names.get(office_id)
    return Holding(
        office_id,
        name.name if name else "",
        assignment.post.title,
        assignment.kind,
        assignment.valid_from,
        assignment.valid_to,
    )


def carried_on(municipality_id: UUID, day: dt.date) -> Mapping[UUID, frozenset[UUID]]:
    """Each office that ended by merger or split up to a day, and the offices of that day that carry its work on; two queries at most.

    An office that was abolished is carried on by nobody, and one from which another became independent carries on itself.
    """
    after: dict[UUID, set[UUID]] = defaultdict(set)
    for predecessor, successor in OfficeSuccession.unscoped.filter(
        municipality_id=municipality_id, kind__in=("merged", "split"), on__lte=day, successor__isnull=False
    ).values_list("predecessor_id", "successor_id"):
        assert successor is not None  # as filtered  # noqa: S101
        after[predecessor].add(successor)
    if not after:
        return {}
    standing = set(
        OfficeName.unscoped.filter(valid_on(day), municipality_id=municipality_id).values_list(
            "office_id", flat=True
        )
    )
    return {office: frozenset(_ends(office, after) & standing) for office in after if office not in standing}


def _ends(office: UUID, after: Mapping[UUID, set[UUID]]) -> set[UUID]:
    """Whatever came after an office, directly or later."""
    found: set[UUID] = set()
    ahead = [office]
    while ahead:
        fresh = after.get(ahead.pop(), set()) - found
        found |= fresh
        ahead.extend(fresh)
    return found
