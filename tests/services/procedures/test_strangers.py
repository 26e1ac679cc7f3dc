"""Every address that bears an id, opened and pressed by somebody whose it is not: another office, another town, another visit.

The addresses are those of the rooms themselves: a new one that bears an id of a kind that is not known here fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from tests.engines.approval.sample import post_of
from tests.engines.casework.papers import book, issued, seal
from tests.services.procedures import specimens_portal as portal_things
from tests.services.procedures.specimens_designing import row
from tests.services.procedures.specimens_papers import bundle, stuck, webhook
from tests.services.procedures.test_bundle import client_of
from tests.services.procedures.test_paper import case_of
from tests.world import SINCE, Town
from yakuba.engines.casework.urls import desk as of_cases
from yakuba.kernel.access.models import RoleGrant
from yakuba.kernel.files import store as files
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures.models import Attachment, Filing
from yakuba.services.procedures.urls import desk as of_procedures
from yakuba.services.procedures.urls import portal as of_citizens

pytestmark = pytest.mark.django_db
NOT_THEIRS = {403, 404}
#: What all staff of the town read: drafts, the inventory; and by whom the rest of it is kept (another test asks for the roles).
SHARED = {"procedure_id", "row_id", "webhook_id", "message_id", "book_id", "seal_id"}


def desk_ids(town: Town) -> dict[str, UUID]:
    """One of everything at the desk of the own office."""
    case = case_of(town)
    filing = Filing.unscoped.get(pk=case.origin_id)
    stored = files.keep(town.ctx("cli").begin(), b"%PDF-1.4 map", "地図.pdf", retention_class="5")
    attached = Attachment.unscoped.create(
        municipality_id=town.ref.id, filing=filing, question="", file=stored
    )
    return {
        "case_id": case.pk,
        "filing_id": filing.pk,
        "attachment_id": attached.pk,
        "notice_id": issued(town).pk,
        "bundle_id": bundle(town).pk,
        "procedure_id": filing.procedure_id,
        "row_id": row(town).pk,
        "webhook_id": webhook(town).pk,
        "message_id": stuck(town).pk,
        "book_id": book(town).pk,
        "seal_id": seal(town).pk,
    }


def single(
    patterns: Sequence[URLPattern | URLResolver], above: tuple[str, ...] = ()
) -> Iterator[tuple[str, set[str]]]:
    """The name of each address and what stands in it, also where addresses stand in groups."""
    for one in patterns:
        keys = (*above, *one.pattern.converters)
        if isinstance(one, URLResolver):
            yield from single(one.url_patterns, keys)
        else:
            yield str(one.name), set(keys)


def addresses(
    patterns: Sequence[URLPattern | URLResolver], code: str, ids: Mapping[str, UUID], but: set[str]
) -> list[str]:
    """The addresses that bear an id, with those of a town's things."""
    found = []
    for name, keys in single(patterns):
        asked = {key for key in keys if key.endswith("_id")}
        if not asked or asked <= but:
            continue
        more = {"slug": "about", "key": "step", "number": 1, "section": "dogs"}
        args = {key: ids[key] if key in asked else more.get(key) for key in keys if key != "code"}
        found.append(reverse(name, kwargs={"code": code, **args}))
    return found


def refused(client: Client, path: str) -> None:
    for answer in (
        client.get(path),
        client.post(path, {"do": "start", "sure": "1", "text": "x", "how": "posted"}),
    ):
        assert answer.status_code in NOT_THEIRS | {405}, (path, answer.status_code)
        assert "手本" not in answer.content.decode(errors="replace"), path


def stranger_of(town: Town, roles: Sequence[str], office: str = "own") -> Client:
    """Somebody with several roles at once in an office: whatever one of them opens, it opens for him."""
    first, *others = roles
    post = post_of(town.account(first, office))
    for role in others:
        RoleGrant.unscoped.create(municipality_id=town.ref.id, role=role, post=post, valid_from=SINCE)
    return client_of(town, first, office)


def test_another_office_opens_nothing_of_a_case(mihon: Town) -> None:
    ids = desk_ids(mihon)
    there = addresses([*of_cases, *of_procedures], mihon.ref.code, ids, SHARED)
    assert len(there) > 10
    stranger = stranger_of(mihon, ("case_worker", "office_head"), "other")
    for path in there:
        refused(stranger, path)


def test_another_town_opens_nothing_at_all(mihon: Town, karina: Town) -> None:
    ids = desk_ids(mihon)
    stranger = stranger_of(karina, ("case_worker", "procedure_secretariat", "records_keeper"))
    for code in (mihon.ref.code, karina.ref.code):
        for path in addresses([*of_cases, *of_procedures], code, ids, set()):
            refused(stranger, path)


def portal_ids(town: Town) -> dict[str, UUID]:
    """One of everything at the portal of the visit «own»."""
    made = portal_things.with_file(town)
    notice = portal_things.notice(town)
    return {
        "filling_id": made.pk,
        "upload_id": made.uploads.get().pk,
        "submission_id": notice.submission_id,
        "release_id": notice.pk,
        "answer_id": portal_things.earlier(town).pk,
    }


def _status(client: Client, path: str) -> int:
    answer = client.get(path)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer.status_code


def test_another_visit_opens_nothing(mihon: Town, karina: Town) -> None:
    ids = portal_ids(mihon)
    there = addresses(of_citizens, mihon.ref.code, ids, {"procedure_id"})
    assert len(there) > 12
    own, stranger, nobody = Client(), Client(), Client()
    mihon.enter(own)
    mihon.enter(stranger, "other", level="account", citizen=uuid7())
    shown = [path for path in there if _status(own, path) in {200, 303}]
    assert len(shown) > 10, "the addresses are those of something"
    foreign = Client()
    karina.enter(foreign, level="verified", citizen=uuid7())
    elsewhere = addresses(of_citizens, karina.ref.code, ids, {"procedure_id"})
    for client, paths in ((stranger, there), (nobody, there), (foreign, there), (foreign, elsewhere)):
        for path in paths:
            refused(client, path)
