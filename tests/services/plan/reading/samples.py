"""Invented plan tables of みほん市 in shapes that cities print, as text tools leave them."""

from __future__ import annotations

from collections.abc import Sequence


def tsv(*rows: Sequence[str]) -> str:
    """Rows of cells as tab-separated lines."""
    return "".join("\t".join(row) + "\n" for row in rows)


HEAD = (
    "NO",
    "区分",
    "施策分野",
    "具体的な取組",
    "取組方針",
    "K P I",
    "スケジュール (これまで)",
    "実績値 (KPI)",
    "",
    "",
    "スケジュール (R6～R8)",
)
SECOND_LINE_SHIFTED = ("", "", "", "", "", "", "", "", "令和3年度末", "令和4年度末", "令和5年度末", "")


def row(number: str, title: str, kpi: str, values: Sequence[str], **other: str) -> tuple[str, ...]:
    """A row in the order of `HEAD`."""
    return (
        number,
        other.get("group", "暮らしの窓口"),
        other.get("field", "届出の電子化"),
        title,
        other.get("approach", "窓口に来なくてもよい町にするため、できるところから電子化を進めます。"),
        kpi,
        other.get("past", "令和5年度までに試行する"),
        *values,
        other.get("coming", "令和8年度までに対象を広げる"),
    )


#: The family's plain form: two header lines, the second shifted, repeated on the second page.
TWO_PAGES = (
    "\n\nみほん市情報化推進計画（取組一覧）\n\n"
    + tsv(
        HEAD,
        SECOND_LINE_SHIFTED,
        row("1", "転入届の予約", "予約の件数", ("12件", "約30件", "1,045件")),
        row("2 【新】", "図書の予約", "図書予約の件数", ("-", "-", "-"), field="公共施設"),
    )
    + "\n- 1 -\n"
    + tsv(
        HEAD,
        SECOND_LINE_SHIFTED,
        row(
            "3 【新】【完了】",
            "庁舎の無線",
            "整備の検討",
            ("(未実施)", "検討中", "実施"),
            group="庁内の仕事",
            field="通信",
        ),
        row(
            "4",
            "職員の研修",
            "①受講者数 ②満足度",
            ("①10人 ②80%", "①12人 ②81.5%", "①9人 ②79%"),
            group="庁内の仕事",
            field="人材",
        ),
        row(
            "5",
            "回線の更新",
            "更新した回線の数",
            ("3回線", "数値なし", "―"),
            group="庁内の仕事",
            field="通信",
        ),
    )
)

#: Other order, other words, no 区分, another period, and the second line in its place.
REORDERED = "みほん市デジタル化プラン\n" + tsv(
    (
        "基本目標",
        "取組名",
        "番号",
        "実績",
        "",
        "指標",
        "単位",
        "概要",
        "今後の予定（令和5～7年度）",
        "担当課",
    ),
    ("", "", "", "令和3年度", "令和4年度", "", "", "", "", ""),
    (
        "便利な窓口",
        "証明書の電子申請",
        "1-1",
        "120",
        "150",
        "申請の件数",
        "件",
        "証明書を家から申請できるようにします。",
        "対象の証明書を増やす。",
        "市民課",
    ),
    (
        "便利な窓口",
        "電子納付",
        "1-2",
        "3.5",
        "4.25",
        "納付の割合",
        "%",
        "税を電子で納められるようにします。",
        "税目を増やす。",
        "税務課、会計課",
    ),
    (
        "支える職員",
        "在宅勤務",
        "2-1",
        "実施",
        "実施",
        "在宅勤務の実施",
        "",
        "家でも仕事ができるようにします。",
        "続ける。",
        "総務課",
    ),
    (
        "支える職員",
        "会議録の作成",
        "2-2",
        "-",
        "40",
        "減らした時間",
        "時間",
        "会議録を自動で作ります。",
        "対象の会議を増やす。",
        "関係各課",
    ),
)

#: Comma-separated, one header line, western years, targets with bounds, cells with commas and line ends.
COMMAS = (
    "施策の柱,No.,事業名,目的,成果指標,2022年度実績,2023年度実績,2024年度目標,2025年度目標,所管課,進捗状況,備考\r\n"
    '1 つながる町,1,"公開地図の充実","地図を見て、\n自分で確かめられる町にする",公開している地図の数,"1,200枚",1500枚,"1,800枚以上","2,000枚以上",都市計画課,順調,\r\n'
    "1 つながる町,2,オープンデータの公開,データを使える町にする,公開件数,7件,9件,12件以上,15件以上,情報課,やや遅れ,県と共同\r\n"
    "2 安全な町,3,防災メールの登録,早く伝える,登録率,38.0%（5700/15000人）,40%,45%以上,50%以上,防災課,順調,\r\n"
    "2 安全な町,4,監視の仕組み,備える,監査の有無,無,有,有,有,情報課,順調,\r\n"
)

#: One header line with era labels; flags in a column; blank level cells below the first; a second indicator row.
MERGED = "みほん市情報化計画 令和6年度版\n計画期間：令和6年度～令和9年度\n" + tsv(
    (
        "分野",
        "番号",
        "区分",
        "取組",
        "取組内容",
        "指標",
        "現状値（R5）",
        "目標値（R6）",
        "目標値（R9）",
        "課題",
    ),
    (
        "暮らし",
        "推1",
        "新規",
        "窓口の予約",
        "窓口の時間を予約できるようにする。",
        "予約の件数",
        "0件",
        "300件",
        "900件",
        "人手が足りない。",
    ),
    (
        "",
        "推2",
        "継続",
        "母子手帳アプリ",
        "アプリで知らせる。",
        "登録者数",
        "約450人",
        "500人",
        "600人",
        "知られていない。",
    ),
    ("", "", "", "", "", "満足度", "80％", "82％", "85％", ""),
    ("仕事", "推3", "重点", "文書の電子化", "紙を減らす。", "電子決裁の率", "45.5%", "60%", "90%", ""),
)
