"""Binding indicators: one or many at once, by a person, with the reason; and saying that a proposed source does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypedDict
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.metrics.sources import SOURCES
from yakuba.engines.rounds.models import Round
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, NoData, Problem, Problems, action
from yakuba.kernel.fields import INTERNAL, JsonValue
from yakuba.kernel.files import store as files
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.ids import read_id
from yakuba.kernel.town.models import Municipality
from yakuba.services.plan import access as plan_access
from yakuba.services.plan import queries as plan
from yakuba.services.plan.measured import access, queries
from yakuba.services.plan.measured.actions import store
from yakuba.services.plan.measured.fitting import Measure, fit
from yakuba.services.plan.models import Binding, Edition, Initiative
from yakuba.services.plan.rows import Form

RETENTION: Final = "plan_source"
MOST: Final = 200
_LONGEST: Final = {"reason": 1000, "definition": 4000, "file": 255, "sha256": 64}
_LONGEST_SAID: Final = 4000


class BindRow(TypedDict):
    """What one indicator is bound to. ``seen`` is the id of the row that stood when somebody looked; empty: none did.

    ``name`` is the indicator's as it was looked at. ``definition`` says how the office counts (``manual``); ``sha256`` and ``file`` are of
    a file that was kept already and shows it; ``grounds`` are the words of the proposal that was confirmed.
    """

    initiative: str
    position: int
    name: str
    seen: str
    source: str
    said: Mapping[str, JsonValue]
    reason: str
    definition: str
    grounds: Sequence[str]
    sha256: str
    file: str


class DeclinedRow(TypedDict):
    """A source that does not fit an indicator, and why if somebody says so."""

    initiative: str
    name: str
    source: str
    said: Mapping[str, JsonValue]
    reason: str


@dataclass(frozen=True)
class BindIndicators:
    """What indicators of an edition are bound to; all rows or none."""

    rows: Annotated[list[BindRow], fields.document(label="結び付け", classification=INTERNAL, required=True)]


@dataclass(frozen=True)
class DeclineSources:
    """Proposed sources that do not fit."""

    rows: Annotated[
        list[DeclinedRow], fields.document(label="当てはまらない出所", classification=INTERNAL, required=True)
    ]


@action("plan.bind_indicators", label="指標の出所を決める", may=access.BIND_MANY, data=BindIndicators)
def bind_indicators(ctx: Context, edition: Edition, data: BindIndicators) -> Edition:
    """Bind indicators to what measures them. Raises :class:`Problems`, each with the row's place: ``rows[2].reason``.

    Raises :class:`Denied`, naming them, for initiatives that this actor does not answer for.
    """
    given = [_row(row, nth) for nth, row in enumerate(_listed(data.rows))]
    forms = _forms(ctx, edition, [row["initiative"] for row in given])
    standing = queries.found(ctx, edition)
    problems: list[Problem] = []
    wanted: list[store.Bind] = []
    for nth, row in enumerate(given):
        lost = next((one for one in standing.lost if str(one.pk) == row["seen"]), None)
        if lost is not None and row["source"] == queries.ENDED:
            own = _problems_of_lost(ctx, row)
        else:
            lost, own = None, _problems(ctx, row, forms.get(row["initiative"]), standing)
        for problem in own:
            problem.field = f"rows[{nth}].{problem.field}" if problem.field else f"rows[{nth}]"
        problems += own
        if own:
            continue
        wanted.append(
            store.Bind(
                lost.initiative if lost is not None else UUID(row["initiative"]),
                row["position"] if lost is None else lost.position,
                row["name"] if lost is None else lost.name,
                row["source"],
                row["said"],
                row["reason"],
                row["definition"],
                row["grounds"],
                _file(ctx, row, standing),
                lost,
            )
        )
    if problems:
        raise Problems(problems)
    made = store.bind(ctx, edition, wanted)
    ctx.note(bound=[_told(forms.get(str(one.initiative)), one) for one in made])
    return edition


@action("plan.decline_sources", label="当てはまらない出所を記す", may=access.BIND_MANY, data=DeclineSources)
def decline_sources(ctx: Context, edition: Edition, data: DeclineSources) -> Edition:
    """Note sources that do not fit their indicators: they are not proposed again. Raises :class:`Problem`, :class:`Denied`."""
    rows = _listed(data.rows)
    forms = _forms(ctx, edition, [str(row.get("initiative", "")) for row in rows])
    told = []
    for nth, row in enumerate(rows):
        name, source = str(row.get("name") or ""), str(row.get("source") or "")
        form = forms.get(str(row.get("initiative", "")))
        if form is None or name not in [one["name"] for one in form["indicators"]]:
            raise Problem("missing", _("この版にない指標です。"), field=f"rows[{nth}]")
        if source not in SOURCES:
            raise Problem("source", _("出所の種類を一覧から選んでください。"), field=f"rows[{nth}].source")
        reason = str(row.get("reason") or "").strip()[: _LONGEST["reason"]]
        made = store.decline(
            ctx, edition, UUID(str(row["initiative"])), name, source, _said(row.get("said"), nth), reason
        )
        told.append([form["title"], made.name, made.source])
    ctx.note(declined=told)
    return edition


@action("plan.release_bindings", label="指標の出所を公開する", may=access.RELEASE, data=NoData)
def release_bindings(ctx: Context, municipality: Municipality, _data: NoData) -> Municipality:
    """What the public reads of what figures are measured by, from what stands published. Repeating changes nothing."""
    ctx.note(changed=store.release(ctx))
    return municipality


@action("plan.keep_measured", label="締めた照会の計測値を残す", may=access.CLOSE, data=NoData)
def keep_measured(ctx: Context, round_: Round, _data: NoData) -> Round:
    """Freeze what the answers of a closed round are held against. Raises :class:`Problem` for a round that is not closed."""
    if round_.state != "closed":
        raise Problem("state", _("完了した照会ではありません。"), found=round_.state)
    ctx.note(kept=store.keep(ctx, round_))
    return round_


def _listed(given: object) -> list[dict[str, JsonValue]]:
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        raise Problem("shape", _("指標ごとの一覧にしてください。"), field="rows")
    if len(given) > MOST:
        raise Problem(
            "too_many",
            _("一度に決められるのは%(most)d件までです。") % {"most": MOST},
            field="rows",
            found=str(len(given)),
        )
    return given


def _row(row: Mapping[str, JsonValue], nth: int) -> BindRow:
    """A row as it was given, with what is left out empty. Raises :class:`Problem` for one of another shape."""
    position = row.get("position")
    grounds = row.get("grounds") or []
    if not isinstance(position, int) or not isinstance(grounds, list):
        raise Problem("shape", _("指標ごとの一覧にしてください。"), field=f"rows[{nth}]")
    text = {
        key: str(row.get(key) or "").strip() for key in ("seen", "source", "reason", "definition", "sha256")
    }
    for key, longest in _LONGEST.items():
        if len(str(row.get(key) or "")) > longest:
            message = _("%(longest)d文字以内にしてください。") % {"longest": longest}
            raise Problem("too_long", message, field=f"rows[{nth}].{key}")
    return {
        "initiative": str(row.get("initiative") or ""),
        "position": position,
        "name": str(row.get("name") or ""),
        "seen": text["seen"],
        "source": text["source"],
        "said": _said(row.get("said"), nth),
        "reason": text["reason"],
        "definition": text["definition"],
        "grounds": [str(one)[:300] for one in grounds[:10]],
        "sha256": text["sha256"],
        "file": str(row.get("file") or ""),
    }


def _said(given: object, nth: int) -> dict[str, JsonValue]:
    if given is None:
        return {}
    if not isinstance(given, dict) or len(str(given)) > _LONGEST_SAID:
        raise Problem("shape", _("出所の指定の形が違います。"), field=f"rows[{nth}].said")
    return given


def _forms(ctx: Context, edition: Edition, wanted: Sequence[str]) -> dict[str, Form]:
    """The initiatives of these ids. Raises :class:`Denied` where one of them is not this actor's."""
    own = Initiative.unscoped.filter(edition=edition, pk__in=[read_id(one) for one in wanted]).order_by(
        "position", "id"
    )
    mine = set(own.filter(access.BIND.q(ctx)).values_list("pk", flat=True))
    rows = list(own)
    foreign = [f"{row.number} {row.title}".strip() for row in rows if row.pk not in mine]
    if foreign:
        raise Denied(
            _("%(items)sの指標の出所を決める権限がありません。") % {"items": "、".join(foreign[:10])}
        )
    return {str(row.pk): form for row, form in plan.forms(rows)}


def _problems(ctx: Context, row: BindRow, form: Form | None, standing: queries.Found) -> list[Problem]:
    """What stands in the way of a decision."""
    if form is None or not 0 <= row["position"] < len(form["indicators"]):
        return [Problem("missing", _("この版にない指標です。"))]
    indicator = form["indicators"][row["position"]]
    if indicator["name"] != row["name"]:
        message = _("指標の並びか名前が、見たときと変わっています。画面を開き直してください。")
        return [Problem("moved", message, found=indicator["name"][:60], expected=row["name"][:60])]
    before = standing.standing.get((UUID(row["initiative"]), row["position"]))
    if (str(before.pk) if before is not None else "") != row["seen"]:
        message = _("ほかの人が先に、この指標の出所を決めました。画面を開き直してください。")
        return [Problem("stale", message)]
    found: list[Problem] = []
    if not row["reason"]:
        found.append(Problem("required", _("「理由」が空です。入力してください。"), field="reason"))
    source = row["source"]
    if source == queries.ENDED:
        if before is None:
            found.append(Problem("unbound", _("この指標は、何にも結び付いていません。"), field="source"))
        return found
    if source == queries.MANUAL:
        if not row["definition"]:
            message = _("何を、どの資料から、どの時点で数えるかを書いてください。")
            found.append(Problem("required", message, field="definition"))
        return found
    if source not in SOURCES:
        message = _("出所の種類を一覧から選んでください。")
        return [*found, Problem("source", message, field="source", found=source[:20])]
    told = SOURCES.get(source).check(ctx, row["said"]) or SOURCES.get(source).check_new(ctx, row["said"])
    if told:
        return [*found, *(Problem("said", text, field="said") for text in told)]
    refusal = fit(indicator, measure_of(ctx, source, row["said"])).refusal
    if refusal:
        found.append(Problem("senseless", refusal, field="said"))
    return found


def measure_of(ctx: Context, source: str, said: Mapping[str, JsonValue]) -> Measure:
    """Unit and aggregation of a source, which has been checked."""
    one = SOURCES.get(source)
    return Measure(one.unit(ctx, said), one.aggregation(ctx, said))


def _file(ctx: Context, row: BindRow, standing: queries.Found) -> StoredFile | None:
    """The file that came with a row; without one, that of the row before while the office goes on counting."""
    if row["sha256"]:
        return files.refer(ctx, row["sha256"], row["file"], retention_class=RETENTION)
    before = standing.standing.get((UUID(row["initiative"]), row["position"]))
    if row["source"] == queries.MANUAL and before is not None and before.source == queries.MANUAL:
        return before.file
    return None


def _problems_of_lost(ctx: Context, row: BindRow) -> list[Problem]:
    """Of a binding whose indicator is gone: whoever arranges the edition ends it, with a reason."""
    if not plan_access.ARRANGE.holds_anywhere(ctx):
        return [Problem("missing", _("この版にない指標です。"))]
    if not row["reason"]:
        return [Problem("required", _("「理由」が空です。入力してください。"), field="reason")]
    return []


def _told(form: Form | None, one: Binding) -> list[JsonValue]:
    title = f"{form['number']} {form['title']}".strip() if form is not None else ""
    return [title, one.name, one.source, one.title, one.reason]
