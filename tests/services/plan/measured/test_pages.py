"""The secretary's walk: proposals are looked at, confirmed together, one is tried out and bound, another is left to its office."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.engines.metrics.sample import Said
from tests.packs.inherited import book_in
from tests.services.plan.measured.conftest import KEY, ONLINE, at, standing
from tests.services.plan.year.conftest import Year, initiative_of
from yakuba.engines.ledger.models import Book
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.store import measure
from yakuba.kernel.dates import FiscalYear
from yakuba.packs.dog_registry.ledger import DOGS
from yakuba.services.plan.actions import CorrectField, SetThemes, correct_field, set_themes
from yakuba.services.plan.measured import queries
from yakuba.services.plan.measured.actions.store import mark_of
from yakuba.services.plan.models import Binding, DeclinedSource, Edition

DESK = "/990019/desk/plan/editions"


def themed(year: Year) -> str:
    """The edition's page, its first initiative of a theme that a person gave."""
    one = initiative_of(year, ONLINE)
    rows = [
        {"initiative": str(one.pk), "version": one.version, "themes": ["online-applications"], "declined": []}
    ]
    set_themes(year.ctx("cli"), Edition.unscoped.get(pk=year.edition.pk), SetThemes(rows))
    return f"{DESK}/{year.edition.pk}/measures/"


def figures(year: Year, metric: Said) -> None:
    """57 measured of the year of which the plan prints 57手続, 81 of the year after."""
    for number, of in ((57, 2024), (81, 2025)):
        metric.say(year.town.ref.id, Period.year(FiscalYear(of)), number)
        measure(Period.year(FiscalYear(of)), [KEY])


def test_proposals_are_confirmed_together(year: Year, metric: Said) -> None:
    here, client = themed(year), at(year, "plan_secretariat")
    figures(year, metric)
    page = client.get(here).content.decode()
    assert "オンライン化した手続の数" in page
    assert "令和6年度の計画の値「57手続」と、計測値57が同じです。" in page
    assert "取組の主題「電子申請」を測る数です。" in page
    assert not Binding.unscoped.exists()
    nothing = client.post(here, {"reason": ""})
    assert nothing.status_code != 303
    assert "まだ何も選ばれていません" in nothing.content.decode()
    online = initiative_of(year, ONLINE)
    chosen = {f"choice-{online.pk}-0": mark_of("指標", "metric", {"metric": KEY})}
    answer = client.post(here, chosen)
    assert answer.status_code == 303
    one = standing(year)
    assert (one.source, one.reason) == ("metric", "提案を確かめて選びました。")
    assert "取組の主題「電子申請」を測る数です。" in one.grounds
    done = client.get(answer["Location"]).content.decode()
    assert "1件の指標を結び付けました。" in done
    bound = client.get(f"{here}?show=bound").content.decode()
    assert "57手続（令和6年度）" in bound
    assert "計測値と同じです。" in bound


def test_what_fits_nothing_is_proposed_no_more(year: Year, metric: Said) -> None:
    here, client = themed(year), at(year, "plan_secretariat")
    online = initiative_of(year, ONLINE)
    before = client.get(here).content.decode()
    assert "オンライン化した手続の数" in before
    assert client.post(here, {f"choice-{online.pk}-0": "none", "reason": "数え方が違う"}).status_code == 303
    assert DeclinedSource.unscoped.filter(source="metric", reason="数え方が違う").exists()
    assert "オンライン化した手続の数" not in client.get(here).content.decode()
    assert not Binding.unscoped.exists()


def test_an_office_sees_everything_and_decides_its_own(year: Year, metric: Said) -> None:
    here = themed(year)
    assert "これで測る" in at(year, "plan_editor").get(here).content.decode()
    other = at(year, "plan_editor", "other")
    page = other.get(here).content.decode()
    assert "見るだけの画面です" in page
    assert "これで測る" not in page


def test_one_indicator_is_tried_out_before_it_is_decided(year: Year, metric: Said) -> None:
    figures(year, metric)
    online = initiative_of(year, ONLINE)
    here, client = f"{themed(year)}{online.pk}/0/", at(year, "plan_secretariat")
    assert "提案" in client.get(here).content.decode()
    tried = client.post(here, {"do": "try", "source": "metric", "metric": KEY, "reason": "試し"})
    page = tried.content.decode()
    assert tried.status_code == 200
    assert "試した結果" in page
    assert "計測値と同じです。" in page
    assert "81手続" in page
    assert not Binding.unscoped.exists()
    wrong = client.post(here, {"do": "try", "source": "formula", "formula": "[gone] +", "reason": "試し"})
    assert wrong.status_code == 422
    lacking = client.post(here, {"do": "bind", "source": "metric", "metric": KEY, "reason": ""})
    assert lacking.status_code == 422
    assert "「理由」が空です" in lacking.content.decode()
    assert client.post(here, {"do": "bind", "metric": KEY, "reason": "同じ数え方"}).status_code == 422
    formula = {
        "do": "bind",
        "source": "formula",
        "formula": f"[{KEY}] × 2",
        "unit": "手続",
        "reason": "2倍で数える指標のため",
    }
    assert client.post(here, formula).status_code == 303
    one = standing(year)
    assert (one.source, one.said) == ("formula", {"formula": f"[{KEY}] × 2", "unit": "手続"})
    shown = client.get(here).content.decode()
    assert "2倍で数える指標のため" in shown
    assert "162手続" in shown
    again = client.post(here, {**formula, "seen": ""})  # somebody who looked before
    assert again.status_code == 422
    assert "ほかの人が先に" in again.content.decode()
    assert client.post(here, {"do": "end", "seen": str(one.pk), "end_reason": ""}).status_code == 422
    ended = client.post(here, {"do": "end", "seen": str(one.pk), "end_reason": "指標をやめるため"})
    assert ended.status_code == 303
    assert queries.bindings(year.ctx("staff"), year.edition) == {}
    assert "指標をやめるため" in client.get(here).content.decode()


def test_an_office_counts_it_with_a_file_that_shows_how(year: Year) -> None:
    online = initiative_of(year, ONLINE)
    here, client = f"{DESK}/{year.edition.pk}/measures/{online.pk}/0/", at(year, "plan_editor")
    file = SimpleUploadedFile("数え方.txt", "台帳の行数".encode())
    said = {
        "do": "bind",
        "source": "manual",
        "definition": "台帳の行を年度末に数える。",
        "reason": "計測するものがないため",
    }
    numbered = SimpleUploadedFile("名簿.csv", "氏名,個人番号\r\n架空よつば,123456789018\r\n".encode())
    refused = client.post(here, {**said, "file": numbered})
    assert refused.status_code == 422
    assert "個人番号と思われる数字" in refused.content.decode()
    assert not Binding.unscoped.exists()
    assert client.post(here, {**said, "file": file}).status_code == 303
    one = standing(year)
    page = client.get(here).content.decode()
    assert "台帳の行を年度末に数える。" in page
    shown = client.get(f"{DESK}/{year.edition.pk}/measures/files/{one.pk}/")
    assert b"".join(shown.streaming_content) == "台帳の行数".encode()  # type: ignore[attr-defined]  # a file answer streams
    assert client.get(f"{DESK}/{year.edition.pk}/measures/?show=manual").status_code == 200


def test_the_list_leaves_the_house_and_an_unknown_place_is_missing(bound: Year) -> None:
    client = at(bound, "staff")
    out = client.get(f"{DESK}/{bound.edition.pk}/measures.csv")
    text = b"".join(out.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a file answer streams
    assert "オンライン化した手続の数" in text
    assert "手続台帳が同じ数え方のため" in text
    online = initiative_of(bound, ONLINE)
    assert client.get(f"{DESK}/{bound.edition.pk}/measures/{online.pk}/7/").status_code == 404
    assert (
        "見るだけの画面です"
        in client.get(f"{DESK}/{bound.edition.pk}/measures/{online.pk}/0/").content.decode()
    )


def test_an_indicator_that_went_is_told_and_its_binding_ended(bound: Year, metric: Said) -> None:
    named = CorrectField("indicators[0].name", "別の名前")
    correct_field(bound.ctx("cli"), initiative_of(bound, ONLINE), named)
    here, one = f"{DESK}/{bound.edition.pk}/measures/", standing(bound)
    page = at(bound, "staff").get(here).content.decode()
    assert "指標が見つからない結び付けがあります" in page
    assert "この結び付けを終える" not in page
    assert at(bound, "plan_editor").post(here, {"lost": str(one.pk)}).status_code == 422
    assert at(bound, "plan_secretariat").post(here, {"lost": str(one.pk)}).status_code == 303
    ended = standing(bound)
    assert (ended.line, ended.source, ended.name) == (one.line, "", "指標")
    assert "指標が見つからない結び付けがあります" not in at(bound, "staff").get(here).content.decode()


def test_the_fields_of_a_ledger_come_when_it_is_chosen(year: Year) -> None:
    online = initiative_of(year, ONLINE)
    here, client = f"{DESK}/{year.edition.pk}/measures/{online.pk}/0/", at(year, "plan_secretariat")
    opened = client.post(here, {"do": "open", "ledger": "public_wifi"})
    assert opened.status_code == 200
    page = opened.content.decode()
    assert re.search(r'name="source" value="ledger"[^>]* checked', page)
    refused = client.post(
        here, {"do": "bind", "source": "ledger", "ledger": "public_wifi", "reason": "台帳を数える"}
    )
    assert refused.status_code == 422
    assert "まだ開いていません" in refused.content.decode()


def test_a_closed_ledger_is_tried_by_nobody_who_may_not_see_it(year: Year) -> None:
    """A trial is an answer: it is asked for by who may decide, of a book that they may see."""
    online = initiative_of(year, ONLINE)
    here = f"{DESK}/{year.edition.pk}/measures/{online.pk}/0/"
    book_in(year.town, DOGS, open_to_staff=False)
    dogs = {
        "do": "try",
        "source": "ledger",
        "ledger": "dog_registry",
        "f-state": "registered",
        "reason": "犬",
    }
    for do in ("try", "bind"):
        for role, office in (("plan_editor", "other"), ("plan_editor", "own"), ("plan_secretariat", "own")):
            refused = at(year, role, office).post(here, {**dogs, "do": do})
            assert (refused.status_code, "試した結果" in refused.content.decode()) == (403, False)
    assert not Binding.unscoped.exists()
    Book.unscoped.filter(ledger="dog_registry").update(open_to_staff=True)
    assert at(year, "plan_editor", "other").post(here, dogs).status_code == 403
    tried = at(year, "plan_secretariat").post(here, dogs)
    assert tried.status_code in (200, 422)
    assert "試した結果" in tried.content.decode()
    free = at(year, "plan_secretariat").post(here, {**dogs, "f-registered_on-from": "R8.4.1"})
    assert free.status_code == 422
    assert "人に関わる台帳なので" in free.content.decode()
    assert "試した結果" not in free.content.decode()
