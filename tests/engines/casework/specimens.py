"""How each action of casework is tried in the permission matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.engines.casework import papers
from tests.engines.casework.trying import a_case
from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.approval.models import DecisionRule
from yakuba.engines.casework import actions, store
from yakuba.engines.casework.models import Case, CaseLink, Disposition, Notice
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.models import Office, Post


def arrived(town: Town) -> Case:
    return a_case(town)


def _moved(town: Town, case: Case, *keys: str) -> Case:
    ctx = town.ctx("cli").begin()
    for key in keys:
        if key == "ask_correction":
            store.tell(ctx, case, "correction_request", "直してください。")
        store.move(ctx, case, key)
    return case


def checking(town: Town) -> Case:
    return _moved(town, a_case(town), "start")


def returned(town: Town) -> Case:
    return _moved(town, a_case(town), "start", "ask_correction")


def examining(town: Town) -> Case:
    return _moved(town, a_case(town), "start", "formally_right")


def drafted(town: Town, **changed: Any) -> Case:
    case = _moved(town, a_case(town, **changed), "start", "formally_right")
    Disposition.unscoped.create(
        municipality_id=town.ref.id,
        case=case,
        outcome="granted",
        content="登録する。",
        drafted_by="例示",
        drafted_at=town.ctx("cli").now,
    )
    return case


def routed(town: Town) -> Case:
    """A draft whose decider is named by a rule."""
    Post.unscoped.get_or_create(municipality_id=town.ref.id, office=town.offices["other"], title="見本部長")
    DecisionRule.unscoped.get_or_create(
        municipality_id=town.ref.id,
        authority="mayor",
        matter="",
        title="その他の事項",
        category="general",
        decided_by="見本部長",
        valid_from=japan_date(town.ctx("cli").now),
    )
    return drafted(town, routed=True)


def decided(town: Town, **changed: object) -> Case:
    case = drafted(town)
    if changed:
        Disposition.unscoped.filter(case=case).update(**changed)
    draft = store.draft_of(case)
    assert draft is not None
    _moved(town, case, "settle")
    store.stand(town.ctx("cli").begin(), draft)
    return case


def told(town: Town) -> Case:
    case = decided(town)
    Notice.unscoped.create(
        municipality_id=town.ref.id,
        case=case,
        title="登録通知書",
        addressee="見本 花子",
        sender="みほん市長",
        sealing="omitted",
        state="to_print",
    )
    return case


def notified(town: Town) -> Case:
    return _moved(town, told(town), "notify")


def linked(town: Town) -> Case:
    case = a_case(town)
    CaseLink.unscoped.create(
        municipality_id=town.ref.id,
        case=case,
        other=a_case(town),
        by_label="例示",
        at=town.ctx("cli").now,
    )
    return case


def the_link(_town: Town, case: Case) -> actions.UnlinkCase:
    return actions.UnlinkCase(str(CaseLink.unscoped.get(case=case).pk))


def an_office(town: Town) -> Office:
    return town.offices["own"]


def a_colleague(town: Town, _case: Case) -> actions.Assign:
    return actions.Assign(str(town.account("case_worker").person_id))


def another(town: Town, _case: Case) -> actions.LinkCase:
    return actions.LinkCase(a_case(town).number)


def posted(do: str, **fields: str) -> Callable[[Client, Town, Case], HttpResponse]:
    """The form of a case's page."""

    def send(client: Client, town: Town, case: Case) -> HttpResponse:
        return client.post(f"/{town.ref.code}/desk/cases/{case.pk}/", {"do": do, **fields})

    return send


def posted_link(client: Client, town: Town, case: Case) -> HttpResponse:
    return client.post(
        f"/{town.ref.code}/desk/cases/{case.pk}/", {"do": "link", "number": a_case(town).number}
    )


def posted_unlink(client: Client, town: Town, case: Case) -> HttpResponse:
    return posted("unlink", link=the_link(town, case).link)(client, town, case)


def posted_transfer(client: Client, town: Town, case: Case) -> HttpResponse:
    return posted("transfer", office=str(town.offices["other"].pk), reason="所管が違う")(client, town, case)


def posted_mailbox(client: Client, town: Town, office: Office) -> HttpResponse:
    address = f"/{town.ref.code}/desk/case-mailboxes/"
    return client.post(address, {"office": str(office.pk), "mail": "kakari@example.jp"})


def today(town: Town) -> str:
    return japan_date(town.ctx("cli").now).isoformat()


def _nothing(_town: Town, _subject: object) -> NoData:
    return NoData()


SPECIMENS = {
    "casework.start": Specimen(arrived, _nothing, posted("start")),
    "casework.formally_right": Specimen(checking, _nothing, posted("formally_right")),
    "casework.back": Specimen(
        examining, lambda _t, _s: actions.Because("見落とし"), posted("back", reason="見落とし")
    ),
    "casework.ask_correction": Specimen(
        checking,
        lambda _t, _s: actions.AskCorrection("住所を直してください。", asked=["name"]),
        posted("ask_correction", body="住所を直してください。", asked="name"),
    ),
    "casework.corrected": Specimen(
        returned,
        lambda t, _s: actions.Corrected(japan_date(t.ctx("cli").now), "住所は見本町1番"),
        lambda client, town, case: posted("corrected", on=today(town), body="住所は見本町1番")(
            client, town, case
        ),
    ),
    "casework.go_on": Specimen(
        returned, lambda _t, _s: actions.Because("軽い不備"), posted("go_on", reason="軽い不備")
    ),
    "casework.write": Specimen(
        arrived,
        lambda _t, _s: actions.Write("question", "いつからですか。"),
        posted("write", kind="question", body="いつからですか。"),
    ),
    "casework.hear": Specimen(
        arrived,
        lambda _t, _s: actions.Hear("phone", "question", "いつまでですか。"),
        posted("hear", how="phone", kind="question", body="いつまでですか。"),
    ),
    "casework.withdraw": Specimen(
        arrived,
        lambda t, _s: actions.Withdraw("paper", japan_date(t.ctx("cli").now), "不要になった"),
        lambda client, town, case: posted("withdraw", how="paper", on=today(town))(client, town, case),
    ),
    "casework.draft": Specimen(
        examining,
        lambda _t, _s: actions.DraftDisposition("granted", "登録する。"),
        posted("draft", outcome="granted", content="登録する。"),
    ),
    "casework.propose": Specimen(
        routed,
        lambda _t, _s: actions.Propose("犬の登録について"),
        posted("propose", title="犬の登録について", when="now"),
    ),
    "casework.settle": Specimen(drafted, lambda _t, _s: actions.Settle(), posted("settle")),
    "casework.notify": Specimen(told, _nothing, posted("notify")),
    "casework.complete": Specimen(notified, _nothing, posted("complete")),
    "casework.note": Specimen(
        arrived, lambda _t, _s: actions.WriteNote("電話した。"), posted("note", body="電話した。")
    ),
    "casework.check": Specimen(
        arrived,
        lambda _t, _s: actions.Check([{"position": 1, "mark": "right", "note": ""}]),
        posted("check", **{"mark.1": "right"}),
    ),
    "casework.assign": Specimen(
        arrived,
        a_colleague,
        lambda client, town, case: posted("assign", person=a_colleague(town, case).person)(
            client, town, case
        ),
    ),
    "casework.transfer": Specimen(
        arrived,
        lambda t, _s: actions.TransferCase(str(t.offices["other"].pk), "所管が違う"),
        posted_transfer,
    ),
    "casework.link": Specimen(arrived, another, posted_link),
    "casework.unlink": Specimen(linked, the_link, posted_unlink),
    "casework.set_mailbox": Specimen(
        an_office, lambda _t, _s: actions.SetMailbox("kakari@example.jp"), posted_mailbox
    ),
    **papers.SPECIMENS,
}
