"""Measuring, freezing, correcting, settling and loading an older system's history: as actions and as pages."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.engines.metrics.sample import KEY, Said, said
from tests.signin import sign_in
from tests.world import Town, make_town
from yakuba.engines.metrics import loading, queries, store
from yakuba.engines.metrics.actions import (
    CorrectFigure,
    FreezeFigure,
    LoadEarlier,
    MeasureNow,
    SettleMetric,
    correct_figure,
    freeze_figure,
    load_earlier,
    measure_now,
    settle_metric,
)
from yakuba.engines.metrics.actions.loading import sent
from yakuba.engines.metrics.declaring import METRICS
from yakuba.engines.metrics.loading import Reading
from yakuba.engines.metrics.models import FrozenFigure, MetricSetting, PublicFigure
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import Given
from yakuba.engines.metrics.sources import SOURCES
from yakuba.engines.metrics.uses import USES, Use, Uses
from yakuba.kernel.actions import SUBJECTS, Context, Problem, Problems
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.sheets.reading import read
from yakuba.kernel.trail.models import TrailEntry
from yakuba.kernel.trail.queries import payload_of

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=JAPAN)
R6, R7, R8 = (Period.year(FiscalYear(year)) for year in (2024, 2025, 2026))
WHY = "集計の漏れを直しました。"
DESK = f"/990019/desk/metrics/{KEY}/"


@pytest.fixture
def answers() -> Iterator[Said]:
    with said() as found, clock.frozen(NOW):
        yield found


@pytest.fixture
def town() -> Town:
    return make_town("990019", "見本市")


@pytest.fixture
def head(town: Town, answers: Said) -> Context:
    return town.ctx("plan_secretariat")


@pytest.fixture
def desk(client: Client, town: Town) -> Client:
    sign_in(client, town.account("plan_secretariat"))
    return client


def of(period: Period) -> dict[str, object]:
    return {"metric": KEY, "kind": period.kind, "day": period.last}


def figure(ctx: Context, period: Period) -> Decimal | None:
    found = queries.figures(ctx, KEY, [period]).get(period)
    return found.number if found else None


def told(action: str) -> list[tuple[str, str, str]]:
    """What the newest entry of an action says of values: which, before and after."""
    payload = payload_of(TrailEntry.unscoped.filter(action=action).latest("id"))
    assert payload is not None
    notes: Any = payload["notes"]  # Any: JSON
    return [(one["path"], one["from"], one["to"]) for one in notes["cells"]]


# --- actions ------------------------------------------------------------------------------------------------------------
def test_measured_at_once(answers: Said, town: Town, head: Context) -> None:
    answers.say(town.ref.id, R8, 7)
    made = measure_now(head, None, MeasureNow(**of(R8)))  # type: ignore[arg-type]
    assert (made.number, PublicFigure.unscoped.get().number) == (7, 7)
    settle_metric(head, None, SettleMetric(metric=KEY, public=True, since=dt.date(2027, 1, 1)))
    with pytest.raises(Problem) as refused:
        measure_now(head, None, MeasureNow(**of(R7)))  # type: ignore[arg-type]
    assert refused.value.code == "not_measured"


@pytest.mark.parametrize(
    ("kind", "day", "code"),
    [("year", dt.date(2027, 4, 1), "future"), ("month", dt.date(2026, 11, 1), "kind")],
)
def test_no_such_period(head: Context, kind: str, day: dt.date, code: str) -> None:
    with said(every=("year",)), pytest.raises(Problem) as refused:
        measure_now(head, None, MeasureNow(metric=KEY, kind=kind, day=day))
    assert refused.value.code == code


def test_frozen_by_a_person(answers: Said, town: Town, head: Context) -> None:
    answers.say(town.ref.id, R7, 75)
    made = freeze_figure(head, None, FreezeFigure(**of(R7), ground="議会への報告"))  # type: ignore[arg-type]
    assert (made.number, made.ground, made.origin) == (75, "議会への報告", "measured")
    assert PublicFigure.unscoped.get().status == "final"
    assert told("metrics.freeze") == [("令和7年度 値", "", "75件"), ("令和7年度 確度", "", "確定")]
    for period, code in ((R7, "frozen"), (R8, "runs")):
        with pytest.raises(Problem) as refused:
            freeze_figure(head, None, FreezeFigure(**of(period), ground="もう一度"))  # type: ignore[arg-type]
        assert refused.value.code == code


def test_corrected_with_its_reason(answers: Said, town: Town, head: Context) -> None:
    answers.say(town.ref.id, R7, 75)
    made = correct_figure(
        head,
        None,
        CorrectFigure(**of(R7), number=Decimal(76), reason=WHY),  # type: ignore[arg-type]
    )
    assert (made.revision, made.reason) == (1, WHY)
    shown = PublicFigure.unscoped.get()
    assert (shown.number, shown.revision, shown.note) == (76, 1, WHY)
    entry = TrailEntry.unscoped.get(action="metrics.correct")
    assert (entry.reason, entry.subject_label) == (WHY, f"{METRICS.get(KEY).label} 令和7年度")
    assert told("metrics.correct")[0] == ("令和7年度 値", "75件", "76件")
    assert SUBJECTS["metric_frozen"].url(head, made) == DESK


def test_the_second_of_two_corrections_from_one_page_is_told(
    answers: Said, town: Town, head: Context, desk: Client
) -> None:
    answers.say(town.ref.id, R7, 75)
    store.measure(R7, [KEY])
    here = f"{DESK}correct/"
    page = desk.get(here, {"period": "令和7年度"}).content.decode()
    assert '<input type="hidden" name="seen" value="0">' in page
    said_ = {"period": "令和7年度", "do": "correct", "seen": "0", "reason": WHY}
    assert desk.post(here, {**said_, "number": "76"}).status_code == 303
    second = desk.post(here, {**said_, "number": "77"})
    assert second.status_code == 409
    assert "ほかの人が先に" in second.content.decode()
    assert '<input type="hidden" name="seen" value="1">' in second.content.decode()
    assert figure(head, R7) == 76
    assert desk.post(here, {**said_, "number": "77", "seen": "1"}).status_code == 303
    assert figure(head, R7) == 77


def test_what_another_wrote_at_the_same_moment_is_told(
    answers: Said, town: Town, head: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers.say(town.ref.id, R7, 75)
    freeze_figure(head, None, FreezeFigure(**of(R7), ground="議会への報告"))  # type: ignore[arg-type]
    monkeypatch.setattr(store, "_frozen_rows", lambda _ctx, _key: FrozenFigure.unscoped.none())
    with pytest.raises(Problem) as refused:
        SOURCES.get("metric").freeze(head, {"metric": KEY}, [R7], "同時に")
    assert refused.value.code == "stale"
    assert FrozenFigure.unscoped.count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"number": "76", "numerator": "1"}, "both"),
        ({"numerator": "5", "denominator": "4"}, "numerator"),
        ({"numerator": "1", "denominator": "0"}, "denominator"),
        ({"number": "30", "numerator": "1", "denominator": "3"}, "differs"),
        ({"number": "270.99"}, "range"),
        ({"number": "-1"}, "range"),
        ({}, "number"),
    ],
)
def test_a_share_fits_its_two_numbers(town: Town, given: dict[str, str], code: str) -> None:
    with said(aggregation="ratio", empty="none") as answers, clock.frozen(NOW):
        answers.share(town.ref.id, R7, 1, 4)
        data = CorrectFigure(**of(R7), reason=WHY, **{key: Decimal(one) for key, one in given.items()})  # type: ignore[arg-type]
        with pytest.raises(Problem) as refused:
            correct_figure(town.ctx("plan_secretariat"), None, data)
        assert refused.value.code == code
        assert not FrozenFigure.unscoped.exists(), "what is refused freezes nothing"
        whole = CorrectFigure(
            **of(R7),  # type: ignore[arg-type]
            number=Decimal("33.3"),
            numerator=Decimal(1),
            denominator=Decimal(3),
            reason=WHY,
        )
        assert correct_figure(town.ctx("plan_secretariat"), None, whole).number == Decimal("33.333333")


def test_settled_and_settled_anew(answers: Said, town: Town, head: Context) -> None:
    answers.say(town.ref.id, R8, 7)
    measure_now(head, None, MeasureNow(**of(R8)))  # type: ignore[arg-type]
    office = town.offices["own"]
    setting = settle_metric(
        head, None, SettleMetric(metric=KEY, public=False, office=str(office.pk), note="例")
    )
    assert (setting.public, setting.office_id) == (False, office.pk)
    assert not PublicFigure.unscoped.exists(), "it goes at once"
    settle_metric(head, setting, SettleMetric(metric=KEY, public=True))
    assert PublicFigure.unscoped.get().number == 7
    with pytest.raises(Problem) as refused:
        settle_metric(head, None, SettleMetric(metric=KEY, public=True))
    assert refused.value.code == "twice"
    elsewhere = make_town("990027", "例示町").offices["own"]
    with pytest.raises(Problem) as refused:
        settle_metric(head, setting, SettleMetric(metric=KEY, office=str(elsewhere.pk)))
    assert refused.value.field == "office"


def test_what_is_the_desks_own_is_not_made_public(town: Town) -> None:
    with said(public=False), pytest.raises(Problem) as refused:
        settle_metric(town.ctx("plan_secretariat"), None, SettleMetric(metric=KEY, public=True))
    assert refused.value.field == "public"


# --- an older system's history ------------------------------------------------------------------------------------------
def loaded(head: Context, *rows: Given, **how: object) -> FrozenFigure:
    data = LoadEarlier(metric=KEY, rows=[sent(one) for one in rows], **how)  # type: ignore[arg-type]
    return load_earlier(head, None, data)


def test_loaded_with_the_day_from_which_ours_count(answers: Said, town: Town, head: Context) -> None:
    answers.say(town.ref.id, R8, 80)
    made = loaded(head, Given(R6, Decimal(70)), Given(R7, Decimal(75)), since=R8.first)
    assert (made.definition_version, made.last) == (0, R7.last)
    assert MetricSetting.unscoped.get().since == R8.first
    store.measure(R7, [KEY])
    store.measure(R8, [KEY])
    line = queries.history(head, KEY, "year", R6.first, R8.last)
    assert [(one.version, one.number) for one in line] == [(0, 70), (0, 75), (1, 80)]
    with pytest.raises(Problem) as refused:
        loaded(head, Given(R7, Decimal(75)))
    assert refused.value.code == "same"
    assert told("metrics.load") == [("令和6年度 値", "", "70件"), ("令和7年度 値", "", "75件")]
    loaded(head, Given(R6, Decimal(70)), Given(R7, Decimal(76)))
    assert told("metrics.load") == [("令和7年度 値", "75件", "76件")]


def test_the_same_history_again_leaves_a_correction(
    desk: Client, answers: Said, town: Town, head: Context
) -> None:
    """The file still has the number that was wrong; no automatic reason takes it back."""
    settle_metric(head, None, SettleMetric(metric=KEY, public=True, since=R8.first))
    history = [Given(R6, Decimal(70)), Given(R7, Decimal(75))]
    loaded(head, *history)
    correct_figure(head, None, CorrectFigure(**of(R7), number=Decimal(57), reason=WHY))  # type: ignore[arg-type]
    with pytest.raises(Problem) as refused:
        loaded(head, *history, reason="もう一度")
    assert refused.value.code == "same"
    assert figure(head, R7) == 57
    text = previewed(desk, "年度,値\n令和6年度,70\n令和7年度,75\n")
    assert "57件（訂正済み）" in text
    assert 'name="over_corrected"' in text
    kept = re.search(r'name="kept" value="([^"]+)"', text)
    assert kept is not None
    form = {"kept": kept[1], "since": "令和8年4月1日", "do": "keep", "over_corrected": "1"}
    assert "「理由」が空です" in page(desk.post(f"{DESK}load/", form), 422)
    assert (
        desk.post(f"{DESK}load/", {**form, "reason": "元の集計が正しいと分かりました。"}).status_code == 303
    )
    made = FrozenFigure.unscoped.latest("revision")
    assert (made.last, made.revision, made.origin, figure(head, R7)) == (R7.last, 2, "earlier", 75)
    assert 'name="over_corrected"' not in previewed(desk, "年度,値\n令和7年度,75\n")


def previewed(desk: Client, text: str) -> str:
    upload = SimpleUploadedFile("history.csv", text.encode())
    return page(desk.post(f"{DESK}load/", {"file": upload}))


@pytest.mark.parametrize(("ours", "asks"), [(90, False), (91, True), (60, False), (59, True)])
def test_beyond_twenty_percent_a_reason(
    answers: Said, town: Town, head: Context, ours: int, asks: bool
) -> None:
    answers.say(town.ref.id, R7, ours)
    store.measure(R7, [KEY])
    if asks:
        with pytest.raises(Problem) as refused:
            loaded(head, Given(R7, Decimal(75)))
        assert refused.value.field == "reason"
        loaded(head, Given(R7, Decimal(75)), reason="窓口の分を加えて数えています。")
    else:
        loaded(head, Given(R7, Decimal(75)))
    assert FrozenFigure.unscoped.get().definition_version == 0


def test_rows_are_refused_at_their_places(head: Context) -> None:
    future = Period.year(FiscalYear(2027))
    rows = [sent(Given(R7, Decimal(75))), sent(Given(future, Decimal(1))), {"kind": "year"}]
    with pytest.raises(Problems) as refused:
        load_earlier(head, None, LoadEarlier(metric=KEY, rows=rows))  # type: ignore[arg-type]
    assert [one.field.partition(".")[0] for one in refused.value.problems] == ["1", "2"]
    assert not FrozenFigure.unscoped.exists()


# --- its file -----------------------------------------------------------------------------------------------------------
def reading(text: str, names: dict[str, str] | None = None) -> Reading:
    cells = read(io.BytesIO(text.encode("cp932")))
    return loading.read(METRICS.get(KEY), cells, names or {}, dt.date(2026, 11, 22))


def test_a_file_as_offices_have_them(answers: Said) -> None:
    found = reading(
        'オンライン化手続数の推移,,\n\n年度,実績値（件）,備考\n令和５年度,６５,\nR6,70件,\n2025年度,"1,075",概数\n令和8年度,―,\n'
    )
    assert [(one.period.first.year, one.number, one.line) for one in found.rows] == [
        (2023, 65, 4),
        (2024, 70, 5),
        (2025, 1075, 6),
    ]
    assert (found.empty, list(found.ignored), list(found.faults)) == (1, ["備考"], [])


def test_what_still_runs_is_no_figure_of_an_older_system(answers: Said) -> None:
    found = reading("年度,実績値\n令和8年度,96\n令和7年度,84\n")
    assert [one.number for one in found.rows] == [84]
    assert [(fault.address, fault.message) for fault in found.faults] == [
        ("A2", "令和8年度は、まだ終わっていません。")
    ]


def test_months_days_and_parts(answers: Said) -> None:
    found = reading(
        "期間,値,窓口,オンライン\n令和7年4月,10,4,6\nR080301,12,5,7\n令和6年度,100,60,40\n",
        {"web": "オンライン", "desk": "窓口"},
    )
    assert [(one.period.kind, one.number, one.parts) for one in found.rows] == [
        ("month", 10, {"desk": 4, "web": 6}),
        ("as_of", 12, {"desk": 5, "web": 7}),
        ("year", 100, {"desk": 60, "web": 40}),
    ]


def test_faults_stand_at_their_cells(answers: Said) -> None:
    found = reading("年度,値\n令和7年度,多数\n令和7年4月,5\n令和6年度,70\n令和6年度,71\n令和9年度,1\n")
    assert [one.address for one in found.faults] == ["B2", "A3", "A5", "A6"]
    assert "A4" in found.faults[2].message


@pytest.mark.parametrize(
    ("text", "code"), [("名前,住所\na,b\n", "head_missing"), ("年度,値\n令和6年度,―\n", "empty")]
)
def test_a_file_that_says_nothing(answers: Said, text: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        reading(text)
    assert refused.value.code == code


def test_a_share_of_more_than_all_is_a_fault_at_its_cell() -> None:
    with said(aggregation="ratio", unit="%", empty="none"):
        found = reading("年度,値,分子,分母\n令和6年度,270.99,,\n令和7年度,,27099,10000\n")
    assert [one.address for one in found.faults] == ["B2", "C3"]
    assert not found.rows


def test_shares_from_their_two_numbers(town: Town) -> None:
    with said(aggregation="ratio", unit="%", empty="none"):
        found = reading("年度,値,分子,分母\n令和6年度,,1,3\n令和7年度,33.3%,1,3\n令和5年度,50,1,3\n")
    assert [one.number for one in found.rows] == [Decimal("33.333333"), Decimal("33.333333")]
    assert [one.address for one in found.faults] == ["B4"]


# --- pages --------------------------------------------------------------------------------------------------------------
def page(answer: HttpResponse, status: int = 200) -> str:
    text = answer.content.decode()
    assert answer.status_code == status, text[:400]
    return text


def test_the_metrics_page_leads_to_what_is_decided(desk: Client, answers: Said, town: Town) -> None:
    text = page(desk.get(DESK))
    for name in ("correct", "load", "settings"):
        assert f"{DESK}{name}/" in text
        page(desk.get(f"{DESK}{name}/"))
    sign_in(desk, town.account("staff"))
    assert f"{DESK}correct/" not in page(desk.get(DESK))


def test_a_period_is_opened_measured_frozen_and_corrected(desk: Client, answers: Said, town: Town) -> None:
    answers.say(town.ref.id, R7, 75)
    opened = page(desk.get(f"{DESK}correct/?period=令和7年度"))
    assert "まだありません" in opened
    assert "「いつか」は使えません" in page(desk.get(f"{DESK}correct/?period=いつか"), 422)
    for data in (
        {"do": "measure"},
        {"do": "freeze", "ground": "点検"},
        {"do": "correct", "number": "76", "reason": WHY},
    ):
        answer = desk.post(f"{DESK}correct/", {"period": "令和7年度", **data})
        assert answer.status_code == 303, answer.content.decode()[:400]
    text = page(desk.get(f"{DESK}correct/?period=令和7年度"))
    assert "76件" in text
    assert WHY in text
    assert "いまの値で確定する" not in text
    refused = page(
        desk.post(f"{DESK}correct/", {"period": "令和7年度", "do": "correct", "number": "77"}), 422
    )
    assert 'value="77"' in refused


def test_settings_are_kept_and_stale_ones_refused(desk: Client, answers: Said, town: Town) -> None:
    office = str(town.offices["own"].pk)
    sent_form = {"public": "1", "office": office, "since": "令和8年4月1日", "note": "例", "version": "0"}
    assert desk.post(f"{DESK}settings/", sent_form).status_code == 303
    setting = MetricSetting.unscoped.get()
    assert (setting.since, str(setting.office_id)) == (dt.date(2026, 4, 1), office)
    assert "令和8年4月1日" in page(desk.get(f"{DESK}settings/"))
    page(desk.post(f"{DESK}settings/", {**sent_form, "version": str(setting.version - 1)}), 409)


def test_a_file_is_looked_at_and_taken_in(desk: Client, answers: Said, town: Town) -> None:
    answers.say(town.ref.id, R7, 100)
    store.measure(R7, [KEY])
    use = Use("手続のオンライン化", "令和8年度版", "/990019/desk/plan/", target=Decimal(120))
    with USES.temporarily("test", Uses(lambda _ctx, _one: [use], lambda _ctx, _one: [])):
        file = SimpleUploadedFile("推移.csv", "年度,値\n令和6年度,70\n令和7年度,75\n".encode())
        text = page(desk.post(f"{DESK}load/", {"file": file}))
        assert "120件 × 100件 ÷ 75件" in text
        assert "160件" in text
        kept = re.search(r'name="kept" value="([^"]+)"', text)
        assert kept is not None
        form = {"kept": kept[1], "since": "", "target": "150", "do": "read"}
        assert "200件" in page(desk.post(f"{DESK}load/", form))
        page(desk.post(f"{DESK}load/", {**form, "do": "keep"}), 422)
        assert not FrozenFigure.unscoped.exists()
        page(desk.post(f"{DESK}load/", {**form, "since": "そのうち"}), 422)
        assert desk.post(f"{DESK}load/", {**form, "do": "keep", "reason": WHY}).status_code == 303
    rows = FrozenFigure.unscoped.order_by("last")
    assert [(one.number, one.definition_version, one.line, one.reason) for one in rows] == [
        (70, 0, 2, WHY),
        (75, 0, 3, WHY),
    ]
    assert rows[0].file is not None
    assert rows[0].file.name == "推移.csv"
    page(desk.post(f"{DESK}load/", {"kept": kept[1] + "x", "do": "keep"}), 422)


def test_a_file_with_faults_is_not_kept(desk: Client, answers: Said) -> None:
    file = SimpleUploadedFile("推移.csv", "年度,値\n令和6年度,多数\n".encode())
    text = page(desk.post(f"{DESK}load/", {"file": file}), 422)
    assert "B2：" in text


def test_others_are_not_let_in(client: Client, answers: Said, town: Town) -> None:
    sign_in(client, town.account("staff"))
    for name in ("correct", "load", "settings"):
        assert client.get(f"{DESK}{name}/").status_code == 403
