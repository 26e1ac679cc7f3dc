"""Letters go to whom they are for, to nobody under 支援措置, and are noted in their entries."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.test import Client
from pypdf import PdfReader

from tests.engines.ledger.forms.letters import FORM, WIFI, declare
from tests.engines.ledger.worlds import open_book, site
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.ledger.actions.entries import AddEntry
from yakuba.engines.ledger.forms import printing, queries
from yakuba.engines.ledger.forms.actions import PrintLetters, print_letters
from yakuba.engines.ledger.forms.declaring import Addressee
from yakuba.engines.ledger.models import Amendment, LetterRun
from yakuba.engines.protection.models import Hold, Protected
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.files import store as files

HERE = "/990019/desk/ledgers/public_wifi/forms/"


def text_of(data: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]


def hold(town: Town, entry) -> Hold:
    protected = Protected.unscoped.create(
        municipality_id=town.ref.id,
        name="架空花子",
        kana="カクウハナコ",
        address="",
        valid_from=japan_date(clock.now()),
    )
    return Hold.unscoped.create(
        municipality_id=town.ref.id, subject_kind="public_wifi", subject_id=entry.pk, protected=protected,
        state="standing", raised_at=clock.now(),
    )  # fmt: skip


def test_a_letter_has_its_address_in_the_window_and_is_tagged() -> None:
    each = [
        printing.Letter(
            Addressee("例示 太郎", "みほん市1番地\n見本荘101", "000-0000"), "W1", "一行目\n二行目"
        ),
        printing.Letter(Addressee("手本 花子", "みほん市2番地"), "W2", "別の文"),
    ]
    data = printing.letters("お知らせ", ["みほん市", "見本課"], dt.date(2026, 4, 1), each)
    first, second = text_of(data)
    assert first.startswith("〒000-0000みほん市1番地見本荘101例示太郎様")
    assert "令和8年4月1日" in first
    assert "見本課" in second
    assert PdfReader(io.BytesIO(data)).trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.django_db
def test_a_run_is_kept_and_noted_and_leaves_out_who_is_held(mihon: Town) -> None:
    declare()
    book, ctx = open_book(mihon), mihon.ctx("ledger_keeper")
    free, held = (WIFI.actions.add(ctx, book, AddEntry(site(name=f"見本{n}"))) for n in range(2))
    WIFI.actions.add(ctx, book, AddEntry(site(name="対象外", use="tourism")))
    hold(mihon, held)
    found, kept_back = queries.candidates(ctx, WIFI, book, FORM)
    assert (list(found), kept_back) == ([free], 1)
    client = Client()
    sign_in(client, mihon.account("ledger_keeper"))
    assert "支援措置の確認が済んでいない1件を除きます" in client.get(f"{HERE}renewal/").content.decode()
    assert client.post(f"{HERE}renewal/", {"day": "2月30日"}).status_code == 422
    today = japan_date(clock.now())
    assert client.post(f"{HERE}renewal/", {"day": today.isoformat()}).status_code == 303
    run = LetterRun.unscoped.get()
    assert (run.entries, run.held, run.form) == ([str(free.pk)], 1, "renewal")
    free.refresh_from_db()
    assert free.renewal == today
    assert Amendment.unscoped.filter(entry=free.pk, reason="更新のお知らせの印刷").exists()
    page = client.get(HERE).content.decode()
    assert f"{HERE}runs/{run.pk}/" in page
    (paper,) = text_of(b"".join(client.get(f"{HERE}runs/{run.pk}/")))
    assert "見本0の更新期限" in paper
    hold(mihon, free)
    assert client.get(f"{HERE}runs/{run.pk}/").status_code == 403, "nor once more, since it is held"


@pytest.mark.django_db
def test_a_hold_that_came_meanwhile_stops_the_run(mihon: Town) -> None:
    declare()
    book, ctx = open_book(mihon), mihon.ctx("ledger_keeper")
    entry = WIFI.actions.add(ctx, book, AddEntry(site()))
    data = PrintLetters("renewal", japan_date(ctx.now), [str(entry.pk)], 0, files.put(b"%PDF-1.7"))
    hold(mihon, entry)
    with pytest.raises(Problem) as told:
        print_letters(ctx, book, data)
    assert told.value.code == "held"
    assert not LetterRun.unscoped.exists()


@pytest.mark.django_db
def test_a_list_and_an_entry_on_paper(mihon: Town) -> None:
    declare()
    book, ctx = open_book(mihon), mihon.ctx("ledger_keeper")
    entry = WIFI.actions.add(ctx, book, AddEntry(site(name="見本𠮷野館")))
    held = WIFI.actions.add(ctx, book, AddEntry(site(name="架空館")))
    hold(mihon, held)
    client = Client()
    sign_in(client, mihon.account("ledger_keeper"))
    (page,) = text_of(client.get(f"{HERE}list.pdf").content)
    assert "見本𠮷野館" in page
    assert "架空館" not in page
    assert "1件を除いています" in page
    (page,) = text_of(client.get(f"{HERE}{entry.pk}.pdf").content)
    assert "Mihon_Free" in page
    assert client.get(f"{HERE}{held.pk}.pdf").status_code == 403
