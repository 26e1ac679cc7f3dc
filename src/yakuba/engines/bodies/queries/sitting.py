"""Who sits in a body on a day: its seats, with whoever holds their posts then. A fixed number of queries, however many seats there are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from yakuba.engines.approval.queries.holding import ACTING, HOLDING
from yakuba.engines.bodies.models import Body, Guest, Meeting, Seat
from yakuba.engines.bodies.rules import ROLES, VOTING
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.models import Assignment, Office, OfficeName, Person, Post
from yakuba.kernel.town.queries import office_names, valid_on


@dataclass(frozen=True, slots=True)
class Sitting:
    """A seat on a day. ``post`` is its post with the office's name of that day, or the affiliation of somebody from outside.

    ``people`` hold it then; ``acting``: nobody holds the post, and they act in it (事務取扱, 職務代理).
    """

    seat: Seat
    post: str
    people: tuple[Person, ...]
    acting: bool = False

    @property
    def key(self) -> UUID:
        """The seat's id."""
        found: UUID = self.seat.pk
        return found

    @property
    def role_label(self) -> str:
        """長, 副, 委員 …"""
        return dict(ROLES)[self.seat.role]

    @property
    def votes(self) -> bool:
        """Whether it counts and decides."""
        return self.seat.role in VOTING

    @property
    def vacant(self) -> bool:
        """Whether nobody holds it that day (欠員)."""
        return not self.people and not self.seat.outsider

    @property
    def names(self) -> str:
        """Who sits there, for staff: 例示ふたば."""
        return self.seat.outsider or "、".join(one.name for one in self.people)

    @property
    def label(self) -> str:
        """Post and names in one."""
        return " ".join(part for part in (self.post, self.names) if part)


_ORDER = {code: place for place, (code, _label) in enumerate(ROLES)}


def sittings(ctx: Context, seats: Sequence[Seat], day: dt.date) -> list[Sitting]:
    """Seats on a day, in the order of roles. The caller holds the seats already."""
    posts = {seat.post_id for seat in seats if seat.post_id is not None}
    mains = _main_posts(ctx, {seat.person_id for seat in seats if seat.person_id is not None}, day)
    held = _held(ctx, posts, day)
    titles = post_labels(posts | set(mains.values()), day)
    found = []
    for seat in sorted(seats, key=lambda one: (_ORDER[one.role], one.order, one.pk)):
        if seat.post_id is not None:
            there = held.get(seat.post_id, [])
            holders = [one for one in there if one.kind in HOLDING]
            people = tuple({one.person_id: one.person for one in holders or there}.values())
            found.append(Sitting(seat, titles[seat.post_id], people, acting=not holders and bool(there)))
        elif seat.person is not None:
            main = mains.get(seat.person.pk)
            found.append(Sitting(seat, titles[main] if main else "", (seat.person,)))
        else:
            found.append(Sitting(seat, seat.affiliation, ()))
    return found


def _held(ctx: Context, posts: Iterable[UUID], day: dt.date) -> Mapping[UUID, list[Assignment]]:
    found: dict[UUID, list[Assignment]] = defaultdict(list)
    rows = Assignment.unscoped.filter(
        valid_on(day), municipality=ctx.municipality.id, post__in=list(posts), kind__in=(*HOLDING, *ACTING)
    )
    for row in rows.select_related("person").order_by("valid_from", "id"):
        found[row.post_id].append(row)
    return found


def _main_posts(ctx: Context, people: Iterable[UUID], day: dt.date) -> Mapping[UUID, UUID]:
    """The post by which members in person are called that day: the main one, else the first."""
    rows = Assignment.unscoped.filter(
        valid_on(day), municipality=ctx.municipality.id, person__in=list(people)
    ).values_list("person", "post", "kind", "valid_from")
    found: dict[UUID, UUID] = {}
    for person, post, _kind, _first in sorted(rows, key=lambda one: (one[2] != "main", one[3])):
        found.setdefault(person, post)
    return found


def post_labels(posts: Iterable[UUID], day: dt.date) -> Mapping[UUID, str]:
    """What posts are called on a day, with their office: 見本課 課長 (two queries)."""
    rows = list(Post.unscoped.filter(pk__in=list(posts)))
    names = office_names([row.office_id for row in rows], day)
    return {row.pk: f"{names.get(row.office_id, '')} {row.title}".strip() for row in rows}


def of_body(ctx: Context, body: Body, day: dt.date) -> list[Sitting]:
    """The seats of a body on a day."""
    rows = Seat.unscoped.filter(valid_on(day), municipality=ctx.municipality.id, body=body)
    return sittings(ctx, list(rows.select_related("person")), day)


def day_of(meeting: Meeting) -> dt.date:
    """The day of a meeting, by Japan's clock."""
    return japan_date(meeting.starts_at)


def of_meeting(ctx: Context, meeting: Meeting) -> list[Sitting]:
    """The seats of the meeting's body on its day."""
    return of_body(ctx, meeting.body, day_of(meeting))


def guests(ctx: Context, meeting: Meeting) -> list[tuple[Guest, str, str]]:
    """The guests of a meeting: each with post (or affiliation) and name, as of its day."""
    rows = list(Guest.unscoped.filter(municipality=ctx.municipality.id, meeting=meeting))
    posts = {row.post_id for row in rows if row.post_id is not None}
    day = day_of(meeting)
    labels, held = post_labels(posts, day), _held(ctx, posts, day)
    found = []
    for row in rows:
        if row.post_id is None:
            found.append((row, row.affiliation, row.name))
        else:
            names = dict.fromkeys(one.person.name for one in held.get(row.post_id, []))
            found.append((row, labels[row.post_id], "、".join(names)))
    return found


def choices(ctx: Context, day: dt.date) -> list[tuple[str, str]]:
    """Every post of an office of that day, (id, 見本課 課長), by office code, for choosing."""
    names = {
        one.office_id: (one.code, one.name)
        for one in OfficeName.unscoped.filter(valid_on(day), municipality=ctx.municipality.id)
    }
    posts = [
        one
        for one in Post.unscoped.filter(municipality=ctx.municipality.id).order_by("title", "id")
        if one.office_id in names
    ]
    posts.sort(key=lambda one: names[one.office_id][0])
    return [(str(one.pk), f"{names[one.office_id][1]} {one.title}") for one in posts]


def office(ctx: Context, key: UUID) -> Office | None:
    """An office of this municipality."""
    return Office.unscoped.filter(municipality=ctx.municipality.id, pk=key).first()
