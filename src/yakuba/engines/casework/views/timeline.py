"""What happened in a case, in the order in which it happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.casework.models import CHANNELS, DIRECTIONS, MESSAGES, NOTICE_STATES, OUTCOMES, Case
from yakuba.engines.casework.queries.page import Parts
from yakuba.engines.casework.states import TABLES, state_label
from yakuba.engines.casework.store import ARRIVE
from yakuba.kernel.dates import format_date


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline. ``said``: words of or to the applicant, which the page shows as correspondence too."""

    at: dt.datetime
    what: str
    by: str
    body: str = ""
    more: str = ""


def timeline(
    case: Case, parts: Parts, offices: Mapping[UUID, str], asked: Mapping[str, str]
) -> list[Happened]:
    """Everything, oldest first. ``asked`` names the questions that a correction may ask for."""
    found = [
        *_moves(case, parts),
        *said(parts, asked),
        *_notes(parts),
        *_transfers(parts, offices),
        *_decisions(parts),
        *_notices(parts),
    ]
    return sorted(found, key=lambda one: one.at)


def _moves(case: Case, parts: Parts) -> Iterator[Happened]:
    labels = {step.key: step.label for step in TABLES[case.kind]}
    for move in parts.moves:
        words = _("到達") if move.step == ARRIVE else _(labels.get(move.step, move.step))
        state = _(state_label(case.kind, move.to_state))
        way = _(dict(CHANNELS)[case.channel])
        more = f"（{way}）" if move.step == ARRIVE else _("「%(state)s」へ") % {"state": state}
        yield Happened(move.at, words, move.by_label, move.reason, more)


def said(parts: Parts, asked: Mapping[str, str]) -> Iterator[Happened]:
    """The correspondence alone."""
    kinds, ways = dict(MESSAGES), dict(DIRECTIONS)
    for one in parts.messages:
        named = "、".join(asked.get(key, key) for key in one.asked)
        more = [
            *([_("求めた項目：%(items)s") % {"items": named}] if named and one.direction == "out" else []),
            *([_("回答の期限：%(day)s") % {"day": format_date(one.answer_by)}] if one.answer_by else []),
        ]
        what = f"{_(kinds[one.kind])}（{_(ways[one.direction])}）"
        yield Happened(one.at, what, one.by_label, one.body, "　".join(more))


def _notes(parts: Parts) -> Iterator[Happened]:
    for one in parts.notes:
        yield Happened(one.at, _("メモ"), one.by_label, one.body)


def _transfers(parts: Parts, offices: Mapping[UUID, str]) -> Iterator[Happened]:
    for one in parts.transfers:
        words = _("移送：%(old)s → %(new)s") % {
            "old": offices.get(one.from_office_id, ""),
            "new": offices.get(one.to_office_id, ""),
        }
        yield Happened(one.at, words, one.by_label, one.reason)


def _decisions(parts: Parts) -> Iterator[Happened]:
    words = dict(OUTCOMES)
    for one in parts.dispositions:
        if one.decided_at is not None:
            outcome = _(words[one.outcome])
            yield Happened(
                one.decided_at, _("決定：%(outcome)s") % {"outcome": outcome}, one.decided_by, one.content
            )


def _notices(parts: Parts) -> Iterator[Happened]:
    words = dict(NOTICE_STATES)
    for one in parts.notices:
        for at, state in (
            (one.released_at, "released"),
            (one.opened_at, "opened"),
            (one.posted_at, "posted"),
        ):
            if at is not None:
                yield Happened(at, _("通知書：%(state)s") % {"state": _(words[state])}, "", one.title)
