"""An office designs a procedure in the browser's forms: from the empty page to the public, and on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.services.procedures.specimens_designing import desk, draft, published
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.publishing import checking
from yakuba.engines.publishing import queries as publishing
from yakuba.kernel.actions import NoData, Problem, Stale
from yakuba.kernel.town.models import Municipality
from yakuba.services.procedures import trial
from yakuba.services.procedures.actions import designing
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.models import Happening, InventoryRow, Offer, Procedure
from yakuba.services.procedures.published.queries import TRIAL


@pytest.fixture
def editor(mihon: Town) -> Client:
    """The browser of somebody who designs the procedures of the office ``own``."""
    client = Client()
    sign_in(client, mihon.account("procedure_editor"))
    return client


def send(client: Client, path: str, expect: int = 303, **data: Any) -> str:
    """Send a form; where it leads, or the page that says why not."""
    sent = {key.replace("__", "."): value for key, value in data.items()}
    fresh = Procedure.unscoped.first()
    if fresh is not None:
        sent.setdefault("version", str(fresh.version))
    answer: Any = client.post(path, sent)
    assert answer.status_code == expect, answer.content.decode()[-3000:]
    return str(answer.url) if expect == 303 else str(answer.content.decode())


def test_from_the_empty_page_to_the_public(editor: Client, mihon: Town) -> None:
    """Everything that an office does, one form after another."""
    there = send(
        editor,
        desk(mihon, "procedures", "new"),
        source="empty",
        title="見本の届出",
        kind="notification",
        office=str(mihon.offices["own"].pk),
    )
    made = Procedure.unscoped.get()
    assert there == desk(mihon, "procedures", made.pk)
    page = send(editor, there, do="add-page", at="step1", title="犬のこと")
    send(editor, page, do="add", label="犬の名前", kind="text", required="1")
    send(
        editor,
        page,
        do="add",
        label="何があったか",
        kind="choice",
        options="亡くなった\n引っ越した",
        required="1",
    )
    send(editor, page, do="add", label="新しい住所", kind="address", required="1")
    questions = [one.key for one in document.read(Procedure.unscoped.get().draft).sections()][-1]
    assert questions == page.rstrip("/").rpartition("/")[2]
    asked = list(document.read(Procedure.unscoped.get().draft).questions())
    name, what, where = (one.key for one in asked[-3:])
    send(
        editor,
        desk(mihon, "procedures", made.pk, "questions", where),
        label="新しい住所",
        kind="address",
        required="1",
        when=f"{what} = 'c2'",
        do="save",
    )
    send(editor, page, do="up", at=what)
    facts = desk(mihon, "procedures", made.pk, "facts")
    send(
        editor,
        facts + "ground/",
        do="save",
        authority="mayor",
        grounds__0__kind="act",
        grounds__0__name="狂犬病予防法",
        grounds__0__article="第4条第4項",
    )
    definition = document.read(Procedure.unscoped.get().draft)
    assert [one.name for one in definition.grounds] == ["狂犬病予防法"]
    assert [one.key for one in list(definition.sections())[-1].questions] == [what, name, where]
    assert (
        "直すまで公開できない"
        not in editor.get(desk(mihon, "procedures", made.pk, "publish")).content.decode()
    )
    send(editor, desk(mihon, "procedures", made.pk, "publish", "now"), note="")
    made.refresh_from_db()
    offer = Offer.unscoped.get()
    assert (made.state, made.published, offer.open, offer.listed) == ("open", 1, True, True)
    assert offer.publication.head == made.draft
    assert Happening.unscoped.get().kind == "published"
    row = InventoryRow.unscoped.get()
    assert (row.online, row.title, row.ground) == ("yakuba", "見本の届出", "狂犬病予防法第4条第4項")


def test_every_page_is_drawn(editor: Client, mihon: Town) -> None:
    made = published(mihon)
    section = document.read(made.draft).steps[0].sections[0]
    parts: list[tuple[object, ...]] = [
        (),
        ("facts",),
        ("as-public",),
        ("publish",),
        ("manage",),
        ("versions", 1),
    ]
    parts += [
        ("facts", slug)
        for slug in ("basics", "people", "ground", "decision", "opening", "fee", "result", "needs", "rules")
    ]
    parts += [
        ("steps", "you"),
        ("pages", section.key),
        *(("questions", one.key) for one in section.questions),
    ]
    for one in parts:
        answer = editor.get(desk(mihon, "procedures", made.pk, *one))
        assert answer.status_code == 200, one
    assert editor.get(desk(mihon, "procedures")).status_code == 200
    assert editor.get(desk(mihon, "procedures", "new")).status_code == 200


def test_who_may_not_design_reads(mihon: Town) -> None:
    made = published(mihon)
    client = Client()
    sign_in(client, mihon.account("staff"))
    page = client.get(desk(mihon, "procedures", made.pk)).content.decode()
    assert "段階を加える" not in page
    assert client.get(desk(mihon, "procedures", made.pk, "facts", "basics")).status_code == 403
    assert (
        client.post(desk(mihon, "procedures", made.pk), {"do": "add-step", "title": "x"}).status_code == 403
    )


def test_what_is_wrong_stands_at_its_field_with_what_was_typed(editor: Client, mihon: Town) -> None:
    made = draft(mihon)
    page = send(
        editor,
        desk(mihon, "procedures", made.pk, "questions", "reason"),
        422,
        label="理由",
        kind="text",
        when="nobody = 1",
        max_length="多い",
        do="save",
    )
    assert "nobody" in page
    assert "「文字数の上限」に「多い」は使えません" in page
    page = send(
        editor,
        desk(mihon, "procedures", made.pk, "questions", "reason"),
        422,
        label="理由",
        kind="text",
        when="nobody = 1",
        do="save",
    )
    assert 'href="#id_when"' in page
    assert document.read(Procedure.unscoped.get().draft) == document.read(made.draft)


def test_a_question_that_others_ask_for_cannot_go(editor: Client, mihon: Town) -> None:
    made = draft(mihon)
    here = desk(mihon, "procedures", made.pk, "questions", "reason")
    send(editor, here, label="理由", kind="text", when="answered(birth)", do="save")
    page = send(
        editor, desk(mihon, "procedures", made.pk, "pages", "applicant"), 422, do="remove", at="birth"
    )
    assert "birth" in page


def test_a_preview_saves_nothing(editor: Client, mihon: Town) -> None:
    made = draft(mihon)
    page = send(
        editor,
        desk(mihon, "procedures", made.pk, "questions", "reason"),
        200,
        label="なぜですか",
        kind="long_text",
        do="preview",
    )
    preview = page.partition('id="preview"')[2]
    assert "なぜですか" in preview
    assert "<textarea" in preview
    assert Procedure.unscoped.get().draft == made.draft


def test_one_step_back_and_forward(editor: Client, mihon: Town) -> None:
    made = draft(mihon)
    send(editor, desk(mihon, "procedures", made.pk, "pages", "applicant"), do="remove", at="reason")
    removed = Procedure.unscoped.get().draft
    assert removed != made.draft
    send(editor, desk(mihon, "procedures", made.pk, "undo"))
    assert Procedure.unscoped.get().draft == made.draft
    send(editor, desk(mihon, "procedures", made.pk, "undo"))
    assert Procedure.unscoped.get().draft == removed


def test_somebody_else_was_first(editor: Client, mihon: Town) -> None:
    made = draft(mihon)
    page = send(editor, desk(mihon, "procedures", made.pk), 409, do="add-step", title="段階", version="0")
    assert "ほかの人が先に変更しました" in page


def test_a_form_sent_twice_changes_once(editor: Client, mihon: Town) -> None:
    made = draft(mihon)
    for _time in range(2):
        send(
            editor,
            desk(mihon, "procedures", made.pk),
            do="add-step",
            title="段階",
            version=str(made.version),
            idempotency_key="one",
        )
    assert len(document.read(Procedure.unscoped.get().draft).steps) == 2


def test_the_check_list_stops_publishing(editor: Client, mihon: Town) -> None:
    there = send(
        editor,
        desk(mihon, "procedures", "new"),
        source="empty",
        title="見本の申請",
        kind="application",
        office=str(mihon.offices["own"].pk),
    )
    page = send(editor, there + "publish/now/", 422, note="")
    assert "直すまで公開できない" in page
    assert not Offer.unscoped.exists()


def test_only_what_changed_is_offered_for_publishing(editor: Client, mihon: Town) -> None:
    made = published(mihon)
    here = desk(mihon, "procedures", made.pk)

    def page() -> str:
        return editor.get(here + "publish/").content.decode()

    same = page()
    assert "公開中の内容は、下書きと同じです" in same
    assert 'action="' + here + "publish/now/" not in same
    send(editor, here, do="add-step", title="段階", version=str(Procedure.unscoped.get().version))
    other = page()
    assert 'action="' + here + "publish/now/" in other
    assert "新しい版を公開する" in other
    assert "公開して受付をはじめる" not in other, "it is open already"
    send(editor, here + "publish/close/", close_note="制度がなくなりました。")
    assert "公開して受付をはじめる" in page()


def test_pause_open_again_close_and_a_new_version(editor: Client, mihon: Town) -> None:
    made = published(mihon)
    here = desk(mihon, "procedures", made.pk, "publish")
    assert "入力してください" in send(editor, here + "pause/", 422, pause_note="")
    send(editor, here + "pause/", pause_note="4月1日から受け付けます。")
    assert (Offer.unscoped.get().open, Offer.unscoped.get().note) == (False, "4月1日から受け付けます。")
    send(editor, here + "resume/")
    assert Offer.unscoped.get().open
    send(editor, here + "close/", close_note="制度がなくなりました。")
    row = InventoryRow.unscoped.get()
    assert (Procedure.unscoped.get().state, row.online, row.why_not) == (
        "closed",
        "no",
        "制度がなくなりました。",
    )
    assert row.until is not None
    send(editor, here + "now/", note="再開します。")
    again = InventoryRow.unscoped.get()
    assert (Offer.unscoped.get().open, again.online, again.until) == (True, "yakuba", None)
    assert Procedure.unscoped.get().published == 2


def test_versions_stay_as_they_were(editor: Client, mihon: Town) -> None:
    made = published(mihon)
    send(
        editor,
        desk(mihon, "procedures", made.pk, "questions", "reason"),
        label="申請のわけ",
        kind="text",
        do="save",
    )
    waiting = editor.get(desk(mihon, "procedures", made.pk, "publish")).content.decode()
    assert "<del>理由</del>" in waiting
    assert "<ins>申請のわけ</ins>" in waiting
    send(editor, desk(mihon, "procedures", made.pk, "publish", "now"), note="言葉を直しました。")
    first = editor.get(desk(mihon, "procedures", made.pk, "versions", 1)).content.decode()
    second = editor.get(desk(mihon, "procedures", made.pk, "versions", 2)).content.decode()
    assert "申請のわけ" not in first
    assert "申請のわけ" in second
    as_file = editor.get(desk(mihon, "procedures", made.pk, "versions", 1).rstrip("/") + "/procedure.json")
    assert document.load(as_file.content) == document.read(made.draft)


def test_a_test_link_leads_to_the_draft_as_it_was(editor: Client, mihon: Town) -> None:
    made = draft(mihon)
    send(editor, desk(mihon, "procedures", made.pk, "publish", "try"))
    offer = Offer.unscoped.get()
    assert (offer.open, offer.listed) == (False, False)
    ctx = mihon.ctx("public")
    tried = publishing.standing_of(mihon.ctx("staff"), "procedure_trial", made.pk)
    assert tried is not None
    word = trial.token(tried)
    assert trial.read(ctx, made.pk, word) == tried
    assert trial.read(ctx, mihon.offices["own"].pk, word) is None
    assert trial.read(ctx, made.pk, word[:-2] + "xx") is None
    public = Client()
    assert public.get(f"/{mihon.ref.code}/procedures/{made.pk}/").status_code == 404
    assert public.get(f"/{mihon.ref.code}/procedures/{made.pk}/?test={word}").status_code == 200
    send(editor, desk(mihon, "procedures", made.pk, "publish", "now"), note="")
    assert Offer.unscoped.get().listed
    assert list(checking.check()) == [], (
        "two kinds of publications of one procedure, both as the trail tells them"
    )


def test_a_procedure_leaves_as_a_file_and_comes_in_elsewhere(
    editor: Client, mihon: Town, karina: Town
) -> None:
    made = published(mihon)
    sent = editor.get(desk(mihon, "procedures", made.pk).rstrip("/") + "/procedure.json").content
    other = Client()
    sign_in(other, karina.account("procedure_secretariat"))
    new = desk(karina, "procedures", "new")
    looked: Any = other.post(
        new,
        {
            "source": "file",
            "office": str(karina.offices["own"].pk),
            "file": SimpleUploadedFile("p.json", sent, "application/json"),
        },
    )
    assert looked.status_code == 200
    assert "申請する人" in looked.content.decode()
    assert not Procedure.unscoped.filter(municipality_id=karina.ref.id).exists()
    done: Any = other.post(
        new,
        {"source": "file", "office": str(karina.offices["own"].pk), "document": looked.context["document"]},
    )
    assert done.status_code == 303
    taken = Procedure.unscoped.get(municipality_id=karina.ref.id)
    assert document.read(taken.draft) == document.read(made.draft)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"format": "yakuba-procedure/1", "title": {"ja": ""}}', b"\xff\xfe"]
)
def test_a_file_that_is_none_is_refused_with_words(editor: Client, mihon: Town, content: bytes) -> None:
    answer: Any = editor.post(
        desk(mihon, "procedures", "new"),
        {
            "source": "file",
            "office": str(mihon.offices["own"].pk),
            "file": SimpleUploadedFile("p.json", content, "application/json"),
        },
    )
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.content.decode()


def test_another_offices_procedure_cannot_be_made(editor: Client, mihon: Town) -> None:
    answer: Any = editor.post(
        desk(mihon, "procedures", "new"),
        {
            "source": "empty",
            "title": "見本",
            "kind": "notification",
            "office": str(mihon.offices["other"].pk),
        },
    )
    assert answer.status_code == 403
    assert not Procedure.unscoped.exists()


def test_places_below_what_is_taken_are_refused(editor: Client, mihon: Town) -> None:
    made = published(mihon)
    Offer.unscoped.update(taken=3)
    send(editor, desk(mihon, "procedures", made.pk, "facts", "opening"), opening_places="2", do="save")
    page = send(editor, desk(mihon, "procedures", made.pk, "publish", "now"), 422, note="")
    assert "すでに3件の申込みがあります" in page


def test_a_draft_goes_a_published_one_stays(editor: Client, mihon: Town) -> None:
    made = draft(mihon)
    send(editor, desk(mihon, "procedures", made.pk, "publish", "try"))
    send(editor, desk(mihon, "procedures", made.pk, "manage", "delete"), reason="見本のため")
    assert not Procedure.unscoped.exists()
    there = published(mihon)
    page = send(editor, desk(mihon, "procedures", there.pk, "manage", "delete"), 422, reason="見本のため")
    assert "終了にしてください" in page


def test_the_list_leaves_as_a_sheet(editor: Client, mihon: Town) -> None:
    published(mihon)
    for ending in ("csv", "xlsx"):
        answer: Any = editor.get(desk(mihon, "procedures").rstrip("/") + f".{ending}")
        assert answer.status_code == 200
        assert b"".join(answer)
    text = b"".join(editor.get(desk(mihon, "procedures").rstrip("/") + ".csv")).decode("utf-8-sig")
    assert "見本の申請" in text


def test_a_definition_of_every_fact_survives_its_forms(editor: Client, mihon: Town) -> None:
    """Each form saved as it is drawn changes nothing."""
    made = published(mihon)
    for slug in ("basics", "people", "ground", "decision", "opening", "fee", "result", "needs", "rules"):
        path = desk(mihon, "procedures", made.pk, "facts", slug)
        page: Any = editor.get(path)
        sent: dict[str, Any] = {"do": "save", "version": str(Procedure.unscoped.get().version)}
        for item in page.context["filled"].items:
            fields = [item] if hasattr(item, "value") else [one for row in item.rows for one in row]
            for one in fields:
                if one.value not in ("", ()):
                    sent[one.key] = list(one.value) if isinstance(one.value, tuple) else one.value
        answer: Any = editor.post(path, sent)
        assert answer.status_code == 303, (slug, answer.content.decode()[-1500:])
    assert json.dumps(Procedure.unscoped.get().draft) == json.dumps(made.draft)


def test_a_draft_goes_as_it_was_looked_at_and_what_was_public_stays(mihon: Town) -> None:
    ctx, here = mihon.ctx("procedure_secretariat"), Municipality.unscoped.get(pk=mihon.ref.id)
    made = Procedure.unscoped.get(pk=draft(mihon).pk)
    seen = designing.DeleteProcedure(str(made.pk), made.version + 1, "試しに作った")
    with pytest.raises(Stale):
        designing.delete_procedure(ctx, here, seen)
    seen = designing.DeleteProcedure(str(made.pk), made.version, "試しに作った")
    designing.delete_procedure(ctx, here, seen)
    assert not Procedure.unscoped.exists()
    public = Procedure.unscoped.get(pk=published(mihon).pk)
    with pytest.raises(Problem) as refused:
        designing.delete_procedure(
            ctx, here, designing.DeleteProcedure(str(public.pk), public.version, "古い")
        )
    assert refused.value.code == "in_use"


def test_a_new_version_has_places_for_all_who_came(mihon: Town) -> None:
    made = Procedure.unscoped.get(pk=published(mihon).pk)
    Offer.unscoped.update(taken=3)
    for places, fits in ((2, False), (3, True)):
        ctx = mihon.ctx("procedure_secretariat")
        made = designing.change_draft(
            ctx, made, designing.ChangeDraft({**made.draft, "opening": {"places": places}})
        )
        if fits:
            designing.publish_procedure(ctx, made, designing.PublishProcedure())
        else:
            with pytest.raises(Problem, match="3件の申込み"):
                designing.publish_procedure(ctx, made, designing.PublishProcedure())
    assert Offer.unscoped.get().places == 3


def test_a_test_link_ends_by_itself(mihon: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = mihon.ctx("procedure_secretariat")
    made = designing.try_procedure(ctx, Procedure.unscoped.get(pk=draft(mihon).pk), NoData())
    tried = publishing.standing_of(ctx, TRIAL, made.pk)
    assert tried is not None
    word = trial.token(tried)
    assert trial.read(ctx, made.pk, word) == tried
    monkeypatch.setattr(trial, "LASTS", -1)
    assert trial.read(ctx, made.pk, word) is None
