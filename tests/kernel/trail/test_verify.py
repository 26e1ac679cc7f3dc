"""Every way of tampering that the trail promises to show, shown."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from tests.guards import suspended
from tests.world import Town
from yakuba.cli import main
from yakuba.kernel.dates import clock
from yakuba.kernel.trail import guards, heads, rules, store
from yakuba.kernel.trail.models import TrailBlock, TrailEntry, TrailPayload, TrailSeal
from yakuba.kernel.trail.verify import CHECKS, Finding, verify

from .conftest import Write, errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(done: Write) -> list[TrailEntry]:
    """Three entries in two blocks."""
    entries = [done(), done()]
    store.seal()
    entries.append(done())
    store.seal()
    assert errors() == []
    return entries


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def key(value: object) -> object:
    """An id as it stands in the database."""
    return value.hex if connection.vendor == "sqlite" else value  # type: ignore[attr-defined]


def forge_reason(entries: list[TrailEntry]) -> None:
    sql("UPDATE trail_trailentry SET reason = 'ほかの理由' WHERE id = %s", key(entries[0].pk))


def forge_actor_of_an_erased_entry(entries: list[TrailEntry]) -> None:
    sql("UPDATE trail_trailentry SET actor_label = '別人' WHERE id = %s", key(entries[1].pk))


def forge_digest_with_payload(entries: list[TrailEntry]) -> None:
    entry = entries[0]
    kept = TrailPayload.unscoped.get(entry=entry)
    text = kept.text.replace("22", "23") + " "
    sql("UPDATE trail_trailpayload SET text = %s WHERE entry_id = %s", text, key(entry.pk))
    sql(
        "UPDATE trail_trailentry SET digest = %s WHERE id = %s",
        rules.digest(entry, text, kept.salt),
        key(entry.pk),
    )


def forge_payload(entries: list[TrailEntry]) -> None:
    sql("UPDATE trail_trailpayload SET text = '{}' WHERE entry_id = %s", key(entries[0].pk))


def forge_salt(entries: list[TrailEntry]) -> None:
    sql("UPDATE trail_trailpayload SET salt = 'zz' WHERE entry_id = %s", key(entries[0].pk))


def lose_payload(entries: list[TrailEntry]) -> None:
    sql("DELETE FROM trail_trailpayload WHERE entry_id = %s", key(entries[0].pk))


def lose_entry(entries: list[TrailEntry]) -> None:
    sql("DELETE FROM trail_trailpayload WHERE entry_id = %s", key(entries[0].pk))
    sql("DELETE FROM trail_trailseal WHERE entry_id = %s", key(entries[0].pk))
    sql("DELETE FROM trail_trailentry WHERE id = %s", key(entries[0].pk))


def lose_entry_and_count(entries: list[TrailEntry]) -> None:
    lose_entry(entries)
    sql("UPDATE trail_trailblock SET count = 1 WHERE number = 1")


def lose_first_block(_entries: list[TrailEntry]) -> None:
    first = TrailBlock.unscoped.get(number=1)
    sql("DELETE FROM trail_trailseal WHERE block_id = %s", key(first.pk))
    sql("DELETE FROM trail_trailblock WHERE id = %s", key(first.pk))


def break_link(_entries: list[TrailEntry]) -> None:
    """The second block computed anew over another past."""
    second = TrailBlock.unscoped.get(number=2)
    members = [seal.entry for seal in TrailSeal.unscoped.filter(block=second).select_related("entry")]
    sql(
        "UPDATE trail_trailblock SET previous_hash = %s, hash = %s WHERE number = 2",
        "1" * 64,
        rules.block_hash("1" * 64, members),
    )


@pytest.mark.parametrize(
    ("tamper", "codes"),
    [
        (forge_reason, {"block", "payload"}),
        (forge_actor_of_an_erased_entry, {"block"}),
        (forge_digest_with_payload, {"block"}),
        (forge_payload, {"payload"}),
        (forge_salt, {"payload"}),
        (lose_payload, {"payload_missing"}),
        (lose_entry, {"block"}),
        (lose_entry_and_count, {"block"}),
        (lose_first_block, {"gap", "link"}),
        (break_link, {"link"}),
    ],
)
def test_tampering_shows(
    mihon: Town, sealed: list[TrailEntry], tamper: Callable[[list[TrailEntry]], None], codes: set[str]
) -> None:
    store.erase(mihon.ctx("cli"), sealed[1], "保存期間の満了")
    store.seal()
    assert errors() == []
    with suspended():
        tamper(sealed)
    found = errors()
    assert {finding.code for finding in found} == codes
    assert {finding.municipality for finding in found} == {"990019"}


def test_a_chain_made_anew_from_its_beginning_shows_against_the_head_outside(
    sealed: list[TrailEntry],
) -> None:
    heads.write()
    with suspended():
        sql("DELETE FROM trail_trailseal")
        sql("DELETE FROM trail_trailblock")
        forge_digest_with_payload(sealed)
    store.seal(thorough=True)
    codes = [finding.code for finding in errors()]
    assert codes == ["head"]


def test_the_newest_blocks_cut_off_show_against_the_head_outside(sealed: list[TrailEntry]) -> None:
    path = heads.write()
    assert path is not None
    with suspended():
        second = TrailBlock.unscoped.get(number=2)
        for table, column, value in (
            ("trailseal", "block_id", second.pk),
            ("trailblock", "id", second.pk),
            ("trailpayload", "entry_id", sealed[2].pk),
            ("trailentry", "id", sealed[2].pk),
        ):
            sql(f"DELETE FROM trail_{table} WHERE {column} = %s", key(value))
    found = errors()
    assert [(finding.code, finding.subject) for finding in found] == [("head", path.name)]


def test_an_entry_waits_a_minute_for_its_seal_and_no_longer(done: Write) -> None:
    entry = done()
    assert errors() == []
    with clock.frozen(clock.now() + dt.timedelta(seconds=90)):
        assert [(finding.code, finding.subject) for finding in errors()] == [("unsealed", str(entry.pk))]
    sql("UPDATE trail_trailpayload SET text = '{}'")
    assert [finding.code for finding in errors()] == ["payload"]


# --- heads --------------------------------------------------------------------------------------------------------


def test_the_file_of_a_day_holds_the_newest_block_of_each_town(
    mihon: Town, karina: Town, done: Write, heads_folder: Path
) -> None:
    done(karina)
    done()
    store.seal()
    done()
    store.seal()
    path = heads.write(dt.date(2026, 4, 1))
    assert path is not None
    assert path == heads_folder / "2026-04-01.json"
    link, *lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert link == {"previous": "", "sha256": ""}
    assert [(line["municipality"], line["number"]) for line in lines] == [("990019", 2), ("990027", 1)]
    newest = heads.newest(mihon.ref.id)
    assert newest is not None
    assert lines[0]["hash"] == newest.hash
    assert [one.name for one in heads_folder.iterdir()] == ["2026-04-01.json"]


def test_a_file_that_is_there_is_evidence_and_stays(done: Write) -> None:
    done()
    store.seal()
    path = heads.write()
    assert path is not None
    before = path.read_bytes()
    done()
    store.seal()
    assert heads.write() == path
    assert path.read_bytes() == before


def test_no_head_before_the_first_block(mihon: Town) -> None:
    assert heads.newest(mihon.ref.id) is None
    assert heads.write() is None
    assert heads.files() == []


LINK = '{"previous": "", "sha256": ""}'


@pytest.mark.parametrize(
    "text", ["", LINK, f'{LINK}\n{{"municipality": "990019"}}', "{", '{"municipality": "990019"}', "[]", "3"]
)
def test_a_file_that_cannot_be_read_shows(heads_folder: Path, text: str) -> None:
    heads_folder.mkdir(parents=True)
    (heads_folder / "2026-04-01.json").write_text(text)
    assert [(finding.code, finding.subject) for finding in errors()] == [("heads", "2026-04-01.json")]


@pytest.fixture
def three_days(sealed: list[TrailEntry], done: Write) -> list[Path]:
    """A file of heads on each of three days."""
    made = []
    for day in (1, 2, 3):
        done()
        store.seal()
        made.append(heads.write(dt.date(2026, 4, day)))
    assert errors() == []
    return [path for path in made if path is not None]


def test_a_file_taken_away_or_changed_shows_against_the_next(three_days: list[Path]) -> None:
    kept = three_days[1].read_bytes()
    three_days[1].unlink()
    assert [(one.code, one.subject) for one in errors()] == [("head_file", "2026-04-02.json")]
    three_days[1].write_bytes(kept + b"\n")
    assert [(one.code, one.subject) for one in errors()] == [("head_file", "2026-04-02.json")]
    three_days[1].write_bytes(kept)
    assert errors() == []


def test_another_time_of_sealing_shows_against_the_head(three_days: list[Path]) -> None:
    with suspended():
        sql("UPDATE trail_trailblock SET sealed_at = '2020-01-01 00:00:00+00:00' WHERE number = 3")
    assert [(one.code, one.subject) for one in errors()] == [("head", "2026-04-01.json")]


def test_a_chain_without_any_head_outside_is_told_and_no_error(sealed: list[TrailEntry]) -> None:
    assert [(one.code, one.level) for one in verify()] == [("no_heads", "notice")]
    heads.write()
    assert verify() == []


def test_a_clock_that_went_back_is_told(sealed: list[TrailEntry], done: Write) -> None:
    heads.write()
    with clock.frozen(clock.now() - dt.timedelta(days=2)):
        done()
        store.seal()
    assert [(one.code, one.subject, one.level) for one in verify()] == [("clock", "3", "notice")]


def test_rooms_add_checks_of_their_own(mihon: Town) -> None:
    found = Finding("sample", "990019", "x", "見本")
    with CHECKS.temporarily("sample", lambda: [found]):
        assert verify() == [found]


# --- the command --------------------------------------------------------------------------------------------------


def test_the_command_says_so(sealed: list[TrailEntry], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trail", "verify"]) == 0
    assert "注意：" in capsys.readouterr().err, "the first head is written after the first command"
    head = heads.newest(sealed[0].municipality_id)
    assert head is not None
    assert main(["trail", "verify"]) == 0
    err = capsys.readouterr().err
    assert "注意：" not in err
    assert f"ブロック{head.number} {head.hash}" in err
    guards.remove()
    assert main(["trail", "verify", "--json"]) == 1
    out, err = capsys.readouterr()
    assert {one["code"] for one in json.loads(out)} == {"guard"}
    assert "trail_trailentry" in err
    guards.install()
    assert main(["trail", "verify"]) == 0


def test_the_list_shows_newest_first_and_is_itself_noted(
    mihon: Town, sealed: list[TrailEntry], capsys: pytest.CaptureFixture[str]
) -> None:
    subject = f"office_name/{mihon.offices['own'].pk}"
    assert main(["trail", "list", "--municipality", "990019", "--subject", subject, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in lines] == [str(entry.pk) for entry in reversed(sealed)]
    assert TrailEntry.unscoped.get(kind="read").action == "trail.list"
    assert main(["trail", "list", "--municipality", "990019", "--subject", "office/nonsense"]) == 1
