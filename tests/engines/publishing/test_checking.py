"""What was published cannot be changed behind the record's back without `yakuba trail verify` telling."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tests.guards import suspended
from tests.world import Town
from yakuba.engines.publishing import store
from yakuba.engines.publishing.checking import check
from yakuba.engines.publishing.models import Publication, PublishedPart
from yakuba.engines.publishing.stamp import stamp_of
from yakuba.kernel.actions import Context, Problem, ports
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.ids import uuid7
from yakuba.kernel.trail import store as trail
from yakuba.kernel.trail.models import TrailEntry, TrailPayload
from yakuba.kernel.trail.verify import verify

pytestmark = pytest.mark.django_db
Publish = Callable[..., Publication]


@pytest.fixture(autouse=True)
def heads_folder(settings, tmp_path) -> None:
    settings.TRAIL_HEADS = tmp_path / "heads"


def noted(ctx: Context, town: Town, make: Callable[[Context], Publication]) -> Publication:
    """As an action does it: what the store notes stands in the entry of the same transaction."""
    ctx = ctx.begin()
    assert ctx.work is not None
    with transaction.atomic():
        publication = make(ctx)
        subject = town.offices["own"].pk
        ports.trail().done(
            ctx, ports.Done("town.rename_office", "office", subject, "見本の公表", {}, {}, ctx.work.notes, "")
        )
    trail.seal()
    return publication


def copy(town: Town, *, parts: int = 2, **more: str) -> store.Copy:
    frozen = tuple(
        store.Part("initiative", uuid7(), f"取組{n}", {"number": str(n), "value": 1.5 * n, "none": None})
        for n in range(parts)
    )
    return store.Copy(
        "sample",
        town.offices["own"].pk,
        FiscalYear(2026),
        "見本の公表",
        {"b": [1, 2.0], "a": "字"},
        frozen,
        **more,
    )


@pytest.fixture
def published(mihon: Town) -> list[Publication]:
    """Two numbers and a tombstone."""
    ctx = mihon.ctx("cli")
    first = noted(ctx, mihon, lambda c: store.freeze(c, copy(mihon)))
    second = noted(mihon.ctx("cli"), mihon, lambda c: store.freeze(c, copy(mihon, note="正誤")))
    third = noted(mihon.ctx("cli"), mihon, lambda c: store.withdraw(c, second, "取下げ"))
    assert list(check()) == []
    assert [one for one in verify() if one.level == "error"] == []
    return [first, second, third]


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [getattr(v, "hex", v) if connection.vendor == "sqlite" else v for v in values]
        )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "書き換え"),
        ("note", "書き換え"),
        ("published_by", "別人"),
        ("published_at", "2020-01-01 00:00:00+00:00"),
        ("year", 2025),
        ("withdrawn", True),
        ("head", '{"a": "字", "b": [1, 3]}'),
        ("stamp", "0" * 64),
    ],
)
def test_a_changed_publication_shows(published: list[Publication], column: str, value: object) -> None:
    with suspended():
        sql(f"UPDATE publishing_publication SET {column} = %s WHERE id = %s", value, published[1].pk)
    assert [(one.code, one.municipality) for one in check()] == [("publication_changed", "990019")]


@pytest.mark.parametrize("change", ["title = '書き換え'", "body = '{}'", "kind = 'other'", "position = -1"])
def test_a_changed_part_shows(published: list[Publication], change: str) -> None:
    part = PublishedPart.unscoped.get(publication=published[0], position=1)
    with suspended():
        sql(f"UPDATE publishing_publishedpart SET {change} WHERE id = %s", part.pk)
    assert [one.code for one in check()] == ["publication_changed"]


def test_a_change_with_its_stamp_made_anew_shows_against_the_trail(published: list[Publication]) -> None:
    forged = Publication.unscoped.get(pk=published[0].pk)
    forged.title = "書き換え"
    parts = PublishedPart.unscoped.filter(publication=forged).order_by("position")
    with suspended():
        sql(
            "UPDATE publishing_publication SET title = %s, stamp = %s WHERE id = %s",
            forged.title,
            stamp_of(forged, parts),
            forged.pk,
        )
    assert [one.code for one in check()] == ["publication_stamp"]


def test_a_missing_and_an_additional_part_show(published: list[Publication]) -> None:
    part = PublishedPart.unscoped.filter(publication=published[0]).first()
    assert part is not None
    with suspended():
        sql("DELETE FROM publishing_publishedpart WHERE id = %s", part.pk)
    found = list(check())
    assert [one.code for one in found] == ["publication_parts", "publication_changed"]
    assert "2件" in found[0].message
    assert "1件" in found[0].message
    PublishedPart.unscoped.bulk_create([part])
    assert list(check()) == []
    part.pk, part.object = uuid7(), uuid7()
    PublishedPart.unscoped.bulk_create([part])
    assert [one.code for one in check()] == ["publication_parts", "publication_changed"]


@pytest.mark.parametrize(
    ("index", "codes"), [(0, ["publication_gap", "publication_missing"]), (2, ["publication_missing"])]
)
def test_a_publication_taken_away_shows(published: list[Publication], index: int, codes: list[str]) -> None:
    with suspended():
        sql("DELETE FROM publishing_publishedpart WHERE publication_id = %s", published[index].pk)
        sql("DELETE FROM publishing_publication WHERE id = %s", published[index].pk)
    assert [one.code for one in check()] == codes


def test_a_publication_that_no_action_made_shows(mihon: Town, published: list[Publication]) -> None:
    store.freeze(mihon.ctx("cli").begin(), copy(mihon, parts=0))
    assert [one.code for one in check()] == ["publication_unlogged"]


def test_an_entry_whose_payload_was_erased_no_longer_vouches(
    mihon: Town, published: list[Publication]
) -> None:
    entry = TrailPayload.unscoped.get(text__contains='"publication":1').entry
    trail.erase(mihon.ctx("cli"), entry, "保存期間の満了")
    assert TrailEntry.unscoped.filter(pk=entry.pk).exists()
    assert list(check()) == []


def test_a_clock_set_back_publishes_nothing(mihon: Town, published: list[Publication]) -> None:
    early = dataclasses.replace(
        mihon.ctx("cli"), now=published[-1].published_at - dt.timedelta(microseconds=1)
    ).begin()
    for attempt in (
        lambda: store.freeze(early, copy(mihon)),
        lambda: store.withdraw(early, published[1], "取下げ"),
    ):
        with pytest.raises(Problem, match="時計") as refused:
            attempt()
        assert refused.value.code == "clock"
    assert Publication.unscoped.count() == 3
