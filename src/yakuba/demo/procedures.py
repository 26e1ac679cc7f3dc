"""The procedures of みほん市: published from the ready ones, the inventory, and what citizens have sent lately.

Everything by the actions that people use; citizens fill in page by page. All persons are invented.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from yakuba.demo.plans import data
from yakuba.demo.steps import Steps, japan
from yakuba.engines.approval.actions.table import ChangeRules, RuleChange, change_rules
from yakuba.engines.casework.actions.keeping import SetMailbox, set_mailbox
from yakuba.engines.visitors import store as visitors
from yakuba.engines.visitors.rules import new_token
from yakuba.kernel.actions import Actor, ActorKind, Context, Face, Grant
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.town.models import Municipality, Office
from yakuba.kernel.town.queries import office_by_code
from yakuba.services.procedures import ready
from yakuba.services.procedures.actions.applying import AnswerPage, Begin, Reach, answer, begin, reach
from yakuba.services.procedures.actions.designing import (
    CreateProcedure,
    PublishProcedure,
    create_procedure,
    publish_procedure,
)
from yakuba.services.procedures.actions.entering import Enter, enter
from yakuba.services.procedures.actions.inventory import (
    ChangeInventory,
    PublishInventory,
    RowChange,
    change_inventory,
    publish_inventory,
)
from yakuba.services.procedures.actions.sending import Send, send
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.filings.queries import arrived
from yakuba.services.procedures.models import Procedure

INVENTORY: Final = "inventory.csv"
PUBLISHED: Final = japan(2026, 10, 1, 9)
#: Which office keeps which ready procedure.
OFFICES: Final = {
    "dog-registration": "040200",
    "dog-change": "040200",
    "resident-record": "040100",
    "tax-certificate": "030500",
    "neighbourhood-head": "030100",
    "authorized-association": "030100",
    "after-school-club": "050100",
    "small-works": "030400",
    "water-works": "080100",
    "boundary": "060100",
    "buried-heritage": "070100",
    "smartphone-class": "050200",
}
#: matter, what the rule says, up to how many yen, who decides, who stands in
RULES: Final = (
    ("", "定めのない事項", None, "市長", "副市長"),
    ("児童クラブの入会の決定", "放課後児童クラブの入会の決定", None, "課長", "課長補佐"),
    ("小規模工事等希望者の登録", "小規模工事等希望者の名簿への登載", None, "課長", "課長補佐"),
    ("給水装置工事の承認", "給水装置工事の承認", None, "課長", "課長補佐"),
    ("市有地との境界の確定", "市有地と民有地の境界の確定", None, "課長", "課長補佐"),
)
GROUND: Final = "みほん市事務決裁規程 別表"


@dataclass(frozen=True)
class Person:
    """An invented citizen."""

    family: str
    given: str
    family_kana: str
    given_kana: str
    number: str
    town: str = "見本町一丁目"

    def owner(self) -> dict[str, list[str]]:
        """As the form of a dog's owner is filled in."""
        return {
            "q.owner_name.family": [self.family],
            "q.owner_name.given": [self.given],
            "q.owner_name.family_kana": [self.family_kana],
            "q.owner_name.given_kana": [self.given_kana],
            "q.owner_address.postal": ["999-0001"],
            "q.owner_address.prefecture": ["群馬県"],
            "q.owner_address.city": ["みほん市"],
            "q.owner_address.town": [self.town],
            "q.owner_address.number": [self.number],
            "q.owner_address.building": [""],
            "q.owner_phone": ["0000-00-0000"],
            "q.owner_mail": [""],
        }


KUMIKO: Final = Person("手本", "くみこ", "テホン", "クミコ", "2番3号")
# The owner of a dog that stands in the ledger under the tag that is reported.
CHIHIRO: Final = Person("図解", "ちひろ", "ズカイ", "チヒロ", "25番地5", "様式台二丁目")
HARUMI: Final = Person("𠮷例", "はるみ", "ヨシレイ", "ハルミ", "7番12号")
SATORU: Final = Person("手順", "さとる", "テジュン", "サトル", "9番4号")


def _dog(
    name: str, breed: str, person: Person, chip: str = "none"
) -> list[tuple[str, Mapping[str, Sequence[str]]]]:
    return [
        ("chip_page", {"q.chip": [chip], "q.chip_number": ["392000000000000"] if chip == "only" else [""]}),
        (
            "dog_page",
            {
                "q.dog_name": [name],
                "q.breed": [breed],
                "q.sex": ["male"],
                "q.colour": ["茶"],
                "q.born_on": ["令和8年5月1日"],
                "q.got_on": ["令和8年8月20日"],
                "q.marks": [""],
            },
        ),
        ("owner", person.owner()),
        ("place", {"q.same_place": ["1"], "q.handing": ["counter"]}),
    ]


def _died(name: str, person: Person) -> list[tuple[str, Mapping[str, Sequence[str]]]]:
    return [
        ("what_page", {"q.what": ["died"], "q.happened_on": ["令和8年10月20日"]}),
        ("dog_page", {"q.dog_name": [name], "q.tag": ["H26-1001"], "q.breed": ["雑種"]}),
        ("owner", person.owner()),
    ]


#: procedure, when, the pages, how the result is received, the mail that was confirmed
SENT: Final = (
    (
        "dog-registration",
        japan(2026, 11, 10, 20, 14),
        _dog("みほん丸", "柴犬", KUMIKO),
        "counter",
        "kumiko@example.jp",
    ),
    (
        "dog-registration",
        japan(2026, 11, 16, 7, 51),
        _dog("ひな太", "雑種", HARUMI, "only"),
        "counter",
        "harumi@example.jp",
    ),
    ("dog-change", japan(2026, 11, 17, 22, 5), _died("れい", CHIHIRO), "none", "chihiro@example.jp"),
    (
        "dog-registration",
        japan(2026, 11, 19, 12, 30),
        _dog("かりん", "柴犬", SATORU),
        "post",
        "satoru@example.jp",
    ),
)
CHILD: Final[dict[str, JsonValue]] = {
    "child_name": {"family": "手本", "given": "こいち", "family_kana": "テホン", "given_kana": "コイチ"},
    "child_born": "2019-06-01",
    "school": "見本小学校",
    "grade": "g1",
    "club": "見本第一児童クラブ",
    "start": "2027-04-01",
    "days": ["mon", "wed", "fri"],
    "holidays_only": False,
    "needs_care": False,
    "name": {"family": "手本", "given": "くみこ", "family_kana": "テホン", "given_kana": "クミコ"},
    "born": "1990-05-06",
    "reason": "work",
}


def load(steps: Steps) -> None:
    """Decision rules, mailboxes, procedures, the inventory, and what was sent."""
    here = Municipality.objects.for_actor(steps.ctx("here")).get(pk=steps.ref.id)
    change_rules(steps.ctx("rules"), here, ChangeRules([_rule(*one) for one in RULES]))
    for code in ("040200", "050100"):
        set_mailbox(steps.ctx(f"mailbox:{code}"), _office(steps, code), SetMailbox(f"ka{code}@example.jp"))
    change_inventory(steps.ctx("inventory"), here, ChangeInventory(_inventory()))
    made = {one.key: _publish(steps, one) for one in ready.all_ready()}
    publish_inventory(steps.ctx("inventory:public"), here, PublishInventory())
    for number, (key, at, pages, result, mail) in enumerate(SENT):
        _send(steps, f"sent:{number}", made[key], at, pages, result, mail)
    desk = steps.staff("paper", "hikari", at=japan(2026, 11, 18, 10))
    arrived = japan(2026, 11, 18, 9, 40).astimezone(dt.UTC)
    enter(desk, None, Enter(str(made["after-school-club"].pk), "counter", arrived, CHILD))


def _rule(matter: str, title: str, most: int | None, decided_by: str, stand_ins: str) -> RuleChange:
    return {
        "id": "",
        "version": 0,
        "rule": {
            "authority": "enterprise" if matter == "給水装置工事の承認" else "mayor",
            "matter": matter,
            "title": title,
            "category": "general",
            "up_to_yen": most,
            "decided_by": decided_by,
            "stand_ins": stand_ins,
            "valid_from": "2020-04-01",
            "ground": GROUND,
        },
    }


def _office(steps: Steps, code: str) -> Office:
    found = office_by_code(steps.ref.id, code, PUBLISHED.date())
    if found is None:
        raise LookupError(f"no office {code}")
    return found


def _inventory() -> list[RowChange]:
    rows = csv.DictReader(io.StringIO(data(INVENTORY).decode("utf-8")))
    return [{"id": "", "version": 0, "row": _row(row)} for row in rows]


def _row(row: Mapping[str, str]) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {key: value for key, value in row.items() if value}
    for key in ("yearly_count", "yearly_online", "counted_year", "planned_year"):
        if key in found:
            found[key] = int(row[key])
    for key in ("seal_needed", "by_paper", "by_phone"):
        found[key] = row[key] == "1"
    return found


def _publish(steps: Steps, one: ready.Ready) -> Procedure:
    office = _office(steps, OFFICES[one.key])
    create = CreateProcedure(str(office.pk), document.write(one.definition))
    made = create_procedure(steps.ctx(f"procedure:{one.key}", at=PUBLISHED), None, create)
    return publish_procedure(steps.ctx(f"published:{one.key}", at=PUBLISHED), made, PublishProcedure())


def _send(
    steps: Steps,
    key: str,
    procedure: Procedure,
    at: dt.datetime,
    pages: Sequence[tuple[str, Mapping[str, Sequence[str]]]],
    result: str,
    mail: str,
) -> None:
    """What a citizen does in a quarter of an hour; once, however often the sample is loaded."""
    if arrived(steps.ctx(key), procedure.pk, at.astimezone(dt.UTC)):
        return
    ctx = _visitor(steps, f"{key}:visit", at - dt.timedelta(minutes=15), mail)
    filling = begin(ctx, None, Begin(str(procedure.pk), "ja"))
    for section, posted in pages:
        page: dict[str, JsonValue] = {name: list(values) for name, values in posted.items()}
        filling = answer(ctx, filling, AnswerPage(section, page, leave=True))
    filling = reach(ctx, filling, Reach(result, {"mail": mail}))
    send(replace(ctx, now=at.astimezone(dt.UTC)), None, Send(str(filling.pk)))


def _visitor(steps: Steps, key: str, at: dt.datetime, mail: str) -> Context:
    ctx = replace(steps.ctx(key, at=at), idempotency_key=None, face=Face.PORTAL)
    visit = visitors.begin(ctx, new_token())
    visit = visitors.raise_level(ctx, visit.pk, visitors.Known("mail", "mail", mail=mail), new_token())
    actor = Actor(ActorKind.PUBLIC, f"visit:{visit.pk}", "来訪者", (Grant("visitor", steps.ref.id),))
    return replace(ctx, actor=actor)
