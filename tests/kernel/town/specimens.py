"""How each action of the town is tried."""

from __future__ import annotations

import datetime as dt

from tests.matrix import Specimen
from tests.world import SINCE, Town
from yakuba.kernel.town import actions as town
from yakuba.kernel.town.models import Assignment, Municipality, Office, Person

DAY = dt.date(2026, 4, 1)
CSV = "職員番号,氏名,所属コード,職,区分,発令日\n9001,例題とおる,own-1,主事,本務,R8.4.1\n"


def municipality(here: Town) -> Municipality:
    return Municipality.unscoped.get(pk=here.ref.id)


def office(here: Town) -> Office:
    return here.offices["own"]


def person(here: Town) -> Person:
    found = here.account("staff", "own").person
    assert found is not None
    return found


def assignment(here: Town) -> Assignment:
    return Assignment.unscoped.get(person=person(here), kind="main")


def send_csv(client, here: Town, _subject):
    return client.post(f"/{here.ref.code}/desk/people/import/", {"content": CSV, "confirm": "1"})


SPECIMENS = {
    "town.found_municipality": Specimen(lambda _t: None, lambda t, _s: town.FoundMunicipality(t.ref.code)),
    "town.describe_municipality": Specimen(municipality, lambda _t, _s: town.DescribeMunicipality("見本市")),
    "town.open_office": Specimen(
        lambda _t: None, lambda _t, _s: town.OpenOffice("mayor", "新課", "new-1", DAY)
    ),
    "town.rename_office": Specimen(office, lambda _t, _s: town.RenameOffice("改名課", "own-2", DAY)),
    "town.succeed_office": Specimen(office, lambda _t, _s: town.SucceedOffice("merged", DAY, "other-1")),
    "town.enter_person": Specimen(lambda _t: None, lambda _t, _s: town.EnterPerson("9001", "例題とおる")),
    "town.correct_person": Specimen(
        person, lambda _t, _s: town.CorrectPerson("例題とおる", "レイダイ トオル")
    ),
    "town.open_post": Specimen(office, lambda _t, _s: town.OpenPost("主事")),
    "town.assign": Specimen(person, lambda _t, _s: town.Assign("other-1", "主事", "main", DAY)),
    "town.correct_assignment": Specimen(
        assignment, lambda _t, _s: town.CorrectAssignment("other-1", "主事", "main", SINCE)
    ),
    "town.import_personnel": Specimen(municipality, lambda _t, _s: town.ImportPersonnel(CSV), page=send_csv),
}
