"""Codes of other surveys: written by form and by sheet, carried on, and answered with what the plan holds already."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.services.plan.edition_sample import take_in
from tests.services.plan.forms import document, indicator, initiative, value
from tests.services.plan.test_portal_overview import plain, text_of
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.sheets import xlsx
from yakuba.services.plan import actions
from yakuba.services.plan.models import Edition, Initiative, OutsideCode
from yakuba.services.plan.outside import answers, codes, queries
from yakuba.services.plan.outside.tables import answer_table

CODE = "990019"
SAMPLE = [
    initiative(
        "1", "電子申請の拡大", kind="advance", progress="順調", progress_meaning="on_track",
        texts={"result": "75手続になりました。"},
        indicators=[
            indicator(
                "手続数",
                [
                    value("50", 2022, "baseline", number="50"), value("75", 2024, number="75", status="final"),
                    value("100", 2024, "target", number="100"), value("150", 2026, "target", number="150"),
                ],
                unit="手続", direction="increase",
            ),
            indicator("満足度", [value("80%", 2024, number="80", status="provisional")], unit="%"),
        ],
    ),
    initiative("2", "犬の台帳", kind="advance"),
]  # fmt: skip


@pytest.fixture
def draft(mihon: Town) -> Edition:
    return take_in(mihon, document(SAMPLE))


def row(of: Edition, title: str) -> Initiative:
    return Initiative.unscoped.get(edition=of, title=title)


def keep(town: Town, of: Edition, title: str, position: int = 0, **cells: str) -> None:
    ctx = town.ctx("plan_secretariat")
    item = next(
        one
        for one in queries.items(ctx, of)
        if (one.initiative, one.position) == (row(of, title).pk, position)
    )
    actions.keep_codes(
        ctx, of, actions.KeepCodes([{"initiative": str(item.initiative), "position": position, "seen": item.seen, "codes": cells}])
    )  # fmt: skip
    of.refresh_from_db()


def lines(
    town: Town, of: Edition, system: str, year: int = 2024, phase: Any = "provisional"
) -> list[answers.Line]:
    return answers.answers(town.ctx("plan_secretariat"), of, system, FiscalYear(year), phase)


class TestCells:
    @given(st.lists(st.text(alphabet="0123456789-ABア", min_size=1, max_size=8), max_size=8, unique=True))
    def test_what_is_written_is_read_again(self, found: list[str]) -> None:
        written = codes.written({"project": tuple(found)}, "project")
        assert codes.read(written, "project") == tuple(found)

    def test_separators_of_people(self) -> None:
        assert codes.read(" 01, 02，03\n01 ", "project") == ("01", "02", "03")

    def test_what_is_too_long_or_too_many_is_refused(self) -> None:
        with pytest.raises(Problem):
            codes.read("1" * 61, "project")
        with pytest.raises(Problem):
            codes.read("、".join(str(n) for n in range(21)), "project")


@pytest.mark.django_db
class TestKeeping:
    def test_codes_of_an_initiative_and_of_its_indicator(self, mihon: Town, draft: Edition) -> None:
        keep(mihon, draft, "電子申請の拡大", project="0101、0102")
        keep(mihon, draft, "電子申請の拡大", 1, strategy="KPI-3")
        found = {one.position: one.codes for one in queries.items(mihon.ctx("staff"), draft) if one.codes}
        assert found == {0: {"project": ("0101", "0102")}, 1: {"strategy": ("KPI-3",)}}
        keep(mihon, draft, "電子申請の拡大", project="0102")
        assert list(OutsideCode.unscoped.filter(position=0).values_list("code", flat=True)) == ["0102"]

    def test_who_saw_other_codes_overwrites_nothing(self, mihon: Town, draft: Edition) -> None:
        keep(mihon, draft, "電子申請の拡大", project="0101")
        stale: actions.CodeRow = {
            "initiative": str(row(draft, "電子申請の拡大").pk), "position": 0, "seen": codes.mark({}), "codes": {"project": "9"},
        }  # fmt: skip
        with pytest.raises(Problems):
            actions.keep_codes(mihon.ctx("plan_secretariat"), draft, actions.KeepCodes([stale]))
        assert OutsideCode.unscoped.get().code == "0101"

    @pytest.mark.parametrize(
        "rows", [[], [{}], [{"initiative": "x", "position": 0, "seen": 1, "codes": {}}], "x"]
    )
    def test_other_shapes_are_refused(self, mihon: Town, draft: Edition, rows: Any) -> None:
        with pytest.raises(Problem):
            actions.keep_codes(mihon.ctx("plan_secretariat"), draft, actions.KeepCodes(rows))

    def test_the_next_edition_has_them_and_a_removed_row_takes_its_codes_along(
        self, mihon: Town, draft: Edition
    ) -> None:
        keep(mihon, draft, "電子申請の拡大", project="0101")
        keep(mihon, draft, "電子申請の拡大", 1, strategy="KPI-3")
        ctx = mihon.ctx("plan_secretariat")
        following = actions.next_edition(
            ctx, None,
            actions.NextEdition(str(draft.pk), draft.version, FiscalYear(2025), "令和7年度版", [str(row(draft, "電子申請の拡大").pk)]),
        )  # fmt: skip
        found = [one.codes for one in queries.items(ctx, following) if one.codes]
        assert found == [{"project": ("0101",)}, {"strategy": ("KPI-3",)}]
        gone = row(following, "電子申請の拡大")
        actions.remove_initiative(
            ctx, following, actions.RemoveInitiative(str(gone.pk), gone.version, "重複")
        )
        assert not OutsideCode.unscoped.filter(edition=following).exists()
        assert OutsideCode.unscoped.filter(edition=draft).count() == 2


@pytest.mark.django_db
class TestAnswers:
    def test_a_code_of_an_initiative_asks_for_all_its_indicators(self, mihon: Town, draft: Edition) -> None:
        keep(mihon, draft, "電子申請の拡大", project="0101")
        first, second = lines(mihon, draft, "project")
        assert first.cells["code"] == "0101"
        assert (first.cells["target"], first.cells["actual"], first.cells["rate"]) == (100, 75, 75)
        assert first.cells["result"] == "75手続になりました。"
        assert second.cells["indicator"] == "満足度"
        assert second.cells["status"] == "見込"

    def test_another_years_sheet_has_neither_its_words_nor_its_target(
        self, mihon: Town, draft: Edition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep(mihon, draft, "電子申請の拡大", project="0101")
        said = answers.Said("60", "確定", "計画", Decimal(60))
        monkeypatch.setattr(answers, "figure", lambda *_given, **_more: said)
        one = lines(mihon, draft, "project", 2025)[0]
        assert one.cells["actual"] == 60
        assert (one.cells["target"], one.cells["rate"]) == ("", ""), "2026 has a target, 2025 none"
        assert (one.cells["progress"], one.cells["result"]) == ("", "")

    def test_numbers_are_number_cells_and_the_unit_stands_in_its_column(
        self, mihon: Town, draft: Edition
    ) -> None:
        keep(mihon, draft, "電子申請の拡大", project="0101")
        table, _lines = answer_table(
            mihon.ctx("plan_secretariat"), draft, "project", FiscalYear(2024), "provisional"
        )
        file = io.BytesIO()
        xlsx.write(table, file)
        sheet = openpyxl.load_workbook(file).worksheets[0]
        rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
        head = next(n for n, line in enumerate(rows) if "コード" in line)
        place = {name: n for n, name in enumerate(rows[head])}
        first, second = rows[head + 1], rows[head + 2]
        assert [first[place[name]] for name in ("単位", "目標値", "実績値", "達成率（％）")] == [
            "手続",
            100,
            75,
            75,
        ]
        assert (second[place["単位"]], second[place["実績値"]]) == ("%", 80)

    @pytest.mark.parametrize(
        ("text", "unit", "wanted"),
        [
            ("1,204件", "件", Decimal(1204)), ("97.1％", "%", Decimal("97.1")), ("７５", "", Decimal(75)),
            ("80%以上", "%", "80%以上"), ("検討中", "", "検討中"), ("80%", "", "80%"), ("", "件", ""),
        ],
    )  # fmt: skip
    def test_only_a_number_with_its_unit_is_one(self, text: str, unit: str, wanted: object) -> None:
        assert answers.bare(text, unit) == wanted

    def test_a_final_sheet_leaves_open_what_is_not_final(self, mihon: Town, draft: Edition) -> None:
        keep(mihon, draft, "電子申請の拡大", 2, strategy="KPI-4")
        assert lines(mihon, draft, "strategy")[0].cells["actual"] == 80
        final = lines(mihon, draft, "strategy", phase="final")[0]
        assert final.open
        assert final.cells["actual"] == ""

    def test_without_indicators_the_initiative_answers_itself(self, mihon: Town, draft: Edition) -> None:
        keep(mihon, draft, "犬の台帳", other="S-1")
        assert lines(mihon, draft, "other")[0].open

    def test_what_the_plan_says_counts_before_what_is_measured(self) -> None:
        one = SAMPLE[0]["indicators"][0]
        taken = Figure(Period.year(FiscalYear(2024)), Decimal(80), status="final")
        said = answers.figure(one, 2024, "final", taken, None, "手続")
        assert said is not None
        assert (said.raw, said.source) == ("75", "計画")
        said = answers.figure(one, 2025, "final", taken, None, "手続")
        assert said is not None
        assert (said.raw, said.source) == ("80手続", "計測")

    def test_a_wanted_fall_has_no_share_of_its_target(self) -> None:
        one = indicator("紙", [value("50", 2024, number="50")], direction="decrease")
        said = answers.figure(one, 2024, "provisional", None, None, "")
        assert said is not None
        assert answers._rate(one, said, value("40", 2024, "target", number="40")) == ""


@pytest.mark.django_db
class TestPages:
    def test_form_list_and_answers(self, client: Client, mihon: Town, draft: Edition) -> None:
        sign_in(client, mihon.account("plan_secretariat"))
        of = row(draft, "電子申請の拡大")
        path = f"/{CODE}/desk/plan/initiatives/{of.pk}/codes/"
        html = text_of(client, path)
        assert "手続数" in html
        fields = {f"{n}-seen": str(codes.mark({})) for n in range(3)}
        answer = client.post(path, {**fields, "0-project": "0101", "1-strategy": "KPI-3"})
        assert answer.status_code == 303
        words = plain(text_of(client, f"/{CODE}/desk/plan/editions/{draft.pk}/codes/?filter.coded=yes"))
        assert "0101" in words
        assert "犬の台帳" not in words
        words = plain(
            text_of(
                client,
                f"/{CODE}/desk/plan/editions/{draft.pk}/answers/?survey=strategy&year=2024&phase=final",
            )
        )
        assert "KPI-3 手続数" in words
        text_of(client, f"/{CODE}/desk/plan/editions/{draft.pk}/answers/?survey=none", 404)
        answer = client.get(f"/{CODE}/desk/plan/editions/{draft.pk}/answers.csv?survey=project&year=2024")
        text = b"".join(answer).decode("utf-8-sig")
        assert text.startswith("コード,取組,担当,指標")
        assert "0101,電子申請の拡大" in text

    def test_what_is_wrong_is_told_at_its_field(self, client: Client, mihon: Town, draft: Edition) -> None:
        sign_in(client, mihon.account("plan_secretariat"))
        of = row(draft, "犬の台帳")
        answer = client.post(
            f"/{CODE}/desk/plan/initiatives/{of.pk}/codes/",
            {"0-seen": str(codes.mark({})), "0-project": "1" * 61, "0-strategy": "KPI-9"},
        )
        assert answer.status_code == 422
        html = answer.content.decode()
        assert "60文字以内" in html
        assert "KPI-9" in html

    def test_a_sheet_goes_out_and_comes_back(self, client: Client, mihon: Town, draft: Edition) -> None:
        sign_in(client, mihon.account("plan_secretariat"))
        base = f"/{CODE}/desk/plan/editions/{draft.pk}/codes"
        answer = client.get(f"{base}.csv")
        text = b"".join(answer).decode("utf-8-sig")
        heads, *rest = text.splitlines()
        place = heads.split(",").index("事務事業評価のコード")
        cells = rest[0].split(",")
        cells[place] = "0101、0102"
        file = io.BytesIO("\n".join([heads, ",".join(cells), *rest[1:]]).encode())
        file.name = "codes.csv"
        page = client.post(f"{base}/import/", {"file": file})
        assert page.status_code == 200, plain(page.content.decode())
        html = page.content.decode()
        assert "1件のコードが変わります" in plain(html)
        assert not OutsideCode.unscoped.exists()
        changes = page.context["changes"]
        assert client.post(f"{base}/import/confirm/", {"changes": changes}).status_code == 303
        assert OutsideCode.unscoped.count() == 2

    def test_staff_read_and_do_not_write(self, client: Client, mihon: Town, draft: Edition) -> None:
        sign_in(client, mihon.account("staff"))
        of = row(draft, "犬の台帳")
        html = text_of(client, f"/{CODE}/desk/plan/initiatives/{of.pk}/codes/")
        assert "<form" not in html.split("<main")[1]


@pytest.mark.django_db
def test_the_command_writes_an_answer_sheet(
    mihon: Town, draft: Edition, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from yakuba.cli import main

    keep(mihon, draft, "電子申請の拡大", project="0101")
    target = tmp_path / "answers.csv"
    given = ["plan", "answers", "--municipality", CODE, "--survey", "事務事業評価", "--year", "R6"]
    assert main([*given, "--status", "確定", "--output", str(target)]) == 0
    text = target.read_bytes().decode("utf-8-sig")
    assert "0101,電子申請の拡大,,手続数,手続,100,75,75,確定" in text
    assert "まだ値がない行1" in capsys.readouterr().err
    assert main([*given[:-3], "nothing", "--year", "R6"]) == 1
