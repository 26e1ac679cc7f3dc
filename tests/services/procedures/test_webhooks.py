"""Filings handed over to another system: where to, how signed, how often, and what is seen when it fails."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.server
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.services.procedures.offers import ANSWERS, procedure, submission
from tests.services.procedures.specimens_papers import stuck
from tests.services.procedures.test_bundle import client_of, hold, page_of
from tests.services.procedures.test_paper import case_of
from tests.services.procedures.test_receiving import ask
from tests.world import Town
from yakuba.engines.casework.models import Case
from yakuba.engines.protection.models import Hold
from yakuba.kernel.actions import NoData, Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox import running
from yakuba.kernel.outbox import store as outbox
from yakuba.kernel.outbox.handlers import NotAccepted
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.trail.models import TrailPayload
from yakuba.services.procedures.access.desk import HANDOVER
from yakuba.services.procedures.actions import handover as actions
from yakuba.services.procedures.actions.receiving import take_reply
from yakuba.services.procedures.models import Procedure, Reply, Webhook
from yakuba.services.procedures.webhooks import handing, rules, sending

LISTED = rules.entries(
    "hooks.example.jp, hooks.example.jp:8443, 10.1.2.0/24, 192.168.7.9:8080, localhost:9000, [::1]:9001"
)
HERE = "/990019/desk/handovers/"


# --- where to -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.jp/a",
        "https://HOOKS.example.jp/a?b=c",
        "https://hooks.example.jp:8443/",
        "https://10.1.2.3/x",
        "https://192.168.7.9:8080/x",
        "http://localhost:9000/x",
        "http://[::1]:9001/x",
    ],
)
def test_what_the_operator_listed_may_be_sent_to(url: str) -> None:
    assert rules.target(url, LISTED).path.startswith("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.jp",
        "http://hooks.example.jp/",
        "ftp://hooks.example.jp/",
        "https://other.example.jp/",
        "https://hooks.example.jp.evil.example/",
        "https://hooks.example.jp:9443/",
        "https://user:pass@hooks.example.jp/",
        "https://hooks.example.jp@evil.example/",
        "https://hooks.example.jp/#x",
        "https://10.1.3.3/",
        "https://169.254.169.254/",
        "http://10.1.2.3/",
        "https://hooks.example.jp:99999/",
        "https://hooks.example.jp/a b",
        "https://hooks.example.jp/\r\nX: y",
        "https://ｈooks.example.jp/",
        "https://[hooks/",
    ],
)
def test_anything_else_is_refused_in_words(url: str) -> None:
    with pytest.raises(Problem) as problem:
        rules.target(url, LISTED)
    assert problem.value.field == "url"


@given(st.text(max_size=80))
def test_whatever_is_typed_is_an_address_or_a_problem(url: str) -> None:
    with contextlib.suppress(Problem):
        assert rules.target(url, LISTED).host


@given(st.text(max_size=80))
def test_whatever_the_operator_wrote_is_read(text: str) -> None:
    assert isinstance(rules.entries(text), list)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("203.0.114.7", True),
        ("10.1.2.9", True),
        ("10.1.3.9", False),
        ("127.0.0.1", False),
        ("192.168.7.9", False),
        ("::ffff:10.1.2.9", True),
        ("64:ff9b::10.9.9.9", False),
        ("2002:a09:909::1", False),
        ("169.254.169.254", False),
        ("::ffff:10.9.9.9", False),
        ("fe80::1%eth0", False),
        ("224.0.0.1", False),
        ("not one", False),
    ],
)
def test_a_name_that_leads_into_the_house_is_not_followed(address: str, may: bool) -> None:
    found = rules.target("https://hooks.example.jp/", LISTED)
    assert rules.reachable(found, address, LISTED) is may


def test_the_signature_is_what_the_documents_say() -> None:
    expected = hmac.new(b"key", b"1700000000" + b"." + b"{}", hashlib.sha256).hexdigest()
    assert rules.signature("key", "1700000000", b"{}") == f"v1={expected}"


# --- a receiver on loopback -----------------------------------------------------------------------------------------


@dataclass
class Heard:
    """What the receiver got, and what it answers."""

    url: str = ""
    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def heard(settings: Any) -> Iterator[Heard]:  # Any: pytest-django's settings
    found = Heard()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append((dict(self.headers), body))
            self.send_response(found.status)
            if found.status == 302:
                self.send_header("Location", found.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/filings"
    settings.WEBHOOK_HOSTS = f"127.0.0.1:{server.server_port}"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def receiver(town: Town, of: Procedure, heard: Heard) -> Webhook:
    return actions.add_webhook(town.ctx("procedure_secretariat"), of, actions.Receiver(heard.url))


def order(town: Town, event: str, case: Case) -> None:
    """The worker's effect."""
    listening = {rules.RECEIVED: handing.on_received, rules.DECIDED: handing.on_decided}[event]
    with transaction.atomic():
        listening(town.ctx("cli"), {"filing": str(case.origin_id)})


def work_off() -> list[OutboxMessage]:
    """The hand-overs that wait are run once each."""
    OutboxMessage.unscoped.filter(handler=HANDOVER, state="retry").update(not_before=clock.now())
    waiting = OutboxMessage.unscoped.filter(handler=HANDOVER, state__in=("queued", "retry"))
    ids = list(waiting.values_list("pk", flat=True))
    for other in OutboxMessage.unscoped.exclude(pk__in=ids).filter(state__in=("queued", "retry")):
        outbox.cancel(other)
    while leased := outbox.claim(5, ("desk",)):
        for one in leased:
            running.run(one)
    return list(OutboxMessage.unscoped.filter(pk__in=ids))


@pytest.mark.django_db(transaction=True)
def test_a_filing_is_handed_over_signed_and_only_once(mihon: Town, heard: Heard) -> None:
    of = procedure(mihon)
    hook = receiver(mihon, of, heard)
    case = case_of(mihon, of=of)
    order(mihon, rules.RECEIVED, case)
    order(mihon, rules.RECEIVED, case)
    assert [row.state for row in work_off()] == ["done"]
    headers, body = heard.got[0]
    sent = json.loads(body)
    assert len(heard.got) == 1
    assert headers[rules.SIGNATURE] == rules.signature(hook.secret, headers[rules.TIMESTAMP], body)
    assert headers[rules.KEY] == sent["key"] == f"procedures.received:{case.origin_id}:1"
    assert sent["format"] == handing.FORMAT
    assert sent["filing"]["number"] == case.number
    assert sent["filing"]["answers"]["reason"] == ANSWERS["reason"]
    row = OutboxMessage.unscoped.get(handler=HANDOVER)
    assert ANSWERS["reason"] not in json.dumps(row.payload, ensure_ascii=False)
    told = json.loads(TrailPayload.unscoped.get(entry__action=HANDOVER).text)
    assert told["ids"] == [str(case.origin_id)], "the trail stays when the outbox is swept"
    assert told["notes"] == {"to": hook.url, "event": rules.RECEIVED, "key": sent["key"]}


@pytest.mark.django_db(transaction=True)
def test_a_correction_comes_again_with_its_revision(mihon: Town, heard: Heard) -> None:
    of = procedure(mihon)
    receiver(mihon, of, heard)
    made = submission(mihon, of=of)
    from tests.services.procedures.test_receiving import received

    _filing, case = received(mihon, made)
    with transaction.atomic():
        asked = ask(mihon, case, "reason")
    reply = Reply.unscoped.create(
        municipality_id=mihon.ref.id,
        submission=made,
        release=asked,
        kind="correction",
        body={"answers": {"reason": "くわしい理由"}, "text": ""},
        at=clock.now(),
    )
    order(mihon, rules.RECEIVED, case)
    take_reply(mihon.ctx("cli"), reply, NoData())
    order(mihon, rules.RECEIVED, case)
    work_off()
    keys = [headers[rules.KEY].rpartition(":")[2] for headers, _body in heard.got]
    assert keys == ["1", "2"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("status", "state"),
    [
        (200, "done"),
        (204, "done"),
        (409, "done"),
        (500, "retry"),
        (429, "retry"),
        (404, "dead"),
        (302, "dead"),
    ],
)
def test_the_answer_decides_what_becomes_of_it(mihon: Town, heard: Heard, status: int, state: str) -> None:
    of = procedure(mihon)
    receiver(mihon, of, heard)
    order(mihon, rules.RECEIVED, case_of(mihon, of=of))
    heard.status = status
    (row,) = work_off()
    assert row.state == state
    assert len(heard.got) == 1, "a redirect is not followed"
    assert TrailPayload.unscoped.filter(entry__action=HANDOVER).count() == 1, (
        "it was given it, whatever it said"
    )
    if state != "done":
        assert row.last_error.endswith(f"http {status}")


@pytest.mark.django_db(transaction=True)
def test_nobody_there_means_again_later(mihon: Town, settings: Any) -> None:
    settings.WEBHOOK_HOSTS = "127.0.0.1:9"
    of = procedure(mihon)
    receiver(mihon, of, Heard("http://127.0.0.1:9/"))
    order(mihon, rules.RECEIVED, case_of(mihon, of=of))
    assert [row.state for row in work_off()] == ["retry"]
    assert not TrailPayload.unscoped.filter(entry__action=HANDOVER).exists(), "nothing left the house"


@pytest.mark.django_db(transaction=True)
def test_held_filings_wait_until_the_hold_is_released(mihon: Town, heard: Heard) -> None:
    of = procedure(mihon)
    receiver(mihon, of, heard)
    case = case_of(mihon, of=of)
    hold(mihon, case)
    order(mihon, rules.RECEIVED, case)
    (row,) = work_off()
    assert (row.state, heard.got) == ("dead", [])
    assert "支援措置で止めています" in page_of(client_of(mihon, "procedure_secretariat").get(HERE))
    Hold.unscoped.update(
        state="released", released_at=clock.now(), released_by="例示", release_note="確かめた"
    )
    handing.go_on(mihon.ctx("cli"), {"kind": "case", "id": str(case.pk), "resume": False})
    assert OutboxMessage.unscoped.get(pk=row.pk).state == "dead"
    handing.go_on(mihon.ctx("cli"), {"kind": "case", "id": str(case.pk), "resume": True})
    assert [one.state for one in work_off()] == ["done"]
    assert len(heard.got) == 1


@pytest.mark.django_db(transaction=True)
def test_trials_and_stopped_receivers_get_nothing(mihon: Town, heard: Heard) -> None:
    of = procedure(mihon)
    hook = receiver(mihon, of, heard)
    order(mihon, rules.RECEIVED, case_of(mihon, of=of, test=True))
    secretariat = mihon.ctx("procedure_secretariat")
    actions.change_webhook(secretariat, hook, actions.Receiver(heard.url, active=False))
    order(mihon, rules.RECEIVED, case_of(mihon, of=of))
    assert work_off() == []
    actions.try_webhook(secretariat, hook, NoData())
    work_off()
    assert json.loads(heard.got[0][1])["event"] == rules.TEST


@pytest.mark.django_db
def test_an_address_that_is_not_allowed_any_more_gets_nothing(heard: Heard, settings: Any) -> None:
    settings.WEBHOOK_HOSTS = ""
    with pytest.raises(NotAccepted) as refused:
        sending.post(heard.url, "key", event=rules.TEST, key="k", body=b"{}")
    assert refused.value.permanent
    assert heard.got == []


@pytest.mark.django_db
def test_a_name_that_leads_to_the_house_is_refused_before_connecting(
    heard: Heard, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_HOSTS = "hooks.example.jp"
    monkeypatch.setattr(sending.socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", 443))])
    with pytest.raises(NotAccepted) as refused:
        sending.post("https://hooks.example.jp/", "key", event=rules.TEST, key="k", body=b"{}")
    assert str(refused.value) == "address"


def test_an_answer_that_never_ends_is_cut(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        with contextlib.suppress(OSError), listening.accept()[0] as there:
            there.recv(65_536)
            for _ in range(1_000):
                there.sendall(b"H")
                if over.wait(0.05):
                    return
            there.close()

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    port = listening.getsockname()[1]
    settings.WEBHOOK_HOSTS = f"127.0.0.1:{port}"
    cut: list[bool] = []
    monkeypatch.setattr(sending, "ALL_SECONDS", 0.5)
    whole = sending._Connection.cut
    monkeypatch.setattr(sending._Connection, "cut", lambda self: (cut.append(True), whole(self)))
    with pytest.raises(OSError, match="answer"):
        sending.post(f"http://127.0.0.1:{port}/", "key", event=rules.TEST, key="k", body=b"{}")
    assert cut
    over.set()
    thread.join()
    listening.close()


# --- pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_failed_is_seen_and_settled(mihon: Town) -> None:
    row = stuck(mihon)
    client = client_of(mihon, "procedure_secretariat")
    page = page_of(client.get(f"{HERE}?filter.state=dead"))
    assert "相手の応答：HTTP 404" in page
    nothing = client.post(f"{HERE}{row.pk}/", {"do": "confirm"})
    assert nothing.status_code == 422
    assert client.post(f"{HERE}{row.pk}/", {"do": "confirm", "reason": "電話で確かめた"}).status_code == 303
    assert OutboxMessage.unscoped.get(pk=row.pk).state == "done"
    again = client.post(f"{HERE}{row.pk}/", {"do": "retry", "reason": "もう一度"})
    assert again.status_code == 403
    saved = client.get(f"{HERE}list.csv")
    assert saved.status_code == 200
    assert b"".join(saved.streaming_content)


@pytest.mark.django_db
def test_a_receiver_is_added_tried_and_its_key_renewed(mihon: Town, settings: Any) -> None:
    of = procedure(mihon)
    client = client_of(mihon, "procedure_secretariat")
    here = f"{HERE}receivers/"
    assert "まだ許されていません" in page_of(client.get(here))
    settings.WEBHOOK_HOSTS = "hooks.example.jp"
    refused = client.post(here, {"procedure": str(of.pk), "url": "https://other.example.jp/"})
    assert refused.status_code == 422
    assert "https://other.example.jp/" in page_of(refused)
    sent = client.post(here, {"procedure": str(of.pk), "url": "https://hooks.example.jp/x"})
    assert sent.status_code == 303
    hook = Webhook.unscoped.get()
    assert hook.secret in page_of(client.get(sent["Location"]))
    assert client.post(sent["Location"], {"do": "renew"}).status_code == 303
    assert Webhook.unscoped.get().secret != hook.secret
    assert client.post(sent["Location"], {"do": "try"}).status_code == 303
    assert "試しの引渡し" in page_of(client.get(HERE))
    listed = client.get(f"{here}list.xlsx")
    assert listed.status_code == 200
    assert b"".join(listed.streaming_content)


@pytest.mark.django_db
def test_the_key_stands_in_no_trail(mihon: Town, settings: Any) -> None:
    settings.WEBHOOK_HOSTS = "hooks.example.jp"
    hook = actions.add_webhook(
        mihon.ctx("procedure_secretariat"), procedure(mihon), actions.Receiver("https://hooks.example.jp/")
    )
    assert not any(hook.secret in one.text for one in TrailPayload.unscoped.all())


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["case_worker", "procedure_editor", "municipality_admin", "staff"])
def test_others_do_not_see_the_pages(mihon: Town, role: str) -> None:
    client = client_of(mihon, role)
    for path in ("", "receivers/", "list.csv", f"{stuck(mihon).pk}/"):
        assert client.get(f"{HERE}{path}").status_code == 403
