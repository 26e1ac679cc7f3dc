"""What the codes of `yakuba-plan/1` are called on a screen, in the language of the reader."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yakuba.kernel.text import compact
from yakuba.services.plan.paths import Form

Text = str | Promise

KINDS: Final[dict[str, Text]] = {"advance": _("推進"), "operate": _("運用")}
FLAGS: Final[dict[str, Text]] = {
    "new": _("新規"),
    "priority": _("重点"),
    "changed": _("変更"),
    "ended": _("終了"),
    "completed": _("完了"),
    "abolished": _("廃止"),
    "merged": _("統合"),
    "moved": _("移行"),
}
OFFICE_ROLES: Final[dict[str, Text]] = {
    "lead": pgettext_lazy("office", "主管"),
    "related": pgettext_lazy("office", "関係"),
    "group": _("関係各課"),
    "not_stated": _("記載なし"),
}
TEXTS: Final[dict[str, Text]] = {
    "purpose": _("目的"),
    "issue": _("現状と課題"),
    "approach": _("取組の内容"),
    "effect": _("期待される効果"),
    "target_state": _("目指す姿"),
    "result": _("取組の結果"),
    "schedule_past": _("これまでの経過"),
    "schedule": _("今後の予定"),
}
DIRECTIONS: Final[dict[str, Text]] = {
    "increase": _("増やす"),
    "decrease": _("減らす"),
    "maintain": _("維持する"),
    "reach": _("到達する"),
    "none": _("方向なし"),
}
AGGREGATIONS: Final[dict[str, Text]] = {
    "year_total": _("1年間の合計"),
    "cumulative": _("これまでの累計"),
    "at_date": _("その時点の値"),
    "ratio": _("割合"),
    "average": _("平均"),
    "state": _("進み方を表す言葉"),
}
BOUNDS: Final[dict[str, Text]] = {
    "at_least": _("目標値以上"),
    "at_most": _("目標値以内"),
    "exactly": _("目標値ちょうど"),
}
VALUE_KINDS: Final[dict[str, Text]] = {
    "baseline": _("現状値"),
    "target": _("目標値"),
    "actual": _("実績値"),
}
STATUSES: Final[dict[str, Text]] = {
    "provisional": _("見込"),
    "preliminary": _("速報"),
    "final": _("確定"),
}
EVENTS: Final[dict[str, Text]] = {
    "new": _("新しく始まりました"),
    "continued": _("前の版から続いています"),
    "changed": _("計画を変更しました"),
    "ended": _("取組を終了しました"),
    "completed": _("取組を完了しました"),
    "abolished": _("取組を廃止しました"),
    "merged": _("統合しました"),
    "moved": _("区分を移しました"),
}
MEANINGS: Final[dict[str, Text]] = {
    "not_started": _("未着手"),
    "on_track": _("順調"),
    "mostly_on_track": _("おおむね順調"),
    "behind": _("遅れ"),
    "stopped": _("停滞"),
    "changed": _("計画変更"),
    "ended": _("終了"),
    "completed": _("完了"),
    "abolished": _("廃止"),
    "merged": _("統合"),
    "moved": _("移行"),
}
# The words that offices write for a fixed meaning, NFKC and without blanks. A word that is not here means nothing fixed.
PROGRESS_WORDS: Final[dict[str, str]] = {
    **dict.fromkeys(("未着手", "未実施", "着手前"), "not_started"),
    **dict.fromkeys(("順調", "計画どおり", "計画通り", "予定どおり", "予定通り"), "on_track"),
    **dict.fromkeys(("おおむね順調", "概ね順調", "ほぼ順調"), "mostly_on_track"),
    **dict.fromkeys(("遅れ", "やや遅れ", "遅れあり", "遅れている", "遅延"), "behind"),
    **dict.fromkeys(("停滞", "中断", "休止"), "stopped"),
    **dict.fromkeys(("計画変更", "変更", "見直し"), "changed"),
    "終了": "ended",
    **dict.fromkeys(("完了", "達成", "完了済み", "達成済み"), "completed"),
    **dict.fromkeys(("廃止", "中止"), "abolished"),
    "統合": "merged",
    "移行": "moved",
}
# How far along a state is, from the first step to the last: the order of the levels in a chart of words.
STATES: Final = (
    *("未実施", "未着手", "検討", "検討中", "調査", "研究", "準備", "着手", "構築", "実施予定"),
    *("試行", "実証", "一部実施", "実施中", "実施", "導入", "運用", "完了", "達成"),
)


def meaning_of(word: str) -> str | None:
    """The fixed meaning of a progress word, None for a word that has none."""
    return PROGRESS_WORDS.get(compact(word))


def meaning(form: Form) -> str | None:
    """What the progress of an initiative means: as somebody said, else as its word has a fixed meaning."""
    return form["progress_meaning"] or meaning_of(form["progress"] or "")


def of(labels: dict[str, Text], code: str | None) -> str:
    """The word for a code; an unknown code stands for itself, none for nothing."""
    return str(labels.get(code, code)) if code else ""
