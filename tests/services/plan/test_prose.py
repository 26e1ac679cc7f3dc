"""The plan's own words by hand: sections, terms, other plans, bodies, claimed numbers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.plan.forms import document, initiative
from tests.world import Town
from yakuba.kernel.actions import Problem, Problems
from yakuba.services.plan import queries
from yakuba.services.plan.actions import EditProse, ImportDocument, edit_prose, import_document
from yakuba.services.plan.models import Edition

pytestmark = pytest.mark.django_db

BODY = {"name": "推進本部", "members": [{"role": "本部長", "post": "市長"}], "duties": ["調整"], "rule": None}


@pytest.fixture
def edition(mihon: Town) -> Edition:
    given = document([initiative("1", "電子申請")])
    given["plan"]["terms"] = [{"term": "DX", "text": "変革"}]
    made = import_document(mihon.ctx("cli"), None, ImportDocument(given))
    Edition.unscoped.update(state="published")
    return Edition.unscoped.get(pk=made.pk)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("sections", [{"number": "1", "title": "目的", "text": "本文\n二行"}]),
        ("terms", [{"term": "DX", "text": "変革"}, {"term": "RPA", "text": "自動化"}]),
        ("related", ["総合計画"]),
        ("predecessors", ["第1次計画"]),
        ("bodies", [BODY]),
        ("stated", {"progress": {"順調": 10}, "counts": {"advance": 26}}),
    ],
)
def test_each_part_is_replaced_and_stands_in_the_document(
    mihon: Town, edition: Edition, part: str, value: Any
) -> None:
    edit_prose(mihon.ctx("plan_secretariat"), edition, EditProse(part, value))
    edition.refresh_from_db()
    found = queries.document(edition, "990019", "みほん市")
    assert (found if part in ("bodies", "stated") else found["plan"])[part] == value
    assert edition.state == "draft"
    if part != "terms":
        assert found["plan"]["terms"] == [{"term": "DX", "text": "変革"}], "the other parts stay"


def test_what_stands_there_already_changes_nothing(mihon: Town, edition: Edition) -> None:
    edit_prose(mihon.ctx("plan_secretariat"), edition, EditProse("terms", [{"term": "DX", "text": "変革"}]))
    edition.refresh_from_db()
    assert edition.state == "published"


@pytest.mark.parametrize(
    ("part", "value", "field"),
    [
        ("sections", [{"number": None, "title": "", "text": None}], "sections[0].title"),
        ("terms", [{"term": "DX", "text": "変革"}, {"term": "DX", "text": "別"}], "terms[1].term"),
        ("terms", [{"term": "", "text": "変革"}], "terms[0].term"),
        ("related", ["総合計画", "総合計画"], "related[1].title"),
        ("bodies", [{**BODY, "name": ""}], "bodies[0].name"),
        ("bodies", [{**BODY, "members": [{"role": "長", "post": " "}]}], "bodies[0].members"),
        ("stated", {"progress": {"長" * 61: 1}, "counts": {}}, "stated"),
        ("related", ["計画"] * 201, "related"),
    ],
)
def test_what_is_refused_names_its_field(
    mihon: Town, edition: Edition, part: str, value: Any, field: str
) -> None:
    with pytest.raises(Problems) as refused:
        edit_prose(mihon.ctx("plan_secretariat"), edition, EditProse(part, value))
    assert field in [one.field for one in refused.value.problems]
    edition.refresh_from_db()
    assert edition.state == "published"


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("sections", {"title": "目的"}),
        ("terms", [{"text": "変革"}]),
        ("related", [3]),
        ("bodies", [{"members": []}]),
        ("stated", {"progress": {"順調": -1}}),
        ("stated", []),
    ],
)
def test_another_shape_is_refused(mihon: Town, edition: Edition, part: str, value: Any) -> None:
    with pytest.raises(Problem) as refused:
        edit_prose(mihon.ctx("plan_secretariat"), edition, EditProse(part, value))
    assert refused.value.code == "shape"
