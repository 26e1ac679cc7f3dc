"""What is particular to tables of sub-rows on the pages of an import: whose row each is, and what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO, Final

from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yakuba.engines.ledger.exchange import heads, queries
from yakuba.engines.ledger.exchange import opening as tables
from yakuba.engines.ledger.exchange.actions.lines import (
    AT_ONCE,
    BeginLines,
    ConfirmLines,
    MatchLines,
    begin_lines,
    confirm_lines,
    match_lines,
    write_all,
)
from yakuba.engines.ledger.exchange.actions.reading_lines import read_lines
from yakuba.engines.ledger.exchange.actions.refusing import demand_none
from yakuba.engines.ledger.exchange.lines import OF, columns_of, known, sort_of
from yakuba.engines.ledger.models import Batch
from yakuba.engines.ledger.values import specs_of_line, title_of
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import Spec
from yakuba.kernel.files import store as files
from yakuba.kernel.ui.components import field
from yakuba.services.ledgers.views import exchange_pieces as pieces
from yakuba.services.ledgers.views.frame import Opened, written

_FEW: Final = 50


def what(one: Opened, chosen: str) -> SafeString | str:
    """The question which rows the table holds, where a ledger has sub-rows."""
    if not one.ledger.lines:
        return ""
    choices = [
        ("", _("台帳の行（%s）") % one.label),
        *((lines.key, _("明細（%s）") % lines.label) for lines in one.ledger.lines),
    ]
    hint = _("Accessなどで表が分かれているときは、親の表を先に、明細の表を次に取り込みます。")
    return field(
        "lines", _("表の中身"), widget="radio", value=chosen, choices=choices, required=False, hint=hint
    )


def begin(ctx: Context, one: Opened, stream: BinaryIO, name: str, found: tables.Opened, key: str) -> Batch:
    """Only a table with a head that can be found enters the store. Raises :class:`~yakuba.kernel.actions.Problem`."""
    lines = sort_of(one.ledger, key)
    head = heads.find(found, known(one.ledger, one.book, lines))
    demand_none(head.labels, head.rows_of(found))
    stream.seek(0)
    data = BeginLines(files.put(stream), name, lines.key, list(head.labels), found.rows - head.below)
    return begin_lines(ctx, one.book, data)


def _match(ctx: Context, found: Batch, request: HttpRequest) -> None:
    posted = request.POST
    columns = [posted.get(f"column-{at}", "")[:80] for at in range(len(found.heads))]
    by = posted.get("by", "")
    # The only column that says whose row it is needs no saying twice.
    keys = [key for key in columns if key.startswith(OF)]
    if by not in keys and len(keys) == 1:
        by = keys[0]
    matched = match_lines(ctx, found, MatchLines(columns, by[:80], posted.get("reason", "")[:400]))
    if matched.steps <= AT_ONCE:
        read_lines(ctx, matched)


def _confirm(ctx: Context, found: Batch, request: HttpRequest) -> None:
    confirmed = confirm_lines(ctx, found, ConfirmLines(bool(request.POST.get("without_wrong"))))
    if confirmed.steps <= AT_ONCE:
        write_all(ctx, confirmed)


DONE: Final[Mapping[str, Callable[[Context, Batch, HttpRequest], object]]] = {
    "match": _match,
    "confirm": _confirm,
}


def _matched(_ctx: Context, one: Opened, batch: Batch, posted: QueryDict) -> dict[str, object]:
    lines = sort_of(one.ledger, batch.lines)
    columns = columns_of(one.ledger, one.book, lines)
    choices = [("", _("（取り込まない）")), *((column.key, column.label) for column in columns)]
    found = pieces.top_of(batch)
    head = heads.find(found, known(one.ledger, one.book, lines))
    chosen = [posted.get(f"column-{at}", key) for at, key in enumerate(batch.columns)]
    return {
        "lines": pieces.head_lines(found, head, chosen),
        "choices": choices,
        "ways": [(column.key, column.label) for column in columns if column.key.startswith(OF)],
        "by": posted.get("by", next(iter(batch.by), "")),
        "of_lines": lines.label,
        "lacking": _("」「").join(
            str(spec.label)
            for name, spec in specs_of_line(lines.model).items()
            if spec.required and name not in {*chosen, *lines.usual, "entry"} and _is_asked(spec)
        ),
        "reason": posted.get("reason", batch.reason),
        "systems": (),
        "notes": "",
        "others": "、".join(found.others),
        "sheet": found.sheet,
    }


def _is_asked(spec: Spec) -> bool:
    """Whether a row that leaves a field out is wrong: one that leaves a yes or no out says no."""
    return spec.kind is not None and spec.kind.key != "yes_no"


def _checked(ctx: Context, one: Opened, batch: Batch) -> dict[str, object]:
    lines = sort_of(one.ledger, batch.lines)
    specs = specs_of_line(lines.model)
    fresh = list(queries.staged(ctx, batch, "new")[:_FEW])
    ids = {row.entry for row in fresh}
    here = {entry.pk: entry for entry in one.ledger.model.objects.for_actor(ctx).filter(pk__in=ids)}
    wrong = [
        (str(place), str(words))
        for row in queries.staged(ctx, batch, "wrong")[:_FEW]
        for place, words in row.problems
    ]
    changes = [
        pieces.Line(
            row.row,
            f"{here[row.entry].number} {title_of(one.ledger, here[row.entry])}",
            [
                pieces.Difference(name, specs[name].label, "", written(kind.from_json(value), specs[name]))
                for name, value in row.values.items()
                if name in specs and value not in (None, False) and (kind := specs[name].kind) is not None
            ],
            fresh=True,
        )
        for row in fresh
        if row.entry in here
    ]
    one.log_read(ctx, list(here))
    return {
        "look": pieces.Look(
            batch.counts,
            wrong,
            [],
            [],
            changes,
            list(here),
            batch.counts.get("new", 0),
            totals=pieces.totals(ctx, batch),
        ),
        "strange": pieces.strange(batch),
        "wrong_href": one.href(ctx, "ledgers-batch-wrong", batch.pk, "xlsx"),
        "columns_href": one.href(ctx, "ledgers-batch", batch.pk) + "?columns=1",
    }


STEPS: Final[Mapping[str, Callable[[Context, Opened, Batch, HttpRequest], dict[str, object]]]] = {
    "match": lambda ctx, one, found, request: _matched(ctx, one, found, request.POST),
    "checked": lambda ctx, one, found, _request: _checked(ctx, one, found),
    "done": lambda ctx, one, found, _request: {
        "wrong_href": one.href(ctx, "ledgers-batch-wrong", found.pk, "xlsx")
    },
}
