"""How each action of designing and of the inventory is tried in the permission matrix."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.matrix import Specimen
from tests.services.procedures import offers
from tests.world import Town
from yakuba.kernel.actions import NoData
from yakuba.kernel.town.models import Municipality
from yakuba.services.procedures.actions import designing, inventory
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.inventory.row import RowData
from yakuba.services.procedures.models import InventoryRow, Procedure

SHEET = document.write(offers.definition())
OTHER = document.write(offers.definition(title={"ja": "見本の申請（新しい様式）"}))


def draft(town: Town) -> Procedure:
    """A draft of the town's own office."""
    data = designing.CreateProcedure(str(town.offices["own"].pk), SHEET)
    return designing.create_procedure(town.ctx("cli"), None, data)


def changed(town: Town) -> Procedure:
    """The same, changed once."""
    return designing.change_draft(town.ctx("cli"), draft(town), designing.ChangeDraft(OTHER))


def published(town: Town) -> Procedure:
    """The same, published."""
    return designing.publish_procedure(town.ctx("cli"), draft(town), designing.PublishProcedure())


def paused(town: Town) -> Procedure:
    """The same, paused."""
    return designing.pause_procedure(
        town.ctx("cli"), published(town), designing.StopProcedure("準備のためです。")
    )


def row(town: Town) -> InventoryRow:
    """A row of the inventory that belongs to the town's own office."""
    before = set(InventoryRow.unscoped.values_list("pk", flat=True))
    whole(town)
    return InventoryRow.unscoped.exclude(pk__in=before).get()


def whole(town: Town) -> Municipality:
    """The town, with one row in its inventory."""
    here = Municipality.unscoped.get(pk=town.ref.id)
    change: inventory.RowChange = {
        "id": "",
        "version": 0,
        "row": {"title": "見本の届出", "kind": "notification", "online": "no", "office": "見本課"},
    }
    return inventory.change_inventory(town.ctx("cli"), here, inventory.ChangeInventory([change]))


def deletable(town: Town) -> Municipality:
    """The town, with one draft."""
    draft(town)
    return Municipality.unscoped.get(pk=town.ref.id)


def there(town: Town) -> Procedure:
    """The town's newest procedure."""
    return Procedure.unscoped.filter(municipality_id=town.ref.id).order_by("pk").reverse()[0]


def desk(town: Town, *parts: object) -> str:
    """An address below the desk."""
    return "/".join(["", town.ref.code, "desk", *(str(part) for part in parts), ""])


def post(client: Client, path: str, **data: str) -> HttpResponse:
    """Send a form."""
    answer: Any = client.post(path, data)
    found: HttpResponse = answer
    return found


def posted(*parts: str, **data: str) -> Any:
    """A form below a procedure's own address."""

    def send(client: Client, town: Town, subject: Procedure) -> HttpResponse:
        sent = {"version": str(subject.version), **data}
        return post(client, desk(town, "procedures", subject.pk, *parts), **sent)

    return send


def by_file(client: Client, town: Town, subject: Procedure) -> HttpResponse:
    """The draft replaced by a file that was looked at."""
    found: HttpResponse = posted("manage", "replace", document=document.dump(document.read(OTHER)))(
        client, town, subject
    )
    return found


def new(client: Client, town: Town, _subject: None) -> HttpResponse:
    """A new procedure of the town's own office."""
    return post(
        client,
        desk(town, "procedures", "new"),
        source="empty",
        office=str(town.offices["own"].pk),
        title="見本",
        kind="notification",
    )


def delete(client: Client, town: Town, _subject: Municipality) -> HttpResponse:
    """The draft thrown away."""
    found = there(town)
    path = desk(town, "procedures", found.pk, "manage", "delete")
    return post(client, path, version=str(found.version), reason="見本")


def change_row(client: Client, town: Town, subject: InventoryRow) -> HttpResponse:
    """The form of a row."""
    typed = {"title": "見本の届出", "kind": "notification", "online": "no", "office": "見本課"}
    typed |= {"by_paper": "1", "by_phone": "0", "seal_needed": "0", "version": str(subject.version)}
    return post(client, desk(town, "inventory", subject.pk), **typed)


def add_row(client: Client, town: Town, _subject: Municipality) -> HttpResponse:
    """One more row."""
    typed = {"title": "見本の申込", "kind": "booking", "online": "no", "office": ""}
    typed |= {"by_paper": "1", "by_phone": "1", "seal_needed": "0"}
    return post(client, desk(town, "inventory", "new"), **typed)


def publish_inventory(client: Client, town: Town, _subject: Municipality) -> HttpResponse:
    """The public's copy."""
    return post(client, desk(town, "inventory", "publish"))


def _added(_town: Town, _subject: object) -> inventory.ChangeInventory:
    return inventory.ChangeInventory(
        [
            {
                "id": "",
                "version": 0,
                "row": {"title": "見本の申込", "kind": "booking", "online": "no"},
            }
        ]
    )


SPECIMENS = {
    "procedures.create": Specimen(
        lambda _town: None,
        lambda town, _subject: designing.CreateProcedure(str(town.offices["own"].pk), SHEET),
        page=new,
    ),
    "procedures.change_draft": Specimen(
        draft, lambda _town, _subject: designing.ChangeDraft(OTHER), page=by_file
    ),
    "procedures.undo_draft": Specimen(changed, lambda _town, _subject: NoData(), page=posted("undo")),
    "procedures.assign": Specimen(
        draft,
        lambda town, _subject: designing.AssignProcedure(str(town.offices["other"].pk)),
        page=lambda client, town, subject: posted("manage", "assign", office=str(town.offices["other"].pk))(
            client, town, subject
        ),
    ),
    "procedures.delete": Specimen(
        deletable,
        lambda town, _subject: designing.DeleteProcedure(
            str(there(town).pk), there(town).version, "見本のため"
        ),
        page=delete,
    ),
    "procedures.publish": Specimen(
        draft, lambda _town, _subject: designing.PublishProcedure(), page=posted("publish", "now")
    ),
    "procedures.try": Specimen(draft, lambda _town, _subject: NoData(), page=posted("publish", "try")),
    "procedures.pause": Specimen(
        published,
        lambda _town, _subject: designing.StopProcedure("準備のためです。"),
        page=posted("publish", "pause", pause_note="準備のためです。"),
    ),
    "procedures.reopen": Specimen(paused, lambda _town, _subject: NoData(), page=posted("publish", "resume")),
    "procedures.close": Specimen(
        published,
        lambda _town, _subject: designing.StopProcedure("廃止しました。"),
        page=posted("publish", "close", close_note="廃止しました。"),
    ),
    "procedures.change_row": Specimen(
        row,
        lambda _town, _subject: RowData("見本の届出", "notification", "no", office="見本課"),
        page=change_row,
    ),
    "procedures.change_inventory": Specimen(whole, _added, page=add_row),
    "procedures.publish_inventory": Specimen(
        whole, lambda _town, _subject: inventory.PublishInventory(), page=publish_inventory
    ),
}
