"""What the style page shows: invented examples of みほん市 for every component in every state."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.ui.charts import Point, Series, Status
from yakuba.kernel.ui.components import (
    MEANINGS,
    Branch,
    ComparisonColumn,
    ComparisonEntry,
    ComparisonRow,
    Fact,
    FieldError,
    Link,
    Share,
    SourceLine,
    TableColumn,
    progress_badge,
)
from yakuba.kernel.ui.lists import (
    BadQuery,
    Choice,
    Column,
    Filter,
    ListSpec,
    ListState,
    ListView,
    Slice,
    slice_rows,
)
from yakuba.kernel.ui.palette import ACCENTS, DEFAULT_ACCENT
from yakuba.kernel.ui.shells import (
    DeskPage,
    EmbedPage,
    Emergency,
    NavGroup,
    NavItem,
    PlainPage,
    PortalPage,
    PrintPage,
)

# Frames without room for all components show a few that fit them.
TEMPLATES = {
    "print-a3": "ui/style_print.html",
    "print-a4": "ui/style_print.html",
    "embed": "ui/style_embed.html",
}
SHELLS = ("portal", "desk", "plain", "print-a3", "print-a4", "embed")


@dataclass(frozen=True, slots=True)
class SampleTown:
    """みほん市, as far as the shells ask."""

    code: str = "990019"
    name: str = "みほん市"
    accent: str = DEFAULT_ACCENT


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A row of the sample list."""

    id: str
    number: str
    order: int
    title: str
    office: str
    progress: str
    meaning: str
    target: Decimal | None
    kind: str = "advance"


_ROWS = (
    SampleRow("1", "1", 1, "電子申請の拡大", "DX推進課", "順調", "on_track", Decimal(110)),
    SampleRow("2", "2-1", 2, "マイナンバーカードの活用研究", "DX推進課", "順調", "on_track", None),
    SampleRow("3", "3", 4, "書かない窓口", "市民課", "ほぼ順調", "mostly_on_track", Decimal(12)),
    SampleRow("4", "7", 8, "給水装置工事の事前申込", "上下水道課", "ほぼ順調", "mostly_on_track", None),
    SampleRow("5", "9", 10, "安全メールからLINEへの移行", "危機管理課", "順調", "on_track", Decimal(8000)),
    SampleRow("6", "13", 14, "ペーパーレス会議", "総務課", "停滞", "behind", Decimal(8)),
    SampleRow("7", "14", 15, "eL-QRによる使用料等の納付", "財政課", "", "", Decimal(3)),
)
_OFFICES = tuple(dict.fromkeys(row.office for row in _ROWS))


def _anchor(_row: SampleRow) -> str:
    return "#list"


def _progress(row: SampleRow) -> object:
    return progress_badge(row.progress, row.meaning)


STYLE_LIST: ListSpec[SampleRow] = ListSpec(
    columns=(
        Column("order", "No.", by_size=True, sortable=True, narrow=True, show=lambda row: row.number),
        Column("title", "取組", sortable=True, main=True, link=_anchor),
        Column("office", "担当", sortable=True, narrow=True),
        Column("progress", "進捗状況", narrow=True, show=_progress),
        Column("kind", "区分", narrow=True, paper="only", show=lambda _row: "推進"),
        Column(
            "target",
            "目標値",
            kind="number",
            sortable=True,
            show=lambda row: f"{row.target:,}" if row.target else "",
        ),
    ),
    filters=(
        Filter(
            "office",
            "担当",
            tuple(Choice(name, name, sum(r.office == name for r in _ROWS)) for name in _OFFICES),
        ),
        Filter(
            "meaning",
            "進捗状況",
            (Choice("on_track", "順調"), Choice("behind", "停滞"), Choice("changed", "計画変更")),
        ),
        Filter("kind", "区分", (Choice("advance", "推進"), Choice("operate", "運用")), single=True),
    ),
    search="取組を探す",
    default_sort="order",
    extra=frozenset({"shell"}),
)


def _series(label: str, values: dict[int, str], *, last: Status = "final") -> Series:
    final = max(values, default=0)
    return Series(
        label, tuple(_point(year, raw, last if year == final else "final") for year, raw in values.items())
    )


def _point(year: int, raw: str, status: Status = "final") -> Point:
    counted = raw[0].isdigit() or raw[0] == "-"
    return Point(
        year,
        raw,
        number=Decimal(raw.rstrip("%").replace(",", "")) if counted else None,
        word="" if counted or raw[0] == "―" else raw,
        status=status,
    )


def _charts() -> dict[str, object]:
    return {
        "chart_actual": _series("実績", {2024: "57", 2025: "81"}, last="provisional"),
        "chart_target": _series("目標", {2024: "60", 2025: "85", 2026: "110"}),
        "chart_base": _series("現状値", {2023: "38"}),
        "gap_actual": _series("実績", {2022: "未実施", 2023: "7.8%", 2025: "14.6%", 2026: "19.2%"}),
        "gap_target": _series("目標", {2023: "10%", 2024: "13%", 2026: "18.5%"}),
        "fall_base": _series("現状値", {2023: "9,870"}),
        "fall_actual": _series("実績", {2024: "9,214", 2025: "8,530"}, last="preliminary"),
        "fall_target": _series("目標", {2026: "8,000"}),
        "revised_actual": Series(
            "実績",
            (
                Point(
                    2024, "11.8%", number=Decimal("11.8"), numerator=Decimal(3742), denominator=Decimal(31710)
                ),
                Point(
                    2025,
                    "19.4%",
                    number=Decimal("19.4"),
                    former=("18.9%（見込）",),
                    as_of=date(2026, 3, 1),
                    note="県の共同システムの分を足した",
                ),
            ),
        ),
        "revised_target": _series("目標", {2026: "25%"}),
        "break_actual": _series("実績", {2023: "12,480", 2024: "15,960", 2025: "9,310", 2026: "10,450"}),
        "break_target": _series("目標", {2023: "12,000", 2024: "15,000", 2025: "9,000", 2026: "10,000"}),
        "breaks": {2025: "画面を開いた回数から、地図を見た人の数へ"},
        "word_base": _series("現状値", {2023: "検討"}),
        "word_actual": _series("実績", {2024: "検討", 2025: "試行"}, last="provisional"),
        "word_target": _series("目標", {2024: "検討", 2025: "実施", 2026: "実施"}),
        "word_order": ("検討", "試行", "実施"),
        "loose_actual": _series("実績", {2023: "啓発", 2024: "共同点検", 2025: "啓発"}),
        "long_actual": _series("実績", {2015 + n: f"{12_480 + n * 1_130:,}" for n in range(11)}),
        "long_target": _series("目標", {2025: "24,000", 2026: "25,000"}),
        "no_values": _series("実績", {2024: "―", 2025: "―"}),
        "no_series": Series("目標", ()),
        "spark_goal": Decimal(110),
    }


def _nav(path: str) -> tuple[NavGroup, ...]:
    return (
        NavGroup(
            "自分の仕事",
            (NavItem("わたしの仕事", "#main", "work", count=3), NavItem("期限", "#main", "clock", count=1)),
        ),
        NavGroup(
            "計画",
            (NavItem("情報化推進計画", path, "plan", current=True), NavItem("取込", "#main", "document")),
        ),
        NavGroup("設定", (NavItem("課と職員", "#main", "person"), NavItem("設定", "#main", "settings"))),
    )


def _page(path: str, shell: str) -> PortalPage | DeskPage | PlainPage | PrintPage | EmbedPage:
    if shell in {"print-a3", "print-a4"}:
        return PrintPage(
            title="課別シート",
            municipality=SampleTown(),
            day=date(2026, 4, 1),
            sheet="a3" if shell == "print-a3" else "a4",
            about="令和8年度版",
            back=Link(_("画面の部品"), path),
        )
    if shell == "embed":
        return EmbedPage(
            title="電子申請の拡大",
            municipality=SampleTown(),
            source=Link("情報化推進計画 令和8年度版", path),
            day=date(2026, 4, 1),
        )
    crumbs = (Link("みほん市", "#main"), Link("情報化推進計画", "#main"))
    if shell == "desk":
        return DeskPage(
            title=_("画面の部品"),
            municipality=SampleTown(),
            nav=_nav(path),
            crumbs=crumbs,
            office="DX推進課",
            year="令和8年度",
            account="雛形いつき",
        )
    if shell == "plain":
        return PlainPage(title=_("画面の部品"))
    return PortalPage(
        title=_("画面の部品"),
        municipality=SampleTown(),
        crumbs=crumbs,
        emergency=Emergency(
            "大雨警報：避難所を開いています", datetime(2026, 6, 20, 3, 40, tzinfo=UTC), "#main"
        ),
        contact="DX推進課（見本の電話番号）",
        footer=(
            Link("お問い合わせ", "#main"),
            Link("ウェブアクセシビリティ", "#main"),
            Link("オープンデータ", "#main"),
        ),
    )


def context(path: str, shell: str, state: ListState) -> dict[str, object]:
    """All that `ui/style.html` needs; raises BadQuery for a shell that does not exist."""
    if shell not in SHELLS:
        raise BadQuery("shell", shell, "・".join(SHELLS))
    page = slice_rows(STYLE_LIST, state, _ROWS, size=5)
    empty: Slice[SampleRow] = Slice((), 0)
    return {
        "base": f"ui/{shell}.html",
        "page": _page(path, shell),
        "shells": [Link(name, f"{path}?shell={name}", current=name == shell) for name in SHELLS],
        "accents": ACCENTS.values(),
        "meanings": list(zip(_WORDS, MEANINGS, strict=True)),
        "facts": (
            Fact("担当", "DX推進課", "（関係：各課）"),
            Fact("期間", "令和6年度から令和8年度まで"),
            Fact("現状値", "81手続", "令和8年3月1日現在・見込"),
            Fact("根拠", ""),
        ),
        "branches": _BRANCHES,
        "tabs": (Link("概要", "#tabs", current=True), Link("指標", "#tabs", count=2), Link("経過", "#tabs")),
        "errors": (
            FieldError("title", "「取組名」が空です。入力してください。"),
            FieldError("until", "「期限」に「R8.2.30」は使えません。暦にある日にしてください。"),
        ),
        "declared": fields.spec_of(
            fields.date(label="公表日", classification=fields.PUBLIC, help="計画書の表紙の日付。")
        ),
        "choices": (("advance", "推進"), ("operate", "運用")),
        "offices": tuple((name, name) for name in _OFFICES),
        "step_labels": ("手続の確認", "申請する人", "犬のこと", "内容の確認"),
        "columns": (TableColumn("年度"), TableColumn("目標", number=True), TableColumn("実績", number=True)),
        "rows": (("令和6年度（2024）", "60", "57"), ("令和7年度（2025）", "85", "81")),
        "stages": {
            2022: "検討",
            2023: "導入・運用",
            2024: "運用",
            2025: "運用",
            2026: "運用",
            2028: "見直し",
        },
        "shares_sample": (
            Share("順調", 8, "on_track"),
            Share("ほぼ順調", 6, "mostly_on_track"),
            Share("停滞", 1, "behind"),
            Share("計画変更", 1, "changed"),
        ),
        "source_lines": (
            SourceLine(202, ("No.", "取組名", "担当", "目標値")),
            SourceLine(203, ("推1", "電子申請の拡大", "", "110手続")),
            SourceLine(204, ("推2-1", "マイナンバーカードの活用研究", "DX推進課", "実施")),
        ),
        "more_source_lines": (
            SourceLine(310, ("様式ななこ", "環境課")),
            SourceLine(311, ("凡例はちろう", "建設課")),
        ),
        "day": date(2026, 4, 1),
        "moment": datetime(2026, 4, 1, 4, 5, tzinfo=UTC),
        "list": ListView(
            key="list",
            caption="令和8年度版の取組",
            spec=STYLE_LIST,
            state=state,
            page=page,
            path=path,
            exports={"XLSX": "#list", "CSV": "#list"},
            read_only=True,
            saved=(
                Link("すべて", f"{path}#list", current=not state.narrowed, count=len(_ROWS)),
                Link("遅れている取組", f"{path}?filter.meaning=behind#list"),
            ),
        ),
        "empty_list": ListView(
            key="empty-list",
            caption="年度版",
            spec=ListSpec(columns=STYLE_LIST.columns[:2]),
            state=ListState(),
            page=empty,
            path=path,
            empty_title="まだ年度版がありません",
            empty_body="計画の文書を取り込むと、ここに下書きができます。",
            empty_action="計画を取り込む",
            empty_href="#empty-list",
        ),
        **_charts(),
        **_comparison(),
    }


def _comparison() -> dict[str, object]:
    entry = ComparisonEntry
    return {
        "towns": (
            ComparisonColumn("みほん市", "#comparison", "令和8年度版"),
            ComparisonColumn("かりな市", "#comparison", "令和6年度版"),
            ComparisonColumn("ひながた市", "#comparison"),
            ComparisonColumn("れいじ町", "#comparison"),
        ),
        "compared": (
            ComparisonRow(
                "手続のオンライン化",
                (
                    (
                        entry("81手続", "令和7年度", "見込。目標は令和8年度に110手続", "#comparison"),
                        entry("19.4%", "令和7年度", "申請のうちオンラインの割合", "#comparison"),
                    ),
                    (entry("62件", "令和6年度", href="#comparison"),),
                    (
                        entry(
                            "1,204件",
                            "令和6年度",
                            "申請の件数",
                            "#comparison",
                            caution="数えるものが違います",
                        ),
                    ),
                    (),
                ),
                note="主題：電子申請",
                caution="市によって定義が違います",
            ),
            ComparisonRow(
                "書かない窓口",
                (
                    (entry("ほぼ順調", "令和7年度"),),
                    (entry("実施", "令和6年度"),),
                    (),
                    (entry("検討", "令和5年度"),),
                ),
            ),
        ),
    }


_BRANCHES = (
    Branch(
        "1 市民サービスの向上",
        "#outline",
        over="基本目標",
        count=13,
        shares=(Share("順調", 8, "on_track"), Share("ほぼ順調", 4, "mostly_on_track")),
        children=(
            Branch("1-1 手続のデジタル化", "#outline", count=6),
            Branch(
                "1-2 窓口と納付", "#outline", count=3, children=(Branch("市民課の窓口", "#outline", count=1),)
            ),
        ),
    ),
    Branch("2 行政運営の効率化", over="基本目標", count=0),
)
_WORDS = ("未着手", "順調", "ほぼ順調", "停滞", "中止", "計画変更", "終了", "完了", "廃止", "統合", "移行")
