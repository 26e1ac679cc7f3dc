"""What a personnel CSV would change: computed in memory against what stands, so that a preview and the import agree."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.dates import format_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.town.models import ASSIGNMENT_KINDS, Assignment, OfficeName, Person, Post
from yakuba.kernel.town.open_work import open_work
from yakuba.kernel.town.personnel.reading import CellProblem, PersonnelFile, PersonnelRow, decode, read_rows

ONE_DAY = dt.timedelta(days=1)
_KINDS = dict(ASSIGNMENT_KINDS)


@dataclass(frozen=True)
class Held:
    """An assignment as it stands or as planned. ``id`` None: it is new."""

    id: UUID | None
    staff_number: str
    office_id: UUID
    title: str
    kind: str
    valid_from: dt.date
    valid_to: dt.date | None

    @property
    def key(self) -> tuple[UUID, str, dt.date]:
        """What makes it the same 発令 in the file and in the store, for one person."""
        return self.office_id, self.title, self.valid_from


@dataclass
class Standing:
    """What stands in the store, as far as a file concerns it."""

    people: dict[str, Person]
    posts: dict[tuple[UUID, str], Post]
    held: dict[str, list[Held]]
    names: list[OfficeName]

    def office_on(self, code: str, day: dt.date) -> OfficeName | None:
        """The office that bears a code on a day."""
        for name in self.names:
            if (
                name.code == code
                and name.valid_from <= day
                and (name.valid_to is None or day <= name.valid_to)
            ):
                return name
        return None


@dataclass(frozen=True)
class Change:
    """One thing that the import does, in words for a person. ``line`` is 0 for what follows from another line."""

    line: int
    staff_number: str
    name: str
    what: str


@dataclass(frozen=True)
class Mover:
    """A person whose main post goes to another office, and what is open there."""

    person_id: UUID | None
    staff_number: str
    name: str
    leaves: str
    joins: str
    on: dt.date
    open_work: tuple[SubjectRef, ...] = ()


@dataclass
class PersonnelPlan:
    """Everything that a file changes. Empty lists: nothing is left to do."""

    problems: list[CellProblem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    movers: list[Mover] = field(default_factory=list)
    new_people: dict[str, tuple[str, str]] = field(default_factory=dict)
    renamed: dict[str, tuple[str, str]] = field(default_factory=dict)
    new_posts: set[tuple[UUID, str]] = field(default_factory=set)
    new_held: list[Held] = field(default_factory=list)
    changed_held: dict[UUID, Held] = field(default_factory=dict)
    unchanged: int = 0
    unread_columns: tuple[str, ...] = ()
    known_people: list[UUID] = field(default_factory=list)
    """Those of the file who are entered already: whose data a preview shows."""

    @property
    def digest(self) -> str:
        """Equal for equal changes: a confirmation carries it, so that what was shown is what is done."""
        said = [[c.line, c.staff_number, c.name, c.what] for c in self.changes]
        return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()

    def summary(self) -> dict[str, JsonValue]:
        """Counts for the trail."""
        return {
            "new_people": len(self.new_people),
            "renamed": len(self.renamed),
            "new_posts": len(self.new_posts),
            "new_assignments": len(self.new_held),
            "changed_assignments": len(self.changed_held),
            "unchanged": self.unchanged,
        }


def load_standing(ctx: Context, file: PersonnelFile) -> Standing:
    """What stands for the people of a file; four queries, however many rows."""
    here = ctx.municipality.id
    numbers = sorted({row.staff_number for row in file.rows})
    people: dict[str, Person] = {}
    held: dict[str, list[Held]] = defaultdict(list)
    for chunk in (numbers[i : i + 500] for i in range(0, len(numbers), 500)):
        for person in Person.unscoped.filter(municipality_id=here, staff_number__in=chunk):
            people[person.staff_number] = person
        for a in Assignment.unscoped.filter(
            municipality_id=here, person__staff_number__in=chunk
        ).select_related("person", "post"):
            number = a.person.staff_number
            held[number].append(
                Held(a.pk, number, a.post.office_id, a.post.title, a.kind, a.valid_from, a.valid_to)
            )
    posts = {(p.office_id, p.title): p for p in Post.unscoped.filter(municipality_id=here)}
    names = list(OfficeName.unscoped.filter(municipality_id=here).order_by("code", "valid_from"))
    return Standing(people, posts, held, names)


def plan_changes(file: PersonnelFile, standing: Standing) -> PersonnelPlan:
    """What the rows change, in the order of their dates.

    A row is the same 発令 as a standing one when person, post and date agree; an empty 終了日 never removes a standing end.
    A new 本務 ends the person's former one the evening before, and so does a new 発令 to a post that the person holds.
    """
    plan = PersonnelPlan(unread_columns=file.unread_columns, problems=list(file.problems))
    plan.known_people = [person.pk for person in standing.people.values()]
    by_person: dict[str, list[PersonnelRow]] = defaultdict(list)
    for row in file.rows:
        by_person[row.staff_number].append(row)
    for number, rows in by_person.items():
        _Person(plan, standing, number).apply(sorted(rows, key=lambda r: (r.valid_from, r.line)))
    plan.changes.sort(key=lambda change: (change.line == 0, change.line, change.staff_number))
    plan.problems.sort(key=lambda problem: problem.line)
    return plan


def _succeeds(later: Held, former: Held) -> bool:
    """Whether a person cannot hold both at once: the same post twice, or two main posts."""
    same_post = (later.office_id, later.title) == (former.office_id, former.title)
    return same_post or later.kind == former.kind == "main"


class _Person:
    """Applies the rows of one person to what stands for them."""

    def __init__(self, plan: PersonnelPlan, standing: Standing, number: str) -> None:
        self.plan = plan
        self.standing = standing
        self.number = number
        self.held = list(standing.held.get(number, ()))
        self.before = list(self.held)
        self.stated: set[tuple[UUID, str, dt.date]] = set()  # whose end this file states

    def apply(self, rows: Sequence[PersonnelRow]) -> None:
        self._person(rows)
        for row in rows:
            office = self.standing.office_on(row.office_code, row.valid_from)
            if office is None:
                self.plan.problems.append(
                    CellProblem(
                        "office",
                        row.line,
                        "所属コード",
                        row.office_code,
                        _("%sに存在する所属のコード") % format_date(row.valid_from),
                    )
                )
                continue
            self._row(row, office)
        self._settle()
        self._mover(rows[0].name)

    def _say(self, line: int, name: str, what: str) -> None:
        self.plan.changes.append(Change(line, self.number, name, what))

    def _person(self, rows: Sequence[PersonnelRow]) -> None:
        name = rows[0].name
        kana = next((row.kana for row in rows if row.kana), "")
        person = self.standing.people.get(self.number)
        if person is None:
            self.plan.new_people[self.number] = (name, kana)
            self._say(rows[0].line, name, _("職員を登録"))
            return
        kana = kana or person.kana
        if (name, kana) != (person.name, person.kana):
            self.plan.renamed[self.number] = (name, kana)
            if name != person.name:
                self._say(rows[0].line, name, _("氏名を「%s」から変更") % person.name)
            else:
                self._say(
                    rows[0].line,
                    name,
                    _("カナを「%(old)s」から「%(new)s」に変更") % {"old": person.kana, "new": kana},
                )

    def _row(self, row: PersonnelRow, office: OfficeName) -> None:
        wanted = Held(None, self.number, office.office_id, row.title, row.kind, row.valid_from, row.valid_to)
        standing = next((held for held in self.held if held.key == wanted.key), None)
        if standing is not None:
            wanted = replace(standing, kind=row.kind, valid_to=row.valid_to or standing.valid_to)
        if row.valid_to:
            self.stated.add(wanted.key)
        if wanted == standing:
            self.plan.unchanged += 1
            return
        others = [held for held in self.held if held is not standing]
        problem = self._conflict(row, wanted, others)
        if problem is not None:
            self.plan.problems.append(problem)
            return
        following = self._following(wanted, others)
        if following and not wanted.valid_to:
            wanted = replace(wanted, valid_to=following.valid_from - ONE_DAY)
        self.held = [*self._end_former(wanted, others, row.name), wanted]
        self._tell(row, office, wanted, new=standing is None)

    def _tell(self, row: PersonnelRow, office: OfficeName, wanted: Held, *, new: bool) -> None:
        place = f"{office.name} {row.title}（{_KINDS[row.kind]}）"
        start = format_date(wanted.valid_from)
        period = f"{start}〜{format_date(wanted.valid_to) if wanted.valid_to else ''}"
        if new:
            if (office.office_id, row.title) not in self.standing.posts:
                self.plan.new_posts.add((office.office_id, row.title))
            self._say(
                row.line, row.name, _("%(place)sを発令（%(period)s）") % {"place": place, "period": period}
            )
        else:
            self._say(
                row.line, row.name, _("%(place)sを変更（%(period)s）") % {"place": place, "period": period}
            )

    def _conflict(self, row: PersonnelRow, wanted: Held, others: Sequence[Held]) -> CellProblem | None:
        """Why the row cannot stand beside the others, if it cannot."""
        for other in others:
            if other.valid_from == wanted.valid_from and other.kind == wanted.kind == "main":
                return CellProblem(
                    "two_mains",
                    row.line,
                    "発令日",
                    format_date(row.valid_from),
                    _("登録済みの本務と違う日（登録の誤りは、その発令を訂正してから）"),
                )
            running = (
                other.valid_from < wanted.valid_from
                and other.valid_to
                and other.valid_to >= wanted.valid_from
            )
            if running and other.key in self.stated and _succeeds(wanted, other):
                return CellProblem(
                    "overlap",
                    row.line,
                    "発令日",
                    format_date(row.valid_from),
                    _("このファイルで前の発令が終わる日（%s）より後の日")
                    % format_date(other.valid_to or row.valid_from),
                )
        following = self._following(wanted, others)
        if following and wanted.valid_to and wanted.valid_to >= following.valid_from:
            return CellProblem(
                "overlap",
                row.line,
                "終了日",
                format_date(wanted.valid_to),
                _("次の発令（%s）より前の日") % format_date(following.valid_from),
            )
        return None

    def _following(self, wanted: Held, others: Sequence[Held]) -> Held | None:
        later = [h for h in others if h.valid_from > wanted.valid_from and _succeeds(h, wanted)]
        return min(later, key=lambda h: h.valid_from, default=None)

    def _end_former(self, wanted: Held, others: Sequence[Held], name: str) -> list[Held]:
        """The others, with what the wanted one succeeds ended the evening before it."""
        kept: list[Held] = []
        end = wanted.valid_from - ONE_DAY
        for held in others:
            runs = held.valid_from < wanted.valid_from and (held.valid_to is None or held.valid_to > end)
            if not (runs and _succeeds(wanted, held)):
                kept.append(held)
                continue
            kept.append(replace(held, valid_to=end))
            if held.id is not None:
                place = f"{self._office(held.office_id, end)} {held.title}（{_KINDS[held.kind]}）"
                self._say(0, name, _("%(place)sを%(end)sで終了") % {"place": place, "end": format_date(end)})
        return kept

    def _settle(self) -> None:
        stood = {held.id: held for held in self.before}
        for held in self.held:
            if held.id is None:
                self.plan.new_held.append(held)
            elif held != stood[held.id]:
                self.plan.changed_held[held.id] = held

    def _mover(self, name: str) -> None:
        """The last new main post of the file in another office than the one before it."""
        mains = sorted((h for h in self.held if h.kind == "main"), key=lambda h: h.valid_from)
        for former, later in reversed(list(itertools.pairwise(mains))):
            if later.id is None and later.office_id != former.office_id:
                person = self.standing.people.get(self.number)
                self.plan.movers.append(
                    Mover(
                        person.pk if person else None,
                        self.number,
                        name,
                        self._office(former.office_id, later.valid_from - ONE_DAY),
                        self._office(later.office_id, later.valid_from),
                        later.valid_from,
                    )
                )
                return

    def _office(self, office_id: UUID, day: dt.date) -> str:
        names = [n for n in self.standing.names if n.office_id == office_id]
        fitting = [n for n in names if n.valid_from <= day] or names
        return max(fitting, key=lambda n: n.valid_from).name if fitting else ""


def preview(ctx: Context, content: bytes) -> tuple[str, PersonnelPlan]:
    """The decoded text of a file and what it would change, with each mover's open work; changes nothing.

    Raises :class:`Problem` for a file that cannot be read at all; problems of cells stand in the plan.
    """
    text = decode(content)
    file = read_rows(text)
    plan = plan_changes(file, load_standing(ctx, file))
    plan.movers = [
        replace(m, open_work=tuple(open_work(ctx, m.person_id)) if m.person_id else ()) for m in plan.movers
    ]
    return text, plan
