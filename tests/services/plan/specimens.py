"""How each action of the plan is tried in the permission matrix."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from tests.engines.metrics.series.sample import count
from tests.matrix import Specimen
from tests.services.plan.book.specimens import BOOK
from tests.services.plan.forms import document, initiative
from tests.services.plan.measured.tried import MEASURED_SPECIMENS
from tests.services.plan.year.tried import YEAR_SPECIMENS
from tests.world import Town
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.files import store as files
from yakuba.kernel.town.models import Municipality
from yakuba.services.plan import actions
from yakuba.services.plan.actions.offices import LinkOffice
from yakuba.services.plan.models import Edition, Import, Initiative, Note, Plan, StagedDecision
from yakuba.services.plan.next.actions import Renumber, SettleOutcome
from yakuba.services.plan.outside.codes import mark

DOCUMENT = document(
    [
        initiative(
            "1",
            "電子申請の拡大",
            values=["75手続"],
            offices=[{"name": "見本課", "role": "lead", "doubtful": False}],
            doubts=[
                {
                    "field": "title",
                    "code": "misread",
                    "candidates": ["別の題名"],
                    "note": "読みにくい字です。",
                }
            ],
        )
    ]
)

TITLE_KEPT: actions.StagedAnswer = {"document": 0, "row": 0, "path": "title", "verdict": "keep"}


def edition(town: Town) -> Edition:
    """A draft whose one initiative belongs to the town's own office."""
    given = {**DOCUMENT, "municipality": {"code": town.ref.code, "name": town.ref.name}}
    made = actions.import_document(town.ctx("cli"), None, actions.ImportDocument(given))
    for row in Initiative.unscoped.filter(edition=made):
        row.offices.update(office=town.offices["own"])
    return made


def first(of: Edition) -> str:
    """The id of its initiative."""
    return str(Initiative.unscoped.get(edition=of).pk)


def treed(town: Town) -> Edition:
    """The same, with two goals."""
    made = edition(town)
    for code in ("1", "2"):
        actions.add_node(town.ctx("cli"), made, actions.AddNode(f"目標{code}", [], code))
    return Edition.unscoped.get(pk=made.pk)


def published(town: Town) -> Edition:
    """The same, published."""
    made = edition(town)
    return actions.publish_edition(town.ctx("cli"), made, actions.PublishEdition())


def row(town: Town) -> Initiative:
    """The draft's initiative."""
    return Initiative.unscoped.get(edition=edition(town))


def job(state: str) -> Any:
    """An import in a state."""

    def make(town: Town) -> Import:
        made = actions.receive_file(town.ctx("cli"), None, actions.ReceiveFile("mihon.txt", str(uuid4())))
        if state == "ready":
            sha256 = files.put(b"no\ttitle\n")
            given = {**DOCUMENT, "municipality": {"code": town.ref.code, "name": town.ref.name}}
            made = actions.record_reading(town.ctx("cli"), made, actions.RecordReading([given], sha256))
        return made

    return make


def decided(town: Town) -> Import:
    """A reading with one decision."""
    made = job("ready")(town)
    return actions.settle_reading(town.ctx("cli"), made, actions.SettleReading([TITLE_KEPT]))


def take_back(client: Client, town: Town, subject: Import) -> HttpResponse:
    """What a browser sends to take a decision back."""
    made = StagedDecision.unscoped.get(job=subject)
    return client.post(f"/{town.ref.code}/desk/plan/imports/{subject.pk}/check/undo/", {"batch": made.batch})


def batch_of(_town: Town, subject: Import) -> actions.UndoSettled:
    """Its decision, to be taken back."""
    return actions.UndoSettled(StagedDecision.unscoped.get(job=subject).batch)


def desk(address: str, **data: str) -> Any:
    """What a browser sends to a page of the desk; ``{}`` in the address is the subject's id."""

    def send(client: Client, town: Town, subject: Any) -> HttpResponse:
        return client.post(
            f"/{town.ref.code}/desk/plan/{address.format(subject.pk if subject is not None else '')}", data
        )

    return send


def upload(client: Client, town: Town, _subject: None) -> HttpResponse:
    """What a browser sends when a document is handed in."""
    file = io.BytesIO("番号\t取組\n1\t見本\n".encode())
    file.name = "mihon.txt"
    return client.post(f"/{town.ref.code}/desk/plan/imports/new/", {"file": file})


def changes(_town: Town, subject: Edition) -> list[dict[str, Any]]:
    """A changed cell of the draft's initiative."""
    found = Initiative.unscoped.get(edition=subject)
    return [{"initiative": str(found.pk), "version": found.version, "path": "title", "value": "直した題名"}]


def api_correct(client: Client, town: Town, subject: Initiative) -> HttpResponse:
    """What a program sends to correct a field."""
    return client.patch(
        f"/api/v1/{town.ref.code}/desk/plan/initiatives/{subject.pk}",
        json.dumps({"path": "title", "value": "直した題名"}),
        content_type="application/json",
        headers={"If-Match": f'"{subject.version}"', "Idempotency-Key": str(uuid4())},
    )


def program(method: str, address: str, body: dict[str, Any]) -> Any:
    """What a program sends about a subject; ``{}`` in the address is its id."""

    def send(client: Client, town: Town, subject: Any) -> HttpResponse:
        return getattr(client, method)(
            f"/api/v1/{town.ref.code}/desk/plan/{address.format(subject.pk)}",
            json.dumps(body),
            content_type="application/json",
            headers={"If-Match": f'"{subject.version}"', "Idempotency-Key": str(uuid4())},
        )

    return send


def api_publish(client: Client, town: Town, subject: Edition) -> HttpResponse:
    """What a program sends to publish."""
    return client.post(
        f"/api/v1/{town.ref.code}/desk/plan/editions/{subject.pk}/publish",
        json.dumps({"note": ""}),
        content_type="application/json",
        headers={"If-Match": f'"{subject.version}"', "Idempotency-Key": str(uuid4())},
    )


def theme_choice(of: Edition) -> list[actions.ThemeRow]:
    """No theme for the draft's initiative: a decision, too."""
    return [{"initiative": first(of), "version": 1, "themes": [], "declined": []}]


def choose(client: Client, town: Town, subject: Edition) -> HttpResponse:
    """What a browser sends to say that no theme fits."""
    key = first(subject)
    return client.post(
        f"/{town.ref.code}/desk/plan/editions/{subject.pk}/themes/",
        {f"version-{key}": "1", f"none-{key}": "1"},
    )


def api_choose(client: Client, town: Town, subject: Edition) -> HttpResponse:
    """What a program sends to say that no theme fits."""
    return program("put", "editions/{}/themes", {"rows": theme_choice(subject)})(client, town, subject)


def write(client: Client, town: Town, _subject: None) -> HttpResponse:
    """What a browser sends to write a note on an edition."""
    return client.post(f"/{town.ref.code}/desk/plan/editions/{edition(town).pk}/memos/", {"text": "要相談"})


def note(town: Town) -> Note:
    """A note that somebody else wrote."""
    return actions.write_note(town.ctx("cli"), None, actions.WriteNote(str(edition(town).pk), "要相談"))


def next_of(town: Town, _subject: None) -> actions.NextEdition:
    """The edition after one that is there."""
    made = edition(town)
    return actions.NextEdition(str(made.pk), made.version, FiscalYear(2025), "令和7年度版")


def plan_after(town: Town, _subject: None) -> actions.NextPlan:
    """The plan after one that is there."""
    made = edition(town)
    years = FiscalYear(2027), FiscalYear(2029)
    return actions.NextPlan(str(made.pk), made.version, "次の計画", *years, carry=[first(made)])


def whole_plan(town: Town) -> Plan:
    """The plan of a draft."""
    return edition(town).plan


def thrown_away(_town: Town, subject: Plan) -> actions.DeleteEdition:
    """The draft of a plan."""
    draft = subject.editions.get()
    return actions.DeleteEdition(str(draft.pk), draft.version, "作り間違い")


def throw_away(client: Client, town: Town, subject: Plan) -> HttpResponse:
    """What a browser sends to throw the draft of a plan away."""
    return desk("editions/{}/delete/", reason="作り間違い", version="1")(client, town, subject.editions.get())


def go_on(client: Client, town: Town, _subject: None) -> HttpResponse:
    """What a browser sends to make the next edition."""
    return desk("editions/{}/next/", year="R7", label="令和7年度版", version="1")(client, town, edition(town))


def following(town: Town) -> Edition:
    """The edition after one that is there, with its one initiative."""
    made = edition(town)
    data = actions.NextEdition(str(made.pk), made.version, FiscalYear(2025), "令和7年度版", [first(made)])
    return actions.next_edition(town.ctx("cli"), None, data)


def coded(_town: Town, subject: Edition) -> actions.KeepCodes:
    """A code of another survey for the draft's initiative."""
    row: actions.CodeRow = {
        "initiative": first(subject),
        "position": 0,
        "seen": mark({}),
        "codes": {"project": "0101"},
    }
    return actions.KeepCodes([row])


def code_it(client: Client, town: Town, subject: Edition) -> HttpResponse:
    """What a browser sends to write a code."""
    return client.post(
        f"/{town.ref.code}/desk/plan/initiatives/{first(subject)}/codes/",
        {"0-project": "0101", "0-seen": str(mark({})), "1-seen": str(mark({}))},
    )


def ended(_town: Town, subject: Edition) -> SettleOutcome:
    """That the initiative of the edition before was ended."""
    was = Initiative.unscoped.exclude(edition=subject).get(municipality=subject.municipality_id)
    return SettleOutcome(str(was.pk), "abolished", reason="使われなくなったため")


def end_it(client: Client, town: Town, subject: Edition) -> HttpResponse:
    """What a browser sends to say so."""
    found = ended(town, subject)
    sent = desk(
        f"editions/{{}}/contrast/{found.before}/", event="abolished", reason=found.reason, version="1"
    )
    answer: HttpResponse = sent(client, town, subject)
    return answer


def plan_on(client: Client, town: Town, _subject: None) -> HttpResponse:
    """What a browser sends to make the next plan."""
    sent = {"title": "次の計画", "first_year": "R9", "last_year": "R11", "outline": "1 目標", "version": "1"}
    return desk("editions/{}/next-plan/", **sent)(client, town, edition(town))


def municipality(town: Town) -> Municipality:
    """The town itself."""
    return Municipality.unscoped.get(pk=town.ref.id)


TAGS = {"r0-name": "SDGs", "r0-words": "9"}


def nothing(_town: Town, _subject: Any) -> NoData:
    """No data."""
    return NoData()


SPECIMENS = {
    **BOOK,
    "plan.rebuild_register": Specimen(municipality, lambda _t, _s: NoData()),
    "plan.receive_file": Specimen(
        lambda _t: None, lambda _t, _s: actions.ReceiveFile("mihon.txt", str(uuid4())), page=upload
    ),
    "plan.start_reading": Specimen(job("queued"), nothing),
    "plan.record_reading": Specimen(
        job("queued"), lambda _t, _s: actions.RecordReading([DOCUMENT], files.put(b"no\ttitle\n"))
    ),
    "plan.refuse_import": Specimen(job("queued"), lambda _t, _s: actions.Refusal("読めません。")),
    "plan.discard_import": Specimen(job("ready"), nothing, page=desk("imports/{}/discard/", version="2")),
    "plan.commit_import": Specimen(
        job("ready"),
        lambda _t, _s: actions.CommitImport(unchecked=True),
        page=desk("imports/{}/commit/", version="2", unchecked="1"),
    ),
    "plan.settle_reading": Specimen(
        job("ready"),
        lambda _t, _s: actions.SettleReading([TITLE_KEPT]),
        page=desk("imports/{}/check/answer/", at="0.0.title", take="keep", version="2"),
    ),
    "plan.undo_settled": Specimen(decided, batch_of, page=take_back),
    "plan.import": Specimen(lambda _t: None, lambda _t, _s: actions.ImportDocument(DOCUMENT)),
    "plan.correct_field": Specimen(
        row,
        lambda _t, _s: actions.CorrectField("title", "直した題名"),
        page=desk("initiatives/{}/correct/", path="title", value="直した題名", version="1"),
        api=api_correct,
    ),
    "plan.confirm_field": Specimen(
        row,
        lambda _t, _s: actions.ConfirmField("title"),
        page=desk("initiatives/{}/confirm/", path="title", version="1"),
    ),
    "plan.correct_rows": Specimen(edition, lambda t, s: actions.CorrectRows(changes(t, s))),
    "plan.link_office": Specimen(
        edition,
        lambda t, _s: LinkOffice("見本課", str(t.offices["other"].pk)),
        page=desk("editions/{}/offices/link/", name="見本課", office="", version="1"),
    ),
    "plan.edit_part": Specimen(
        row,
        lambda _t, _s: actions.EditPart("head", {"title": "直した題名"}),
        page=desk("initiatives/{}/edit/tags/", do="save", version="1", rows="1", **TAGS),
        api=program("put", "initiatives/{}/parts/tags", {"value": {"SDGs": ["9"]}}),
    ),
    "plan.revise": Specimen(
        row,
        lambda _t, _s: actions.Revise("indicators[0].values[0]", "80手続", "集計の締め直し"),
        page=desk(
            "initiatives/{}/revise/",
            path="indicators[0].values[0]",
            value="80手続",
            reason="集計の締め直し",
            version="1",
        ),
        api=program(
            "post",
            "initiatives/{}/revisions",
            {"path": "indicators[0].values[0]", "value": "80手続", "reason": "集計の締め直し"},
        ),
    ),
    "plan.create_initiative": Specimen(
        edition,
        lambda _t, _s: actions.CreateInitiative("新しい取組", FiscalYear(2024), number="99"),
    ),
    "plan.remove_initiative": Specimen(edition, lambda _t, s: actions.RemoveInitiative(first(s), 1, "重複")),
    "plan.move_initiative": Specimen(edition, lambda _t, s: actions.MoveInitiative(first(s), "down")),
    "plan.set_themes": Specimen(
        edition, lambda _t, s: actions.SetThemes(theme_choice(s)), page=choose, api=api_choose
    ),
    "plan.write_note": Specimen(
        lambda _t: None,
        lambda t, _s: actions.WriteNote(str(edition(t).pk), "要相談"),
        page=write,
    ),
    "plan.strike_note": Specimen(note, nothing, page=desk("memos/{}/strike/")),
    "plan.create_edition": Specimen(
        lambda _t: None,
        lambda _t, _s: actions.CreateEdition("新しい計画", FiscalYear(2026), FiscalYear(2029)),
        page=desk("new/", title="新しい計画", first_year="R8", last_year="R11"),
    ),
    "plan.next_edition": Specimen(lambda _t: None, next_of, page=go_on),
    "plan.next_plan": Specimen(lambda _t: None, plan_after, page=plan_on),
    "plan.write_verification": Specimen(
        following,
        lambda _t, _s: actions.WriteVerification("前の計画の検証", "取組1件を検証しました。"),
        page=desk("editions/{}/verification/", title="前の計画の検証", text="検証しました。", version="1"),
    ),
    "plan.settle_outcome": Specimen(following, ended, page=end_it),
    "plan.keep_outside_codes": Specimen(edition, coded, page=code_it),
    "plan.renumber": Specimen(
        edition,
        lambda _t, _s: Renumber("in_order"),
        page=desk("editions/{}/numbers/", rule="in_order", version="1"),
    ),
    "plan.rename_edition": Specimen(
        edition,
        lambda _t, s: actions.RenameEdition(
            s.plan.title, s.plan.first_year, s.plan.last_year, s.year, "改めた名前"
        ),
        page=desk(
            "editions/{}/about/",
            title="みほん市情報化推進計画",
            first_year="R6",
            last_year="R8",
            year="R6",
            label="改めた名前",
            version="1",
        ),
    ),
    "plan.delete_edition": Specimen(whole_plan, thrown_away, page=throw_away),
    "plan.name_levels": Specimen(
        edition,
        lambda _t, _s: actions.NameLevels(["柱", "施策"]),
        page=desk("editions/{}/tree/", do="levels", levels="柱\n施策", version="1"),
    ),
    "plan.add_node": Specimen(
        edition,
        lambda _t, _s: actions.AddNode("新しい区分", []),
        page=desk("editions/{}/tree/", do="add", title="新しい区分", parent="[]", version="1"),
    ),
    "plan.edit_node": Specimen(
        treed,
        lambda _t, _s: actions.EditNode(["1"], "直した名称", "1"),
        page=desk("editions/{}/tree/", do="edit", at='["1"]', title="直した名称", version="3"),
    ),
    "plan.move_node": Specimen(
        treed,
        lambda _t, _s: actions.MoveNode(["2"], "up"),
        page=desk("editions/{}/tree/", do="up", at='["2"]', version="3"),
    ),
    "plan.remove_node": Specimen(
        treed,
        lambda _t, _s: actions.RemoveNode(["2"]),
        page=desk("editions/{}/tree/", do="remove", at='["2"]', version="3"),
    ),
    "plan.edit_prose": Specimen(
        edition,
        lambda _t, _s: actions.EditProse("related", ["総合計画"]),
        page=desk("editions/{}/text/related/", do="save", rows="1", version="1", **{"r0-title": "総合計画"}),
    ),
    "plan.change_calendar": Specimen(
        municipality,
        lambda _t, _s: actions.ChangeCalendar(
            [{"id": "", "version": 0, "entry": {"first_day": "2026-05-29", "title": "締切"}}]
        ),
        page=desk("calendar/", first_day="R8.5.29", title="締切"),
    ),
    "plan.publish": Specimen(
        edition,
        lambda _t, _s: actions.PublishEdition(),
        page=desk("editions/{}/publish/now/", note="", version="1"),
        api=api_publish,
    ),
    "plan.withdraw": Specimen(
        published,
        lambda _t, _s: actions.WithdrawEdition("数値の確認のため"),
        page=desk("editions/{}/publish/withdraw/", withdraw_note="数値の確認のため", version="2"),
    ),
    "plan.remind_series": Specimen(lambda town: count(town, "reminded"), lambda _t, _s: NoData()),
    **YEAR_SPECIMENS,
    **MEASURED_SPECIMENS,
}
