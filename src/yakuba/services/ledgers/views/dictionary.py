"""What a ledger keeps, field by field, and on what ground; the city's own fields are added here, without code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.ledger.access import ARRANGE_BOOK
from yakuba.engines.ledger.actions.books import SetExtra, SetListed, set_extra, set_listed
from yakuba.engines.ledger.values import EXTRA, specs_of_line
from yakuba.kernel import fields
from yakuba.kernel.access.desk import see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Problem, Problems
from yakuba.kernel.dates import format_date
from yakuba.kernel.fields import INTERNAL, PERSONAL, PUBLIC, Invalid, JsonValue, Spec
from yakuba.kernel.fields.definition import FORMAT
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column, Row, Table
from yakuba.kernel.ui.components import FieldError, TableColumn, field, table
from yakuba.services.ledgers.views.frame import Opened, opened, show

KINDS: Final = {
    "text": gettext_lazy("1行の文字"),
    "prose": gettext_lazy("文章"),
    "kana": gettext_lazy("カナ"),
    "integer": gettext_lazy("整数"),
    "number": gettext_lazy("数（小数も）"),
    "yes_no": gettext_lazy("はい・いいえ"),
    "choice": gettext_lazy("選択"),
    "date": gettext_lazy("日付"),
    "moment": gettext_lazy("日時"),
    "fiscal_year": gettext_lazy("年度"),
    "shape": gettext_lazy("位置"),
}
CLASSES: Final = {
    PUBLIC: gettext_lazy("公開"),
    INTERNAL: gettext_lazy("庁内"),
    PERSONAL: gettext_lazy("個人情報"),
}
#: What a city may add: not a place, of which a ledger has its own.
_OFFERED: Final = tuple(key for key in KINDS if key != "shape")
_NEW: Final = ("label", "kind", "classification", "unit", "help", "options")


def _text(key: str, label: str) -> Column:
    return Column(key, fields.text(label=label, classification=PUBLIC, required=False).spec)


def _columns() -> tuple[Column, ...]:
    return (
        _text("label", _("項目")),
        _text("where", _("まとまり")),
        _text("key", _("名前（API・表）")),
        _text("kind", _("種類")),
        _text("unit", _("単位")),
        _text("class", _("区分")),
        _text("required", _("必須")),
        _text("choices", _("選択肢")),
        _text("used", _("使いかた")),
        _text("help", _("説明")),
    )


def _rows(one: Opened) -> Iterator[dict[str, object]]:
    """A line for each field: number, states, the sections, the city's own, the sub-rows."""
    ledger = one.ledger
    number: dict[str, object] = {
        "label": str(ledger.number_label),
        "key": "number",
        "kind": str(KINDS["text"]),
    }
    yield {**number, "class": str(CLASSES[INTERNAL]), "required": _("必須"), "used": _("検索")}
    for chain in ledger.all_chains:
        yield {
            "label": str(chain.label),
            "key": chain.column,
            "kind": str(KINDS["choice"]),
            "class": str(CLASSES[INTERNAL]),
            "choices": _options(chain.all_states),
            "used": _("絞込み・異動で変わる"),
        }
    for section in ledger.sections:
        for name in section.fields:
            yield _row(name, one.all_specs[name], str(section.label), derived=name in ledger.derived)
    for name, spec in one.all_specs.items():
        if name.startswith(EXTRA):
            yield _row(name, spec, _("追加項目"))
    for lines in ledger.lines:
        for name, spec in specs_of_line(lines.model).items():
            yield _row(f"{lines.key}.{name}", spec, str(lines.label))


def _options(pairs: Sequence[tuple[str, str]]) -> str:
    return "、".join(f"{label}（{code}）" for code, label in pairs)


def _row(name: str, spec: Spec, where: str, *, derived: bool = False) -> dict[str, object]:
    used = [
        *([_("ほかの項目から決まる")] if derived else []),
        *([_("検索")] if spec.searchable else []),
        *([_("絞込み")] if spec.filterable else []),
    ]
    kind = spec.kind
    return {
        "label": spec.label,
        "where": where,
        "key": name,
        "kind": str(KINDS.get(kind.key, kind.key)) if kind else "",
        "unit": spec.unit,
        "class": str(CLASSES[spec.classification]),
        "required": _("必須") if spec.required and not derived else "",
        "choices": _options(kind.choices()) if kind and kind.key == "choice" else "",
        "used": "・".join(used),
        "help": spec.help,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def page(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """The fields and grounds; whoever arranges the book adds a field, or a choice to one."""
    one = opened(ctx, key)
    if request.method != "POST":
        return _page(request, ctx, one)
    if request.POST.get("do") == "listed":
        one.demand_writes()
        try:
            set_listed(ctx, one.book, SetListed(request.POST.getlist("listed")))
        except Problem as problem:
            return _page(request, ctx, one, problem)
        return see("ledgers-list", ctx, one.ledger.key)
    if not ARRANGE_BOOK.holds_anywhere(ctx):
        raise Denied
    try:
        extra = _added(one, request) if request.POST.get("do") != "change" else _changed(one, request)
        # Nobody's field can be lost: a definition without it is refused. A book's version is no help here, every new entry raises it.
        set_extra(ctx, one.book, SetExtra(extra))
    except Problem as problem:
        return _page(request, ctx, one, problem)
    return see("ledgers-dictionary", ctx, one.ledger.key, fragment="own")


def _items(one: Opened) -> list[dict[str, JsonValue]]:
    """The city's own fields as the definition has them."""
    found = one.book.extra.get("fields", []) if one.book.extra else []
    return [dict(item) for item in found]


def _added(one: Opened, request: HttpRequest) -> dict[str, object]:
    """The definition with one field more. Raises :class:`Problems`."""
    typed = {name: request.POST.get(name, "").strip() for name in _NEW}
    problems = [
        Problem.of(name, label, Invalid("required", "", _("値")))
        for name, label in (("label", _("項目の名前")), ("kind", _("種類")), ("classification", _("区分")))
        if not typed[name]
    ]
    if typed["label"] in {spec.label for spec in one.all_specs.values()}:
        message = _("「%s」という項目は、もうあります。別の名前にしてください。") % typed["label"]
        problems.append(Problem("twice", message, field="label", found=typed["label"]))
    options = _lines(typed["options"])
    if typed["kind"] == "choice" and not options:
        problems.append(Problem.of("options", _("選択肢"), Invalid("required", "", _("1行に1つの選択肢"))))
    if problems:
        raise Problems(problems)
    items = _items(one)
    taken = {str(item["key"]) for item in items}
    item: dict[str, JsonValue] = {
        "key": next(f"x{n}" for n in range(1, len(taken) + 2) if f"x{n}" not in taken),
        "kind": typed["kind"],
        "label": typed["label"],
        "classification": typed["classification"],
        "required": False,
        **{name: typed[name] for name in ("unit", "help") if typed[name]},
    }
    if typed["kind"] == "choice":
        item["options"] = {"options": [[f"c{n}", label] for n, label in enumerate(options, 1)]}
    if typed["kind"] in {"choice", "yes_no"}:
        item["filterable"] = True
    return {"format": FORMAT, "fields": [*items, item]}


def _changed(one: Opened, request: HttpRequest) -> dict[str, object]:
    """The definition with other words for one field, or further choices at its end. Raises :class:`Problem`."""
    items, key = _items(one), request.POST.get("key", "")
    item = next((each for each in items if each["key"] == key), None)
    if item is None:
        raise Problem("key", _("この項目はもうありません。画面を開き直してください。"), found=key[:40])
    label = request.POST.get(f"label-{key}", "").strip()
    if not label:
        raise Problem.of(f"label-{key}", _("項目の名前"), Invalid("required", "", _("値")))
    item["label"] = label
    item.pop("help", None)
    if said := request.POST.get(f"help-{key}", "").strip():
        item["help"] = said
    if item["kind"] == "choice":
        options = item["options"]
        assert isinstance(options, Mapping)  # as _added and the definition say  # noqa: S101
        there = [list(pair) for pair in options["options"]]  # type: ignore[union-attr, arg-type]  # pairs, as the definition checks
        known = {str(label) for _code, label in there}
        fresh = [text for text in _lines(request.POST.get(f"options-{key}", "")) if text not in known]
        codes = {str(code) for code, _label in there}
        for text in fresh:
            code = next(f"c{n}" for n in range(1, len(codes) + 2) if f"c{n}" not in codes)
            codes.add(code)
            there.append([code, text])
        item["options"] = {"options": there}
    return {"format": FORMAT, "fields": items}


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _page(request: HttpRequest, ctx: Context, one: Opened, problem: Problem | None = None) -> HttpResponse:
    arranges = ARRANGE_BOOK.holds_anywhere(ctx)
    keys = [str(item["key"]) for item in _items(one)]
    errors = errors_of(problem, [*_NEW, *(f"label-{key}" for key in keys)])
    columns, ledger = _columns(), one.ledger
    rows = [[str(row.get(column.key, "")) for column in columns] for row in _rows(one)]
    code = ctx.municipality.code
    return show(
        request,
        ctx,
        "dictionary",
        _("%(ledger)sの項目") % {"ledger": one.label},
        crumbs=one.crumbs(ctx),
        status=problem.status if problem else 200,
        errors=errors,
        table=table(_("項目"), [TableColumn(column.label) for column in columns], rows, hide_caption=True),
        sources=[
            (
                str(source.what),
                source.ground,
                format_date(source.since) if source.since else "",
                format_date(source.until) if source.until else "",
            )
            for source in ledger.sources
        ],
        files=exports("ledgers-dictionary-sheet", code, ledger.key).items(),
        columns=field(
            "listed",
            _("列"),
            widget="checkboxes",
            value=request.POST.getlist("listed") or one.book.listed or list(ledger.listed),
            choices=[(name, spec.label) for name, spec in one.all_specs.items()],
            required=False,
            hint=_("番号と状態はいつも出ます。全部の印を外すと、はじめの列に戻ります。"),
            error=next((str(error.message) for error in errors if error.key == "listed"), ""),
        )
        if one.writes
        else "",
        own=[_own_form(item, request, errors) for item in _items(one)] if arranges else [],
        fields=_new_fields(request, errors) if arranges else [],
    )


def _own_form(
    item: Mapping[str, JsonValue], request: HttpRequest, errors: Sequence[FieldError]
) -> tuple[str, str, list[SafeString]]:
    key = str(item["key"])
    said = {one.key: str(one.message) for one in errors}
    posted = request.POST if request.POST.get("key") == key else {}
    found = [
        field(
            f"label-{key}",
            _("項目の名前"),
            value=posted.get(f"label-{key}", str(item["label"])),
            error=said.get(f"label-{key}", ""),
        ),
        field(
            f"help-{key}",
            _("説明"),
            value=posted.get(f"help-{key}", str(item.get("help", ""))),
            required=False,
        ),
    ]
    if item["kind"] == "choice":
        found.append(
            field(
                f"options-{key}",
                _("加える選択肢"),
                widget="textarea",
                rows=3,
                value=posted.get(f"options-{key}", ""),
                required=False,
                hint=_("1行に1つ書きます。今ある選択肢は消せません。"),
            )
        )
    return key, str(item["label"]), found


def _new_fields(request: HttpRequest, errors: Sequence[FieldError]) -> list[SafeString]:
    said = {one.key: str(one.message) for one in errors}
    posted = request.POST if request.POST.get("do") == "add" else {}
    return [
        field("label", _("項目の名前"), value=posted.get("label", ""), error=said.get("label", "")),
        field(
            "kind",
            _("種類"),
            widget="select",
            value=posted.get("kind", ""),
            choices=[(key, KINDS[key]) for key in _OFFERED],
            error=said.get("kind", ""),
        ),
        field(
            "classification",
            _("区分"),
            widget="radio",
            value=posted.get("classification", ""),
            choices=[(key.value, label) for key, label in CLASSES.items()],
            hint=_("個人情報の項目は、所管課の担当と閲覧だけが読め、読んだことが記録されます。"),
            error=said.get("classification", ""),
        ),
        field("unit", _("単位"), value=posted.get("unit", ""), required=False),
        field(
            "options",
            _("選択肢"),
            widget="textarea",
            rows=4,
            value=posted.get("options", ""),
            required=False,
            hint=_("種類が「選択」のとき、1行に1つ書きます。"),
            error=said.get("options", ""),
        ),
        field("help", _("説明"), value=posted.get("help", ""), required=False),
    ]


@require_safe
@desk_page
def sheet(request: HttpRequest, ctx: Context, key: str, file_format: Format) -> HttpResponseBase:
    """The fields as a file."""
    one = opened(ctx, key)
    found = Table(
        name=_("%(ledger)sの項目") % {"ledger": one.label},
        municipality=ctx.municipality.name,
        columns=_columns(),
        rows=[Row(row) for row in _rows(one)],
        as_of=ctx.now,
        notes=tuple((str(source.what), source.ground) for source in one.ledger.sources),
    )
    return respond(found, file_format, f"{ctx.municipality.name}_{found.name}")
