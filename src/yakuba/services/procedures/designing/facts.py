"""The forms of what holds for a procedure as a whole, one for each group of facts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yakuba.engines.casework.deadlines import HOLIDAYS, STARTS, UNITS, ClockRule, Holiday, Start, Unit
from yakuba.engines.casework.states import KINDS
from yakuba.kernel.fields.kinds import Integer
from yakuba.kernel.town.models import AUTHORITIES
from yakuba.services.procedures.definition.model import (
    FEES,
    GROUNDS,
    IDENTITIES,
    LIFE_EVENTS,
    RESULTS,
    RETENTIONS,
    Definition,
    Demand,
    Ground,
    Need,
    Question,
    said,
)
from yakuba.services.procedures.designing.entries import (
    LANGUAGES,
    Choices,
    Entry,
    FieldShown,
    Filled,
    Form,
    P,
    Rows,
    RowsShown,
    line,
    lines,
    moment,
    pick,
    show,
    tick,
    ticks,
    whole,
    words,
)


@dataclass(frozen=True, slots=True)
class Group:
    """One form: its place in addresses, its title, what it is for, and its entries for a definition as it stands."""

    slug: str
    title: str
    about: str
    form: Callable[[Definition], Form[Definition]]


def labelled(choices: Choices) -> Choices:
    """Choices in the language of the screen."""
    return tuple((code, _(label)) for code, label in choices)


def _inside(attribute: str, entry: Entry[Any]) -> Entry[Any]:  # Any: of whichever part the attribute holds
    """An entry of a part of the definition as an entry of the definition."""
    return replace(
        entry,
        key=f"{attribute}_{entry.key}",
        show=lambda whole_one: entry.show(getattr(whole_one, attribute)),
        take=lambda whole_one, given: replace(
            whole_one, **{attribute: entry.take(getattr(whole_one, attribute), given)}
        ),
    )


def _spoken(definition: Definition) -> Sequence[str]:
    return definition.languages


def _basics(definition: Definition) -> Form[Definition]:
    spoken = _spoken(definition)
    return [
        *words("title", _("名称"), spoken, required=True),
        pick("kind", _("種類"), labelled(KINDS), hint=_("進み方（審査、決定、通知）が種類から決まります。")),
        *words("summary", _("何のための手続か"), spoken, prose=True, hint=_("1〜2文で。一覧と、手続のページの最初に出ます。")),
        lines("words", _("探すときの言葉"), hint=_("市民が使う言葉を1行に1つ。例：犬を飼った")),
        ticks("life_events", _("くらしの出来事"), labelled(LIFE_EVENTS)),
        Entry(
            "languages",
            _("日本語のほかに用意する言葉"),
            lambda one: tuple(key for key in one.languages if key != "ja"),
            lambda one, given: replace(one, languages=("ja", *(key for key, _name in LANGUAGES if key in given))),
            widget="checkboxes",
            choices=labelled(LANGUAGES),
            hint=_("選ぶと、文字の欄ごとにその言葉の欄が増えます。"),
        ),
    ]  # fmt: skip


def _people(definition: Definition) -> Form[Definition]:
    spoken = _spoken(definition)
    return [
        *words("who", _("だれができるか"), spoken, prose=True),
        line(
            "may_apply",
            _("記入の答えで分かる条件"),
            hint=_(
                "成り立たないときは申請できません。右の「条件の書き方」を見てください。空なら、だれでも進めます。"
            ),
            limit=500,
        ),
        *words("may_not_apply", _("できない人に見せる言葉"), spoken, prose=True),
        tick("agent", _("代理の人も申請できる")),
        tick("person_concerned", _("対象になる人が申請者と違うことがある")),
        pick("identity", _("本人確認"), labelled(IDENTITIES), radio=True),
        *words(
            "not_online",
            _("オンラインでできないこと"),
            spoken,
            prose=True,
            hint=_("申請をはじめる前に見せます。電子署名が要るときは、代わりにどうするかを書きます。"),
        ),
    ]


def _ground(definition: Definition) -> Form[Definition]:
    spoken = _spoken(definition)
    return [
        Rows(
            "grounds",
            _("根拠"),
            [
                pick("kind", _("区分"), labelled(GROUNDS)),
                line("name", _("名称"), hint=_("例：狂犬病予防法")),
                line("article", _("条項"), hint=_("例：第4条第1項")),
            ],
            lambda one: one.grounds,
            lambda one, rows: replace(one, grounds=rows),
            lambda _number: Ground("act", ""),
            main="name",
        ),
        pick("authority", _("処分庁"), labelled(AUTHORITIES), hint=_("決定の名義になる機関です。")),
        line("criteria_url", _("審査基準のページ"), hint="https://", limit=500),
        *_term(),
        *words("term_note", _("期間についての説明"), spoken, prose=True, hint=_("期間を定めていないときは、その理由を書きます。")),
        line("form_number", _("様式番号"), hint=_("例：様式第1号（第3条関係）")),
        line("form_title", _("様式の題名"), hint=_("印刷したときの表題。空なら名称を使います。")),
    ]  # fmt: skip


def _term() -> list[Entry[Definition]]:
    """標準処理期間: the amount makes it one, the rest says how it is counted."""

    def amount(one: Definition, given: tuple[str, ...]) -> Definition:
        if not given:
            return replace(one, term=None)
        number = Integer(0, 1000).parse(given[0])
        return replace(one, term=replace(one.term, amount=number) if one.term else ClockRule(number))

    def rule(label: str, attribute: str, choices: Choices) -> Entry[Definition]:
        def take(one: Definition, given: tuple[str, ...]) -> Definition:
            if one.term is None or not given:
                return one
            value = cast("Unit | Start | Holiday", given[0])
            return replace(one, term=replace(one.term, **{attribute: value}))  # type: ignore[arg-type]  # the key says which

        return Entry(
            f"term_{attribute}",
            label,
            lambda one: str(getattr(one.term, attribute)) if one.term else "",
            take,
            widget="select",
            choices=labelled(choices),
        )

    return [
        Entry(
            "term_amount",
            _("標準処理期間"),
            lambda one: str(one.term.amount) if one.term else "",
            amount,
            widget="number",
            hint=_("定めていなければ空のままにします。"),
        ),
        rule(_("期間の単位"), "unit", UNITS),
        rule(_("数えはじめ"), "start", STARTS),
        rule(_("最後の日が閉庁日のとき"), "holiday", HOLIDAYS),
    ]


def _decision(definition: Definition) -> Form[Definition]:
    return [
        line(
            "remedies",
            _("教示（不服があるときの案内）"),
            prose=True,
            limit=4000,
            hint=_("不利益な決定の通知書に入ります（行政不服審査法82条、行政事件訴訟法46条）。"),
        ),
        *words(
            "remedies_note",
            _("教示がない理由"),
            _spoken(definition),
            prose=True,
            hint=_("決定が処分ではないときだけ書きます。例：境界の確定、名簿への登載"),
        ),
        tick("routed", _("決定には決裁が要る")),
        line(
            "matter",
            _("専決の事項"),
            hint=_("決裁規程の表にある事項名。だれが決めるかがここから決まります。"),
        ),
        lines("checks", _("審査で確かめること"), hint=_("職員の確認表になります。1行に1つ。")),
        tick("accept_on_arrival", _("到達で完了とする（届出）")),
    ]


def _opening(_definition: Definition) -> Form[Definition]:
    return [
        _inside("opening", moment("opens_at", _("受付の開始"), hint=_("空なら、公開したときから。"))),
        _inside("opening", moment("closes_at", _("受付の終了"), hint=_("この時刻になると受け付けません。空なら、終わりなし。"))),
        _inside("opening", whole("places", _("定員"), minimum=1, maximum=10**6, empty=None, unit=_("件"), hint=_("達すると受付を止めます。空なら、定員なし。"))),
    ]  # fmt: skip


def _fee(definition: Definition) -> Form[Definition]:
    counted = [
        (one.key, f"{said(one.label)}（{one.key}）")
        for one in definition.questions()
        if one.kind in {"number", "choice", "many", "group"}
    ]
    return [
        _inside("fee", pick("rule", _("手数料"), labelled(FEES), radio=True)),
        _inside("fee", whole("amount", _("金額"), unit=_("円"), hint=_("一律の額、または1つあたりの額。"))),
        _inside(
            "fee",
            pick(
                "question",
                _("もとになる質問"),
                counted,
                required=False,
                hint=_(
                    "数に応じるときは数の質問、選んだものに応じるときは選ぶ質問（金額は選択肢に書きます）。"
                ),
            ),
        ),
        *(_inside("fee", one) for one in words("note", _("払い方の説明"), _spoken(definition), prose=True)),
    ]


def _result(definition: Definition) -> Form[Definition]:
    return [
        ticks("result", _("結果の渡し方"), labelled(RESULTS), required=True),
        line("result_title", _("結果の書類の名前"), hint=_("例：犬鑑札、入会承認通知書")),
        whole(
            "print_after_days",
            _("開かれないとき郵送に回すまで"),
            minimum=1,
            maximum=60,
            unit=_("開庁日"),
            empty=7,
            required=True,
        ),
        pick(
            "retention",
            _("保存期間"),
            labelled(RETENTIONS),
            hint=_(
                "完了の翌年度の4月1日から数えます。過ぎても自動では廃棄しません。市民の手続のページにも出ます。"
            ),
        ),
    ]


def _needs(definition: Definition) -> Form[Definition]:
    asked = [(one.key, f"{said(one.label)}（{one.key}）") for one in definition.questions()]
    return [
        Rows(
            "needs",
            _("用意するもの"),
            [
                *words("label", _("もの"), _spoken(definition)),
                pick("question", _("答える質問"), asked, required=False),
            ],
            lambda one: one.needs,
            lambda one, rows: replace(one, needs=rows),
            lambda _number: Need({}),
            main="label",
            hint=_("申請をはじめる前に見せます。"),
            more=3,
            ordered=True,
        )
    ]


def _rules(definition: Definition) -> Form[Definition]:
    where = [(one.key, f"{said(one.label)}（{one.key}）") for one in definition.questions()]
    return [
        Rows(
            "demands",
            _("答えどうしの決まり"),
            [
                line("holds", _("成り立つべき条件"), limit=500),
                *words("message", _("成り立たないときの言葉"), _spoken(definition)),
                pick("at", _("言葉を出す質問"), where),
                line("when", _("この場合だけ"), limit=500, hint=_("空なら、いつも。")),
            ],
            lambda one: one.demands,
            lambda one, rows: replace(one, demands=rows),
            lambda _number: Demand("", {}, ""),
            main="holds",
            more=1,
        )
    ]


GROUPS: Final = (
    Group("basics", gettext_noop("名称と探し方"), gettext_noop("市民が手続を見つけるための言葉"), _basics),
    Group(
        "people",
        gettext_noop("できる人と本人確認"),
        gettext_noop("だれが、どう確かめられて申請するか"),
        _people,
    ),
    Group("ground", gettext_noop("根拠と期間"), gettext_noop("法令、処分庁、標準処理期間、様式"), _ground),
    Group("decision", gettext_noop("審査と決定"), gettext_noop("教示、決裁、職員の確認表"), _decision),
    Group(
        "opening", gettext_noop("受付の期間と定員"), gettext_noop("いつから、いつまで、何件まで"), _opening
    ),
    Group("fee", gettext_noop("手数料"), gettext_noop("いくら、何に応じて"), _fee),
    Group("result", gettext_noop("結果と保存"), gettext_noop("結果の渡し方、保存期間"), _result),
    Group("needs", gettext_noop("用意するもの"), gettext_noop("はじめる前に手元に置くもの"), _needs),
    Group("rules", gettext_noop("答えの決まり"), gettext_noop("いくつかの答えにまたがる確かめ"), _rules),
)


def group_of(slug: str) -> Group:
    """The group of an address. LookupError for none."""
    found = next((one for one in GROUPS if one.slug == slug), None)
    if found is None:
        raise LookupError(slug)
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the summary of a group."""

    label: str
    text: str


def summary(group: Group, definition: Definition) -> list[Told]:
    """What a group says, in words; entries without a value are left out."""
    return told(show(group.form(definition), definition))


def told(filled: Filled[P]) -> list[Told]:
    """The same of any form."""
    found: list[Told] = []
    for item in filled.items:
        if isinstance(item, RowsShown):
            rows = [
                "　".join(text for one in row if (text := shown_value(one)))
                for row in item.rows[: item.fresh]
            ]
            if rows:
                found.append(Told(item.label, "\n".join(rows)))
        elif text := shown_value(item):
            found.append(Told(item.label, text))
    return found


def shown_value(one: FieldShown) -> str:
    """What stands in a field, in words."""
    if one.widget == "checkbox":
        return _("はい") if one.value else ""
    given = (one.value,) if isinstance(one.value, str) else one.value
    named = dict(one.choices)
    text = "、".join(named.get(value, value) if named else value for value in given if value)
    return f"{text}{one.unit}" if text and one.widget == "number" and one.unit else text


def condition_help(definition: Definition) -> list[tuple[str, str, str]]:
    """What may stand in a condition: the key of a question, its label, and the codes of its choices in words."""

    def codes(question: Question) -> str:
        if question.kind in {"choice", "many"}:
            return "、".join(f"'{one.code}'＝{said(one.label)}" for one in question.options)
        if question.kind in {"yes_no", "consent"}:
            return "true、false"
        return ""

    return [(one.key, said(one.label), codes(one)) for one in definition.questions()]


def missing_languages(definition: Definition) -> dict[str, int]:
    """How many texts of the form have no words in each of the procedure's languages."""
    texts = [
        definition.title,
        definition.summary,
        definition.who,
        definition.term_note,
        definition.not_online,
    ]
    texts += [step.title for step in definition.steps]
    for section in definition.sections():
        texts += [section.title, section.help]
    for question in definition.questions():
        texts += [question.label, question.help, question.example, *(one.label for one in question.options)]
    texts += [need.label for need in definition.needs] + [demand.message for demand in definition.demands]
    return {
        language: sum(1 for text in texts if text.get("ja") and not text.get(language))
        for language in definition.languages
        if language != "ja"
    }
