"""Four invented neighbours with plans of four other shapes, so that plans can be compared across municipalities."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from yakuba.demo import plans
from yakuba.demo.offices import Opened
from yakuba.demo.steps import Steps, japan
from yakuba.kernel.access.actors import cli_actor
from yakuba.kernel.dates import clock
from yakuba.kernel.town.actions import OpenOffice, ensure_municipality, open_office
from yakuba.services.plan.actions import ImportDocument, PublishEdition, import_document, publish_edition


@dataclass(frozen=True)
class Neighbour:
    """A municipality, the file of its plans, and when each of them came out."""

    code: str
    name: str
    kana: str
    accent: str
    file: str
    published: tuple[dt.datetime, ...]
    offices: tuple[Opened, ...]


def _offices(*groups: tuple[str, str]) -> tuple[Opened, ...]:
    """Offices from (department, names) in the order of their codes; those of 教育委員会 answer to it."""
    found: list[Opened] = []
    for number, (department, names) in enumerate(groups, start=1):
        authority = "education" if department.startswith("教育委員会") else "mayor"
        found += [
            Opened(f"{number:02}{place:02}00", name, department, authority)
            for place, name in enumerate(names.split("、"), start=1)
        ]
    return tuple(found)


NEIGHBOURS: Final = (
    Neighbour(
        "990027",
        "かりな市",
        "カリナシ",
        "blue",
        "karina.json",
        (japan(2025, 5, 30), japan(2026, 5, 29)),
        _offices(
            ("総務部", "総務課、人事課、秘書広報課、デジタル戦略課、税務課、危機管理課"),
            ("市民環境部", "市民課、環境課"),
            ("都市建設部", "建設課、都市計画課"),
            ("会計管理者", "会計課"),
        ),
    ),
    Neighbour(
        "990035",
        "ひながた市",
        "ヒナガタシ",
        "purple",
        "hinagata.json",
        (japan(2026, 3, 27),),
        _offices(
            ("企画部", "情報政策課、秘書広報課"),
            ("総務部", "人事課、契約検査課、税務課、防災課"),
            ("市民福祉部", "市民課、福祉課、こども未来課"),
            ("都市整備部", "都市計画課、道路課"),
            ("会計管理者", "会計課"),
            ("教育委員会事務局", "生涯学習課"),
        ),
    ),
    Neighbour(
        "990043",
        "れいじ町",
        "レイジマチ",
        "cyan",
        "reiji.json",
        (japan(2025, 3, 28),),
        _offices(("", "総務課、企画課、町民課、福祉課、建設課、会計室"), ("教育委員会事務局", "公民館")),
    ),
    Neighbour(
        "990051",
        "しさく村",
        "シサクムラ",
        "orange",
        "shisaku.json",
        (japan(2024, 3, 29), japan(2026, 2, 27)),
        _offices(("", "総務課、住民課、住民福祉課、産業建設課、会計室、議会事務局")),
    ),
)


def load() -> None:
    """Take in each neighbour with its offices and publish its plans. Their people have no accounts here: the operator does it."""
    for one in NEIGHBOURS:
        ref = ensure_municipality(cli_actor(), one.code, name=one.name, kana=one.kana, accent=one.accent)
        steps = Steps(ref)
        for office in one.offices:
            opened = OpenOffice(office.authority, office.name, office.code, office.on, office.department)
            open_office(steps.ctx(f"office:{office.code}"), None, opened)
        for number, (document, at) in enumerate(
            zip(plans.documents(steps, one.file), one.published, strict=True), start=1
        ):
            key = f"plan:{number}"
            data = ImportDocument(document, one.file)
            edition = import_document(steps.ctx(f"{key}:import", at=at), None, data)
            plans.link_offices(
                steps, steps.ctx(f"{key}:link", at=at), edition, [clock.japan_date(at)], f"{key}:link"
            )
            publish_edition(steps.ctx(f"{key}:publish", at=at), edition, PublishEdition())
