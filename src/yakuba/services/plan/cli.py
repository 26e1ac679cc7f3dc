"""`yakuba plan …`: documents in, editions out."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path

from django.db import transaction

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.access import prepare
from yakuba.kernel.actions import Context, NoData, Problem, ports
from yakuba.kernel.dates import InvalidDateError, format_date, japan_date, parse_date
from yakuba.kernel.files import limits
from yakuba.kernel.files import store as files
from yakuba.kernel.town.queries import all_municipalities
from yakuba.services.plan import elsewhere, queries
from yakuba.services.plan.actions import (
    ImportDocument,
    PublishEdition,
    import_document,
    publish_edition,
    rebuild_register,
)
from yakuba.services.plan.bench import command as bench
from yakuba.services.plan.book import command as book
from yakuba.services.plan.models import Edition
from yakuba.services.plan.nation.queries import municipality_of
from yakuba.services.plan.outside import command as outside
from yakuba.services.plan.published import EDITION, published_documents
from yakuba.services.plan.reading.document import dumps
from yakuba.services.plan.reading.schema import SCHEMA
from yakuba.services.plan.rows import Form
from yakuba.services.plan.taking import read_in_child


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's commands."""
    plan = commands.add_parser("plan", help="計画の取り込み・公表・書き出し")
    verbs = plan.add_subparsers(dest="verb", required=True, metavar="VERB")

    take = verbs.add_parser(
        "import", help="計画書（TXT・CSV・XLSX・DOCX・PDF、yakuba-plan/1）を下書きに取り込む"
    )
    take.add_argument("file", type=Path)
    take.add_argument("--municipality", required=True, metavar="CODE")
    take.add_argument("--dry-run", action="store_true", help="読み取るだけで、何も変えない")
    take.add_argument("--yes", action="store_true", help="計画の名前がほかの自治体を指していても取り込む")
    take.add_argument("--json", action="store_true", help="結果を JSON で出す")
    take.set_defaults(run=_import)

    publish = verbs.add_parser("publish", help="下書きの版を公表する")
    publish.add_argument("--municipality", required=True, metavar="CODE")
    publish.add_argument("--edition", metavar="LABEL", help="版の名前か年度（省略時：下書きが1つならそれ）")
    publish.add_argument("--note", default="", help="変更の説明（正誤）")
    publish.set_defaults(run=_publish)

    export = verbs.add_parser("export", help="計画をデータで書き出す")
    export.add_argument("--municipality", required=True, metavar="CODE")
    export.add_argument("--format", choices=["json"], default="json")
    export.add_argument("--edition", metavar="LABEL", help="版の名前か年度（省略時：すべての版）")
    export.add_argument("--published", action="store_true", help="公表中の内容だけ")
    past = export.add_mutually_exclusive_group()
    past.add_argument("--number", type=int, metavar="N", help="公表した第N号の内容（--published とともに）")
    past.add_argument(
        "--on", type=_day, metavar="DATE", help="その日の終わりに公表中だった内容（--published とともに）"
    )
    export.add_argument("--output", type=Path, metavar="FILE", help="書き出し先（省略時：標準出力）")
    export.set_defaults(run=_export, refuse=export.error)

    rebuild = verbs.add_parser("rebuild-nation", help="全国の一覧を、公表中の計画から作り直す")
    rebuild.add_argument("--municipality", metavar="CODE", help="この自治体だけ（省略時：すべて）")
    rebuild.set_defaults(run=_rebuild)

    schema = verbs.add_parser("schema", help="yakuba-plan/1 の JSON Schema を出す")
    schema.set_defaults(run=_schema)

    book.register(verbs)
    outside.register(verbs)
    bench.register(commands)


def _import(args: argparse.Namespace) -> int:
    prepare.check_code(args.municipality)
    _readable(args.file)
    prepare.database()
    name = prepare.known_name(args.municipality)
    documents = read_in_child(args.file, args.file.name, args.municipality, name)
    if not (args.dry_run or args.yes) and (told := elsewhere.warnings_of(documents)):
        raise Problem(
            "other_municipality", "\n".join([*told, "取り込むときは --yes を付けてください。"]), field="file"
        )
    if not args.dry_run:
        ctx = prepare.municipality(args.municipality, name=documents[0]["municipality"]["name"])
        with args.file.open("rb") as stream:
            sha256 = files.put(stream)
        with transaction.atomic():
            for document in documents:
                import_document(ctx, None, ImportDocument(document, args.file.name, sha256))
    for document in documents:
        _tell(document, dry=args.dry_run, as_json=args.json)
    return 0


def _readable(path: Path) -> None:
    """Raises :class:`Problem` for a path that is no file of a size we read."""
    try:
        with path.open("rb") as stream:
            limits.check(stream)
    except FileNotFoundError:
        raise Problem("no_file", f"{path} がありません。", field="file", found=str(path)) from None
    except IsADirectoryError:
        raise Problem(
            "no_file", f"{path} はフォルダーです。ファイルを指定してください。", field="file"
        ) from None
    except OSError as exc:
        raise Problem(
            "no_file", f"{path} を読めません（{exc.strerror}）。", field="file", found=str(path)
        ) from exc


def _tell(document: Form, *, dry: bool, as_json: bool) -> None:
    initiatives = document["initiatives"]
    doubts = [(row["number"], doubt) for row in initiatives for doubt in row["doubts"]]
    if as_json:
        print(
            json.dumps(
                {
                    "title": document["plan"]["title"],
                    "edition": document["plan"]["edition"],
                    "initiatives": len(initiatives),
                    "doubts": [{"number": number, **doubt} for number, doubt in doubts],
                    "warnings": document["warnings"],
                    "unplaced": document["unplaced"],
                },
                ensure_ascii=False,
                indent=1,
            )
        )
        return
    indicators = [indicator for row in initiatives for indicator in row["indicators"]]
    values = sum(len(indicator["values"]) for indicator in indicators)
    verb = "読み取れます" if dry else "下書きに取り込みました"
    print(
        f"{document['plan']['title']}：取組{len(initiatives)}件・指標{len(indicators)}件・値{values}件を{verb}。",
        file=sys.stderr,
    )
    for number, doubt in doubts:
        print(f"  確認：取組{number} {doubt['field']} {doubt['note']}", file=sys.stderr)
    for warning in document["warnings"]:
        print(f"  注意：{_line(warning)}{warning['text']}", file=sys.stderr)
    for piece in document["unplaced"]:
        print(f"  置き場所のない記載：{_line(piece)}{piece['text']}", file=sys.stderr)


def _line(found: Form) -> str:
    return f"{found['line']}行目 " if found["line"] else ""


def _publish(args: argparse.Namespace) -> int:
    prepare.database()
    ctx = prepare.municipality(args.municipality, make=False)
    edition = _chosen(ctx, args.edition)
    publish_edition(ctx, edition, PublishEdition(note=args.note))
    print(f"{ctx.municipality.name}「{edition}」を公表しました。", file=sys.stderr)
    return 0


def _chosen(ctx: Context, wanted: str | None) -> Edition:
    found = _named(list(queries.editions(ctx)), wanted)
    if not wanted:
        found = [e for e in found if e.state == "draft"] or found
    if not found:
        raise Problem("no_edition", "公表できる版がありません。先に計画書を取り込んでください。")
    return _only(found)


def _named(found: list[Edition], wanted: str | None) -> list[Edition]:
    """The editions of a label or a year; all of them where nothing is wanted."""
    if not wanted:
        return found
    named = [e for e in found if wanted in (e.label, e.year.wareki, e.year.short, str(e.year.year))]
    if not named:
        raise Problem("no_edition", f"「{wanted}」という版はありません。", field="edition", found=wanted)
    return named


def _only(found: list[Edition]) -> Edition:
    """The one edition that is meant. Raises :class:`Problem` where it is not clear which."""
    if len(found) > 1:
        names = "、".join(f"{e}（{e.year.short}）" for e in found)
        raise Problem("which_edition", f"版が{len(found)}つあります。--edition で選んでください：{names}")
    return found[0]


def _day(text: str) -> dt.date:
    """A date of the command line; argparse shows the message of what is none."""
    try:
        return parse_date(text)
    except InvalidDateError as exc:
        raise argparse.ArgumentTypeError(str(exc)) from exc


def _export(args: argparse.Namespace) -> int:
    if not args.published and (args.number is not None or args.on):
        args.refuse("--number と --on は --published とともに使います。")
    prepare.database()
    ctx = prepare.municipality(args.municipality, make=False)
    found = _named(list(queries.editions(ctx)), args.edition)
    if args.published:
        documents = published_documents(ctx, _publications(ctx, found, args))
    else:
        editions = sorted(found, key=lambda e: (e.plan.first_year, e.label, e.year, e.pk))
        # Drafts are not public: who took them out stands in the trail before they are written.
        ports.trail().read(ctx, "plan.export", "plan_edition", [edition.pk for edition in editions])
        documents = [queries.document(e, ctx.municipality.code, ctx.municipality.name) for e in editions]
    if not documents:
        raise Problem("nothing", "書き出す計画がありません。")
    text = dumps(documents[0] if len(documents) == 1 else documents)
    if args.output:
        args.output.write_text(text, "utf-8", newline="\n")
    else:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a text stream
        sys.stdout.write(text)
    return 0


def _publications(ctx: Context, editions: list[Edition], args: argparse.Namespace) -> list[Publication]:
    """The publications that the command asks for: what stands, what stood on a day, or one number."""
    if args.number is not None:
        return [_numbered(ctx, editions, args.number)]
    if args.on is None:
        found = publishing.standing(ctx, EDITION)
    elif args.on > japan_date(ctx.now):
        raise Problem(
            "future", f"{format_date(args.on)}は、まだ来ていません。", field="on", found=str(args.on)
        )
    else:
        found = publishing.stood_on(ctx, EDITION, args.on)
    publications = list(found.filter(subject__in=[e.pk for e in editions]) if args.edition else found)
    if args.on and not publications:
        raise Problem("nothing", f"{format_date(args.on)}に公表中だった計画はありません。")
    return publications


def _numbered(ctx: Context, editions: list[Edition], number: int) -> Publication:
    published = [e for e in editions if publishing.history(ctx, EDITION, e.pk).exists()]
    if not published:
        raise Problem("nothing", "公表した計画がありません。")
    edition = _only(published)
    found = publishing.numbered(ctx, EDITION, edition.pk, number)
    if found is None:
        raise Problem(
            "no_number", f"「{edition}」に第{number}号はありません。", field="number", found=str(number)
        )
    if found.withdrawn:
        day = format_date(japan_date(found.published_at))
        raise Problem(
            "withdrawn",
            f"「{edition}」の第{number}号は、{day}の取下げです。内容はありません。",
            field="number",
        )
    return found


def _rebuild(args: argparse.Namespace) -> int:
    prepare.database()
    if args.municipality:
        towns = [prepare.municipality(args.municipality, make=False).municipality]
    else:
        towns = all_municipalities()
    for ref in towns:
        rebuild_register(prepare.operator(ref), municipality_of(ref), NoData())
    print(f"{len(towns):,}自治体の一覧を作り直しました。", file=sys.stderr)
    return 0


def _schema(_args: argparse.Namespace) -> int:
    print(json.dumps(SCHEMA, ensure_ascii=False, indent=1))
    return 0
