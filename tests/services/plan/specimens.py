"""How each action of the plan is tried in the permission matrix."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from tests.matrix import Specimen
from tests.services.plan.forms import document, initiative
from tests.world import Town
from yakuba.kernel.actions import NoData
from yakuba.kernel.files import store as files
from yakuba.services.plan import actions
from yakuba.services.plan.actions.offices import LinkOffice
from yakuba.services.plan.models import Edition, Import, Initiative

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


def edition(town: Town) -> Edition:
    """A draft whose one initiative belongs to the town's own office."""
    given = {**DOCUMENT, "municipality": {"code": town.ref.code, "name": town.ref.name}}
    made = actions.import_document(town.ctx("cli"), None, actions.ImportDocument(given))
    for row in Initiative.unscoped.filter(edition=made):
        row.offices.update(office=town.offices["own"])
    return made


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


def api_publish(client: Client, town: Town, subject: Edition) -> HttpResponse:
    """What a program sends to publish."""
    return client.post(
        f"/api/v1/{town.ref.code}/desk/plan/editions/{subject.pk}/publish",
        json.dumps({"note": ""}),
        content_type="application/json",
        headers={"If-Match": f'"{subject.version}"', "Idempotency-Key": str(uuid4())},
    )


def nothing(_town: Town, _subject: Any) -> NoData:
    """No data."""
    return NoData()


SPECIMENS = {
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
        job("ready"), lambda _t, _s: actions.CommitImport(), page=desk("imports/{}/commit/", version="2")
    ),
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
}
