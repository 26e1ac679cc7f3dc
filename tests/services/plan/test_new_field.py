"""A field added to the initiative by one declaration is everywhere (docs/add-a-field.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from tests.services.plan.forms import document, initiative
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.publishing.models import PublishedPart
from yakuba.kernel import fields
from yakuba.kernel.actions import Problem
from yakuba.services.plan import queries
from yakuba.services.plan.actions import (
    CorrectField,
    ImportDocument,
    PublishEdition,
    correct_field,
    import_document,
    publish_edition,
)
from yakuba.services.plan.models import Edition, Initiative

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def extension(transactional_db: None) -> Iterator[None]:
    """What a developer would write as one line in the model and one migration."""
    column = fields.text(label="内線", classification=fields.PUBLIC, max_length=20, required=False)
    column.contribute_to_class(Initiative, "extension")
    with connection.schema_editor() as editor:
        editor.add_field(Initiative, column)
    yield
    with connection.schema_editor() as editor:
        editor.remove_field(Initiative, column)
    Initiative._meta.local_fields.remove(column)
    Initiative._meta._expire_cache()
    del Initiative.extension


@pytest.fixture
def edition(extension: None, mihon: Town) -> Edition:
    return import_document(
        mihon.ctx("cli"), None, ImportDocument(document([initiative("1", "甲"), initiative("2", "乙")]))
    )


def test_it_is_corrected_published_and_exported(edition: Edition, mihon: Town) -> None:
    ctx = mihon.ctx("plan_secretariat")
    row = Initiative.unscoped.get(edition=edition, number="1")
    with pytest.raises(Problem) as caught:
        correct_field(ctx, row, CorrectField("more.extension", "一" * 21))
    assert "内線" in caught.value.message
    correct_field(ctx, row, CorrectField("more.extension", "２１４５"))
    exported = queries.document(queries.edition(ctx, edition.pk), "990019", "みほん市")
    assert exported["initiatives"][0]["more"] == {"extension": "２１４５"}
    assert "more" not in exported["initiatives"][1], "where it is empty it is not written"
    again = import_document(mihon.ctx("cli"), None, ImportDocument(json.loads(json.dumps(exported))))
    assert Initiative.unscoped.get(edition=again, number="1").extension == "２１４５"
    publish_edition(ctx, edition, PublishEdition())
    assert PublishedPart.unscoped.get(object=row.pk).body["more"] == {"extension": "２１４５"}


def test_it_stands_on_the_pages_in_sheets_and_in_the_api(edition: Edition, mihon: Town) -> None:
    ctx = mihon.ctx("plan_secretariat")
    row = Initiative.unscoped.get(edition=edition, number="1")
    correct_field(ctx, row, CorrectField("more.extension", "2145"))
    publish_edition(ctx, edition, PublishEdition())
    staff = Client()
    sign_in(staff, mihon.account("plan_secretariat"))
    page = staff.get(f"/990019/desk/plan/initiatives/{row.pk}/?edit=more.extension").content.decode()
    assert "内線" in page
    sheet = staff.get(f"/990019/desk/plan/editions/{edition.pk}/initiatives.csv")
    assert "内線" in b"".join(sheet).decode("utf-8-sig").splitlines()[0]
    anybody = Client()
    assert "2145" in anybody.get(f"/990019/plan/2024/{row.pk}/").content.decode()
    sheet = anybody.get("/990019/plan/2024/initiatives.csv")
    assert "2145" in b"".join(sheet).decode("utf-8-sig")
    assert anybody.get(f"/api/v1/990019/plan/initiatives/{row.pk}").json()["more"] == {"extension": "2145"}


def test_an_internal_field_stays_inside(extension: None, mihon: Town) -> None:
    spec = Initiative._meta.get_field("extension")
    spec.spec = fields.text(label="内線", classification=fields.INTERNAL, max_length=20, required=False).spec
    edition = import_document(mihon.ctx("cli"), None, ImportDocument(document([initiative("1", "甲")])))
    row = Initiative.unscoped.get(edition=edition)
    correct_field(mihon.ctx("cli"), row, CorrectField("more.extension", "2145"))
    publish_edition(mihon.ctx("cli"), edition, PublishEdition())
    assert "more" not in PublishedPart.unscoped.get(object=row.pk).body
