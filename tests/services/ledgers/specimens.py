"""How the actions on what stands beside an entry are tried in the permission matrix, through the entry's page too."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from tests.matrix import Specimen
from tests.services.ledgers.worlds import HERE, add, open_book
from tests.world import Town
from yakuba.engines.ledger.actions.attachments import AttachFile, DetachFile
from yakuba.engines.ledger.actions.deadlines import SettleDeadline
from yakuba.engines.ledger.actions.joints import JoinEntry, PartEntry
from yakuba.engines.ledger.models import Attachment, Book, Deadline, Joint
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.files import store
from yakuba.kernel.files.models import StoredFile
from yakuba.packs.public_wifi.models import Site


def whole(town: Town) -> Book:
    """A book with two entries; the first has a file, a link and a deadline."""
    book = open_book(town, open_to_staff=True)
    first, second = add(town, book), add(town, book, name="例示会館")
    here = {"municipality_id": town.ref.id, "book": book, "entry": first.pk}
    now = clock.now()
    file = StoredFile.unscoped.create(
        municipality_id=town.ref.id,
        sha256=store.put(b"a paper of a test"),
        size=17,
        name="見本.pdf",
        content_type="application/pdf",
        file_class="personal",
        retention_class="ledger",
        made_by_us=False,
        created_at=now,
    )
    Attachment.unscoped.create(**here, file=file, kind="paper", added_at=now)
    Joint.unscoped.create(
        **here, other_kind="public_wifi", other_id=second.pk, relation="同じ敷地", made_at=now
    )
    Deadline.unscoped.create(**here, rule="renewal", due_on=japan_date(now))
    return book


def first(book: Book) -> Entry:
    """Its first entry."""
    return Site.unscoped.filter(book=book).order_by("number_order")[0]


def second(book: Book) -> Entry:
    """Its second entry, which is linked with nothing."""
    return Site.unscoped.filter(book=book).order_by("number_order")[1]


def attaching(_town: Town, book: Book) -> AttachFile:
    return AttachFile(str(first(book).pk), store.put(b"another paper"), "例示.pdf", False, "paper")


def joining(_town: Town, book: Book) -> JoinEntry:
    return JoinEntry(str(second(book).pk), "public_wifi", str(first(book).pk), "同じ敷地")


def send(client: Client, book: Book, entry: Entry, **sent: str) -> HttpResponse:
    found: HttpResponse = client.post(f"{HERE}public_wifi/{entry.pk}/beside/", sent)  # type: ignore[assignment]  # its own
    return found


def part_of(book: Book, model: type[Attachment | Joint | Deadline]) -> str:
    return str(model.unscoped.get(book=book).pk)


SPECIMENS = {
    "ledger.attach": Specimen(whole, attaching),
    "ledger.detach": Specimen(
        whole,
        lambda _town, book: DetachFile(part_of(book, Attachment), "別の行のもの"),
        page=lambda client, _town, book: send(
            client, book, first(book), do="detach", id=part_of(book, Attachment), reason="別の行のもの"
        ),
    ),
    "ledger.join": Specimen(
        whole,
        joining,
        page=lambda client, _town, book: send(
            client,
            book,
            second(book),
            do="join",
            ledger="public_wifi",
            number=first(book).number,
            relation="同じ敷地",
        ),
    ),
    "ledger.part": Specimen(
        whole,
        lambda _town, book: PartEntry(part_of(book, Joint)),
        page=lambda client, _town, book: send(client, book, first(book), do="part", id=part_of(book, Joint)),
    ),
    "ledger.settle": Specimen(
        whole,
        lambda _town, book: SettleDeadline(part_of(book, Deadline), "更新した"),
        page=lambda client, _town, book: send(
            client, book, first(book), do="settle", id=part_of(book, Deadline), outcome="更新した"
        ),
    ),
}
