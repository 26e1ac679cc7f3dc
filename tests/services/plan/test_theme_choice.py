"""Themes: the product proposes with its evidence, a person decides, the decision stays."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.services.plan.forms import document, initiative
from tests.signin import sign_in
from tests.world import Town
from yakuba.kernel.actions import Denied, Problem, Problems
from yakuba.services.plan import queries
from yakuba.services.plan.actions import ImportDocument, SetThemes, ThemeRow, import_document, set_themes
from yakuba.services.plan.models import Edition, Initiative, InitiativeOffice
from yakuba.services.plan.themes import THEMES, propose

pytestmark = pytest.mark.django_db

OWN = [{"name": "見本課", "role": "lead", "doubtful": False}]
OTHER = [{"name": "例示課", "role": "lead", "doubtful": False}]


def rows() -> list[dict[str, object]]:
    return [
        initiative("1", "電子申請の拡大", offices=OWN),
        initiative("2", "オープンデータの公開", offices=OTHER),
    ]


@pytest.fixture
def edition(mihon: Town) -> Edition:
    made = import_document(mihon.ctx("cli"), None, ImportDocument(document(rows())))
    for name, key in (("見本課", "own"), ("例示課", "other")):
        InitiativeOffice.unscoped.filter(name=name).update(office=mihon.offices[key])
    return made


@pytest.fixture
def row(edition: Edition) -> Initiative:
    return Initiative.unscoped.get(edition=edition, number="1")


def choice(row: Initiative, themes: list[str], declined: list[str] | None = None) -> ThemeRow:
    return {"initiative": str(row.pk), "version": row.version, "themes": themes, "declined": declined or []}


def client_of(town: Town, role: str) -> Client:
    client = Client()
    sign_in(client, town.account(role))
    return client


def proposed(row: Initiative) -> str:
    return propose(queries.initiative_form(row))[0].theme


def test_a_decision_is_kept_marked_and_reopens_the_edition(
    mihon: Town, edition: Edition, row: Initiative
) -> None:
    Edition.unscoped.filter(pk=edition.pk).update(state="published")
    theme, other = proposed(row), next(one for one in THEMES if one != proposed(row))
    ctx = mihon.ctx("plan_editor")
    set_themes(ctx, edition, SetThemes([choice(row, [theme], [other])]))
    row.refresh_from_db()
    edition.refresh_from_db()
    assert (row.themes, row.themes_declined, row.version) == ([theme], [other], 2)
    assert row.corrected["themes"]["by"] == ctx.actor.label
    assert edition.state == "draft"
    import_document(mihon.ctx("cli"), None, ImportDocument(document(rows())))
    row.refresh_from_db()
    assert (row.themes, row.themes_declined) == ([theme], [other]), "a second reading keeps it"


def test_no_theme_at_all_is_a_decision_too(mihon: Town, edition: Edition, row: Initiative) -> None:
    set_themes(mihon.ctx("plan_secretariat"), edition, SetThemes([choice(row, [])]))
    row.refresh_from_db()
    assert row.themes == []
    assert "themes" in row.corrected


def test_what_is_no_theme_or_stale_or_elsewhere_is_refused_as_a_whole(
    mihon: Town, edition: Edition, row: Initiative
) -> None:
    ctx = mihon.ctx("plan_secretariat")
    good = choice(Initiative.unscoped.get(edition=edition, number="2"), [proposed(row)])
    for bad in (
        {**choice(row, ["no-such-theme"])},
        {**choice(row, []), "version": 7},
        {**choice(row, []), "initiative": "01a1fc75-5ab3-7066-a299-475766c6b8d1"},
    ):
        with pytest.raises(Problems) as caught:
            set_themes(ctx, edition, SetThemes([good, bad]))  # type: ignore[list-item]  # altered on purpose
        assert [one.field for one in caught.value.problems] == [bad["initiative"]]
    assert not any(one.themes for one in Initiative.unscoped.filter(edition=edition))


def test_an_editor_decides_for_the_own_office_alone(mihon: Town, edition: Edition) -> None:
    other = Initiative.unscoped.get(edition=edition, number="2")
    with pytest.raises(Denied):
        set_themes(mihon.ctx("plan_editor"), edition, SetThemes([choice(other, [])]))
    with pytest.raises((Denied, Problem)):
        set_themes(mihon.ctx("staff"), edition, SetThemes([choice(other, [])]))


def test_the_page_shows_score_and_evidence_and_saves_many(
    mihon: Town, edition: Edition, row: Initiative
) -> None:
    page = f"/990019/desk/plan/editions/{edition.pk}/themes/"
    client = client_of(mihon, "plan_secretariat")
    text = client.get(page).content.decode()
    assert "2件のうち2件が未確認" in text
    proposal = propose(queries.initiative_form(row))[0]
    assert f"候補 {proposal.score}点" in text
    assert f"<mark>{proposal.evidence[0][1]}</mark>" in text
    second = Initiative.unscoped.get(edition=edition, number="2")
    sent = {
        f"version-{row.pk}": "1",
        f"theme-{row.pk}-{proposal.theme}": "yes",
        f"version-{second.pk}": "1",
        f"none-{second.pk}": "1",
    }
    assert "checked" in text, "undecided is what stands there"
    assert 'value="yes" checked' not in text, "nothing is chosen silently"
    assert client.post(page, sent).status_code == 303
    row.refresh_from_db()
    second.refresh_from_db()
    assert (row.themes, second.themes) == ([proposal.theme], [])
    assert "未確認の取組はありません" in client.get(page).content.decode()
    shown = client.get(page, {"show": "all"}).content.decode()
    assert 'value="yes" checked' in shown
    added = {
        f"version-{row.pk}": "2",
        f"theme-{row.pk}-{proposal.theme}": "no",
        f"add-{row.pk}": next(iter(THEMES)),
    }
    assert client.post(page, added).status_code == 303
    row.refresh_from_db()
    assert (row.themes, row.themes_declined) == ([next(iter(THEMES))], [proposal.theme])


def test_a_stale_row_says_so_and_keeps_the_choice(mihon: Town, edition: Edition, row: Initiative) -> None:
    page = f"/990019/desk/plan/editions/{edition.pk}/themes/"
    client = client_of(mihon, "plan_editor")
    theme = proposed(row)
    Initiative.unscoped.filter(pk=row.pk).update(version=2)
    told = client.post(page, {f"version-{row.pk}": "1", f"theme-{row.pk}-{theme}": "yes"})
    assert told.status_code == 422
    text = told.content.decode()
    assert "ほかの人が先に変更しました" in text
    assert 'value="yes" checked' in text
    assert client.post(page, {f"version-{row.pk}": "2"}).status_code == 422, "nothing was chosen"


def test_staff_look_and_decide_nothing(mihon: Town, edition: Edition) -> None:
    text = client_of(mihon, "staff").get(f"/990019/desk/plan/editions/{edition.pk}/themes/").content.decode()
    assert "見るだけの画面" in text
    assert 'type="radio"' not in text
