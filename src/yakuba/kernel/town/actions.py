"""What changes the town: municipalities, offices, people, posts, assignments. The only writers of its tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Actor, Context, MunicipalityRef, Problem, Problems, Stale, action
from yakuba.kernel.dates import clock, format_date
from yakuba.kernel.fields import INTERNAL, PERSONAL, PUBLIC
from yakuba.kernel.ids import is_municipality_code, uuid7
from yakuba.kernel.town import access
from yakuba.kernel.town.models import (
    ASSIGNMENT_KINDS,
    AUTHORITIES,
    SUCCESSIONS,
    Assignment,
    Municipality,
    Office,
    OfficeName,
    OfficeSuccession,
    Person,
    Post,
)
from yakuba.kernel.town.personnel import PersonnelPlan, load_standing, plan_changes, read_rows
from yakuba.kernel.town.queries import demand_office, find_municipality, office_by_code, valid_on
from yakuba.kernel.town.vocabulary import prefecture_of, shipped

V = TypeVar("V")
ONE_DAY = dt.timedelta(days=1)


# --- municipalities -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FoundMunicipality:
    """A municipality that this installation takes in. What is left empty comes from the shipped table."""

    code: Annotated[str, fields.text(label="全国地方公共団体コード", classification=PUBLIC, max_length=6)]
    name: Annotated[str, fields.text(label="名称", classification=PUBLIC, required=False)] = ""
    kana: Annotated[str, fields.kana(label="カナ", classification=PUBLIC, required=False)] = ""
    prefecture: Annotated[
        str, fields.text(label="都道府県", classification=PUBLIC, max_length=10, required=False)
    ] = ""
    accent: Annotated[
        str, fields.text(label="差し色", classification=PUBLIC, max_length=20, required=False)
    ] = ""


@action(
    "town.found_municipality", label="自治体の登録", may=access.FOUND_MUNICIPALITY, data=FoundMunicipality
)
def found_municipality(ctx: Context, _new: None, data: FoundMunicipality) -> Municipality:
    """Take a municipality in: a listed one, or any whose code has a right check digit (unnamed, its code is its name).

    Its id is that of the context, see :func:`ensure_municipality`.
    """
    if not is_municipality_code(data.code) or data.code != ctx.municipality.code:
        raise _wrong_code(data.code)
    there = Municipality.unscoped.filter(pk=ctx.municipality.id).first()
    if there is not None:
        return there
    listed = shipped().get(data.code)
    return Municipality.unscoped.create(
        id=ctx.municipality.id,
        code=data.code,
        name=data.name or (listed.name if listed else data.code),
        kana=data.kana or (listed.kana if listed and not data.name else ""),
        prefecture=data.prefecture or prefecture_of(data.code),
        accent=data.accent,
    )


def ensure_municipality(
    actor: Actor, code: str, *, name: str = "", kana: str = "", accent: str = ""
) -> MunicipalityRef:
    """The municipality with this code, taken in on first use; name, kana and accent count only then.

    Raises :class:`Problem` for a code that cannot be one, and :class:`Denied` when it is not there and the actor may not
    found it.
    """
    there = find_municipality(code)
    if there is not None:
        return there
    if not is_municipality_code(code):
        raise _wrong_code(code)
    data = FoundMunicipality(code, name.strip(), kana.strip(), "", accent)
    nascent = MunicipalityRef(uuid7(), code, data.name or code, accent)
    try:
        found_municipality(Context(actor, nascent, clock.now(), request_id=str(uuid7())), None, data)
    except IntegrityError:  # founded by another process in the meantime
        if find_municipality(code) is None:
            raise
    there = find_municipality(code)
    assert there is not None  # noqa: S101 – made above
    return there


def _wrong_code(code: str) -> Problem:
    return Problem(
        "municipality_code",
        _("「%s」は全国地方公共団体コード（検査数字を含む6桁）ではありません。") % code,
        field="code",
        found=code,
        expected=_("検査数字の合う6桁の数字"),
    )


@dataclass(frozen=True)
class DescribeMunicipality:
    """How a municipality is called and coloured."""

    name: Annotated[str, fields.text(label="名称", classification=PUBLIC)]
    kana: Annotated[str, fields.kana(label="カナ", classification=PUBLIC, required=False)] = ""
    accent: Annotated[
        str, fields.text(label="差し色", classification=PUBLIC, max_length=20, required=False)
    ] = ""


@action(
    "town.describe_municipality",
    label="自治体の表示の変更",
    may=access.DESCRIBE_MUNICIPALITY,
    data=DescribeMunicipality,
)
def describe_municipality(
    _ctx: Context, municipality: Municipality, data: DescribeMunicipality
) -> Municipality:
    """Change name, reading or accent colour."""
    municipality.name, municipality.kana, municipality.accent = data.name, data.kana, data.accent
    municipality.save(update_fields=["name", "kana", "accent"])
    return municipality


# --- offices --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class OpenOffice:
    """A new office from a day on."""

    authority: Annotated[str, fields.choice(AUTHORITIES, label="機関", classification=PUBLIC)]
    name: Annotated[str, fields.text(label="名称", classification=PUBLIC)]
    code: Annotated[str, fields.text(label="所属コード", classification=PUBLIC, max_length=20)]
    valid_from: Annotated[dt.date, fields.date(label="開始日", classification=PUBLIC)]
    department: Annotated[str, fields.text(label="部", classification=PUBLIC, required=False)] = ""


@action("town.open_office", label="所属の新設", may=access.KEEP_OFFICES, data=OpenOffice)
def open_office(ctx: Context, _new: None, data: OpenOffice) -> Office:
    """Open an office under a code that no other office bears from that day on."""
    _code_is_free(ctx, data.code, data.valid_from, None)
    office = Office.unscoped.create(municipality_id=ctx.municipality.id, authority=data.authority)
    OfficeName.unscoped.create(
        municipality_id=ctx.municipality.id,
        office=office,
        name=data.name,
        department=data.department,
        code=data.code,
        valid_from=data.valid_from,
    )
    return office


@dataclass(frozen=True)
class RenameOffice:
    """A new name, department or code of the same office from a day on."""

    name: Annotated[str, fields.text(label="名称", classification=PUBLIC)]
    code: Annotated[str, fields.text(label="所属コード", classification=PUBLIC, max_length=20)]
    valid_from: Annotated[dt.date, fields.date(label="開始日", classification=PUBLIC)]
    department: Annotated[str, fields.text(label="部", classification=PUBLIC, required=False)] = ""


@action("town.rename_office", label="所属の名称の変更", may=access.KEEP_OFFICES, data=RenameOffice)
def rename_office(ctx: Context, office: Office, data: RenameOffice) -> Office:
    """Give an office a new dated name; the former one ends the day before."""
    _end_names(office, data.valid_from)
    _code_is_free(ctx, data.code, data.valid_from, office)
    OfficeName.unscoped.create(
        municipality_id=office.municipality_id,
        office=office,
        name=data.name,
        department=data.department,
        code=data.code,
        valid_from=data.valid_from,
    )
    ctx.note(name=data.name, code=data.code, valid_from=data.valid_from.isoformat())
    return office


@dataclass(frozen=True)
class SucceedOffice:
    """What becomes of an office on a day. ``successor`` is the code that the following office bears on that day."""

    kind: Annotated[str, fields.choice(SUCCESSIONS, label="種類", classification=PUBLIC)]
    on: Annotated[dt.date, fields.date(label="日付", classification=PUBLIC)]
    successor: Annotated[
        str, fields.text(label="後の所属のコード", classification=PUBLIC, max_length=20, required=False)
    ] = ""


@action("town.succeed_office", label="所属の承継", may=access.KEEP_OFFICES, data=SucceedOffice)
def succeed_office(ctx: Context, office: Office, data: SucceedOffice) -> Office:
    """Merge, split, spin off or abolish. Except for 独立, the office's name ends the day before.

    A split into several offices is one call for each.
    """
    successor = None
    if data.kind == "abolished":
        if data.successor:
            raise Problem(
                "successor", _("廃止に後の所属はありません。統合か分割を選んでください。"), field="successor"
            )
    else:
        successor = office_by_code(ctx.municipality.id, data.successor, data.on)
        if successor is None or successor.pk == office.pk:
            raise Problem(
                "successor",
                _("%(day)sに所属コード「%(code)s」の別の所属はありません。")
                % {"day": format_date(data.on), "code": data.successor},
                field="successor",
                found=data.successor,
            )
    if OfficeSuccession.unscoped.filter(predecessor=office, successor=successor, on=data.on).exists():
        raise Problem("succession_exists", _("同じ承継が登録されています。"), field="successor")
    if data.kind != "spun_off" and OfficeName.unscoped.filter(valid_on(data.on), office=office).exists():
        _end_names(office, data.on)
    OfficeSuccession.unscoped.create(
        municipality_id=office.municipality_id,
        predecessor=office,
        successor=successor,
        kind=data.kind,
        on=data.on,
    )
    ctx.note(kind=data.kind, on=data.on.isoformat(), successor=str(successor.pk) if successor else None)
    return office


def _end_names(office: Office, day: dt.date) -> None:
    """End the office's name the evening before ``day``. Raises when it does not stand by then or changes again later."""
    newest = OfficeName.unscoped.filter(office=office).order_by("-valid_from").first()
    if newest is None or newest.valid_from >= day or (newest.valid_to and newest.valid_to < day - ONE_DAY):
        since = format_date(newest.valid_from) if newest else "―"
        raise Problem(
            "office_dates",
            _("今の名称は%sからです。それより後で、廃止より前の日にしてください。") % since,
            field="valid_from",
            found=format_date(day),
        )
    newest.valid_to = day - ONE_DAY
    newest.version += 1
    newest.save(update_fields=["valid_to", "version"])


def _code_is_free(ctx: Context, code: str, day: dt.date, office: Office | None) -> None:
    names = OfficeName.unscoped.filter(municipality_id=ctx.municipality.id, code=code).exclude(office=office)
    for name in names:
        if name.valid_to is None or name.valid_to >= day:
            raise Problem(
                "office_code",
                _("所属コード「%(code)s」は「%(name)s」が使っています。") % {"code": code, "name": name.name},
                field="code",
                found=code,
            )


# --- people and posts -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class EnterPerson:
    """A person who works here."""

    staff_number: Annotated[str, fields.text(label="職員番号", classification=PERSONAL, max_length=20)]
    name: Annotated[str, fields.text(label="氏名", classification=PERSONAL)]
    kana: Annotated[str, fields.kana(label="カナ", classification=PERSONAL, required=False)] = ""


@action("town.enter_person", label="職員の登録", may=access.KEEP_PEOPLE, data=EnterPerson)
def enter_person(ctx: Context, _new: None, data: EnterPerson) -> Person:
    """Enter a person under a staff number that nobody else bears."""
    here = ctx.municipality.id
    if Person.unscoped.filter(municipality_id=here, staff_number=data.staff_number).exists():
        raise Problem(
            "staff_number",
            _("職員番号「%s」は登録されています。") % data.staff_number,
            field="staff_number",
            found=data.staff_number,
        )
    return Person.unscoped.create(
        municipality_id=here, staff_number=data.staff_number, name=data.name, kana=data.kana
    )


@dataclass(frozen=True)
class CorrectPerson:
    """A person's name as it should read."""

    name: Annotated[str, fields.text(label="氏名", classification=PERSONAL)]
    kana: Annotated[str, fields.kana(label="カナ", classification=PERSONAL, required=False)] = ""


@action("town.correct_person", label="氏名の訂正", may=access.KEEP_PEOPLE, data=CorrectPerson)
def correct_person(_ctx: Context, person: Person, data: CorrectPerson) -> Person:
    """Change a person's name or reading."""
    person.name, person.kana = data.name, data.kana
    person.save(update_fields=["name", "kana"])
    return person


@dataclass(frozen=True)
class OpenPost:
    """A post of an office."""

    title: Annotated[str, fields.text(label="職", classification=INTERNAL, max_length=60)]


@action("town.open_post", label="職の新設", may=access.KEEP_POSTS, data=OpenPost)
def open_post(ctx: Context, office: Office, data: OpenPost) -> Post:
    """A post of an office: the standing one when there is one with that title."""
    post, made = Post.unscoped.get_or_create(
        municipality_id=office.municipality_id, office=office, title=data.title
    )
    ctx.note(post=str(post.pk), title=post.title, made=made)
    return post


@dataclass(frozen=True)
class Assign:
    """A person's post from a day on, in the words of the personnel CSV."""

    office_code: Annotated[str, fields.text(label="所属コード", classification=INTERNAL, max_length=20)]
    title: Annotated[str, fields.text(label="職", classification=INTERNAL, max_length=60)]
    kind: Annotated[str, fields.choice(ASSIGNMENT_KINDS, label="区分", classification=INTERNAL)]
    valid_from: Annotated[dt.date, fields.date(label="発令日", classification=INTERNAL)]
    valid_to: Annotated[
        dt.date | None, fields.date(label="終了日", classification=INTERNAL, required=False)
    ] = None


@action("town.assign", label="発令", may=access.KEEP_PEOPLE, data=Assign)
def assign(ctx: Context, person: Person, data: Assign) -> Assignment:
    """Give a person a post; a new 本務 ends the former one the evening before (rules of the personnel CSV)."""
    header = "職員番号,氏名,所属コード,職,区分,発令日,終了日"
    file = read_rows(
        f"{header}\n"
        + ",".join(
            f'"{cell.replace(chr(34), chr(34) * 2)}"'
            for cell in (
                person.staff_number,
                person.name,
                data.office_code,
                data.title,
                data.kind,
                data.valid_from.isoformat(),
                data.valid_to.isoformat() if data.valid_to else "",
            )
        )
    )
    plan = plan_changes(file, load_standing(ctx, file))
    if plan.problems:
        raise Problems(plan.problems)
    _carry_out(ctx, plan)
    office = office_by_code(ctx.municipality.id, data.office_code, data.valid_from)
    return Assignment.unscoped.get(
        person=person, post__office=office, post__title=data.title, valid_from=data.valid_from
    )


@dataclass(frozen=True)
class CorrectAssignment(Assign):
    """An assignment as it should read."""


@action("town.correct_assignment", label="発令の訂正", may=access.KEEP_ASSIGNMENTS, data=CorrectAssignment)
def correct_assignment(ctx: Context, assignment: Assignment, data: CorrectAssignment) -> Assignment:
    """Correct a wrong assignment. Nothing else changes: what it had ended stays ended."""
    office = demand_office(ctx.municipality.id, data.office_code, data.valid_from)
    if data.valid_to and data.valid_to < data.valid_from:
        raise Problem("order", _("終了日は発令日以後の日にしてください。"), field="valid_to")
    post, _made = Post.unscoped.get_or_create(
        municipality_id=assignment.municipality_id, office=office, title=data.title
    )
    beside = Assignment.unscoped.filter(person_id=assignment.person_id).exclude(pk=assignment.pk)
    if beside.filter(post=post, valid_from=data.valid_from).exists():
        raise Problem("duplicate", _("同じ発令が登録されています。"), field="valid_from")
    assignment.post = post
    assignment.kind = data.kind
    assignment.valid_from = data.valid_from
    assignment.valid_to = data.valid_to
    assignment.save(update_fields=["post", "kind", "valid_from", "valid_to"])
    return assignment


# --- the personnel CSV ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ImportPersonnel:
    """A personnel CSV as decoded text. ``expected`` is the digest of the changes that the person has seen and confirmed."""

    content: Annotated[str, fields.document(label="発令CSV", classification=PERSONAL)]
    file_name: Annotated[str, fields.text(label="ファイル名", classification=INTERNAL, required=False)] = ""
    expected: Annotated[
        str, fields.text(label="確認した内容", classification=INTERNAL, max_length=64, required=False)
    ] = ""


@action("town.import_personnel", label="発令の取り込み", may=access.IMPORT_PERSONNEL, data=ImportPersonnel)
def import_personnel(ctx: Context, _municipality: Municipality, data: ImportPersonnel) -> None:
    """Carry out a personnel CSV, all of it or nothing; rows that change nothing are left alone.

    Raises :class:`Problems` with every cell that cannot be used, and :class:`Stale` when the changes are no longer those
    that were confirmed.
    """
    file = read_rows(data.content)
    plan = plan_changes(file, load_standing(ctx, file))
    if plan.problems:
        raise Problems(plan.problems)
    if data.expected and data.expected != plan.digest:
        raise Stale(0, 0)
    changed = _carry_out(ctx, plan)
    ctx.note(
        **plan.summary(),
        file_name=data.file_name,
        rows=[{"line": c.line, "staff_number": c.staff_number, "what": c.what} for c in plan.changes],
        assignments=changed,
    )


def _carry_out(ctx: Context, plan: PersonnelPlan) -> list[str]:
    """Write a plan by set-based statements; the ids of the assignments that were made or changed."""
    here = ctx.municipality.id
    Person.unscoped.bulk_create(
        [
            Person(municipality_id=here, staff_number=number, name=name, kana=kana)
            for number, (name, kana) in plan.new_people.items()
        ],
        batch_size=500,
    )
    numbers = {*plan.renamed, *(held.staff_number for held in plan.new_held)}
    people = _people(here, numbers)
    renamed = [people[number] for number in plan.renamed]
    for person in renamed:
        person.name, person.kana = plan.renamed[person.staff_number]
        person.version += 1
    Person.unscoped.bulk_update(renamed, ["name", "kana", "version"], batch_size=300)
    Post.unscoped.bulk_create(
        [
            Post(municipality_id=here, office_id=office, title=title)
            for office, title in sorted(plan.new_posts)
        ],
        batch_size=500,
    )
    posts = {(p.office_id, p.title): p.pk for p in Post.unscoped.filter(municipality_id=here)}
    made = Assignment.unscoped.bulk_create(
        [
            Assignment(
                municipality_id=here,
                person=people[held.staff_number],
                post_id=posts[held.office_id, held.title],
                kind=held.kind,
                valid_from=held.valid_from,
                valid_to=held.valid_to,
            )
            for held in plan.new_held
        ],
        batch_size=300,
    )
    changed = [
        assignment
        for ids in _chunks(sorted(plan.changed_held))
        for assignment in Assignment.unscoped.select_for_update().filter(pk__in=ids)
    ]
    for assignment in changed:
        wanted = plan.changed_held[assignment.pk]
        assignment.kind, assignment.valid_to = wanted.kind, wanted.valid_to
        assignment.version += 1
    Assignment.unscoped.bulk_update(changed, ["kind", "valid_to", "version"], batch_size=300)
    return [str(assignment.pk) for assignment in (*made, *changed)]


def _people(municipality_id: UUID, numbers: Iterable[str]) -> dict[str, Person]:
    return {
        person.staff_number: person
        for chunk in _chunks(sorted(numbers))
        for person in Person.unscoped.filter(municipality_id=municipality_id, staff_number__in=chunk)
    }


def _chunks(values: Sequence[V], size: int = 500) -> Iterator[Sequence[V]]:
    """SQLite takes a limited number of parameters in one statement."""
    return (values[i : i + size] for i in range(0, len(values), size))
