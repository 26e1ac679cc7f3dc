"""Words of the field that several recognisers share: how an initiative goes, whose it is, what initiatives are called.

Patterns for words as :func:`.wording.squeeze` leaves them; each is closed in a group and takes whole words with ``fullmatch``.
"""

from __future__ import annotations

from typing import Final

#: What a plan lists: its initiatives, by whatever name.
THING: Final = r"(?:取組|取り組み|取組み|事業|施策|プロジェクト|事務事業)"

#: What the name of a plan ends with.
PLAN: Final = r"(?:計画|プラン|ビジョン|構想|戦略|方針|指針|ロードマップ|大綱|プログラム|アクション|アジェンダ|マスタープラン)"

_DEGREE: Final = r"(?:ほぼ|おおむね|概ね|やや|大幅な?|大きく|若干|一部|未)?"
#: How fast an initiative goes (順調, やや遅れ, 予定どおり, 前倒し): nothing else is said in these words.
PACE: Final = (
    rf"(?:{_DEGREE}(?:順調|遅れ|遅延|停滞|計画どおり|計画通り|予定どおり|予定通り|前倒し)"
    r"(?:に(?:推移|進行|進捗))?(?:あり|(?:し)?ている|で推移|中)?)"
)
#: What became of one, with the word for what it was (計画変更, 取組の終了).
FATE: Final = (
    rf"(?:(?:計画|内容|{THING})の?(?:変更|見直し|廃止|終了|中止|休止|完了|統合)|廃止|終了|中止|休止|統合)"
)
#: What is being done or is done (推進中, 実施済み, 未着手).
STEP: Final = (
    r"(?:(?:概ね|おおむね|ほぼ|一部|継続して)?(?:推進|検討|実施|継続|整備|調整|準備|協議|対応|試行|運用|構築|取組|取り組み|着手|進行)中"
    rf"|{_DEGREE}(?:達成|完了|実施|着手)(?:済み?)?|(?:導入|対応|整備)済み?|未(?:対応|導入|整備)|継続|未定)"
)
#: Grades (S, A, ◎).
GRADE: Final = r"(?:[A-DSa-ds◎○△×●▲☆★])"
#: Words about progress that a sentence may count (遅延が3件).
TOLD_STATUS: Final = rf"(?:{PACE}|{FATE}|{STEP})"
#: The same in a cell of their own, where shorter words stand for them.
STATUS_WORD: Final = rf"(?:{TOLD_STATUS}|変更|見直し|移行)"
STATUS: Final = rf"(?:{STATUS_WORD}|{GRADE})"

#: A part of a town hall, at the end of a label.
OFFICE: Final = r"(?:(?:課|課室|課・室|室|係|部|局|部署|部局|部門|部課|所属|組織|機関)(?:名|等)?)"
LEADS: Final = r"(?:主管|主担当|主な担当|担当|所管|主務|実施|推進|取りまとめ|とりまとめ|取り纏め)"
RELATES: Final = r"(?:関係|関連|連携|協力|支援|副担当)"
#: Labels and heads of leading and of other offices.
OFFICE_LEAD: Final = (
    rf"(?:{LEADS}(?:す?る)?{OFFICE}|主担当|担当|所管|主管|所属|部署名?|課名|(?:実施|推進|取組)主体)"
)
OFFICE_RELATED: Final = rf"(?:{RELATES}(?:する)?(?:各)?{OFFICE}|副担当)"
