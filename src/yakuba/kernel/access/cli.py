"""`yakuba account`, `yakuba people` and `yakuba demo code`."""

from __future__ import annotations

import argparse
import datetime as dt
import secrets
import sys
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator

from yakuba.kernel.access import prepare
from yakuba.kernel.access.actions import (
    AccountRoleData,
    CreateAccount,
    GrantRole,
    SetPassword,
    create_account,
    deactivate_account,
    grant_account_role,
    grant_role,
    reset_second_factor,
    set_password,
)
from yakuba.kernel.access.adapters import SecondFactorAdapter
from yakuba.kernel.access.demo import demand_demo
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.queries import account_by_name
from yakuba.kernel.access.roles import ON_ACCOUNTS, ON_POSTS
from yakuba.kernel.access.totp import totp_code
from yakuba.kernel.actions import NoData, Problem, Problems
from yakuba.kernel.dates import clock, parse_date
from yakuba.kernel.town.actions import ImportPersonnel, import_personnel
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.personnel import decode, preview

Commands = Any  # Any: argparse names the type of add_subparsers() only privately


def register(commands: Commands) -> None:
    """Add this room's commands."""
    _account(commands.add_parser("account", help="職員の利用者ID").add_subparsers(required=True, metavar="…"))
    people = commands.add_parser("people", help="職員と発令").add_subparsers(required=True, metavar="…")
    load = people.add_parser("import", help="発令のCSVを取り込む")
    load.add_argument("file", type=Path)
    _place(load)
    load.add_argument("--dry-run", action="store_true", help="変わることを示すだけで、何も変えない")
    load.set_defaults(run=_import)
    code = demo_commands(commands).add_parser("code", help="デモの利用者の今の確認コード")
    code.add_argument("username")
    code.set_defaults(run=_code)


def demo_commands(commands: Commands) -> Commands:
    """The subcommands of `yakuba demo`, to which several rooms add theirs."""
    parser = commands.choices.get("demo")
    if parser is None:
        parser = commands.add_parser("demo", help="デモの環境")
        parser.set_defaults(demo_commands=parser.add_subparsers(required=True, metavar="…"))
    return parser.get_default("demo_commands")


def _account(commands: Commands) -> None:
    def add(name: str, text: str, run: Any) -> argparse.ArgumentParser:  # Any: a command
        parser: argparse.ArgumentParser = commands.add_parser(name, help=text)
        parser.add_argument("username")
        _place(parser)
        parser.set_defaults(run=run)
        return parser

    create = add("create", "利用者IDを登録する", _create)
    create.add_argument("--staff-number", default="", help="職員番号")
    create.add_argument("--platform", action="store_true", help="どの自治体にも属さない、基盤の利用者")
    create.add_argument("--directory-only", action="store_true", help="パスワードを持たせない")
    _password(create)
    _password(add("password", "パスワードを設定する", _set_password))
    add("stop", "利用を止める", _stop)
    add("reset-second-factor", "確認コードの登録を取り消す", _reset)
    administer = add("administer", "管理の役割を付ける", _administer)
    administer.add_argument(
        "--role", choices=[code for code, _label in ON_ACCOUNTS], default="municipality_admin"
    )
    grant = commands.add_parser("grant", help="所属か職に役割を付ける")
    grant.add_argument("role", choices=[code for code, _label in ON_POSTS])
    grant.add_argument("office", help="所属コード")
    _place(grant)
    grant.add_argument("--title", default="", help="職。なければ所属のすべての職")
    grant.add_argument("--from", dest="valid_from", type=parse_date, default=None, metavar="DATE")
    grant.set_defaults(run=_grant)


def _place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--municipality", required=True, metavar="CODE", help="自治体コード（6桁）")


def _password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="パスワードを標準入力から読む。なければ作って標準出力に出す",
    )


def _given_or_made(args: argparse.Namespace) -> str:
    if args.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return secrets.token_urlsafe(12)


def _tell(args: argparse.Namespace, password: str) -> None:
    """A password that was made here is told once, after it counts."""
    if password and not args.password_stdin:
        print(password)


def _create(args: argparse.Namespace) -> int:
    prepare.database()
    ctx = prepare.municipality(args.municipality)
    password = "" if args.directory_only else _given_or_made(args)
    create_account(ctx, None, CreateAccount(args.username, args.staff_number, password, args.platform))
    _tell(args, password)
    print(f"利用者ID {args.username.lower()} を登録しました。", file=sys.stderr)
    return 0


def _set_password(args: argparse.Namespace) -> int:
    ctx = prepare.municipality(args.municipality, make=False)
    password = _given_or_made(args)
    set_password(ctx, account_by_name(ctx, args.username), SetPassword(password))
    _tell(args, password)
    print("パスワードを設定しました。", file=sys.stderr)
    return 0


def _stop(args: argparse.Namespace) -> int:
    ctx = prepare.municipality(args.municipality, make=False)
    deactivate_account(ctx, account_by_name(ctx, args.username), NoData())
    return 0


def _reset(args: argparse.Namespace) -> int:
    ctx = prepare.municipality(args.municipality, make=False)
    reset_second_factor(ctx, account_by_name(ctx, args.username), NoData())
    return 0


def _administer(args: argparse.Namespace) -> int:
    ctx = prepare.municipality(args.municipality, make=False)
    grant_account_role(ctx, account_by_name(ctx, args.username), AccountRoleData(args.role))
    return 0


def _grant(args: argparse.Namespace) -> int:
    ctx = prepare.municipality(args.municipality, make=False)
    since: dt.date = args.valid_from or clock.japan_date(ctx.now)
    grant_role(ctx, None, GrantRole(args.role, args.office, since, args.title))
    return 0


def _import(args: argparse.Namespace) -> int:
    prepare.database()
    try:
        content = args.file.read_bytes()
    except OSError as error:
        raise Problem("file", f"{args.file} を読めません（{error.strerror}）。") from error
    text = decode(content)
    ctx = prepare.municipality(args.municipality)
    _text, plan = preview(ctx, content)
    if plan.problems:
        raise Problems(plan.problems)
    for change in plan.changes:
        print(f"{change.line or '-'}\t{change.staff_number}\t{change.name}\t{change.what}")
    if args.dry_run:
        print(f"変更 {len(plan.changes)}件。何も変えていません。", file=sys.stderr)
        return 0
    here = Municipality.unscoped.get(pk=ctx.municipality.id)
    import_personnel(ctx, here, ImportPersonnel(text, args.file.name[:200], plan.digest))
    print(f"変更 {len(plan.changes)}件を取り込みました。", file=sys.stderr)
    return 0


def _code(args: argparse.Namespace) -> int:
    demand_demo()
    factor = Authenticator.objects.filter(
        user__in=StaffAccount.unscoped.filter(username=args.username.lower()),
        type=Authenticator.Type.TOTP,
    ).first()
    if factor is None:
        raise Problem(
            "no_factor", f"「{args.username}」は確認コードを登録していません。", found=args.username
        )
    print(totp_code(SecondFactorAdapter().decrypt(factor.data["secret"]), clock.now()))
    return 0
