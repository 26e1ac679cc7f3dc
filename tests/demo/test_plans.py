"""The sample's plans against the table they were made from: counts, figures, traps; and what the neighbours are there to show."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections import Counter, defaultdict
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from yakuba.demo import plans
from yakuba.demo.neighbours import NEIGHBOURS
from yakuba.demo.offices import HISTORY, Opened
from yakuba.services.plan import checks
from yakuba.services.plan.nation.figures import Basis, cautions
from yakuba.services.plan.parsing import read_bytes
from yakuba.services.plan.reading.schema import SCHEMA
from yakuba.services.plan.succession import trace
from yakuba.services.plan.themes.vocabulary import THEMES

Form = dict[str, Any]  # Any: one object of a yakuba-plan/1 document

DATA = files("yakuba.demo") / "data"
OWNERS = {one.file: (one.code, one.name) for one in NEIGHBOURS}
FILES = ("mihon.json", "mihon-r7.json", *OWNERS)


def documents(name: str) -> list[Form]:
    return read_bytes((DATA / name).read_bytes(), name, *OWNERS.get(name, ("990019", "みほん市")))


ALL = {name: documents(name) for name in FILES}
(R8,), (R7,) = ALL["mihon.json"], ALL["mihon-r7.json"]
EVERY = [(name, document) for name, found in ALL.items() for document in found]


def row(number: str, kind: str = "advance", plan: Form = R8) -> Form:
    return next(one for one in plan["initiatives"] if (one["kind"], one["number"]) == (kind, number))


def figures(indicator: Form) -> list[str | None]:
    """Number or word of 令和5, 6, 7年度 as first told, then of the target."""
    told = {
        (value["kind"], value["year"]): value["number"] or value["state"]
        for value in indicator["values"]
        if not value["revision"]
    }
    target = next((found for (kind, _year), found in told.items() if kind == "target"), None)
    return [*(told.get(("actual", year)) for year in (2023, 2024, 2025)), target]


def words(plan: Form) -> Counter[str]:
    """How many initiatives have which progress word; 2-1 and 2-2 are one."""
    found = {(row["kind"], row["group"] or row["number"]): row["progress"] for row in plan["initiatives"]}
    return Counter(word for word in found.values() if word)


# Written by hand from the sample town's table: every figure of it.
TABLE: dict[tuple[str, str], list[list[str | None]]] = {
    ("advance", "1"): [["38", "57", "81", "110"], ["6.2", "11.8", "19.4", "25"]],
    ("advance", "2-1"): [["実施", "実施", "実施", "実施"]],
    ("advance", "2-2"): [["18.3", "24.9", "31.2", "35"], ["16", "22.4", "28.7", "33"]],
    ("advance", "3"): [[None, "0", "6", "12"], [None, "52", "41", "35"]],
    ("advance", "4"): [["未実施", "7.8", "14.6", "20"]],
    ("advance", "5"): [["84.1", "86", "87.3", "88"], ["46.2", "49.5", "52.8", "55"]],
    ("advance", "6"): [[None, None, "412", "600"], [None, None, "63.5", "85"]],
    ("advance", "7"): [["検討", "検討", "試行", "実施"]],
    ("advance", "8"): [["8214", "11930", "15402", "18000"], ["150", "214", "238", "240"]],
    ("advance", "9"): [["9870", "9214", "8530", "8000"]],
    ("advance", "10"): [["14", "18", "22", "26"], ["12480", "15960", "20310", "24000"]],
    ("advance", "11"): [["9", "12", "17", "22"], ["3", "5", "10", "14"]],
    ("advance", "12"): [["96.3", "98.4", "97.1", "100"], ["9.4", "7.1", "6.8", "6"]],
    ("advance", "13"): [["4", "6", "6", "8"]],
    ("advance", "14"): [[None, None, None, "3"]],
    ("advance", "15"): [["未実施", "未実施", "未実施", "実施"]],
    ("operate", "1"): [["61.5", "63", "64.8", None]],
    ("operate", "2"): [["640", "1180", "1525", None]],
    ("operate", "3"): [["0", "0", "17", "20"]],
    ("operate", "4"): [["71.8", "72.5", "73.8", None]],
    ("operate", "5"): [["612", "645", "671", None], ["58.2", "71", "80.3", "100"]],
    ("operate", "6"): [],
    ("operate", "7"): [["21", "22", "24", None], ["10", "11", "12", None], ["31", "33", "36", "38"]],
    ("operate", "8"): [["88.1", "93.4", "97.8", "100"]],
    ("operate", "9"): [[None, "400", "250", "240"]],
    ("operate", "10"): [["99.8", "99.8", "99.8", "99.8"]],
}
FRACTIONS = {
    ("advance", "1", 1): [("1930", "31128"), ("3742", "31710"), ("6130", "31598")],
    ("advance", "12", 0): [("105", "109"), ("127", "129"), ("134", "138")],
    ("operate", "4", 0): [("2605", "3628"), ("2588", "3571"), ("2611", "3540")],
    ("operate", "5", 1): [("356", "612"), ("458", "645"), ("539", "671")],
    ("operate", "8", 0): [("437", "496"), ("465", "498"), ("490", "501")],
    ("operate", "10", 0): [("4102", "4110"), ("4236", "4245"), ("4377", "4384")],
}
LEADS = {
    "advance": "DX DX 市民 市民 市民 税務 こども 上下水道 総務 危機管理 DX DX 建設 総務 財政 DX",
    "operate": "財政 DX DX 環境 建設 建設 DX DX DX 総務",
}


@pytest.mark.parametrize(("kind", "number"), TABLE)
def test_figures_are_those_of_the_table(kind: str, number: str) -> None:
    assert [figures(one) for one in row(number, kind)["indicators"]] == TABLE[kind, number]


@pytest.mark.parametrize("place", FRACTIONS)
def test_shares_name_their_parts(place: tuple[str, str, int]) -> None:
    kind, number, nth = place
    indicator = row(number, kind)["indicators"][nth]
    actual = [value for value in indicator["values"] if value["kind"] == "actual"]
    assert [(value["numerator"], value["denominator"]) for value in actual] == FRACTIONS[place]
    for value in actual:
        assert float(value["number"]) == pytest.approx(
            100 * int(value["numerator"]) / int(value["denominator"]), abs=0.051
        )


def test_rows_and_offices_of_the_table() -> None:
    assert [(one["kind"], one["number"]) for one in R8["initiatives"]] == list(TABLE)
    for kind, leads in LEADS.items():
        found = [one["offices"][0]["name"] for one in R8["initiatives"] if one["kind"] == kind]
        assert found == [f"{name}推進課" if name == "DX" else f"{name}課" for name in leads.split()]
    assert {one["group"] for one in R8["initiatives"] if one["number"].startswith("2-")} == {"2"}
    counted = Counter(
        kind for kind, _ in {(one["kind"], one["group"] or one["number"]) for one in R8["initiatives"]}
    )
    assert counted == {"advance": 15, "operate": 10} == R8["stated"]["counts"]


class TestTraps:
    def test_provisional_and_final_stand_side_by_side(self) -> None:
        seven = [value for value in row("1")["indicators"][0]["values"] if value["year"] == 2025]
        assert [(v["number"], v["status"], v["revision"], v["as_of"]) for v in seven] == [
            ("81", "provisional", 0, "2026-03-01"),
            ("84", "final", 1, "2026-03-31"),
        ]
        assert seven[1]["reason"]
        newest = {
            value["status"]
            for one in R8["initiatives"]
            for indicator in one["indicators"]
            for value in indicator["values"]
            if value["year"] == 2025 and value["kind"] == "actual" and not value["revision"]
        }
        assert newest == {"provisional", None}

    def test_no_value_is_never_0_and_a_printed_0_is_one(self) -> None:
        silent = [
            (form["number"], value["raw"])
            for form in R8["initiatives"]
            for indicator in form["indicators"]
            for value in indicator["values"]
            if value["number"] is None and value["state"] is None
        ]
        assert {raw for _number, raw in silent} == {
            *("―", "数値なし", "0% ※令和7年度開始のため", "0% ※計画を令和6年度としているため"),
        }
        assert row("3")["indicators"][0]["values"][1]["number"] == "0"
        assert row("3", "operate")["indicators"][0]["values"][0]["number"] == "0"

    def test_words_in_order_durations_bounds_and_wanted_falls(self) -> None:
        assert row("7")["indicators"][0]["states"] == ["検討", "試行", "実施"]
        recovery = row("9", "operate")["indicators"][0]
        assert [value["raw"] for value in recovery["values"]][1:] == ["6時間40分", "4時間10分", "4時間以内"]
        assert (recovery["unit"], recovery["bound"], recovery["direction"]) == ("分", "at_most", "decrease")
        falling = row("9")["indicators"][0]
        assert falling["direction"] == "decrease"
        assert int(figures(falling)[3] or 0) < int(figures(falling)[0] or 0)
        kept = row("10", "operate")["indicators"][0]
        assert (kept["direction"], kept["bound"]) == ("maintain", "at_least")
        assert row("5", "operate")["indicators"][0]["direction"] == "none"
        assert row("8")["indicators"][1]["values"][0]["approximate"]
        assert [one["number"] for one in row("7", "operate")["indicators"]] == ["①", "②", "計"]

    def test_a_series_says_where_it_breaks(self) -> None:
        breaks = {
            (form["kind"], form["number"], value["year"])
            for form in R8["initiatives"]
            for indicator in form["indicators"]
            for value in indicator["values"]
            if value["reason"] and not value["revision"]
        }
        assert breaks == {("advance", "10", 2025), ("operate", "2", 2024)}

    def test_places_lineage_and_marks(self) -> None:
        again = {
            form["number"]: [place["path"][-1] for place in form["placements"]]
            for form in R8["initiatives"]
            if len(form["placements"]) > 1
        }
        assert again == {"3": ["1-2", "2-1"], "11": ["2-2", "1-3"]}
        assert all(form["placements"][0]["primary"] for form in R8["initiatives"])
        events = {
            (form["kind"], form["number"]): [one["event"] for one in form["lineage"]]
            for form in R8["initiatives"]
            if form["lineage"]
        }
        assert events == {
            ("advance", "8"): ["merged"],
            ("advance", "14"): ["new"],
            ("advance", "15"): ["new"],
            ("operate", "3"): ["moved"],
        }

    def test_every_indicator_says_what_it_counts(self) -> None:
        assert all(one["definition"] for form in R8["initiatives"] for one in form["indicators"])
        assert "令和7年10月から" in row("10")["indicators"][1]["definition"]

    def test_the_text_states_another_number(self) -> None:
        for plan in (R7, R8):
            assert [warning["code"] for warning in plan["warnings"]] == ["stated-differs"]
            assert any("推進20取組" in (section["text"] or "") for section in plan["plan"]["sections"])
        assert R7["stated"]["counts"]["advance"] == 20

    def test_only_one_row_says_the_same_every_year(self) -> None:
        before = {form["title"]: form["texts"] for form in R7["initiatives"]}
        same = [
            form["title"]
            for form in R8["initiatives"]
            if form["title"] in before and form["texts"] == before[form["title"]]
        ]
        assert same == ["道路台帳"]


class TestTheYearBefore:
    def test_counts_and_words(self) -> None:
        advance = {one["group"] or one["number"] for one in R7["initiatives"] if one["kind"] == "advance"}
        assert len(advance) == 19
        assert words(R7) == {"順調": 8, "ほぼ順調": 6, "停滞": 1, "計画変更": 1, "終了": 2, "廃止": 1}
        assert dict(words(R7)) == R7["stated"]["progress"]

    def test_both_shares(self) -> None:
        """14 of the 16 that were still under way, and 14 of all 19."""
        found = words(R7)
        good, every = found["順調"] + found["ほぼ順調"], sum(found.values())
        going = every - found["終了"] - found["廃止"]
        assert (good, going, every) == (14, 16, 19)
        assert f"{100 * good / going:.1f}%" == "87.5%"
        assert any("87.5%" in (section["text"] or "") for section in R7["plan"]["sections"])

    def test_what_became_of_its_rows(self) -> None:
        found = trace(R7["initiatives"], R8["initiatives"])
        ended = {
            R7["initiatives"][index]["title"]: R7["initiatives"][index]["progress"] for index in found.ended
        }
        assert ended == {
            "税証明のコンビニ交付の追加": "終了",
            "庁内共有フォルダの移設": "終了",
            "ごみ分別アプリの単独運用": "廃止",
            "番号発券機の更新": "計画変更",
        }
        assert {R8["initiatives"][index]["number"] for index in found.fresh} == {"14", "15"}
        stated = {
            R8["initiatives"][link.after]["number"]: (link.event, R7["initiatives"][link.before]["title"])
            for link in found.links
            if link.how == "stated"
        }
        assert stated == {"8": ("merged", "SNS運用"), "3": ("moved", "基幹業務システムの標準化")}

    def test_nothing_of_the_future(self) -> None:
        years = {
            (value["kind"], value["year"])
            for form in R7["initiatives"]
            for indicator in form["indicators"]
            for value in indicator["values"]
        }
        assert years == {("actual", 2023), ("actual", 2024), ("actual", 2025), ("target", 2025)}
        first = plans.before_the_year(R7, 2025)
        assert {
            value["year"]
            for form in first["initiatives"]
            for indicator in form["indicators"]
            for value in indicator["values"]
            if value["kind"] == "actual"
        } == {2023, 2024}
        assert not words(first)
        assert not any("result" in form["texts"] or "ended" in form["flags"] for form in first["initiatives"])
        assert first["initiatives"][0]["texts"]["schedule"] == R7["initiatives"][0]["texts"]["schedule"]

    def test_older_offices(self) -> None:
        leads = {form["title"]: form["offices"][0]["name"] for form in R7["initiatives"]}
        assert leads["空家台帳"] == "環境課"
        assert leads["安全メールからLINEへの移行"] == "総務課"
        assert leads["庁内共有フォルダの移設"] == "情報管理課"


@pytest.mark.parametrize("name", FILES)
def test_files_keep_the_schema(name: str) -> None:
    raw = json.loads((DATA / name).read_text("utf-8"))
    validator = Draft202012Validator(SCHEMA)
    for document in raw if isinstance(raw, list) else [raw]:
        assert [error.message for error in validator.iter_errors(document)] == []


@pytest.mark.parametrize(
    ("name", "document"),
    EVERY,
    ids=[f"{n}-{d['plan']['first_year']}-{d['plan']['edition']}" for n, d in EVERY],
)
class TestEveryPlan:
    def test_could_be_kept_as_edited_by_hand(self, name: str, document: Form) -> None:
        """What the desk would refuse is not in the sample."""
        places = frozenset(tuple(node["path"]) for node in document["nodes"])
        plan, today = document["plan"], dt.date(2026, 6, 26)  # when the sample's newest edition comes out
        about = checks.About(places, plan["first_year"], plan["last_year"], today)
        for form in document["initiatives"]:
            parts = [
                "head",
                "offices",
                "placements",
                "tags",
                "texts",
                "stages",
                "items",
                "lineage",
                "indicators",
            ]
            parts += [f"indicators[{place}].values" for place in range(len(form["indicators"]))]
            found = [problem for part in parts for problem in checks.check(form, part, about)]
            assert found == [], (name, form["number"])

    def test_each_initiative_has_a_theme(self, name: str, document: Form) -> None:
        for form in document["initiatives"]:
            assert form["themes"], (name, form["number"])
            assert set(form["themes"]) <= set(THEMES)

    def test_no_text_stands_twice(self, name: str, document: Form) -> None:
        told = Counter(
            text
            for form in document["initiatives"]
            for key, text in form["texts"].items()
            if isinstance(text, str)
        )
        assert [text for text, number in told.items() if number > 1] == []

    def test_words_of_progress_are_as_stated(self, name: str, document: Form) -> None:
        if document["stated"]["progress"]:
            assert dict(words(document)) == document["stated"]["progress"]

    def test_each_office_is_one_of_the_town(self, name: str, document: Form) -> None:
        opened = next((one.offices for one in NEIGHBOURS if one.file == name), HISTORY)
        known = {step.name for step in opened if isinstance(step, Opened)} | {"生涯学習課"}
        for form in document["initiatives"]:
            printed = {office["name"] for office in form["offices"] if office["role"] != "group"}
            assert printed <= known, (name, form["number"])


class TestNeighbours:
    SHARED = (
        *("online-applications", "write-free-counter", "counter-cashless", "certificate-issuance-channels"),
        *("sns-line-delivery", "safety-mail", "public-gis", "open-data-catalogue", "security-training"),
        *("security-audit", "vacant-house-registry"),
    )

    def test_five_towns_share_themes(self) -> None:
        having: dict[str, set[str]] = defaultdict(set)
        for name, document in EVERY:
            for form in document["initiatives"]:
                for theme in form["themes"]:
                    having[theme].add(OWNERS.get(name, ("990019", ""))[0])
        assert {theme: len(having[theme]) for theme in self.SHARED} == dict.fromkeys(self.SHARED, 5)

    def test_figures_of_one_name_warn_who_compares_them(self) -> None:
        """Unit, way of counting, definition, year, day and status all differ somewhere."""
        bases: dict[str, list[Basis]] = defaultdict(list)
        for document in [found[-1] for name, found in ALL.items() if name != "mihon-r7.json"]:
            for form in document["initiatives"]:
                for one in form["indicators"]:
                    actual = [v for v in one["values"] if v["kind"] == "actual"]
                    if actual:
                        v = actual[-1]
                        bases[one["name"]].append(
                            Basis(
                                one["unit"] or "",
                                one["aggregation"] or "",
                                one.get("definition") or "",
                                v["year"],
                                v["status"] or "",
                                v["as_of"] or "",
                            )
                        )
        warned = {name: set(cautions(found)) for name, found in bases.items() if len(found) > 1}
        assert {"definition"} <= warned["決済件数に占めるキャッシュレスの割合"]
        assert {"unit", "aggregation", "definition"} <= warned["オンライン化手続数"]
        assert {"undefined"} <= warned["オンライン申請率"]
        assert {"unit"} <= warned["メールの登録者数"]
        assert {"aggregation", "definition"} <= warned["地図の閲覧数"]
        assert set().union(*warned.values()) >= {
            *("unit", "aggregation", "definition", "undefined", "as_of", "status"),
        }
        assert len(warned) >= 10

    def test_who_is_late_with_security(self) -> None:
        late = {
            name
            for name, document in EVERY
            for form in document["initiatives"]
            if form["progress_meaning"] in ("behind", "stopped")
            and {"security-audit", "security-training", "network-separation"} & set(form["themes"])
        }
        assert late == {"karina.json", "hinagata.json", "shisaku.json"}
        both = [
            {form["number"] for form in document["initiatives"] if form["progress"] == "遅れ"}
            for document in ALL["karina.json"]
        ]
        assert both[0] & both[1]

    def test_four_shapes(self) -> None:
        depth = {name: len(found[-1]["levels"]) for name, found in ALL.items()}
        assert (depth["karina.json"], depth["hinagata.json"], depth["reiji.json"], depth["shisaku.json"]) == (
            *(2, 1, 2, 2),
        )
        karina, hinagata, reiji, shisaku = (ALL[name][-1] for name in OWNERS)
        assert all(node["path"][-1] == node["title"] for node in karina["nodes"])
        assert all(len(form["stages"]) == 5 and form["items"] for form in hinagata["initiatives"])
        assert not any(form["indicators"] or form["progress"] for form in reiji["initiatives"])
        assert len(reiji["bodies"]) == 3
        assert Counter(len(node["path"]) for node in shisaku["nodes"]) == {1: 3, 2: 8}
        former = ALL["shisaku.json"][0]
        assert words(former) == {"達成済み": 4, "推進中": 2, "検討中": 2, "廃止": 2}
        assert [document["plan"]["edition"] for document in ALL["karina.json"]] == [
            "令和7年度版",
            "令和8年度版",
        ]


def test_no_real_municipality_is_named() -> None:
    with (files("yakuba.kernel.town") / "data" / "municipalities.csv").open(encoding="utf-8") as table:
        names = {line["name"] for line in csv.DictReader(table) if re.search("[市町村]$", line["name"])}
    text = "\n".join(
        (DATA / name).read_text("utf-8") for name in (*FILES, "mihon.txt", "mihon-r9.txt", "calendar.csv")
    )
    long = [name for name in names if len(name) > 2]
    assert [name for name in long if name in text] == []
