"""The public board at the size of a large plan: a constant number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.services.plan.edition_sample import large_document, publish
from tests.services.plan.scoreboard.released import bind, figure
from tests.world import Town
from yakuba.services.plan.models import Initiative

pytestmark = pytest.mark.django_db


class TestScale:
    def test_queries_do_not_grow(self, client: Client, mihon: Town) -> None:
        edition = publish(mihon, large_document(105))
        path = f"/990019/plan/{edition.year.year}/scoreboard/"
        rows = list(Initiative.unscoped.filter(edition=edition))
        bind(mihon, edition, rows[0].pk)
        figure(mihon, 2018, "5")
        client.get(path)
        with CaptureQueriesContext(connection) as one:
            client.get(path)
        for row in rows[1:]:
            bind(mihon, edition, row.pk)
        for year in range(2019, 2027):
            figure(mihon, year, str(year))
        with CaptureQueriesContext(connection) as full:
            client.get(path)
        assert len(full) == len(one) <= 6
