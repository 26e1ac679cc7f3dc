"""The agenda: items in the body's own words, matters of other rooms, papers to them, and who is asked to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from yakuba.engines.bodies import access, rules, store
from yakuba.engines.bodies.actions.bodies import Which, uuid_of
from yakuba.engines.bodies.matters import MATTERS
from yakuba.engines.bodies.models import AgendaItem, Answer, Guest, Meeting, Paper
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing, Problem, action
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.files import store as files
from yakuba.kernel.town.models import Post

#: Papers are kept with the plan's records, for good: no class of disposal is set for them yet.
RETENTION: Final = "permanent"
_MOST_ITEMS: Final = 100
_MOST_PAPERS: Final = 30


@dataclass(frozen=True)
class AddItem:
    """An item in the body's own words."""

    title: Annotated[str, fields.text(label="議題", classification=INTERNAL)]
    what: Annotated[str, fields.choice(rules.WHATS, label="区分", classification=INTERNAL)]
    explanation: Annotated[str, fields.prose(label="説明", classification=INTERNAL)] = ""


@dataclass(frozen=True)
class AddMatter:
    """Something of another room that waits for this body: the matter's key and what it is about."""

    matter: Annotated[str, fields.text(label="対象の種類", classification=INTERNAL, max_length=40)]
    subject: Annotated[str, fields.text(label="対象", classification=INTERNAL, max_length=36)]


@dataclass(frozen=True)
class ChangeItem:
    """An item as it is from now on; ``position`` is where it stands, counted from 1."""

    title: Annotated[str, fields.text(label="議題", classification=INTERNAL)]
    what: Annotated[str, fields.choice(rules.WHATS, label="区分", classification=INTERNAL)]
    position: Annotated[int, fields.integer(label="順", classification=INTERNAL, minimum=1, maximum=999)]
    explanation: Annotated[str, fields.prose(label="説明", classification=INTERNAL)] = ""


@dataclass(frozen=True)
class AttachPaper:
    """A PDF that was received and looked through (``kernel.files.uploads``)."""

    title: Annotated[str, fields.text(label="資料の名前", classification=INTERNAL)]
    sha256: Annotated[str, fields.text(label="ファイル", classification=INTERNAL, max_length=64)]
    name: Annotated[str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255)]
    pages: Annotated[int, fields.integer(label="ページ数", classification=INTERNAL, minimum=1, maximum=5000)]


@dataclass(frozen=True)
class Invite:
    """Somebody who is asked to come: a post (id) or somebody from outside."""

    post: Annotated[str, fields.text(label="職", classification=INTERNAL, max_length=36, required=False)] = ""
    name: Annotated[
        str, fields.text(label="庁外の人の氏名", classification=PERSONAL, max_length=100, required=False)
    ] = ""
    affiliation: Annotated[str, fields.text(label="所属・肩書", classification=INTERNAL, required=False)] = ""
    concerning: Annotated[
        str, fields.text(label="出席を求める理由", classification=INTERNAL, max_length=300, required=False)
    ] = ""


def _meeting_of(item: AgendaItem) -> Meeting:
    return item.meeting


@action("bodies.add_item", label="議題を加える", may=access.KEEP_MEETING, data=AddItem)
def add_item(ctx: Context, meeting: Meeting, data: AddItem) -> AgendaItem:
    """Put an item at the end of the agenda. Raises :class:`Problem`."""
    if AgendaItem.unscoped.filter(meeting=meeting).count() >= _MOST_ITEMS:
        raise Problem("many", _("議題は%(most)d件までにしてください。") % {"most": _MOST_ITEMS})
    _demand_unanswered(meeting)
    item = AgendaItem(title=data.title, what=data.what, explanation=data.explanation)
    return store.add_item(ctx, meeting, item)


@action("bodies.add_matter", label="付議する案件を議題に加える", may=access.KEEP_MEETING, data=AddMatter)
def add_matter(ctx: Context, meeting: Meeting, data: AddMatter) -> AgendaItem:
    """Put something of another room on the agenda, as that room proposes it now. Raises :class:`Problem`."""
    if data.matter not in MATTERS:
        raise Missing
    wanted = uuid_of(data.subject, "subject", _("案件を選んでください。"))
    _demand_unanswered(meeting)
    open_now = MATTERS.get(data.matter).open_matters(ctx, meeting.body)
    proposed = next((one for one in open_now if one.kind == data.matter and one.id == wanted), None)
    if proposed is None:
        raise Problem(
            "closed", _("この案件は、今は付議を待っていません。画面を開き直してください。"), field="subject"
        )
    return store.put_on(ctx, meeting, proposed)


@action("bodies.change_item", label="議題を直す", may=access.KEEP_ITEM, data=ChangeItem, parent=_meeting_of)
def change_item(ctx: Context, item: AgendaItem, data: ChangeItem) -> AgendaItem:
    """Change an item's words, or move it. Raises :class:`Problem` once the meeting is held."""
    store.demand_preparing(item.meeting)
    if data.what != item.what:
        _demand_unanswered(item.meeting)
        if item.matter and data.what != "decide":
            raise Problem(
                "matter",
                _("この議題は決定を待っているため、区分は変えられません。"),
                field="what",
                found=data.what,
            )
    item.title, item.what, item.explanation = data.title, data.what, data.explanation
    item.save(update_fields=["title", "what", "explanation"])
    _place(item, data.position)
    return item


def _place(item: AgendaItem, position: int) -> None:
    """Put the item there, and count all anew."""
    rows = list(
        AgendaItem.unscoped.filter(meeting=item.meeting).exclude(pk=item.pk).order_by("position", "id")
    )
    rows.insert(min(position, len(rows) + 1) - 1, item)
    for place, row in enumerate(rows, start=1):
        if row.position != place:
            row.position = place
            row.save(update_fields=["position"])


@action("bodies.take_off", label="議題を外す", may=access.KEEP_MEETING, data=Which)
def take_off(ctx: Context, meeting: Meeting, data: Which) -> Meeting:
    """Take an item off the agenda, with its papers. Raises :class:`Problem`."""
    store.demand_preparing(meeting)
    _demand_unanswered(meeting)
    item = AgendaItem.unscoped.select_for_update().filter(meeting=meeting, pk=data.key()).first()
    if item is None:
        raise Missing
    for paper in Paper.unscoped.filter(item=item).select_related("file"):
        _forget(ctx, paper)
    ctx.note(taken_off=item.title)
    item.delete()
    for place, row in enumerate(
        AgendaItem.unscoped.filter(meeting=meeting).order_by("position", "id"), start=1
    ):
        if row.position != place:
            row.position = place
            row.save(update_fields=["position"])
    return meeting


def _demand_unanswered(meeting: Meeting) -> None:
    """Members answered about the agenda as it was."""
    if Answer.unscoped.filter(item__meeting=meeting).exists():
        raise Problem(
            "answered",
            _("もう回答があるため、議題は変えられません。中止して、持ち回りをやり直してください。"),
        )


# --- papers ---------------------------------------------------------------------------------------------------------


@action(
    "bodies.attach_paper", label="資料を付ける", may=access.KEEP_ITEM, data=AttachPaper, parent=_meeting_of
)
def attach_paper(ctx: Context, item: AgendaItem, data: AttachPaper) -> Paper:
    """Add a PDF to an item. Raises :class:`Problem`."""
    store.demand_preparing(item.meeting)
    papers = Paper.unscoped.filter(item=item)
    if papers.count() >= _MOST_PAPERS:
        raise Problem(
            "many",
            _("1つの議題に付けられる資料は%(most)d件までです。") % {"most": _MOST_PAPERS},
            field="file",
        )
    return Paper.unscoped.create(
        municipality_id=ctx.municipality.id,
        item=item,
        position=(papers.aggregate(last=Max("position"))["last"] or 0) + 1,
        title=data.title,
        file=files.refer(ctx, data.sha256, data.name, classification=INTERNAL, retention_class=RETENTION),
        pages=data.pages,
    )


@action("bodies.detach_paper", label="資料を外す", may=access.KEEP_ITEM, data=Which, parent=_meeting_of)
def detach_paper(ctx: Context, item: AgendaItem, data: Which) -> AgendaItem:
    """Take a paper off. Raises :class:`Problem`."""
    store.demand_preparing(item.meeting)
    paper = Paper.unscoped.filter(item=item, pk=data.key()).select_related("file").first()
    if paper is None:
        raise Missing
    ctx.note(detached=paper.title)
    _forget(ctx, paper)
    return item


def _forget(ctx: Context, paper: Paper) -> None:
    stored = paper.file
    paper.delete()
    files.forget(ctx, stored)


# --- guests ---------------------------------------------------------------------------------------------------------


@action("bodies.invite", label="出席を求める", may=access.KEEP_MEETING, data=Invite)
def invite(ctx: Context, meeting: Meeting, data: Invite) -> Guest:
    """Ask somebody who is no member to come. Raises :class:`Problem`."""
    store.demand_preparing(meeting)
    if bool(data.post) == bool(data.name.strip()):
        raise Problem("whose", _("職か庁外の人の、どちらか1つを入れてください。"), field="post")
    return Guest.unscoped.create(
        municipality_id=ctx.municipality.id,
        meeting=meeting,
        post=_post(ctx, meeting, uuid_of(data.post, "post", _("職を一覧から選んでください。")))
        if data.post
        else None,
        name=data.name.strip(),
        affiliation=data.affiliation,
        concerning=data.concerning,
    )


def _post(ctx: Context, meeting: Meeting, key: UUID) -> Post:
    found = Post.unscoped.filter(municipality=ctx.municipality.id, pk=key).first()
    if found is None:
        raise Problem("post", _("職が見つかりません。選び直してください。"), field="post")
    if Guest.unscoped.filter(meeting=meeting, post=found).exists():
        raise Problem("twice", _("この職には、もう出席を求めています。"), field="post", found=found.title)
    return found


@action("bodies.uninvite", label="出席の求めを取り消す", may=access.KEEP_MEETING, data=Which)
def uninvite(ctx: Context, meeting: Meeting, data: Which) -> Meeting:
    """Take a guest off. Raises :class:`Problem` once the meeting is held."""
    store.demand_preparing(meeting)
    guest = Guest.unscoped.filter(meeting=meeting, pk=data.key()).first()
    if guest is None:
        raise Missing
    ctx.note(uninvited=str(guest.post_id or guest.affiliation))
    guest.delete()
    return meeting
