"""``yakuba trail``: verify and list."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from uuid import UUID

from yakuba.kernel.access import prepare
from yakuba.kernel.actions import Problem, SubjectRef
from yakuba.kernel.dates import clock
from yakuba.kernel.trail import heads
from yakuba.kernel.trail.models import TrailEntry
from yakuba.kernel.trail.queries import Asked, page
from yakuba.kernel.trail.store import read_personal
from yakuba.kernel.trail.verify import verify


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    trail = commands.add_parser("trail", help="証跡を確かめる・読む")
    verbs = trail.add_subparsers(dest="verb", required=True, metavar="VERB")
    check = verbs.add_parser("verify", help="証跡が書き換えられていないことを確かめる")
    check.add_argument("--json", action="store_true", help="結果をJSONで出す")
    check.set_defaults(run=_verify)
    listing = verbs.add_parser("list", help="証跡を新しい順に出す")
    listing.add_argument("--municipality", required=True, metavar="CODE", help="全国地方公共団体コード")
    listing.add_argument("--subject", metavar="KIND/ID", help="対象（例: plan_edition/0192…）")
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="件数（既定 50）")
    listing.add_argument("--json", action="store_true", help="1行に1件のJSONで出す")
    listing.set_defaults(run=_list)


def _verify(args: argparse.Namespace) -> int:
    prepare.database()
    found = verify()
    if args.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    for one in found:
        where = f"{one.municipality} " if one.municipality else ""
        mark = "注意：" if one.level == "notice" else ""
        print(f"{mark}{where}{one.message}", file=sys.stderr)
    _tell_newest()
    errors = sum(one.level == "error" for one in found)
    if errors:
        print(f"証跡に問題が{errors}件あります。", file=sys.stderr)
        return 1
    print("証跡に問題はありません。", file=sys.stderr)
    return 0


def _tell_newest() -> None:
    """The newest heads that the chain was held against: to compare with the copy on another machine or on paper."""
    for path in heads.files()[-1:]:
        try:
            kept = heads.read(path)
        except heads.BadHeads:
            return  # told as a finding
        for head in kept.heads:
            print(
                f"照合した控え {path.name}：{head.municipality} ブロック{head.number} {head.hash}",
                file=sys.stderr,
            )


def _list(args: argparse.Namespace) -> int:
    prepare.database()
    ctx = prepare.municipality(args.municipality, make=False)
    entries = page(ctx, Asked(subject=_subject(args.subject)), size=max(1, args.limit)).entries
    read_personal(ctx, "trail.list", "trail_entry", [entry.pk for entry in entries])
    for entry in entries:
        print(json.dumps(_facts(entry), ensure_ascii=False) if args.json else _line(entry))
    return 0


def _subject(text: str | None) -> SubjectRef | None:
    if text is None:
        return None
    kind, _slash, identifier = text.partition("/")
    try:
        return SubjectRef(kind, UUID(identifier))
    except ValueError:
        raise Problem(
            "subject",
            f"--subject に「{text}」は使えません。種類/ID にしてください。",
            found=text,
            expected="KIND/ID",
        ) from None


def _facts(entry: TrailEntry) -> dict[str, str | None]:
    return {
        "id": str(entry.pk),
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "actor": entry.actor_id,
        "actor_label": entry.actor_label,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": str(entry.subject_id) if entry.subject_id else None,
        "subject_label": entry.subject_label,
        "reason": entry.reason,
        "digest": entry.digest,
    }


def _line(entry: TrailEntry) -> str:
    at = clock.japan_time(entry.at).strftime("%Y-%m-%d %H:%M:%S")
    return f"{at}\t{entry.kind}\t{entry.actor_label}\t{entry.action}\t{entry.subject_label}\t{entry.reason}"
