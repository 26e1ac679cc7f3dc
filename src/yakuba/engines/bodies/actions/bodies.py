"""Bodies and their seats: established, changed; seats given, changed, and taken back while nothing rests on them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from yakuba.engines.bodies import access
from yakuba.engines.bodies.models import Answer, Attendance, Body, Meeting, Seat
from yakuba.engines.bodies.queries import sitting
from yakuba.engines.bodies.rules import KINDS, QUORUMS, ROLES
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing, Problem, action
from yakuba.kernel.dates import format_date
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.town.models import Person, Post

_DEEPEST: Final = 10


@dataclass(frozen=True)
class BodyFacts:
    """What a body is. ``parent`` and ``office`` are ids; without a parent it reports to the mayor."""

    name: Annotated[str, fields.text(label="名称", classification=INTERNAL, max_length=100)]
    kind: Annotated[str, fields.choice(KINDS, label="種類", classification=INTERNAL)]
    office: Annotated[str, fields.text(label="庶務", classification=INTERNAL, max_length=36)]
    valid_from: Annotated[dt.date, fields.date(label="設置日", classification=INTERNAL)]
    quorum: Annotated[str, fields.choice(QUORUMS, label="定足数", classification=INTERNAL)] = "majority"
    proxies_count: Annotated[
        bool, fields.yes_no(label="代理出席を定足数に数える", classification=INTERNAL)
    ] = False
    ground: Annotated[
        str,
        fields.text(
            label="設置の根拠",
            classification=INTERNAL,
            max_length=300,
            required=False,
            help="規程・要綱の名前と条",
        ),
    ] = ""
    purpose: Annotated[str, fields.prose(label="所掌すること", classification=INTERNAL)] = ""
    parent: Annotated[
        str, fields.text(label="上位の会議体", classification=INTERNAL, max_length=36, required=False)
    ] = ""
    valid_to: Annotated[
        dt.date | None, fields.date(label="廃止日", classification=INTERNAL, required=False)
    ] = None


@dataclass(frozen=True)
class SeatFacts:
    """A seat: of a post, a member of staff (ids) or somebody from outside; exactly one of the three."""

    role: Annotated[str, fields.choice(ROLES, label="役", classification=INTERNAL)]
    valid_from: Annotated[dt.date, fields.date(label="就任日", classification=INTERNAL)]
    order: Annotated[int, fields.integer(label="順", classification=INTERNAL, minimum=1, maximum=999)] = 1
    post: Annotated[str, fields.text(label="職", classification=INTERNAL, max_length=36, required=False)] = ""
    person: Annotated[
        str, fields.text(label="職員", classification=INTERNAL, max_length=36, required=False)
    ] = ""
    outsider: Annotated[
        str,
        fields.text(label="庁外の人の氏名", classification=PERSONAL, max_length=100, required=False),
    ] = ""
    affiliation: Annotated[
        str, fields.text(label="所属・肩書", classification=INTERNAL, required=False, help="庁外の人のとき")
    ] = ""
    valid_to: Annotated[
        dt.date | None, fields.date(label="任期の終わり", classification=INTERNAL, required=False)
    ] = None


@dataclass(frozen=True)
class Which:
    """One part of the subject, by its id."""

    part: Annotated[str, fields.text(label="対象", classification=INTERNAL, max_length=36)]

    def key(self) -> UUID:
        """The id. Raises :class:`Missing`."""
        try:
            return UUID(self.part)
        except ValueError:
            raise Missing from None


def uuid_of(text: str, field: str, message: str) -> UUID:
    """The id that a form chose. Raises :class:`Problem` on the field."""
    try:
        return UUID(text)
    except ValueError:
        raise Problem("unknown", message, field=field, found=text[:40]) from None


# --- bodies ---------------------------------------------------------------------------------------------------------


@action("bodies.establish", label="会議体を設ける", may=access.ESTABLISH, data=BodyFacts)
def establish(ctx: Context, _none: None, data: BodyFacts) -> Body:
    """A new body. Raises :class:`Problem`."""
    body = Body(municipality_id=ctx.municipality.id)
    _tell(ctx, body, data)
    body.save(force_insert=True)
    return body


@action("bodies.change", label="会議体を変える", may=access.CHANGE, data=BodyFacts)
def change_body(ctx: Context, body: Body, data: BodyFacts) -> Body:
    """Change what a body is. Its meetings stay as they were. Raises :class:`Problem`."""
    _tell(ctx, body, data)
    body.save()
    return body


def _tell(ctx: Context, body: Body, data: BodyFacts) -> None:
    _demand_days(data.valid_from, data.valid_to, _("廃止日が設置日より前です。"))
    here = Body.unscoped.filter(municipality=ctx.municipality.id)
    if here.filter(name=data.name, valid_from=data.valid_from).exclude(pk=body.pk).exists():
        raise Problem("twice", _("同じ名称と設置日の会議体がもうあります。"), field="name", found=data.name)
    office = sitting.office(ctx, uuid_of(data.office, "office", _("庶務の課を選んでください。")))
    if office is None:
        raise Problem("office", _("庶務の課が見つかりません。選び直してください。"), field="office")
    body.parent = _parent(ctx, body, data.parent)
    body.office = office
    for key in ("name", "kind", "ground", "purpose", "quorum", "proxies_count", "valid_from", "valid_to"):
        setattr(body, key, getattr(data, key))


def _parent(ctx: Context, body: Body, text: str) -> Body | None:
    """The body above. Raises :class:`Problem` for none, and for one that stands below."""
    if not text:
        return None
    wanted = uuid_of(text, "parent", _("上位の会議体を選んでください。"))
    found = Body.unscoped.filter(municipality=ctx.municipality.id, pk=wanted).first()
    if found is None:
        raise Problem(
            "parent", _("上位の会議体が見つかりません。選び直してください。"), field="parent", found=text
        )
    above: Body | None = found
    for _step in range(_DEEPEST):
        if above is None:
            return found
        if above.pk == body.pk:
            break
        above = above.parent
    raise Problem(
        "circle",
        _("「%(name)s」は、この会議体の下にあります。上位には選べません。") % {"name": found.name},
        field="parent",
        found=found.name,
    )


def _demand_days(first: dt.date, last: dt.date | None, message: str) -> None:
    if last is not None and last < first:
        raise Problem("days", message, field="valid_to", found=format_date(last))


# --- seats ----------------------------------------------------------------------------------------------------------


def _body_of(seat: Seat) -> Body:
    return seat.body


@action("bodies.add_seat", label="席を加える", may=access.KEEP_SEATS, data=SeatFacts)
def add_seat(ctx: Context, body: Body, data: SeatFacts) -> Seat:
    """Give a seat to a post or a person. Raises :class:`Problem`."""
    seat = Seat(municipality_id=ctx.municipality.id, body=body)
    _fill(ctx, seat, data)
    seat.save(force_insert=True)
    return seat


@action("bodies.change_seat", label="席を変える", may=access.CHANGE_SEAT, data=SeatFacts, parent=_body_of)
def change_seat(ctx: Context, seat: Seat, data: SeatFacts) -> Seat:
    """Change a seat; once somebody sat in it, only its order and its last day. Raises :class:`Problem`."""
    before = (seat.role, seat.post_id, seat.person_id, seat.outsider, seat.valid_from)
    used = _used(seat)
    _fill(ctx, seat, data)
    if used and before != (seat.role, seat.post_id, seat.person_id, seat.outsider, seat.valid_from):
        raise Problem(
            "used",
            _(
                "この席には出欠や回答の記録があります。変えられるのは、順・所属・任期の終わりだけです。任期を終わらせて、新しい席を加えてください。"
            ),
            field="valid_to",
        )
    seat.save()
    return seat


@action("bodies.remove_seat", label="まちがえた席を消す", may=access.KEEP_SEATS, data=Which)
def remove_seat(ctx: Context, body: Body, data: Which) -> Body:
    """Take back a seat that was given by mistake. Raises :class:`Problem` once somebody sat in it."""
    seat = Seat.unscoped.select_for_update().filter(body=body, pk=data.key()).first()
    if seat is None:
        raise Missing
    if _used(seat):
        raise Problem(
            "used", _("この席には出欠や回答の記録があるため、消せません。任期の終わりを入れてください。")
        )
    ctx.note(
        removed={"role": seat.role, "post": str(seat.post_id or ""), "from": seat.valid_from.isoformat()}
    )
    seat.delete()
    return body


def _used(seat: Seat) -> bool:
    here = Seat.unscoped.filter(pk=seat.pk).filter(
        Exists(Attendance.unscoped.filter(seat=OuterRef("pk")))
        | Exists(Answer.unscoped.filter(seat=OuterRef("pk")))
        | Exists(Meeting.unscoped.filter(seat=OuterRef("pk")))
    )
    return here.exists()


def _fill(ctx: Context, seat: Seat, data: SeatFacts) -> None:
    _demand_days(data.valid_from, data.valid_to, _("任期の終わりが就任日より前です。"))
    given = [key for key in ("post", "person", "outsider") if getattr(data, key).strip()]
    if len(given) != 1:
        raise Problem(
            "whose",
            _("職・職員・庁外の人のうち、どれか1つだけを入れてください。"),
            field=given[1] if given else "post",
            found="、".join(getattr(data, key) for key in given),
        )
    seat.post = _post(ctx, data.post) if data.post else None
    seat.person = _person(ctx, data.person) if data.person else None
    seat.outsider = data.outsider.strip()
    for key in ("role", "order", "affiliation", "valid_from", "valid_to"):
        setattr(seat, key, getattr(data, key))
    _demand_alone(ctx, seat)


def _post(ctx: Context, text: str) -> Post:
    key = uuid_of(text, "post", _("職を一覧から選んでください。"))
    found = Post.unscoped.filter(municipality=ctx.municipality.id, pk=key).first()
    if found is None:
        raise Problem("post", _("職が見つかりません。選び直してください。"), field="post")
    return found


def _person(ctx: Context, text: str) -> Person:
    key = uuid_of(text, "person", _("職員を一覧から選んでください。"))
    found = Person.unscoped.filter(municipality=ctx.municipality.id, pk=key).first()
    if found is None:
        raise Problem("person", _("職員が見つかりません。選び直してください。"), field="person")
    return found


def _demand_alone(ctx: Context, seat: Seat) -> None:
    """One chair at a time, and nobody twice. Raises :class:`Problem`."""
    others = [
        one
        for one in Seat.unscoped.filter(municipality=ctx.municipality.id, body=seat.body).exclude(pk=seat.pk)
        if (seat.valid_to is None or one.valid_from <= seat.valid_to)
        and (one.valid_to is None or one.valid_to >= seat.valid_from)
    ]
    if seat.role == "chair" and any(one.role == "chair" for one in others):
        raise Problem(
            "chair",
            _("同じ期間に、別の「長」の席があります。前の長の任期を先に終わらせてください。"),
            field="role",
            found=_("長"),
        )
    same = any(
        (seat.post_id is not None and one.post_id == seat.post_id)
        or (seat.person_id is not None and one.person_id == seat.person_id)
        or (seat.outsider and one.outsider == seat.outsider)
        for one in others
    )
    if same:
        field = "post" if seat.post_id else "person" if seat.person_id else "outsider"
        raise Problem("twice", _("同じ期間に、同じ人か職の席がもうあります。"), field=field)
