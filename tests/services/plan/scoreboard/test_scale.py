"""The public board at the size of a large plan: a constant number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.services.plan.edition_sample import large_document, publish
from tests.services.plan.scoreboard.released import bind, figure
from tests.world import Town
from yakuba.services.plan.models import Edition, Initiative

pytestmark = pytest.mark.django_db


def formula(town: Town, edition: Edition, row: Initiative, text: str) -> None:
    bind(
        town, edition, row.pk, source="formula", key="", formula=text, aggregation="cumulative",
        operands=[{"source": "metric", "key": "ledger_records", "label": "台帳"}],
    )  # fmt: skip


class TestScale:
    def test_queries_do_not_grow(self, client: Client, mihon: Town) -> None:
        edition = publish(mihon, large_document(105))
        path = f"/990019/plan/{edition.year.year}/scoreboard/"
        rows = list(Initiative.unscoped.filter(edition=edition))
        bind(mihon, edition, rows[0].pk)
        figure(mihon, 2018, "5")
        formula(mihon, edition, rows[1], "累計([ledger_records], 平成30年度)")
        figure(mihon, 2018, "5", key="ledger_records")
        client.get(path)
        with CaptureQueriesContext(connection) as one:
            client.get(path)
        for n, row in enumerate(rows[2:]):
            if n % 2:
                bind(mihon, edition, row.pk)
            else:
                formula(mihon, edition, row, f"[ledger_records] + 件数([ledger_records], 「x」) × {n}")
        for year in range(2019, 2027):
            figure(mihon, year, str(year))
            figure(mihon, year, str(year), key="ledger_records", parts={"x": "1"})
        with CaptureQueriesContext(connection) as full:
            client.get(path)
        assert len(full) == len(one) <= 6
