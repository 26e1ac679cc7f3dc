"""How each action of protection is tried in the permission matrix."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.protection.actions import ChangeRegister, LookAgain, Release
from yakuba.engines.protection.models import Hold, Protected
from yakuba.kernel.dates import clock
from yakuba.kernel.town.models import Municipality


def here(town: Town) -> Municipality:
    return Municipality.unscoped.get(pk=town.ref.id)


def protected(town: Town, **facts: object) -> Protected:
    """An invented person."""
    known = {
        "name": "見本 花子",
        "kana": "ミホン ハナコ",
        "birth": dt.date(1980, 5, 5),
        "address": "みほん市本町一丁目2番3号",
        "valid_from": dt.date(2020, 4, 1),
    }
    return Protected.unscoped.create(municipality_id=town.ref.id, **{**known, **facts})


def hold(town: Town) -> Hold:
    """One that stands."""
    return Hold.unscoped.create(
        municipality_id=town.ref.id,
        subject_kind="office",
        subject_id=town.offices["own"].pk,
        protected=protected(town),
        reasons="name_birth",
        matched=uuid4().hex,
        state="standing",
        raised_at=clock.now(),
    )


def entry() -> dict[str, str]:
    """As a form sends it."""
    return {"name": "例示 太郎", "birth": "昭和55年5月5日", "valid_from": "令和8年4月1日"}


def post_new(client: Client, town: Town, _subject: object) -> HttpResponse:
    return client.post(f"/{town.ref.code}/desk/protection/new/", entry())


def post_release(client: Client, town: Town, subject: Hold) -> HttpResponse:
    address = f"/{town.ref.code}/desk/protection/holds/{subject.pk}/"
    return client.post(address, {"reason": "窓口で確かめた"})


SPECIMENS = {
    "protection.change": Specimen(
        subject=here,
        data=lambda _town, _subject: ChangeRegister([{"id": "", "version": 0, "entry": entry()}]),
        page=post_new,
    ),
    "protection.look_again": Specimen(subject=here, data=lambda _town, _subject: LookAgain([])),
    "protection.release": Specimen(
        subject=hold, data=lambda _town, _subject: Release("窓口で確かめた"), page=post_release
    ),
}
