"""A thousand times the data: what a page asks of the database does not grow with what others sent."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.services.procedures.portal.sheets import Applicant, offered
from tests.services.procedures.test_exports import filed, with_group
from tests.world import Town
from yakuba.engines.casework.queries.sweeps import with_persons
from yakuba.engines.protection.models import Protected
from yakuba.engines.protection.subscriptions import look_at_all
from yakuba.kernel.dates import japan_date
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures import exports
from yakuba.services.procedures.models import Submission

pytestmark = pytest.mark.django_db


def test_what_a_visit_sent_is_found_through_an_index(mihon: Town) -> None:
    one = Applicant(mihon)
    one.fill_in(offered(mihon))
    one.send()
    sent = Submission.unscoped.get()
    columns = {field.attname: getattr(sent, field.attname) for field in Submission._meta.concrete_fields}
    others = [
        Submission(**{**columns, "id": uuid7(), "filling": uuid7(), "visit": uuid7(), "receipt": f"{n:012}"})
        for n in range(3_000)
    ]
    Submission.unscoped.bulk_create(others, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    told = Submission.objects.for_actor(mihon.ctx("visitor")).explain()
    assert "submission_visit" in told, told


def test_a_hand_over_reads_each_definition_once_and_no_copy_for_each_filing(mihon: Town) -> None:
    of = with_group(mihon)
    for _ in range(3):
        filed(mihon, of)
    ctx = mihon.ctx("case_worker")
    today = japan_date(ctx.now)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        made = exports.gather(ctx, exports.Asked(of, today, today + dt.timedelta(1)))
    assert len(made.rows) == 3
    of_filings = [one["sql"] for one in asked if 'FROM "procedures_filing"' in one["sql"]]
    assert of_filings
    assert not any('"head"' in sql or '"sought"' in sql for sql in of_filings)


def test_comparing_every_case_with_the_register_asks_for_many_at_once(mihon: Town) -> None:
    of = with_group(mihon)
    for _ in range(3):
        filed(mihon, of)
    ctx = mihon.ctx("cli")
    Protected.unscoped.create(
        municipality_id=mihon.ref.id,
        name="見本 よそ",
        birth=dt.date(1950, 1, 1),
        valid_from=dt.date(2020, 1, 1),
    )
    with CaptureQueriesContext(connection) as asked:
        found = dict(with_persons(ctx))
    assert len(asked) == 2
    assert all(any(one.name for one in people) for people in found.values())
    assert len(found) == 3
    with CaptureQueriesContext(connection) as asked:
        assert look_at_all(ctx) == 3
    assert not [one for one in asked if "protection_hold" in one["sql"]], (
        "nobody is asked about who matches nobody"
    )


def test_a_page_of_four_thousand_fields_is_read(mihon: Town) -> None:
    one = Applicant(mihon)
    one.begin(offered(mihon))
    many = {f"q.dog.0.field{n}": "ぽち" for n in range(4_000)}
    assert one.page("dogs", {**many, "q.chip": "0", "q.dog.0.call": "ぽち"}).status_code == 303
