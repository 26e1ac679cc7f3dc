"""An origin of the tests' own, and cases in a town. Names are plainly invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.html import format_html

from tests.world import Town
from yakuba.engines.casework.deadlines import ClockRule
from yakuba.engines.casework.models import Case, CaseMessage, Move, Notice
from yakuba.engines.casework.origins import ORIGINS, Asked, Origin, Panel
from yakuba.engines.casework.store import Opening, open_case
from yakuba.engines.protection.rules import Party
from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.ids import uuid7

KIND = "trying"
REMEDIES = "この決定に不服があるときは、3か月以内に審査請求ができます。"


@dataclass
class Heard:
    """What the origin was told, and whom it knows."""

    moved: list[tuple[UUID, str]] = field(default_factory=list)
    told: list[tuple[UUID, str]] = field(default_factory=list)
    people: dict[UUID, Sequence[Party]] = field(default_factory=dict)
    no_remedies: dict[UUID, str] = field(default_factory=dict)


HEARD = Heard()


def _moved(_ctx: Context, case: Case, move: Move) -> None:
    HEARD.moved.append((case.pk, move.to_state))


def _told(_ctx: Context, case: Case, message: CaseMessage) -> None:
    HEARD.told.append((case.pk, message.kind))


def _issued(_ctx: Context, case: Case, _notice: Notice) -> bool:
    return case.result == "download"


def _parties(_ctx: Context, cases: Sequence[Case]) -> Mapping[UUID, Sequence[Party]]:
    return {case.pk: HEARD.people.get(case.origin_id, (Party(name=case.applicant),)) for case in cases}


def _panels(_request: HttpRequest, _ctx: Context, case: Case) -> Sequence[Panel]:
    return [Panel("trying", "提出された内容", format_html("<p>{}</p>", case.title))]


if KIND not in ORIGINS:
    ORIGINS.register(
        KIND,
        Origin(
            kind=KIND,
            label="試し",
            panels=_panels,
            moved=_moved,
            told=_told,
            issued=_issued,
            parties=_parties,
            questions=lambda _ctx, _case: [Asked("name", "氏名"), Asked("dog", "犬の名前")],
            paper=lambda _ctx, _cases: b"",
            remedies=lambda _ctx, _case: REMEDIES,
            no_remedies=lambda _ctx, case: HEARD.no_remedies.get(case.pk, ""),
        ),
    )


def opening(town: Town, office: str = "own", **changed: object) -> Opening:
    """What a service would hand over."""
    given: dict[str, object] = {
        "kind": "application",
        "title": "犬の登録",
        "origin": SubjectRef(KIND, uuid7()),
        "topic": SubjectRef("topic", uuid7()),
        "office_id": town.offices[office].pk,
        "authority": "mayor",
        "matter": "",
        "channel": "online",
        "applicant": "見本 花子",
        "applicant_kana": "ミホン ハナコ",
        "receipt": "23456789ABCD",
        "arrived_at": town.ctx("cli").now,
        "clock": ClockRule(10),
        "routed": False,
        "result": "download",
        "test": False,
        "checks": ("氏名がある", "手数料"),
    }
    return Opening(**{**given, **changed})  # type: ignore[arg-type]  # the tests' own words


def a_case(town: Town, office: str = "own", **changed: object) -> Case:
    """A case of an office, opened by the machine."""
    with transaction.atomic():
        return open_case(town.ctx("cli").begin(), opening(town, office, **changed))


def at(text: str) -> dt.datetime:
    """A moment of a day in Japan, at noon."""
    return dt.datetime.fromisoformat(f"{text}T12:00:00+09:00").astimezone(dt.UTC)
