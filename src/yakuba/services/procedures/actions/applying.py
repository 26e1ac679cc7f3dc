"""What somebody does who applies: begins, answers page by page, attaches, keeps for later."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated, Final, cast
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.delivery import store as delivery
from yakuba.engines.delivery.channels import CHANNELS
from yakuba.engines.delivery.links import absolute
from yakuba.engines.visitors import queries as visits
from yakuba.engines.visitors import throttle
from yakuba.engines.visitors.models import Visit
from yakuba.engines.visitors.rules import reaches
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, Missing, NoData, Problem, action
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL, PERSONAL, JsonValue
from yakuba.kernel.files import store as files
from yakuba.services.procedures import trial
from yakuba.services.procedures.access import portal as access
from yakuba.services.procedures.citizens import facts, forms, letters, numbers, opening, queries
from yakuba.services.procedures.definition import answers
from yakuba.services.procedures.definition.forms import field_name
from yakuba.services.procedures.definition.kinds.attached import most_files
from yakuba.services.procedures.definition.model import RESULTS, Definition
from yakuba.services.procedures.models import (
    EarlierAnswer,
    Filling,
    Happening,
    Reuse,
    Upload,
)
from yakuba.services.procedures.published.queries import definition_of

KEEP: Final = dt.timedelta(days=14)
UNKEPT: Final = dt.timedelta(hours=24)
RETENTION: Final = "portal_submission"
_MOST_FILES: Final = 100


class NotTaken(Problem):
    """It cannot be sent now, and correcting answers does not help: closed, paused, full, taken back, not known well enough."""


# --- beginning -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Begin:
    """``trial`` is the token of a test link; ``facts`` are earlier answers that the person wants to use again."""

    procedure: Annotated[str, fields.text(label="手続", classification=INTERNAL, max_length=36)]
    language: Annotated[str, fields.text(label="言語", classification=INTERNAL, max_length=20)]
    trial: Annotated[str, fields.text(label="試行の鍵", classification=INTERNAL, required=False)] = ""
    facts: Annotated[list[JsonValue], fields.document(label="使う事項", classification=INTERNAL)] = field(
        default_factory=list
    )


@action("procedures.begin", label="記入をはじめる", may=access.BEGIN, data=Begin)
def begin(ctx: Context, _nothing: None, data: Begin) -> Filling:
    """A form of one's own, for what is offered now. Raises :class:`NotTaken` where nothing is, or too little is known of who it is."""
    visit = acting_visit(ctx)
    procedure = identity(data.procedure)
    if data.trial:
        publication = trial.read(ctx, procedure, data.trial)
        offer = queries.unlisted(ctx, procedure)
        if publication is None or offer is None:
            raise Missing
    else:
        offer = queries.offer_of(ctx, procedure)
        publication = offer.publication
    definition = definition_of(publication.pk)
    test = bool(data.trial)
    state = "open" if test else opening.state_of(offer, definition.identity, ctx.now)
    if state != "open":
        raise NotTaken(state, opening.said_of(state, offer))
    demand_level(visit, definition)
    filling = Filling(
        municipality_id=ctx.municipality.id,
        offer=offer,
        publication=publication,
        visit=visit.pk,
        citizen=visit.citizen,
        answers=_used_again(ctx, visit, publication.title, definition, {str(one) for one in data.facts}),
        typed={},
        done=[],
        language=data.language,
        electronic=definition.result[0] if len(definition.result) == 1 else "",
        mail=visit.mail,
        test=test,
        began_at=ctx.now,
        seen_at=ctx.now,
        expires_at=ctx.now + _life(visit.citizen is not None),
    )
    filling.save(force_insert=True)
    happened(ctx, filling, "started")
    return filling


def _used_again(
    ctx: Context, visit: Visit, title: str, definition: Definition, wanted: set[str]
) -> dict[str, JsonValue]:
    """The chosen facts as first answers; that they were used, for what and on which ground, is written down for the person."""
    if visit.citizen is None or not wanted:
        return {}
    rows = EarlierAnswer.unscoped.filter(municipality=ctx.municipality.id, citizen=visit.citizen)
    earlier = [(row.fact, row.value, row.receipt, row.at) for row in rows if row.value]
    chosen = [one for one in facts.offered(definition, earlier, visit.facts) if one.fact in wanted]
    if chosen:
        Reuse.unscoped.create(
            municipality_id=ctx.municipality.id,
            citizen=visit.citizen,
            facts=[{"fact": one.fact, "label": one.label, "source": one.source} for one in chosen],
            purpose=title,
            ground=_("本人が「前の答えを使う」を選んだ"),
            at=ctx.now,
        )
    return {one.question: one.value for one in chosen}


# --- filling in ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnswerPage:
    """What a page posted, by form field. ``leave``: the person wants to go on, so the page is to be right."""

    section: Annotated[str, fields.text(label="ページ", classification=INTERNAL, max_length=100)]
    posted: Annotated[dict[str, JsonValue], fields.document(label="記入", classification=PERSONAL)]
    leave: Annotated[bool, fields.yes_no(label="次へ進む", classification=INTERNAL)] = False


@action("procedures.answer", label="ページに記入する", may=access.FILL_IN, data=AnswerPage)
def answer(ctx: Context, filling: Filling, data: AnswerPage) -> Filling:
    """Keep a page as it was written, right or not: what is right becomes answers, the rest waits in ``typed``."""
    definition = forms.asked_of(filling)
    if definition.section(data.section) is None:
        raise Missing
    posted = {key: [str(one) for one in cast("list[JsonValue]", value)] for key, value in data.posted.items()}
    day = forms.day_of(filling, ctx.now)
    read = answers.read_section(definition, data.section, posted, filling.answers, day)
    filling.answers = dict(read.given)
    typed = {key: value for key, value in filling.typed.items() if key != data.section}
    if read.typed:
        typed[data.section] = dict(read.typed)
    filling.typed = typed
    done = [key for key in filling.done if key != data.section]
    # A button for rows leaves the page unfinished, and so does a question that has just appeared.
    if data.leave and read.complete:
        if data.section not in filling.done and filling.release_id is None:
            happened(ctx, filling, "left", step=data.section)
        done.append(data.section)
    filling.done, filling.whole_on = done, None
    _seen(ctx, filling)
    filling.save(update_fields=["answers", "typed", "done", "whole_on", "seen_at", "expires_at"])
    return filling


@dataclass(frozen=True)
class Reach:
    """How the result is to be given (a code of :data:`RESULTS`), and where a mail may go; empty for none."""

    electronic: Annotated[str, fields.text(label="結果の受け取り方", classification=INTERNAL, max_length=20)]
    mail: Annotated[dict[str, JsonValue], fields.document(label="連絡先メール", classification=PERSONAL)]


@action("procedures.reach", label="結果の受け取り方を選ぶ", may=access.FILL_IN, data=Reach)
def reach(ctx: Context, filling: Filling, data: Reach) -> Filling:
    """Keep how the result is given and where notices go."""
    definition = definition_of(filling.publication_id)
    if data.electronic not in definition.result:
        labels = "・".join(_(label) for code, label in RESULTS if code in definition.result)
        raise Problem(
            "choice", _("「結果の受け取り方」を選んでください。"), field="electronic", expected=labels
        )
    address = str(data.mail.get("mail") or "").strip()
    if address:
        try:
            address = CHANNELS.get("mail").checked_address(address)
        except Problem as problem:
            raise Problem(problem.code, problem.message, field="mail", expected=problem.expected) from problem
        _demand_room(ctx, filling, address)
    filling.electronic, filling.mail = data.electronic, address
    filling.done = [*(key for key in filling.done if key != letters.REACH), letters.REACH]
    filling.whole_on = _whole_on(ctx, filling, definition)
    _seen(ctx, filling)
    filling.save(update_fields=["electronic", "mail", "done", "whole_on", "seen_at", "expires_at"])
    return filling


def _demand_room(ctx: Context, filling: Filling, address: str) -> None:
    """An address that nobody has confirmed may be a stranger's: only so many applications a day may name it."""
    named, known = address.lower(), {filling.mail.lower(), acting_visit(ctx).mail.lower()}
    if named not in known and not throttle.allows(ctx, "notices", named):
        raise Problem(
            "too_many_mails",
            _("この宛先へのお知らせは、今日はもう増やせません。別の宛先を書くか、空けたまま進んでください。"),
            field="mail",
        )


def _whole_on(ctx: Context, filling: Filling, definition: Definition) -> dt.date | None:
    """Today, if nothing in the answers is missing, wrong or hidden: then the sending need not look through them again.

    This is the last page before the check page, where somebody may wait for his turn among many.
    """
    day = japan_date(ctx.now)
    cleaned = answers.clean(definition, filling.answers, day)
    return day if not cleaned.problems and not filling.typed and cleaned.given == filling.answers else None


@dataclass(frozen=True)
class Attach:
    """A file that ``kernel/files`` took: which question asks for it, and what it is."""

    section: Annotated[str, fields.text(label="ページ", classification=INTERNAL, max_length=100)]
    question: Annotated[str, fields.text(label="項目", classification=INTERNAL, max_length=100)]
    taken: Annotated[dict[str, JsonValue], fields.document(label="ファイル", classification=PERSONAL)]


@action("procedures.attach", label="ファイルを付ける", may=access.FILL_IN, data=Attach)
def attach(ctx: Context, filling: Filling, data: Attach) -> Filling:
    """Add a received file to an answer. The same bytes at the same question a second time are the same file."""
    definition = forms.asked_of(filling)
    question = forms.file_question(definition, data.section, data.question)
    if question is None:
        raise Missing
    mine = list(
        Upload.unscoped.filter(filling=filling, municipality=ctx.municipality.id).select_related("file")
    )
    there = forms.files_at(filling.answers, data.question)
    sha256 = str(data.taken["sha256"])
    if any(str(one.pk) in there and one.file.sha256 == sha256 for one in mine):
        return filling
    most = most_files(question)
    if len(there) >= most:
        raise Problem(
            "too_many_files",
            _("「%(label)s」に付けられるのは%(most)d個までです。")
            % {"label": forms.label_of(question), "most": most},
            field=field_name(data.question),
            found=str(len(there) + 1),
            expected=str(most),
        )
    if len(mine) >= _MOST_FILES:
        raise Problem(
            "too_many_files",
            _("1回の手続に付けられるファイルは%d個までです。") % _MOST_FILES,
            field=field_name(data.question),
        )
    stored = files.refer(
        ctx,
        sha256,
        str(data.taken["name"]),
        classification=fields.PERSONAL,
        retention_class=RETENTION,
        made_by_us=bool(data.taken["made_by_us"]),
    )
    pages = data.taken.get("pages")
    upload = Upload.unscoped.create(
        municipality_id=ctx.municipality.id,
        filling=filling,
        visit=filling.visit,
        citizen=filling.citizen,
        question=question.key,
        file=stored,
        pages=int(str(pages)) if pages is not None else None,
        at=ctx.now,
    )
    filling.answers = answers.attach(filling.answers, question.key, str(upload.pk))
    _unfinished(filling, data.section)
    _seen(ctx, filling)
    filling.save(update_fields=["answers", "done", "whole_on", "seen_at", "expires_at"])
    return filling


@dataclass(frozen=True)
class Detach:
    """A file that is to go again."""

    section: Annotated[str, fields.text(label="ページ", classification=INTERNAL, max_length=100)]
    question: Annotated[str, fields.text(label="項目", classification=INTERNAL, max_length=100)]
    upload: Annotated[str, fields.text(label="ファイル", classification=INTERNAL, max_length=36)]


@action("procedures.detach", label="付けたファイルを外す", may=access.FILL_IN, data=Detach)
def detach(ctx: Context, filling: Filling, data: Detach) -> Filling:
    """Take a file off an answer and erase it. One that is not there is gone already."""
    filling.answers = answers.detach(filling.answers, data.question, data.upload)
    _unfinished(filling, data.section)
    _seen(ctx, filling)
    filling.save(update_fields=["answers", "done", "whole_on", "seen_at", "expires_at"])
    gone = Upload.unscoped.filter(filling=filling, pk=identity(data.upload), municipality=ctx.municipality.id)
    erase_uploads(ctx, list(gone.select_related("file")))
    return filling


def erase_uploads(ctx: Context, gone: list[Upload]) -> None:
    """Files that go with what they belonged to."""
    for upload in gone:
        stored = upload.file
        upload.delete()
        files.forget(ctx, stored)


@dataclass(frozen=True)
class Keep:
    """``key`` holds the link's token, its code, and the address to which the link goes (or none)."""

    key: Annotated[dict[str, JsonValue], fields.document(label="再開の鍵", classification=PERSONAL)]


@action("procedures.keep", label="あとで続けるために保存する", may=access.FILL_IN, data=Keep)
def keep(ctx: Context, filling: Filling, data: Keep) -> Filling:
    """Keep a half-filled form for 14 days, to be opened by link and code. A new link makes the former one worthless."""
    token, code, mail = (str(data.key.get(one) or "") for one in ("token", "code", "mail"))
    filling.resume_hash = numbers.token_digest(token)
    filling.resume_code_hash = numbers.code_digest(token, code)
    filling.seen_at, filling.expires_at = ctx.now, ctx.now + KEEP
    filling.save(update_fields=["resume_hash", "resume_code_hash", "seen_at", "expires_at"])
    if mail:
        page = absolute(reverse("procedures-resume", args=[ctx.municipality.code, token]))
        delivery.send(ctx, letters.draft(ctx, filling, mail, page))
    happened(ctx, filling, "saved")
    return filling


@dataclass(frozen=True)
class Resume:
    """``proof`` is the digest of link and code."""

    filling: Annotated[str, fields.text(label="記入", classification=INTERNAL, max_length=36)]
    proof: Annotated[str, fields.digest(label="再開の番号")]


@action("procedures.resume", label="記入を再開する", may=access.BEGIN, data=Resume)
def resume(ctx: Context, _nothing: None, data: Resume) -> Filling:
    """Go on with a kept form in this visit: from now on it is that visit's, and its citizen's, alone.

    Whoever kept it before sees nothing of what is written and sent from here on. Raises :class:`Denied` where link and code do not
    belong together.
    """
    visit = acting_visit(ctx)
    filling = (
        Filling.unscoped.select_for_update()
        .filter(municipality=ctx.municipality.id, pk=identity(data.filling), expires_at__gt=ctx.now)
        .first()
    )
    if filling is None or not data.proof or filling.resume_code_hash != data.proof:
        raise Denied(_("リンクと番号の組み合わせが違います。"))
    if filling.citizen not in {None, visit.citizen}:
        # Nor does the acknowledgement go to somebody else's address, unless it is typed anew.
        filling.mail = visit.mail
        filling.done = [key for key in filling.done if key != letters.REACH]
    filling.visit, filling.citizen, filling.seen_at = visit.pk, visit.citizen, ctx.now
    filling.version += 1  # whoever sends it at this moment has read another one
    filling.save(update_fields=["visit", "citizen", "mail", "done", "seen_at", "version"])
    Upload.unscoped.filter(municipality=ctx.municipality.id, filling=filling).update(
        visit=visit.pk, citizen=visit.citizen
    )
    happened(ctx, filling, "resumed")
    return filling


@action("procedures.discard", label="記入をやめて消す", may=access.FILL_IN, data=NoData)
def discard(ctx: Context, filling: Filling, _data: NoData) -> Filling:
    """Erase what was written. The empty row goes with the next sweep."""
    erase_uploads(
        ctx,
        list(
            Upload.unscoped.filter(filling=filling, municipality=ctx.municipality.id).select_related("file")
        ),
    )
    filling.answers, filling.typed, filling.done, filling.mail = {}, {}, [], ""
    filling.whole_on = None
    filling.resume_hash = filling.resume_code_hash = ""
    filling.release, filling.expires_at = None, ctx.now
    filling.save()
    return filling


# --- shared ----------------------------------------------------------------------------------------------------------


def identity(text: str) -> UUID:
    """An id that came as data. Raises :class:`Missing` for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise Missing from None


def acting_visit(ctx: Context) -> Visit:
    """The acting visit. Raises :class:`Denied` for whoever has none."""
    found = visits.acting(ctx)
    if found is None:
        raise Denied
    return found


def demand_level(visit: Visit, definition: Definition) -> None:
    """Raises :class:`NotTaken` where too little is known of who it is."""
    if not reaches(visit.level, definition.identity):
        raise NotTaken("level", _("この手続には、先に本人の確認が必要です。"), expected=definition.identity)


def happened(ctx: Context, filling: Filling, kind: str, *, step: str = "") -> None:
    """Count it, with nothing in it that tells of a person."""
    Happening.unscoped.create(
        municipality_id=ctx.municipality.id,
        procedure=filling.offer.procedure,
        number=filling.publication.number,
        kind=kind,
        step=step,
        channel="online",
        test=filling.test,
        at=ctx.now,
    )


def _life(kept: bool) -> dt.timedelta:
    return KEEP if kept else UNKEPT


def _seen(ctx: Context, filling: Filling) -> None:
    filling.seen_at = ctx.now
    kept = filling.citizen is not None or bool(filling.resume_hash)
    filling.expires_at = max(filling.expires_at, ctx.now + _life(kept))


def _unfinished(filling: Filling, section: str) -> None:
    filling.done, filling.whole_on = [key for key in filling.done if key != section], None
