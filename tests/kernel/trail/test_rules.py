"""Digests and block hashes say what they are to say, and nothing else."""

from __future__ import annotations

import datetime as dt
import json
import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yakuba.kernel.ids import uuid7
from yakuba.kernel.trail import rules
from yakuba.kernel.trail.models import TrailEntry

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def entry(**changes: object) -> TrailEntry:
    facts = {
        "id": uuid7(1_700_000_000_000),
        "municipality_id": uuid7(1_600_000_000_000),
        "kind": "done",
        "at": dt.datetime(2026, 4, 1, 0, 0, 0, 123456, dt.UTC),
        "actor_kind": "staff",
        "actor_id": "a",
        "actor_label": "例示花子",
        "action": "plan.correct",
        "subject_kind": "initiative",
        "subject_id": uuid7(1_650_000_000_000),
        "subject_label": "推1",
        "reason": "",
        "request_id": "r",
        "digest": "0" * 64,
    }
    return TrailEntry(**{**facts, **changes})


@given(st.dictionaries(st.text(), json_values))
@settings(max_examples=80)
def test_canonical_json_is_ascii_ordered_and_loses_nothing(value: dict[str, object]) -> None:
    text = rules.canonical(value)
    assert text.isascii()
    assert json.loads(text) == value
    assert rules.canonical(dict(reversed(list(value.items())))) == text


def test_canonical_json_refuses_what_json_cannot_say() -> None:
    with pytest.raises(ValueError, match="JSON"):
        rules.canonical(float("nan"))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "read"),
        ("at", dt.datetime(2026, 4, 1, 0, 0, 0, 123457, dt.UTC)),
        ("actor_kind", "cli"),
        ("actor_id", "b"),
        ("actor_label", "例示太郎"),
        ("on_behalf_of", "例示次郎"),
        ("acting_post", "課長"),
        ("action", "plan.publish"),
        ("subject_kind", "edition"),
        ("subject_id", None),
        ("subject_label", "推2"),
        ("reason", "誤記"),
        ("request_id", "s"),
        ("municipality_id", uuid7(1)),
        ("id", uuid7(2)),
    ],
)
def test_every_column_of_the_face_is_in_the_digest_and_in_the_block(column: str, value: object) -> None:
    plain, changed = entry(), entry(**{column: value})
    salt = "ab" * 32
    if column not in {"id", "municipality_id", "subject_id"} or value is None:
        changed.pk, changed.municipality_id = plain.pk, plain.municipality_id
    if column != "subject_id":
        changed.subject_id = plain.subject_id
    assert rules.digest(plain, "{}", salt) != rules.digest(changed, "{}", salt)
    assert rules.block_hash(rules.GENESIS, [plain]) != rules.block_hash(rules.GENESIS, [changed])


def test_the_face_leaves_no_column_out() -> None:
    covered = set(json.loads(rules.face(entry())))
    columns = {field.name for field in TrailEntry._meta.concrete_fields}
    assert covered - {"format"} == columns - {"digest", "version"}


def test_a_moment_is_the_same_moment_in_any_zone() -> None:
    tokyo = dt.timezone(dt.timedelta(hours=9))
    same = entry()
    same.at = same.at.astimezone(tokyo)
    assert rules.face(same) == rules.face(
        entry(id=same.pk, municipality_id=same.municipality_id, subject_id=same.subject_id)
    )


def test_payload_and_salt_are_in_the_digest() -> None:
    one = entry()
    salt = secrets.token_hex(32)
    assert rules.digest(one, '{"a":1}', salt) != rules.digest(one, '{"a":2}', salt)
    assert rules.digest(one, "{}", salt) != rules.digest(one, "{}", secrets.token_hex(32))
    with pytest.raises(ValueError, match="hex"):
        rules.digest(one, "{}", "no salt")


def test_a_block_takes_in_the_one_before_and_does_not_depend_on_the_order_of_rows() -> None:
    entries = [entry(id=uuid7(n)) for n in range(1, 6)]
    assert rules.block_hash(rules.GENESIS, entries) == rules.block_hash(rules.GENESIS, entries[::-1])
    assert rules.block_hash(rules.GENESIS, entries) != rules.block_hash("1" * 64, entries)
    assert rules.block_hash(rules.GENESIS, entries) != rules.block_hash(rules.GENESIS, entries[1:])
