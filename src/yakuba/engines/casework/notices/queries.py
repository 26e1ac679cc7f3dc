"""Reads of notices: one, those that wait to leave the house, and what printing one needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from yakuba.engines.casework.access import VIEW_NOTICE
from yakuba.engines.casework.models import Case, Disposition, Notice, Seal
from yakuba.engines.casework.notices.printing import Letter
from yakuba.engines.casework.queries.reach import offices
from yakuba.engines.casework.rules import words_of
from yakuba.engines.protection.queries import held
from yakuba.kernel.actions import Context, Missing, SubjectRef
from yakuba.kernel.dates import japan_date
from yakuba.kernel.files import store as files
from yakuba.kernel.town.queries import office_name, valid_on
from yakuba.kernel.ui.lists import Slice, sliced

PAGE: Final = 50
#: Ways to look at the notices; without one those to be printed and posted.
VIEWS: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("to_print",),
    "counter": ("to_hand",),
    "stopped": ("issued",),
    "released": ("released",),
    "all": ("draft", "issued", "released", "opened", "to_print", "to_hand", "posted", "handed"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants to see."""

    view: str = ""
    states: Sequence[str] = ()
    words: str = ""


def notices(ctx: Context, asked: Asked) -> QuerySet[Notice]:
    """The notices of the actor's offices, those issued first first. The reader logs what it shows."""
    found = _own(ctx, asked.states or VIEWS[asked.view]).select_related("case", "file")
    found = found.order_by("issued_on", "pk")
    for word in words_of(asked.words):
        found = found.filter(Q(document_number__contains=word) | Q(case__sought__contains=word))
    return found


def _own(ctx: Context, states: Sequence[str]) -> QuerySet[Notice]:
    """Those of the offices for which the actor works."""
    return Notice.unscoped.filter(
        VIEW_NOTICE.own(ctx),
        municipality=ctx.municipality.id,
        case__office__in=offices(ctx),
        state__in=states,
    )


def page(ctx: Context, asked: Asked, start: int) -> Slice[Notice]:
    """One page of them from a position on."""
    return sliced(notices(ctx, asked), start, PAGE)


def to_print(ctx: Context) -> int:
    """How many wait to be printed and posted."""
    return _own(ctx, VIEWS[""]).order_by().count() if offices(ctx) else 0


def those(ctx: Context, ids: Iterable[UUID]) -> list[Notice]:
    """Notices by their ids, of those that the actor may see, in the order of the list."""
    found = Notice.objects.for_actor(ctx).filter(pk__in=list(ids)).exclude(state="draft")
    return list(found.select_related("case", "file").order_by("issued_on", "pk"))


def notice(ctx: Context, notice_id: UUID) -> Notice:
    """One notice that this actor may see. Raises :class:`Missing`."""
    found = (
        Notice.objects.for_actor(ctx)
        .filter(pk=notice_id)
        .select_related("case", "case__office", "disposition", "file", "seal")
        .first()
    )
    if found is None:
        raise Missing
    return found


def drafted(ctx: Context, case: Case) -> Notice | None:
    """The draft of a case's notice, where somebody began one."""
    return Notice.objects.for_actor(ctx).filter(case=case, state="draft").first()


def standing(case: Case) -> Disposition | None:
    """What was decided of a case, for whoever has the case already."""
    here = Disposition.unscoped.filter(case=case, decided_at__isnull=False)
    return here.order_by("-decided_at").first()


def seals_on(ctx: Context, authority: str, day: dt.date) -> list[Seal]:
    """The seals of an authority that may be used on a day; for the forms and actions of those who issue."""
    here = Seal.unscoped.filter(valid_on(day), municipality=ctx.municipality.id, authority=authority)
    return list(here.select_related("file").order_by("title", "id"))


def held_of(ctx: Context, rows: Iterable[Notice]) -> frozenset[UUID]:
    """The cases among those of the notices on which 支援措置 stands."""
    return frozenset(one.id for one in held(ctx, [SubjectRef("case", row.case_id) for row in rows]))


def is_held(ctx: Context, case: Case) -> bool:
    """Whether 支援措置 stops what would leave by itself."""
    return bool(held(ctx, [SubjectRef("case", case.pk)]))


def unopened(ctx: Context) -> list[Notice]:
    """Notices of the municipality whose days are over, for the machine that has them printed."""
    today = japan_date(ctx.now)
    return list(
        Notice.unscoped.filter(
            municipality=ctx.municipality.id, state="released", print_after__lte=today
        ).select_related("case")
    )


def known(ctx: Context, notice_id: UUID) -> Notice | None:
    """A notice of this municipality, for the machine that heard of its being opened."""
    return Notice.unscoped.filter(municipality=ctx.municipality.id, pk=notice_id).first()


def stopped(ctx: Context, case_id: UUID) -> list[Notice]:
    """What was issued of a case and did not leave, for the machine that heard that a hold is released."""
    here = Notice.unscoped.filter(municipality=ctx.municipality.id, case=case_id, state="issued")
    return list(here.order_by("pk"))


# --- printing -------------------------------------------------------------------------------------------------------


def letter_of(notice: Notice, picture: bytes, preview: str = "") -> Letter:
    """The notice as it is printed; with words for ``preview`` as it would be, without the seal's print."""
    office = office_name(notice.case.office_id, notice.issued_on or japan_date(notice.case.registered_at))
    return Letter(
        title=notice.title,
        addressee=notice.addressee,
        body=notice.body,
        remedies=notice.remedies,
        sender=notice.sender,
        contact=f"担当　{office}",  # what is printed is Japanese, whatever language the desk reads
        number=notice.document_number,
        issued_on=notice.issued_on,
        omitted=notice.sealing == "omitted" and not preview,
        seal=picture,
        preview=preview,
    )


def picture_of(seal: Seal | None) -> bytes:
    """The print of a seal; nothing where it is left out."""
    if seal is None:
        return b""
    with files.open(seal.file) as stream:
        return stream.read()


def paper_of(notice: Notice) -> bytes:
    """The issued document. Raises :class:`Missing` where its retention is over."""
    if notice.file is None:
        raise Missing
    try:
        with files.open(notice.file) as stream:
            return stream.read()
    except FileNotFoundError as error:
        raise Missing from error
