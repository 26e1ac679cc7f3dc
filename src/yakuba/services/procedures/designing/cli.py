"""`yakuba procedures list|import|export|publish` and `yakuba procedures inventory export|import`."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path

from yakuba.kernel.access import prepare
from yakuba.kernel.actions import Context, Problem, Problems
from yakuba.kernel.dates import InvalidDateError, japan_date, parse_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.sheets import csv_out, previewing
from yakuba.kernel.sheets.changes import Preview, compare
from yakuba.kernel.sheets.reading import read
from yakuba.kernel.sheets.rehearsal import rehearsed
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.queries import OfficeOn, offices_on
from yakuba.services.procedures.actions.designing import (
    ChangeDraft,
    CreateProcedure,
    PublishProcedure,
    change_draft,
    create_procedure,
    publish_procedure,
)
from yakuba.services.procedures.actions.inventory import ChangeInventory, change_inventory
from yakuba.services.procedures.definition import checks, document
from yakuba.services.procedures.definition.model import Definition, said
from yakuba.services.procedures.definition.source import Refused
from yakuba.services.procedures.designing import queries
from yakuba.services.procedures.inventory import queries as inventory
from yakuba.services.procedures.inventory import sheet
from yakuba.services.procedures.models import Procedure

Commands = argparse._SubParsersAction  # noqa: SLF001 – argparse names the type of add_subparsers() only privately


def register(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    procedures = commands.add_parser("procedures", help="手続と手続台帳")
    verbs = procedures.add_subparsers(dest="verb", required=True, metavar="VERB")

    listed = verbs.add_parser("list", help="手続の一覧を出す")
    _where(listed)
    listed.add_argument("--json", action="store_true", help="JSON で出す")
    listed.set_defaults(run=_list)

    take = verbs.add_parser("import", help="手続のファイル（yakuba-procedure/1）を下書きに取り込む")
    take.add_argument("file", type=Path)
    _where(take)
    take.add_argument("--office", metavar="OFFICE", help="担当課の名前か所属コード（新しく作るとき）")
    take.add_argument("--procedure", metavar="ID", help="この手続の下書きを置き換える")
    take.add_argument("--dry-run", action="store_true", help="確かめるだけで、何も変えない")
    take.add_argument("--publish", action="store_true", help="取り込んでから公開する")
    take.set_defaults(run=_import)

    export = verbs.add_parser("export", help="手続をファイルで書き出す")
    export.add_argument("procedure", metavar="ID")
    _where(export)
    export.add_argument("--number", type=int, metavar="N", help="公開した第N版（省略時：下書き）")
    export.add_argument("--output", type=Path, metavar="FILE", help="書き出し先（省略時：標準出力）")
    export.set_defaults(run=_export)

    whole = verbs.add_parser("inventory", help="手続台帳の書き出しと取り込み")
    ways = whole.add_subparsers(dest="way", required=True, metavar="VERB")
    out = ways.add_parser("export", help="台帳を CSV で出す")
    _where(out)
    out.set_defaults(run=_inventory_out)
    back = ways.add_parser("import", help="台帳の表（XLSX・CSV）を取り込む")
    back.add_argument("file", type=Path)
    _where(back)
    back.add_argument("--dry-run", action="store_true", help="確かめるだけで、何も変えない")
    back.set_defaults(run=_inventory_in)
    count = ways.add_parser("count", help="オンラインの手続の数などを出す")
    _where(count)
    count.add_argument(
        "--on", metavar="DAY", help="この日の終わりのオンラインの数（省略時：今日。ほかは今の数）"
    )
    count.set_defaults(run=_count)


def _where(command: argparse.ArgumentParser) -> None:
    command.add_argument("--municipality", required=True, metavar="CODE")


def _here(args: argparse.Namespace, *, make: bool = False) -> Context:
    prepare.check_code(args.municipality)
    prepare.database()
    return prepare.municipality(args.municipality, make=make)


def _list(args: argparse.Namespace) -> int:
    found = queries.procedures(_here(args))
    if args.json:
        lines: list[JsonValue] = [
            {
                "id": str(one.procedure.pk),
                "title": one.procedure.title,
                "kind": one.procedure.kind,
                "office": one.office,
                "state": one.procedure.state,
                "published": one.procedure.published,
                "differs": one.differs,
            }
            for one in found
        ]
        print(json.dumps(lines, ensure_ascii=False, indent=1))
        return 0
    for one in found:
        print(
            one.procedure.pk,
            one.procedure.state,
            one.procedure.published,
            one.office,
            one.procedure.title,
            sep="\t",
        )
    return 0


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(document.MAX_BYTES + 1)
    except OSError as exc:
        raise Problem(
            "no_file", f"{path} を読めません（{exc.strerror}）。", field="file", found=str(path)
        ) from exc


def _loaded(path: Path) -> Definition:
    try:
        return document.load(_content(path))
    except Refused as refused:
        raise Problems(
            Problem("definition", f"{place}：{message}" if place else message, field=place)
            for place, message in refused.problems
        ) from refused


def _import(args: argparse.Namespace) -> int:
    ctx = _here(args)
    definition = _loaded(args.file)
    if args.procedure:
        target: Procedure | OfficeOn = _procedure(ctx, args.procedure)
    elif args.office:
        target = _office(ctx, args.office)
    else:
        raise Problem("office", "--office（新しく作る）か --procedure（置き換える）を指定してください。")
    for one in checks.look(definition, today=japan_date(ctx.now)):
        level = "公開までに直す" if one.level == "stop" else "確認"
        print(f"  {level}：{one.where} {one.message}", file=sys.stderr)
    if args.dry_run:
        print(f"「{said(definition.title)}」を取り込めます。", file=sys.stderr)
        return 0
    written = document.write(definition)
    if isinstance(target, Procedure):
        made = change_draft(ctx, target, ChangeDraft(written, args.file.name[:200]))
    else:
        made = create_procedure(ctx, None, CreateProcedure(str(target.id), written))
    if args.publish:
        made = publish_procedure(ctx, made, PublishProcedure())
    done = f"第{made.published}版を公開しました" if args.publish else "下書きに取り込みました"
    print(f"「{made.title}」を{done}。", file=sys.stderr)
    print(made.pk)
    return 0


def _office(ctx: Context, text: str) -> OfficeOn:
    """One of today's offices, by its code or its name."""
    known = offices_on(ctx.municipality.id, japan_date(ctx.now))
    found = [one for one in known if text in (one.code, one.name)]
    if len(found) != 1:
        listed = (
            "、".join(f"{one.code} {one.name}" for one in known)
            or "（所属がまだありません。職員の表か計画書を取り込むとできます）"
        )
        raise Problem(
            "office", f"所属「{text[:40]}」がありません。今の所属：{listed}", field="office", found=text[:40]
        )
    return found[0]


def _procedure(ctx: Context, text: str) -> Procedure:
    found = next((one.procedure for one in queries.procedures(ctx) if str(one.procedure.pk) == text), None)
    if found is None:
        raise Problem(
            "missing", f"「{text[:40]}」という手続はありません。", field="procedure", found=text[:40]
        )
    return found


def _export(args: argparse.Namespace) -> int:
    ctx = _here(args)
    found = _procedure(ctx, args.procedure)
    draft = found.draft if args.number is None else queries.version(ctx, found, args.number).head
    text = document.dump(document.read(draft))
    if args.output is None:
        sys.stdout.write(text)
    else:
        args.output.write_text(text, encoding="utf-8")
    return 0


def _inventory_out(args: argparse.Namespace) -> int:
    ctx = _here(args)
    rows = list(inventory.rows(ctx))
    table = sheet.table(
        rows,
        inventory.offices(ctx, rows),
        municipality=ctx.municipality.name,
        as_of=ctx.now,
        editable=True,
    )
    for chunk in csv_out.lines(table):
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()
    return 0


def _inventory_in(args: argparse.Namespace) -> int:
    ctx = _here(args, make=not args.dry_run)
    rows = list(inventory.rows(ctx))
    try:
        with args.file.open("rb") as file:
            cells = read(file)
    except OSError as exc:
        raise Problem("no_file", f"{args.file} を読めません（{exc.strerror}）。", field="file") from exc
    found = compare(cells, sheet.columns(), sheet.rows(rows, inventory.offices(ctx, rows)), fresh=True)
    found = rehearsed(found, lambda: _write(ctx, found, args.file.name))
    if found.problems:
        raise Problems(Problem("sheet", one.message, field=one.address) for one in found.problems)
    told = f"変わる行 {len(found.changes)}、新しい行 {len(found.added)}、同じ行 {found.unchanged}"
    if not args.dry_run and found.acceptable:
        _write(ctx, found, args.file.name)
    print(told, file=sys.stderr)
    return 0


def _write(ctx: Context, found: Preview, name: str) -> None:
    here = Municipality.objects.for_actor(ctx).get(pk=ctx.municipality.id)
    change_inventory(ctx, here, ChangeInventory(previewing.changes(found, "row"), name[:200]))


def _day(text: str) -> dt.date:
    try:
        return parse_date(text)
    except InvalidDateError as error:
        raise Problem("day", str(error), field="on", found=text[:40]) from error


def _count(args: argparse.Namespace) -> int:
    ctx = _here(args)
    day = _day(args.on) if args.on else japan_date(ctx.now)
    found = inventory.figures(ctx, day)
    answer: dict[str, JsonValue] = {
        "on": day.isoformat(),
        "procedures": found.rows,
        "online": found.online,
        "by_channel": dict(found.by_channel),
        "planned": found.planned,
        "filings": found.filings,
        "online_filings": found.online_filings,
    }
    print(json.dumps(answer, ensure_ascii=False, indent=1))
    return 0
