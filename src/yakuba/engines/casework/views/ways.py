"""What each form of a case's page does: its words, and how what was typed becomes the action's data."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.casework import actions
from yakuba.engines.casework.models import Case
from yakuba.kernel.actions import Action, Context, Problem
from yakuba.kernel.ui.drawing import Text

#: What a field says where nobody is to have the case; nothing chosen is another thing.
NOBODY = "none"


@dataclass(frozen=True)
class Way:
    """One form: its words, and how what was typed becomes the action's data."""

    action: Action[Case, object, object]
    title: Text
    button: Text
    hint: Text = ""
    question: Text = ""
    read: Callable[[Action[Case, object, object], QueryDict], object] | None = None


def _plain(action: Action[Case, object, object], posted: QueryDict) -> object:
    return action.read_text({key: posted.get(key, "") for key in action.labels()})


def _correction(action: Action[Case, object, object], posted: QueryDict) -> object:
    found = action.read_text({key: posted.get(key, "") for key in ("body", "answer_by")})
    return dataclasses.replace(found, asked=posted.getlist("asked"))  # type: ignore[type-var]  # of the action's own dataclass


def _person(_action: Action[Case, object, object], posted: QueryDict) -> object:
    return person(posted.get("person", ""))


def person(typed: str) -> actions.Assign:
    """Whom a field names: somebody, or expressly nobody. Raises :class:`Problem` where nothing was chosen."""
    if not typed:
        raise Problem("required", _("「担当者」を選んでください。"), field="person")
    return actions.Assign("" if typed == NOBODY else typed)


def _marks(_action: Action[Case, object, object], posted: QueryDict) -> object:
    found: list[actions.Mark] = []
    for key in posted:
        name, _dot, place = key.partition(".")
        if name == "mark" and place.isascii() and place.isdecimal() and len(place) < 6:
            found.append(
                {"position": int(place), "mark": posted.get(key, ""), "note": posted.get(f"note.{place}", "")}
            )
    return actions.Check(found)


def _way(
    action: object,
    title: Text,
    button: Text,
    *,
    hint: Text = "",
    question: Text = "",
    read: Callable[[Action[Case, object, object], QueryDict], object] | None = None,
) -> Way:
    return Way(action, title, button, hint, question, read)  # type: ignore[arg-type]  # actions of different data side by side


WAYS: Mapping[str, Way] = {
    "start": _way(actions.start, gettext_lazy("形式の確認をはじめる"), gettext_lazy("形式の確認をはじめる")),
    "formally_right": _way(
        actions.formally_right, gettext_lazy("形式は整っている"), gettext_lazy("形式は整っている")
    ),
    "back": _way(actions.back, gettext_lazy("形式の確認に戻す"), gettext_lazy("形式の確認に戻す")),
    "ask_correction": _way(
        actions.ask_correction,
        gettext_lazy("補正を求める"),
        gettext_lazy("補正を求める"),
        hint=gettext_lazy("補正が届くまで、処理の期限は止まります。"),
        read=_correction,
    ),
    "corrected": _way(
        actions.corrected,
        gettext_lazy("書面・窓口・電話の補正を受ける"),
        gettext_lazy("補正を受けたと記録する"),
        hint=gettext_lazy("オンラインの補正は、届くと自動で記録されます。"),
    ),
    "go_on": _way(actions.go_on, gettext_lazy("補正を待たずに進める"), gettext_lazy("補正を待たずに進める")),
    "draft": _way(actions.draft, gettext_lazy("決定の案を書く"), gettext_lazy("決定の案を保存する")),
    "propose": _way(
        actions.propose,
        gettext_lazy("起案する"),
        gettext_lazy("起案する"),
        hint=gettext_lazy(
            "決裁する職は、決裁規程の表から決まります。件名に申請者の氏名を書かないでください。"
        ),
    ),
    "settle": _way(
        actions.settle,
        gettext_lazy("決定する"),
        gettext_lazy("この案のとおり決定する"),
        hint=gettext_lazy("保存した決定の案が、そのまま決定になります。後から変えられません。"),
        question=gettext_lazy("この案のとおり決定します。後から変えられません。よろしいですか。"),
    ),
    "notify": _way(actions.notify, gettext_lazy("通知したとする"), gettext_lazy("通知したとする")),
    "complete": _way(actions.complete, gettext_lazy("完了する"), gettext_lazy("完了する")),
    "withdraw": _way(
        actions.withdraw,
        gettext_lazy("取下げを受ける"),
        gettext_lazy("取下げを記録する"),
        question=gettext_lazy("取下げを記録すると、この案件は終わります。よろしいですか。"),
    ),
    "check": _way(
        actions.check, gettext_lazy("確かめること"), gettext_lazy("確かめた結果を保存する"), read=_marks
    ),
    "note": _way(actions.note, gettext_lazy("メモを書く"), gettext_lazy("メモを保存する")),
    "write": _way(actions.write, gettext_lazy("申請者に書く"), gettext_lazy("申請者に送る")),
    "hear": _way(actions.hear, gettext_lazy("申請者の話を書き留める"), gettext_lazy("書き留める")),
    "assign": _way(
        actions.assign, gettext_lazy("担当者を決める"), gettext_lazy("担当者を決める"), read=_person
    ),
    "link": _way(actions.link, gettext_lazy("関係する案件をつなぐ"), gettext_lazy("つなぐ")),
    "unlink": _way(actions.unlink, gettext_lazy("関係する案件を外す"), gettext_lazy("外す")),
    "transfer": _way(
        actions.transfer,
        gettext_lazy("ほかの課へ移す"),
        gettext_lazy("ほかの課へ移す"),
        hint=gettext_lazy("移した後は、見ることだけができます。収受番号は変わりません。"),
        question=gettext_lazy("この案件をほかの課へ移します。よろしいですか。"),
    ),
}


def perform(ctx: Context, case: Case, do: str, posted: QueryDict) -> None:
    """Do what a form asks for. Raises :class:`~yakuba.kernel.actions.Problem`; KeyError for a form that there is not."""
    way = WAYS[do]
    data = (way.read or _plain)(way.action, posted)
    version = posted.get("version", "")
    expected = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else None
    way.action(ctx, case, data, expected_version=expected)
