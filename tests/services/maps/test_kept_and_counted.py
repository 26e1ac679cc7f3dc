"""Views that somebody keeps, and how often layers were opened."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.services.maps.worlds import KEY, kept, released
from tests.signin import sign_in
from tests.world import Town
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import FiscalYear, clock, japan_date
from yakuba.services.maps.actions.kept import SaveView, save_view
from yakuba.services.maps.models import LayerViews, MapView

pytestmark = pytest.mark.django_db


def here(town: Town, more: str = "") -> str:
    return f"/{town.ref.code}/desk/maps/{more}"


def inside(town: Town, role: str = "staff", office: str = "own") -> Client:
    client = Client()
    sign_in(client, town.account(role, office))
    return client


def save(client: Client, town: Town, name: str, **more: str) -> MapView:
    said = {"name": name, "office": str(town.offices["own"].pk), "query": f"layer={KEY}&q=見本", **more}
    answer = client.post(here(town, "kept/"), said)
    assert answer.status_code == 303, answer.content.decode()[:2000]
    return MapView.unscoped.get(name=name)


def test_a_view_is_kept_opened_and_dropped(mihon: Town) -> None:
    kept(mihon)
    client = inside(mihon, "ledger_keeper")
    view = save(client, mihon, "朝の見回り", extent="15.50/36.400000/139.101000")
    assert "朝の見回り" in client.get(here(mihon)).content.decode()
    answer = client.get(here(mihon, f"kept/{view.pk}/"))
    assert answer["Location"] == here(mihon, f"?layer={KEY}&q=%E8%A6%8B%E6%9C%AC#15.50/36.400000/139.101000")
    assert client.post(here(mihon, f"kept/{view.pk}/")).status_code == 303
    assert not MapView.unscoped.exists()


def test_a_view_is_its_makers_unless_it_is_for_the_office(mihon: Town) -> None:
    kept(mihon).__class__.unscoped.update(open_to_staff=True)
    maker, colleague, stranger = (
        inside(mihon, "ledger_keeper"),
        inside(mihon, "staff"),
        inside(mihon, "staff", "other"),
    )
    own, ours = save(maker, mihon, "自分の"), save(maker, mihon, "課の", shared="1")
    html = colleague.get(here(mihon)).content.decode()
    assert "課の" in html
    assert "自分の</a>" not in html
    assert colleague.get(here(mihon, f"kept/{own.pk}/")).status_code == 404
    assert colleague.get(here(mihon, f"kept/{ours.pk}/")).status_code == 303
    refused = colleague.post(here(mihon, f"kept/{ours.pk}/"))
    assert refused.status_code == 403
    assert stranger.get(here(mihon, f"kept/{ours.pk}/")).status_code == 404


def test_a_view_without_a_name_or_of_another_office_is_refused(mihon: Town) -> None:
    client = inside(mihon)
    said = {"name": "", "office": str(mihon.offices["own"].pk), "query": ""}
    answer = client.post(here(mihon, "kept/"), said)
    assert answer.status_code == 422
    assert 'href="#id_name"' in answer.content.decode()
    other = {"name": "よその", "office": str(mihon.offices["other"].pk)}
    assert client.post(here(mihon, "kept/"), other).status_code == 404
    assert client.post(here(mihon, "kept/"), said | {"name": "x", "query": "evil=1"}).status_code == 400
    with pytest.raises(Problem):
        save_view(mihon.ctx("staff"), mihon.offices["own"], SaveView("x", extent="javascript:1"))


def test_openings_stand_by_month_and_leave_as_a_sheet(mihon: Town) -> None:
    book = released(mihon, 1)
    book.open_to_staff = True
    book.save()
    Client().get(f"/{mihon.ref.code}/maps/")
    Client().get(f"/{mihon.ref.code}/maps/")
    today = japan_date(clock.now())
    year = FiscalYear.of(today)
    before = {"municipality_id": mihon.ref.id, "layer": "up-gone", "day": year.start - dt.timedelta(days=1)}
    LayerViews.unscoped.create(**before, views=7)
    client = inside(mihon)
    html = client.get(here(mihon, "views/")).content.decode()
    assert "公衆無線LAN" in html
    assert "up-gone" not in html, "that was last year"
    answer = client.get(here(mihon, "views/list.csv"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]  # a stream
    line = next(one for one in lines if one.startswith(("公衆無線LAN", '"公衆無線LAN')))
    cells = line.split(",")
    assert cells[-1] == "2"
    months = [(year.start.month - 1 + n) % 12 + 1 for n in range(12)]
    assert cells[1 + months.index(today.month)] == "2"
    last = client.get(here(mihon, f"views/?year={year.start.year - 1}")).content.decode()
    assert "なくなった層（up-gone）" in last
    assert client.get(here(mihon, "views/?year=x")).status_code == 400
    assert Client().get(here(mihon, "views/")).status_code in {302, 303}
