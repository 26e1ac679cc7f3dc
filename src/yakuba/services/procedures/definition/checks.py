"""The list before publishing: what stops a procedure, and what its office is asked to look at once more. Pure.

Sources: 行政手続法 5条 (審査基準), 6条 (標準処理期間), 8条, 37条 (届出); 行政不服審査法 82条 and 行政事件訴訟法 46条 (教示); 番号法 20条 (個人番号の
収集の制限); 個人情報の保護に関する法律 2条3項, 61条, 62条. For what ordinances decide, the town's own 行政手続条例 says the same.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from django.conf import settings
from django.utils.translation import gettext as _

from yakuba.kernel.dates import japan_date
from yakuba.services.procedures.definition import conditions, fitting
from yakuba.services.procedures.definition.kinds.attached import DEFAULT_MB
from yakuba.services.procedures.definition.model import RETENTIONS, Definition, Question, Section, Text, said

Level = Literal["stop", "ask"]
#: Kinds whose answer is a decision about a right (処分), as far as their ground is a law or an ordinance.
DECIDED: Final = frozenset({"application", "request", "subsidy"})
_BINDING: Final = frozenset({"act", "cabinet_order", "ministerial", "ordinance", "rule"})
_MANY_PAGES: Final = 12
_MANY_QUESTIONS: Final = 8
_MY_NUMBER: Final = re.compile(
    r"個人番号(?!カード)|マイナンバー(?!カード)|通知カード|マイナンバーカードの(?:裏|うら)|my ?number(?! card)",
    re.IGNORECASE,
)
#: A help that says not to give it is what one wants.
_NOT_GIVEN: Final = re.compile(
    r"ないで|不要|いりません|消し|隠し|塗りつぶ|写さない|without|do not|don't", re.IGNORECASE
)
_SENSITIVE: Final = re.compile(
    r"口座|病歴|病名|病気|傷病|障害|障がい|診断|アレルギー|服薬|宗教|信条|思想|支持政党|前科|犯罪|刑|人種|国籍|本籍|血液型|収入|所得|年収|生活保護"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found. ``stop`` refuses publishing, ``ask`` wants a look; ``place`` is the document's path; ``where`` says it in words."""

    level: Level
    place: str
    message: str
    where: str = ""


Found = Iterator[Finding]


def look(definition: Definition, *, today: dt.date) -> list[Finding]:
    """Everything found, what stops first. An empty list: nothing stands in the way."""
    unfit = [Finding("stop", path, message, _("定義")) for path, message in fitting.problems(definition)]
    if unfit:
        return unfit  # the rest asks by key and by condition
    found = [one for check in _CHECKS for one in check(definition, today)]
    return sorted(found, key=lambda one: one.level != "stop")


def _stop(place: str, where: str, message: str) -> Finding:
    return Finding("stop", place, message, where)


def _ask(place: str, where: str, message: str) -> Finding:
    return Finding("ask", place, message, where)


def _placed(definition: Definition) -> Iterator[tuple[str, Question]]:
    """Every question with its place, those of groups too."""
    for path, section in _pages(definition):
        for k, question in enumerate(section.questions):
            at = f"{path}.questions[{k}]"
            yield at, question
            for n, inner in enumerate(question.questions):
                yield f"{at}.questions[{n}]", inner


def _pages(definition: Definition) -> Iterator[tuple[str, Section]]:
    for i, step in enumerate(definition.steps):
        for j, section in enumerate(step.sections):
            yield f"steps[{i}].sections[{j}]", section


def _named(question: Question) -> str:
    return _("質問「%s」") % said(question.label)


def _stands(definition: Definition, fact: str) -> list[Question]:
    return [one for one in definition.questions() if one.stands_for == fact]


# --- law -------------------------------------------------------------------------------------------------------------


def _grounds(definition: Definition, _today: dt.date) -> Found:
    where = _("根拠")
    real = [one for one in definition.grounds if one.kind != "none"]
    if not real and definition.kind in DECIDED:
        yield _stop(
            "grounds",
            where,
            _("決定をする手続なのに根拠がありません。法令・条例・規則・要綱の名前と条を書いてください。"),
        )
    elif not real and definition.kind == "notification":
        yield _ask(
            "grounds",
            where,
            _("届出の根拠がありません。届け出る義務を定めた法令・条例・要綱を書いてください。"),
        )
    for i, ground in enumerate(definition.grounds):
        if ground.kind in _BINDING and not ground.article:
            yield _ask(f"grounds[{i}].article", where, _("「%s」の何条かを書いてください。") % ground.name)
    if not definition.authority:
        yield _stop("authority", _("処分庁"), _("決定をする機関（処分庁）を選んでください。"))
    if definition.kind == "application" and not definition.criteria_url:
        yield _ask(
            "criteria_url",
            _("審査基準"),
            _("審査基準の場所がありません。審査基準は公にしておくものです（行政手続法5条3項）。"),
        )


def _term(definition: Definition, _today: dt.date) -> Found:
    where = _("標準処理期間")
    if definition.kind in DECIDED and definition.term is None and not definition.term_note:
        yield _stop(
            "term", where, _("標準処理期間を書くか、定めていない理由を書いてください（行政手続法6条）。")
        )
    if definition.kind in {"inquiry", "booking"} and definition.term is None and not definition.term_note:
        yield _ask("term", where, _("いつごろ返事があるかを書いてください。"))


def _remedies(definition: Definition, _today: dt.date) -> Found:
    where, text = _("教示"), definition.remedies
    kinds = {one.kind for one in definition.grounds} - {"none"}
    if definition.kind in DECIDED and not text and not definition.remedies_note:
        yield _stop(
            "remedies",
            where,
            _(
                "不服申立ての教示文を書いてください（行政不服審査法82条）。処分にあたらない決定なら、教示をしない理由を書いてください。"
            ),
        )
    if definition.kind in DECIDED and text:
        if kinds and not kinds & _BINDING:
            yield _ask(
                "remedies",
                where,
                _("根拠が要綱だけです。処分にあたる決定か、教示が要るかを確かめてください。"),
            )
        for word, message in (
            ("審査請求", _("教示文に「審査請求」がありません。できること・あて先・期間を書いてください。")),
            ("取消し", _("教示文に取消しの訴えのことがありません（行政事件訴訟法46条）。")),
        ):
            if word not in text:
                yield _ask("remedies", where, message)
    if definition.kind in {"inquiry", "booking"} and text:
        yield _ask(
            "remedies",
            where,
            _("照会・申込の返事は処分ではないのがふつうです。教示文が要るかを確かめてください。"),
        )


def _decision(definition: Definition, _today: dt.date) -> Found:
    if definition.kind == "notification":
        for place, there, where in (
            ("remedies", definition.remedies, _("教示")),
            ("routed", definition.routed, _("決裁")),
            ("criteria_url", definition.criteria_url, _("審査基準")),
            ("result", definition.result not in {(), ("none",)}, _("結果の受け取り方")),
        ):
            if there:
                yield _stop(
                    place,
                    where,
                    _(
                        "届出は到達で終わり、決定がありません（行政手続法37条）。%sを消すか、種類を直してください。"
                    )
                    % where,
                )
    elif definition.accept_on_arrival:
        yield _stop("accept_on_arrival", _("到達で完了"), _("到達で終わるのは届出だけです。"))
    if definition.kind in {"application", "subsidy"} and not definition.routed:
        yield _ask(
            "routed",
            _("決裁"),
            _("決裁を回さない手続になっています。担当課だけで決めてよいかを事務決裁規程で確かめてください。"),
        )
    if definition.routed and not definition.matter:
        yield _stop("matter", _("決裁"), _("決裁を回す手続では、専決の表にある事項の名前を書いてください。"))
    if definition.kind in {*DECIDED, "inquiry", "booking"} and definition.result in {(), ("none",)}:
        yield _stop(
            "result",
            _("結果の受け取り方"),
            _("結果をどう受け取るか（ダウンロード・郵送・窓口）を選んでください。"),
        )
    if "post" in definition.result and not _stands(definition, "applicant.address"):
        yield _ask("result", _("結果の受け取り方"), _("郵送で返すのに、申請者の住所をたずねていません。"))


# --- what is asked of people -----------------------------------------------------------------------------------------


def _my_number(definition: Definition, _today: dt.date) -> Found:
    for place, question in _placed(definition):
        asked = [question.label, *(one.label for one in question.options)]
        told = [question.help, question.example]
        if any(map(_speaks_of_my_number, asked)) or any(
            _speaks_of_my_number(text) and not any(_NOT_GIVEN.search(one) for one in text.values())
            for text in told
        ):
            yield _stop(
                place,
                _named(question),
                _(
                    "個人番号（マイナンバー）はここでは受け取れず、保存しません（番号法20条）。この質問を消すか、番号を書かない形に直してください。"
                ),
            )


def _speaks_of_my_number(text: Text) -> bool:
    return any(_MY_NUMBER.search(one) for one in text.values())


def _sensitive(definition: Definition, _today: dt.date) -> Found:
    # Who explains the question has thought about it; the silent ones are pointed out.
    for place, question in _placed(definition):
        words = [said(question.label), *(said(one.label) for one in question.options)]
        found = sorted({match[0] for text in words for match in _SENSITIVE.finditer(text)})
        if found and not question.help:
            yield _ask(
                place,
                _named(question),
                _(
                    "「%s」をたずねています。手続に要る根拠と使いみちを、質問の説明に書いてください（個人情報保護法61条・62条）。"
                )
                % "・".join(found),
            )


def _parties(definition: Definition, _today: dt.date) -> Found:
    if not _stands(definition, "applicant.name"):
        yield _stop(
            "steps",
            _("申請者"),
            _(
                "申請者の氏名（または名称）の質問がありません。質問の「何を表すか」を申請者の氏名にしてください。"
            ),
        )
    contact = any(_stands(definition, f"applicant.{fact}") for fact in ("phone", "mail"))
    if not contact and definition.identity == "none":
        yield _ask(
            "steps",
            _("申請者"),
            _("連絡先（電話かメール）の質問がありません。補正や問い合わせができなくなります。"),
        )
    for party, wanted, label in (
        ("person", definition.person_concerned, _("対象者")),
        ("agent", definition.agent, _("代理人")),
    ):
        named = _stands(definition, f"{party}.name")
        if wanted and not named:
            yield _stop("steps", label, _("%sのいる手続なのに、その氏名の質問がありません。") % label)
        if named and not wanted:
            yield _stop(
                f"{'person_concerned' if party == 'person' else party}",
                label,
                _("%sの氏名をたずねているのに、全体の設定では%sのいない手続です。") % (label, label),
            )
    if definition.agent and not any(one.kind in {"file", "photo"} for one in definition.questions()):
        yield _ask("agent", _("代理人"), _("代理人が申請できるのに、委任状などを付ける質問がありません。"))


def _questions(definition: Definition, _today: dt.date) -> Found:
    pages = list(_pages(definition))
    if not any(section.questions for _path, section in pages):
        yield _stop("steps", _("質問"), _("質問がまだありません。"))
    for path, section in pages:
        where = _("ページ「%s」") % said(section.title)
        if not section.questions:
            yield _stop(path, where, _("質問のないページです。質問を足すか、ページを消してください。"))
        if len(section.questions) > _MANY_QUESTIONS:
            yield _ask(
                path,
                where,
                _("1ページに質問が%dあります。分けると電話の画面でも答えやすくなります。")
                % len(section.questions),
            )
    if len(pages) > _MANY_PAGES:
        yield _ask(
            "steps", _("ページ"), _("%dページあります。要らない質問がないかを見直してください。") % len(pages)
        )
    for place, question in _placed(definition):
        yield from _one_question(place, question)


def _one_question(place: str, question: Question) -> Found:
    where = _named(question)
    if question.kind in {"choice", "many"} and len(question.options) < 2:
        level = _stop if not question.options else _ask
        yield level(
            f"{place}.options",
            where,
            _("選択肢が%dです。選べるように足してください。") % len(question.options),
        )
    if question.kind == "group" and not question.questions:
        yield _stop(f"{place}.questions", where, _("くり返す項目の中に質問がありません。"))
    if question.kind in {"file", "photo"}:
        if not question.required and not question.when:
            yield _ask(
                f"{place}.required",
                where,
                _(
                    "付けても付けなくてもよいファイルです。要るものなら必須に、要らないものなら消してください。"
                ),
            )
        if not question.max_mb:
            yield _ask(
                f"{place}.max_mb",
                where,
                _("ファイルの大きさの上限がありません（今は1個%dMBまで）。") % DEFAULT_MB,
            )
        if question.kind == "file" and not question.types:
            yield _ask(
                f"{place}.types", where, _("受け付けるファイルの種類を選んでください（今はPDFと画像）。")
            )


# --- fee, times, words -----------------------------------------------------------------------------------------------


def _fee(definition: Definition, _today: dt.date) -> Found:
    fee, where = definition.fee, _("手数料")
    question = definition.by_key.get(fee.question)
    if fee.rule in {"fixed", "per_count"} and fee.amount <= 0:
        yield _stop("fee.amount", where, _("金額を書いてください。"))
    if fee.rule in {"per_count", "by_choice"} and question is None:
        yield _stop("fee.question", where, _("金額のもとになる質問を選んでください。"))
    elif (
        fee.rule == "per_count" and question is not None and question.kind not in {"number", "group", "many"}
    ):
        yield _stop(
            "fee.question",
            where,
            _("数に応じた手数料のもとは、数・くり返す項目・いくつでも選ぶ質問にしてください。"),
        )
    elif fee.rule == "by_choice" and question is not None:
        unpriced = [said(one.label) for one in question.options if one.price is None]
        if question.kind not in {"choice", "many"} or not question.options:
            yield _stop(
                "fee.question", where, _("選んだものに応じた手数料のもとは、選ぶ質問にしてください。")
            )
        elif unpriced:
            yield _stop("fee.question", where, _("金額のない選択肢があります：%s") % "・".join(unpriced))
    if fee.rule != "none" and not fee.note:
        yield _ask("fee.note", where, _("いつ・どこで・何で払うかを書いてください。"))


def _times(definition: Definition, today: dt.date) -> Found:
    opens, closes = definition.opening.opens_at, definition.opening.closes_at
    if opens and closes and closes <= opens:
        yield _stop("opening.closes_at", _("受付期間"), _("受付の終わりが始まりより前です。"))
    if closes and japan_date(closes) < today:
        yield _stop("opening.closes_at", _("受付期間"), _("受付の終わりが過ぎています。"))
    if definition.retention not in dict(RETENTIONS):
        yield _stop("retention", _("保存期間"), _("保存期間を選んでください。"))


def _online(definition: Definition, _today: dt.date) -> Found:
    if definition.identity == "signature" and not definition.not_online:
        yield _stop(
            "identity",
            _("本人確認"),
            _(
                "電子署名はここでは確かめられません。「オンラインでできないこと」に、代わりにどうするかを書いてください。"
            ),
        )
    if definition.may_apply and not definition.may_not_apply:
        yield _stop(
            "may_not_apply", _("申請できる人"), _("対象に当てはまらない人に見せる説明を書いてください。")
        )
    if definition.may_apply and not conditions.parse(definition.may_apply).names():
        yield _stop("may_apply", _("申請できる人"), _("答えと比べる条件にしてください。"))


def _words(definition: Definition, _today: dt.date) -> Found:
    if not definition.who and not definition.may_apply:
        yield _ask("who", _("申請できる人"), _("だれが申請できるかを書いてください。"))
    if not definition.summary:
        yield _ask("summary", _("説明"), _("何のための手続かを1〜2文で書いてください。"))
    if not definition.words and not definition.life_events:
        yield _ask(
            "words",
            _("さがす言葉"),
            _("人がさがすときの言葉（例：犬を飼った）か、暮らしの場面を選んでください。"),
        )
    evidence = [one for one in definition.questions() if one.kind in {"file", "photo"} and one.required]
    if evidence and not definition.needs:
        yield _ask(
            "needs",
            _("用意するもの"),
            _("付けるファイルがあるのに「用意するもの」がありません。始める前に分かるようにしてください。"),
        )


def _languages(definition: Definition, _today: dt.date) -> Found:
    ready = dict(settings.LANGUAGES)
    for language in definition.languages:
        if language == "ja":
            continue
        if language not in ready:
            yield _ask(
                "languages",
                _("言語"),
                _("「%s」の画面はまだありません。質問だけがその言語になります。") % language,
            )
        missing = [place for place, text in _texts(definition) if text and language not in text]
        if missing:
            shown = "、".join(missing[:3])
            yield _ask(
                missing[0],
                _("言語"),
                _("「%(language)s」の文が%(count)dか所ありません（%(places)s など）。日本語のまま出ます。")
                % {"language": ready.get(language, language), "count": len(missing), "places": shown},
            )


def _texts(definition: Definition) -> Iterator[tuple[str, Text]]:
    """Texts that an applicant reads, with their places."""
    for name in ("title", "summary", "who", "may_not_apply", "not_online"):
        yield name, getattr(definition, name)
    for i, need in enumerate(definition.needs):
        yield f"needs[{i}].label", need.label
    for i, step in enumerate(definition.steps):
        yield f"steps[{i}].title", step.title
    for path, section in _pages(definition):
        yield f"{path}.title", section.title
    for place, question in _placed(definition):
        yield f"{place}.label", question.label
        yield f"{place}.help", question.help
        for n, option in enumerate(question.options):
            yield f"{place}.options[{n}].label", option.label


_CHECKS: Final[tuple[Callable[[Definition, dt.date], Found], ...]] = (
    _grounds,
    _term,
    _remedies,
    _decision,
    _my_number,
    _parties,
    _questions,
    _fee,
    _times,
    _online,
    _sensitive,
    _words,
    _languages,
)
