"""The walk of the clerk: a file dropped, laid beside what is there, one cell put right, confirmed; in June 確定. And the list of 501."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from contextlib import closing
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from openpyxl import Workbook

from tests.engines.metrics.series.sample import PEOPLE, SHARE, count, fresh, people, series, typed
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.metrics.models import Series, SeriesValue
from yakuba.engines.metrics.series import actions
from yakuba.engines.metrics.series.layout import Layout
from yakuba.engines.metrics.series.views.defining import layout_typed
from yakuba.kernel.access.desk import waiting
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.files import store as files
from yakuba.kernel.files.models import StoredFile

pytestmark = pytest.mark.django_db
MAY = dt.datetime(2026, 5, 10, 3, tzinfo=dt.UTC)
ELTAX = (
    "対象年月,電子申告件数,申告総数\r\n令和８年３月分,84,100\r\n令和８年４月分,４１件,五十\r\n計,125,150\r\n"
)


def at_desk(town: Town, role: str = "plan_editor", office: str = "own") -> Client:
    client = Client()
    sign_in(client, town.account(role, office))
    return client


def here(town: Town, found: Series, *more: str) -> str:
    return "/".join([f"/{town.ref.code}/desk/metrics/series/{found.pk}", *more, ""])


def dropped(
    client: Client, town: Town, found: Series, data: bytes, name: str = "eltax.csv", **more: str
) -> HttpResponse:
    return client.post(
        here(town, found, "bring"), {"file": SimpleUploadedFile(name, data), "status": "preliminary", **more}
    )


def kept(answer: HttpResponse) -> str:
    found = re.search(r'name="kept" value="([^"]+)"', answer.content.decode())
    assert found is not None, answer.content.decode()[:2000]
    return found[1]


def test_the_clerks_april_and_june(mihon: Town) -> None:
    with clock.frozen(MAY):
        found = typed(mihon.ctx("plan_editor"), series(mihon), 2025, 3, numerator="80", denominator="100")
        client = at_desk(mihon)
        first = client.get(here(mihon, found))
        assert "対象年月" in first.content.decode()
        look = dropped(client, mihon, found, ELTAX.encode("cp932"))
        text = look.content.decode()
        assert look.status_code == 422
        assert "fix-C3" in text
        assert "五十" in text
        assert "この内容を届ける" not in text
        assert SeriesValue.unscoped.count() == 1
        again = client.post(
            here(mihon, found, "bring"),
            {"kept": kept(look), "fix-C3": "50", "do": "read", "status": "preliminary"},
        )
        text = again.content.decode()
        assert again.status_code == 200
        assert "C3を「50」に直しました" in text
        assert "80/100" in text or "80%" in text
        assert "+4" in text
        done = client.post(
            here(mihon, found, "bring"), {"kept": kept(again), "do": "keep", "status": "preliminary"}
        )
        assert done.status_code == 303, done.content.decode()[:3000]
        april = SeriesValue.unscoped.get(last=dt.date(2026, 4, 30))
        assert (april.numerator, april.denominator, april.number, april.line) == (41, 50, 82, 3)
        assert april.file_name == "eltax.csv"
        source = client.get(here(mihon, found, "files", str(april.pk)))
        assert b"".join(source.streaming_content).decode("cp932") == ELTAX
        assert source["Content-Disposition"].startswith("attachment")
    with clock.frozen(MAY + dt.timedelta(days=40)):
        client = at_desk(mihon)
        june = "対象年月,電子申告件数,申告総数\r\n令和8年3月,84,100\r\n令和8年4月,42,50\r\n".encode()
        look = dropped(client, mihon, found, june, "kakutei.csv", status="final")
        client.post(here(mihon, found, "bring"), {"kept": kept(look), "do": "keep", "status": "final"})
        newest = {row.last: row.status for row in SeriesValue.unscoped.order_by("revision")}
        assert set(newest.values()) == {"final"}
        wrong = "対象年月,電子申告件数,申告総数\r\n令和8年4月,43,50\r\n".encode()
        look = dropped(client, mihon, found, wrong, "teisei.csv", status="final")
        assert "確定した値が変わります" in look.content.decode()
        refused = client.post(
            here(mihon, found, "bring"), {"kept": kept(look), "do": "keep", "status": "final"}
        )
        assert refused.status_code == 422
        given = {"kept": kept(refused), "do": "keep", "status": "final", "reason": "集計の誤り"}
        assert client.post(here(mihon, found, "bring"), given).status_code == 303
        page = client.get(here(mihon, found)).content.decode()
        assert "集計の誤り" in page
        assert "84%" in page
        april = [one for one in client.get(here(mihon, found)).context["lines"] if one.period == "令和8年4月"]
        assert [(one.figure, one.file, bool(one.anchor)) for one in april] == [
            ("86%", "teisei.csv", True),
            ("84%", "kakutei.csv", False),
            ("82%", "eltax.csv", False),
        ]
        assert all(one.came and one.file_href and one.status for one in april)
        same = dropped(client, mihon, found, wrong, "teisei.csv", status="final").content.decode()
        assert "前にも届いています" in same
        assert "この内容を届ける" not in same


def test_a_share_the_wrong_way_round_is_not_taken(mihon: Town) -> None:
    with clock.frozen(MAY):
        found = series(mihon)
        client = at_desk(mihon)
        swapped = "対象年月,電子申告件数,申告総数\r\n令和8年4月,27099,10000\r\n".encode()
        look = dropped(client, mihon, found, swapped)
        text = look.content.decode()
        assert "270.99%" in text
        assert "率が0%から100%の間にありません" in text
        assert "この内容を届ける" not in text
        client.post(here(mihon, found, "bring"), {"kept": kept(look), "do": "keep", "status": "preliminary"})
        for given, at in (
            ({"numerator": "27099", "denominator": "10000"}, "numerator"),
            ({"value": "270.99"}, "value"),
        ):
            answer = client.post(
                here(mihon, found, "type"), {"year": "2026", "month": "4", "status": "preliminary", **given}
            )
            assert answer.status_code == 422
            assert [one.key for one in answer.context["errors"]] == [at]
        assert not SeriesValue.unscoped.exists()


def test_what_cannot_be_taken_is_left_out_by_a_tick(mihon: Town) -> None:
    with clock.frozen(MAY):
        found = series(mihon)
        client = at_desk(mihon)
        rows = "対象年月,電子申告件数,申告総数\r\n令和8年3月,40,50\r\n令和8年4月,27099,10000\r\n".encode()
        look = dropped(client, mihon, found, rows)
        assert 'name="leave"' in look.content.decode()
        given = {"kept": kept(look), "do": "keep", "status": "preliminary"}
        assert client.post(here(mihon, found, "bring"), given).status_code == 422
        assert not SeriesValue.unscoped.exists()
        assert client.post(here(mihon, found, "bring"), {**given, "leave": "on"}).status_code == 303
        assert [row.last for row in SeriesValue.unscoped.all()] == [dt.date(2026, 3, 31)]


def test_another_kind_of_file_is_told_and_nothing_is_kept(mihon: Town) -> None:
    with clock.frozen(MAY):
        found = series(mihon)
        client = at_desk(mihon)
        for data, words in (
            (b"a,b\r\n1,2\r\n", "見出し"),
            (b"\x89PNG\r\n\x1a\n0000", "XLSXかCSV"),
            (b"", "空"),
        ):
            answer = dropped(client, mihon, found, data)
            assert answer.status_code == 422
            assert words in answer.content.decode()
        assert client.post(here(mihon, found, "bring"), {}).status_code == 422
        assert client.post(here(mihon, found, "bring"), {"kept": "nonsense", "do": "keep"}).status_code == 422
        my_number = "対象年月,電子申告件数,申告総数,個人番号\r\n令和8年4月,1,2,123456789018\r\n".encode()
        answer = dropped(client, mihon, found, my_number)
        assert "個人番号" in answer.content.decode()
        digest = hashlib.sha256(my_number).hexdigest()
        assert not files.backend().touch(digest)
    assert not SeriesValue.unscoped.exists()


def test_a_preview_of_somebody_else_or_of_another_series_is_none(mihon: Town) -> None:
    with clock.frozen(MAY):
        found, other = series(mihon), series(mihon, "other")
        client = at_desk(mihon)
        look = dropped(client, mihon, found, ELTAX.encode("cp932"))
        for where, who in ((other, client), (found, at_desk(mihon, "office_head"))):
            answer = who.post(
                here(mihon, where, "bring"),
                {"kept": kept(look), "do": "keep", "fix-C3": "50", "status": "final"},
            )
            assert answer.status_code == 422
        stranger = at_desk(mihon, "staff")
        assert stranger.post(here(mihon, found, "bring"), {"kept": kept(look)}).status_code == 403
    assert not SeriesValue.unscoped.exists()


def roll(missing: int = 11, *, strange: bool = True) -> bytes:
    """501 people, of whom some were not there; one with a word that says nothing."""
    target = io.StringIO()
    rows = csv.writer(target, lineterminator="\r\n")
    rows.writerow(["職員番号", "氏名", "所属", "受講"])
    for number in range(1, 502):
        word = "未受講" if number <= missing else "受講済"
        rows.writerow(
            [
                f"{number:05}",
                f"例示{number:03}たろう",
                "DX推進課" if number % 2 else "環境課",
                "途中" if strange and number == 300 else word,
            ]
        )
    return target.getvalue().encode("cp932")


def test_a_training_of_501_counts_itself_and_keeps_nobody(mihon: Town) -> None:
    with clock.frozen(MAY):
        found = people(mihon)
        client = at_desk(mihon)
        data = roll()
        look = dropped(client, mihon, found, data, "受講者名簿.csv", year="2025")
        text = look.content.decode()
        assert look.status_code == 422
        assert "fix-D301" in text
        assert "たろう" not in text
        again = client.post(
            here(mihon, found, "bring"),
            {"kept": kept(look), "fix-D301": "受講済", "do": "read", "status": "final"},
        )
        assert "501人のうち490人が受けています" in again.content.decode()
        done = client.post(
            here(mihon, found, "bring"), {"kept": kept(again), "do": "keep", "status": "final"}
        )
        assert done.status_code == 303, done.content.decode()[-3000:]
    value = SeriesValue.unscoped.get()
    assert (value.numerator, value.denominator, value.raw) == (490, 501, "490/501")
    assert value.number == Decimal("97.804391")
    assert value.file_name == "受講者名簿.csv"
    assert value.file_digest == hashlib.sha256(data).hexdigest()
    assert value.file_id is None
    assert not StoredFile.unscoped.exists()
    assert not files.backend().touch(value.file_digest)
    assert value.parts == {"DX推進課": "245", "環境課": "245"}
    page = at_desk(mihon).get(here(mihon, found)).content.decode()
    assert "保存していない" in page
    assert "たろう" not in page


def test_who_is_late_is_told_to_the_secretariat_and_waits_for_the_office(mihon: Town) -> None:
    with clock.frozen(MAY):
        found = count(mihon, first=dt.date(2026, 1, 1))
        typed(mihon.ctx("plan_editor"), found, 2025, 2, "5")
        client = at_desk(mihon, "plan_secretariat", "other")
        text = client.get(f"/{mihon.ref.code}/desk/metrics/series/").content.decode()
        assert "期限を過ぎても届いていません" in text
        assert "令和8年1月" in text
        assert "84日遅れ" in text
        line = next(one for one in waiting(mihon.ctx("plan_editor")) if "外部の数値" in str(one.label))
        assert (line.count, line.href) == (3, here(mihon, found))
        assert not [
            one for one in waiting(mihon.ctx("plan_editor", "other")) if "外部の数値" in str(one.label)
        ]
        table = client.get(f"/{mihon.ref.code}/desk/metrics/series/series.csv")
        told = list(csv.reader(io.StringIO(b"".join(table.streaming_content).decode("utf-8-sig"))))
        assert told[1][told[0].index("状況")] == "遅れている"
        narrowed = client.get(f"/{mihon.ref.code}/desk/metrics/series/?filter.standing=done").content.decode()
        assert str(found.pk) not in narrowed


def test_values_and_the_expected_file_leave_as_files(mihon: Town) -> None:
    with clock.frozen(MAY):
        found = typed(mihon.ctx("plan_editor"), series(mihon), 2025, 3, numerator="80", denominator="100")
        typed(mihon.ctx("plan_editor"), found, 2025, 3, numerator="81", denominator="100")
        client = at_desk(mihon)
        lines = list(
            csv.reader(
                io.StringIO(
                    b"".join(client.get(here(mihon, found)[:-1] + "/values.csv").streaming_content).decode(
                        "utf-8-sig"
                    )
                )
            )
        )
        assert [row[lines[0].index("値")] for row in lines[1:]] == ["80", "81"]
        with closing(client.get(here(mihon, found)[:-1] + "/values.xlsx")) as book:
            assert book.status_code == 200
        example = b"".join(client.get(here(mihon, found)[:-1] + "/example.csv").streaming_content)
        look = dropped(client, mihon, found, example, "様式.csv")
        assert look.status_code == 200
        assert look.content.decode().count("新しく入る") >= 1


def test_a_series_is_defined_and_changed_through_its_form(mihon: Town) -> None:
    client = at_desk(mihon, "plan_secretariat")
    new = f"/{mihon.ref.code}/desk/metrics/series/new/"
    assert client.get(new).status_code == 200
    given = {**layout_typed(SHARE), "key": "pos", "title": "窓口キャッシュレスの割合", "unit": "%", "aggregation": "ratio", "definition": "決済のうち現金でないもの。",
             "every": "month", "due_days": "20", "least": "0", "first": "R8.4.1", "office": str(mihon.offices["own"].pk)}  # fmt: skip
    wrong = client.post(new, {**given, "col-denominator": ""})
    assert wrong.status_code == 422
    assert "分母の列" in wrong.content.decode()
    assert client.post(new, given).status_code == 303
    found = Series.unscoped.get(key="pos")
    assert found.layout["columns"] == dict(SHARE.columns)
    assert not found.public
    edit = here(mihon, found, "edit")
    assert "決済のうち" in client.get(edit).content.decode()
    changed = client.post(
        edit,
        {
            **given,
            "do": "describe",
            "version": str(found.version),
            "title": "窓口のキャッシュレス",
            "only-column-1": "窓口",
            "only-word-1": "市民課",
        },
    )
    assert changed.status_code == 303
    found = fresh(found)
    assert (found.title, found.layout["only"]) == ("窓口のキャッシュレス", [["窓口", "市民課"]])
    stale = client.post(edit, {**given, "do": "describe", "version": "1"})
    assert stale.status_code == 409
    again = {
        "do": "redefine",
        "version": str(found.version),
        "definition": "件数で数える。",
        "aggregation": "ratio",
        "unit": "%",
        "reason": "定義",
    }
    assert client.post(edit, again).status_code == 303
    assert fresh(found).definition_version == 2
    end = client.post(here(mihon, found, "act"), {"ended_on": "R9.3.31", "reason": "終わり"})
    assert end.status_code == 303
    assert fresh(found).state == "ended"
    assert client.post(here(mihon, found, "act"), {"do": "resume"}).status_code == 303
    stranger = at_desk(mihon, "plan_editor")
    assert stranger.get(new).status_code == 403
    assert stranger.get(edit).status_code == 403


def test_an_attendance_list_is_offered_its_guard(mihon: Town) -> None:
    client = at_desk(mihon, "plan_secretariat")
    new = f"/{mihon.ref.code}/desk/metrics/series/new/"
    given = {**layout_typed(PEOPLE), "key": "training", "title": "研修の受講率", "unit": "%", "aggregation": "ratio", "definition": "名簿から数える。",
             "every": "year", "due_days": "30", "least": "0", "public": "1", "first": "R8.4.1", "office": str(mihon.offices["own"].pk)}  # fmt: skip
    refused = client.post(new, given)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "名簿から数える数値を公開するときは、「公開する最小の人数」を5以上" in text
    offered = re.search(r'<input[^>]*name="least"[^>]*>', text)
    assert offered is not None
    assert 'value="5"' in offered[0]
    assert client.post(new, {**given, "least": "5"}).status_code == 303
    assert Series.unscoped.get(key="training").least == 5


def test_series_and_their_figures_over_http(mihon: Town) -> None:
    with clock.frozen(MAY):
        found = typed(mihon.ctx("plan_editor"), series(mihon), 2025, 3, numerator="80", denominator="100")
        typed(mihon.ctx("plan_editor"), found, 2025, 3, numerator="81", denominator="100", reason="数え直し")
        where = f"/api/v1/{mihon.ref.code}/desk/metrics/series"
        client = at_desk(mihon, "staff")
        listed = client.get(where).json()
        assert (listed["count"], listed["items"][0]["key"]) == (1, "eltax_houjin")
        one = client.get(f"{where}/{found.key}").json()
        assert [(row["kind"], row["number"], row["note"]) for row in one["figures"]] == [
            ("year", "81", "数え直し"),
            ("month", "81", "数え直し"),
        ]
        assert Client().get(where).status_code in {401, 403}
    said = Client().get(f"/api/v1/{mihon.ref.code}/metrics/series/{found.key}").json()
    assert said["figures"][-1]["number"] == "81"


def book(*sheets: list[list[object]]) -> bytes:
    made = Workbook()
    for number, rows in enumerate(sheets):
        sheet = made.active if number == 0 else made.create_sheet()
        assert sheet is not None
        for row in rows:
            sheet.append(row)
    with closing(io.BytesIO()) as out:
        made.save(out)
        return out.getvalue()


def test_no_my_number_enters_the_store_by_another_way(mihon: Town) -> None:
    """By columns that are named by letters, on a second sheet, as evidence."""
    lettered = Layout(columns={"period": "A列", "value": "B列"})
    kept_out = "個人番号と思われる数字"
    with clock.frozen(MAY):
        client = at_desk(mihon)
        found = count(mihon, layout=lettered.to_json())
        rows = [["年月", "件数", "個人番号"], ["令和8年4月", 5, "123456789018"]]
        plain = [["年月", "件数"], ["令和8年4月", 5]]
        for data in (book(rows), book(plain, rows)):
            answer = dropped(client, mihon, found, data, "x.xlsx")
            assert answer.status_code == 422
            assert kept_out in answer.content.decode()
            assert not files.backend().touch(hashlib.sha256(data).hexdigest())
        assert dropped(client, mihon, found, book(plain), "x.xlsx").status_code == 200
        given = {"year": "2026", "month": "4", "value": "5", "status": "preliminary"}
        data = book(plain, rows)
        evidence = SimpleUploadedFile("画面.xlsx", data)
        answer = client.post(here(mihon, found, "type"), {**given, "evidence": evidence})
        assert answer.status_code == 422
        assert kept_out in answer.content.decode()
        assert not files.backend().touch(hashlib.sha256(data).hexdigest())
    assert not SeriesValue.unscoped.exists()


def test_other_sheets_are_looked_through_whatever_they_are_like(mihon: Town) -> None:
    """A hidden one with a 個人番号 is refused by its name; a cell far out and means with twelve places are not, neither as evidence."""
    made = Workbook()
    made.worksheets[0].append(["年月", "件数"])
    made.worksheets[0].append(["令和8年4月", 5])
    raw = made.create_sheet("元データ")
    raw.append(["1件あたり費用", 1233.25, 1507.0, 758.695278969957])
    raw["ZZ1"] = "x"
    with clock.frozen(MAY):
        client = at_desk(mihon)
        found = count(mihon, layout=Layout(columns={"period": "A列", "value": "B列"}).to_json())
        given = {"year": "2026", "month": "4", "value": "5", "status": "preliminary"}
        with closing(io.BytesIO()) as out:
            made.save(out)
            lawful = out.getvalue()
        raw.sheet_state = "hidden"
        raw["B9"] = "123456789018"
        with closing(io.BytesIO()) as out:
            made.save(out)
            hidden = out.getvalue()
        for answer in (
            dropped(client, mihon, found, hidden, "x.xlsx"),
            client.post(
                here(mihon, found, "type"), {**given, "evidence": SimpleUploadedFile("画面.xlsx", hidden)}
            ),
        ):
            assert answer.status_code == 422
            assert "シート「元データ」のB9に個人番号と思われる数字" in answer.content.decode()
        assert not files.backend().touch(hashlib.sha256(hidden).hexdigest())
        assert dropped(client, mihon, found, lawful, "x.xlsx").status_code == 200
        evidence = SimpleUploadedFile("画面.xlsx", lawful)
        assert client.post(here(mihon, found, "type"), {**given, "evidence": evidence}).status_code == 303


def test_a_list_is_no_evidence(mihon: Town) -> None:
    """Its form offers none; whoever sends one all the same is refused, and the list is not kept."""
    with clock.frozen(MAY):
        found, client = people(mihon), at_desk(mihon)
        data = "職員番号,氏名,受講\r\n00110,架空よつば,済\r\n".encode()
        given = {"year": "2025", "numerator": "490", "denominator": "501", "status": "final"}
        evidence = SimpleUploadedFile("名簿.csv", data)
        answer = client.post(here(mihon, found, "type"), {**given, "evidence": evidence})
        assert answer.status_code == 422
        digest = hashlib.sha256(data).hexdigest()
        assert not files.backend().touch(digest)
        ctx = mihon.ctx("plan_editor")
        assert files.put(io.BytesIO(data)) == digest
        with pytest.raises(Problem):
            typed(ctx, found, 2025, None, numerator="1", denominator="2", sha256=digest)
        with pytest.raises(Problem):
            actions.bring_values(ctx, found, actions.BringValues(values=[], status="final", sha256=digest))
        assert not SeriesValue.unscoped.exists()
        assert client.post(here(mihon, found, "type"), given).status_code == 303


def test_a_typed_value_keeps_its_evidence(mihon: Town) -> None:
    with clock.frozen(MAY):
        found = count(mihon)
        client = at_desk(mihon)
        given = {"year": "2026", "month": "4", "value": "1,204件", "status": "preliminary"}
        evidence = SimpleUploadedFile("画面.csv", b"a,b\r\n")
        assert client.post(here(mihon, found, "type"), {**given, "evidence": evidence}).status_code == 303
        value = SeriesValue.unscoped.get()
        assert (value.number, value.raw, value.file_name) == (1204, "1,204件", "画面.csv")
        wrong = client.post(here(mihon, found, "type"), {**given, "value": "たくさん"})
        assert wrong.status_code == 422
        assert "たくさん" in wrong.content.decode()
        late = client.post(here(mihon, found, "type"), {**given, "month": "6", "value": "3"})
        assert "まだ始まっていない期間" in late.content.decode()


def test_the_page_says_the_guard_that_holds(mihon: Town) -> None:
    """A list from before its guard was asked for."""
    found = people(mihon)
    Series.unscoped.filter(pk=found.pk).update(least=0)
    assert "5人より少ない人数は出さない" in at_desk(mihon).get(here(mihon, found)).content.decode()
