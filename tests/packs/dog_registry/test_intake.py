"""The ready procedures about dogs and the rules that take them over into the register fit one another, and the register takes what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import yakuba
from tests.engines.ledger.worlds import open_book
from tests.world import Town
from yakuba.engines.intake import rules
from yakuba.engines.intake.ready import ready_for
from yakuba.packs.dog_registry.ledger import DOGS
from yakuba.services.procedures.definition import document, showing

READY = {one.key: one for one in ready_for("dog_registry")}


@pytest.mark.parametrize("key", ["dog-change", "dog-registration"])
def test_every_answer_and_every_field_is_there(key: str) -> None:
    path = Path(yakuba.__file__).parent / "services" / "procedures" / "ready" / f"{key}.json"
    columns = {one.key for one in showing.columns(document.read(json.loads(path.read_text("utf-8"))))}
    rule = rules.read(READY[key].document)
    assert rule.answers <= columns
    assert {name for branch in rule.branches for name in branch.fields} <= set(DOGS.ledger.fields)
    steps = {step.key for step in DOGS.ledger.chain.steps}
    assert {branch.step for branch in rule.branches if branch.do == "move"} <= steps


@pytest.mark.django_db
def test_the_book_of_dogs_can_be_opened(mihon: Town) -> None:
    assert open_book(mihon, "dog_registry").ledger == DOGS.ledger.key
