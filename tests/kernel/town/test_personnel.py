from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.town.people import APRIL, context, office, person
from yakuba.kernel.actions import Denied, Problem, Problems, Stale, SubjectRef
from yakuba.kernel.town import actions as town
from yakuba.kernel.town.models import Assignment, Municipality, Person, Post
from yakuba.kernel.town.open_work import OPEN_WORK
from yakuba.kernel.town.personnel import decode, preview, read_rows
from yakuba.kernel.town.queries import people_on

HEADER = "職員番号,氏名,カナ,所属コード,職,区分,発令日,終了日"
EVE = dt.date(2026, 3, 31)


def sheet(*rows: str) -> str:
    return "\r\n".join((HEADER, *rows, ""))


def carry_out(ctx, text: str, **more) -> None:
    here = Municipality.unscoped.get(pk=ctx.municipality.id)
    town.import_personnel(ctx, here, town.ImportPersonnel(text, **more))


def state() -> list[tuple[object, ...]]:
    return sorted(
        Assignment.unscoped.values_list(
            "person__staff_number", "post__title", "kind", "valid_from", "valid_to", "version"
        ),
        key=str,
    )


@pytest.fixture
def offices(cli):
    return office(cli, "0101", "総務課"), office(cli, "0112", "DX推進課"), office(cli, "0301", "環境課")


@pytest.fixture
def yotsuba(cli, offices):
    return person(cli, "1004", "架空よつば", "0101", "主査", dt.date(2023, 4, 1))


def test_a_transfer_announced_in_march_holds_from_april(cli, mihon, yotsuba):
    carry_out(
        cli,
        sheet(
            "1004,架空よつば,カクウ ヨツバ,0112,課長,本務,R8.4.1,",
            "1009,新顔ここのえ,ｼﾝｶﾞｵ ｺｺﾉｴ,０３０１,主事,本務,令和８年４月１日,",
            "1004,架空よつば,,0301,課長,事務取扱,2026-04-01,令和8年9月30日",
        ),
    )
    staff = context(mihon, "staff")
    before, after = ({p.name: p for p in people_on(staff, day)} for day in (EVE, APRIL))
    assert [(h.office, h.title) for h in before["架空よつば"].holdings] == [("総務課", "主査")]
    assert [(h.office, h.title, h.kind_label) for h in after["架空よつば"].holdings] == [
        ("DX推進課", "課長", "本務"),
        ("環境課", "課長", "事務取扱"),
    ]
    assert "新顔ここのえ" not in before
    assert after["新顔ここのえ"].kana == "シンガオ ココノエ"


def test_importing_again_changes_nothing(cli, yotsuba, remembered):
    text = sheet("1004,架空よつば,,0112,課長,本務,R8.4.1,", "1004,架空よつば,,0101,主査,本務,R5.4.1,")
    carry_out(cli, text)
    stood, people = state(), list(Person.unscoped.values())
    carry_out(cli, text)
    assert state() == stood
    assert list(Person.unscoped.values()) == people
    _text, plan = preview(cli, text.encode())
    assert plan.changes == []
    assert plan.unchanged == 2
    assert remembered.done_[-1].notes["unchanged"] == 2


def test_one_trail_entry_for_the_whole_file(cli, yotsuba, remembered):
    before = len(remembered.done_)
    carry_out(
        cli, sheet("1004,架空よつば,,0112,課長,本務,R8.4.1,", "1010,例題とおる,,0101,主事,本務,R8.4.1,")
    )
    assert len(remembered.done_) == before + 1
    notes = remembered.done_[-1].notes
    assert (notes["new_people"], notes["new_assignments"], notes["changed_assignments"]) == (1, 2, 1)
    assert len(notes["rows"]) == 4


def test_an_earlier_row_in_the_file_ends_before_a_later_one(cli, offices):
    carry_out(cli, sheet("1,例題とおる,,0112,主査,本務,R8.4.1,", "1,例題とおる,,0101,主事,本務,R5.4.1,"))
    ends = dict(Assignment.unscoped.values_list("post__title", "valid_to"))
    assert ends == {"主事": EVE, "主査": None}


def test_a_backdated_row_ends_before_what_follows(cli, yotsuba):
    carry_out(cli, sheet("1004,架空よつば,,0301,主事,本務,R2.4.1,"))
    assert Assignment.unscoped.get(post__title="主事").valid_to == dt.date(2023, 3, 31)
    assert Assignment.unscoped.get(post__title="主査").valid_to is None


def test_an_end_in_the_file_ends_a_standing_post(cli, yotsuba):
    carry_out(cli, sheet("1004,架空よつば,,0101,主査,本務,R5.4.1,R8.3.31"))
    assert Assignment.unscoped.get().valid_to == EVE
    assert Assignment.unscoped.get().version == 2


def test_a_changed_name_is_announced(cli, yotsuba):
    _text, plan = preview(cli, sheet("1004,架空よつ葉,,0101,主査,本務,R5.4.1,").encode())
    assert [c.what for c in plan.changes] == ["氏名を「架空よつば」から変更"]
    assert Person.unscoped.get().name == "架空よつば"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_encodings_and_quotes(cli, offices, encoding):
    text = sheet('"1","髙橋, 例",,"0101","主事","本務","R8.4.1",""')
    assert decode(text.encode(encoding)) == text
    _text, plan = preview(cli, text.encode(encoding))
    assert plan.problems == []
    assert plan.changes[0].name == "髙橋, 例"


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        (",例題とおる,,0101,主事,本務,R8.4.1,", "職員番号", ""),
        ("１２ ３,例題とおる,,0101,主事,本務,R8.4.1,", "職員番号", "１２ ３"),
        ("1,,,0101,主事,本務,R8.4.1,", "氏名", ""),
        ("1,例題とおる,例題,0101,主事,本務,R8.4.1,", "カナ", "例題"),
        ("1,例題とおる,,0199,主事,本務,R8.4.1,", "所属コード", "0199"),
        ("1,例題とおる,,0101,,本務,R8.4.1,", "職", ""),
        ("1,例題とおる,,0101,主事,専任,R8.4.1,", "区分", "専任"),
        ("1,例題とおる,,0101,主事,本務,R8.2.30,", "発令日", "R8.2.30"),
        ("1,例題とおる,,0101,主事,本務,,", "発令日", ""),
        ("1,例題とおる,,0101,主事,本務,R8.4.1,R8.3.31", "終了日", "R8.3.31"),
        ("1,例題とおる,,0101,主事,本務,R8.4.1,,余り", "終了日", "余り"),
        ("2,例題とおる,,0101,主事,本務,R2.4.1,", "氏名", "例題とおる"),
        ("2,模範はるか,,0101,主事,本務,R8.4.1,", "職員番号", "2"),
        ("2,模範はるか,,0112,主事,本務,R8.4.1,", "区分", "本務"),
        ("1004,架空よつば,,0112,係長,本務,R5.4.1,", "発令日", "令和5年4月1日"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_changed(cli, yotsuba, row, column, found):
    text = sheet("2,模範はるか,,0101,主事,本務,R8.4.1,", row)
    stood = state()
    _text, plan = preview(cli, text.encode())
    assert [(p.line, p.column) for p in plan.problems] == [(3, column)]
    assert plan.problems[0].found.startswith(found)
    assert plan.problems[0].expected
    assert " を" not in plan.problems[0].message
    assert " に" not in plan.problems[0].message
    assert "3行目" in plan.problems[0].message
    with pytest.raises(Problems):
        carry_out(cli, text)
    assert state() == stood
    assert Person.unscoped.count() == 1


def test_an_end_after_the_following_post_is_refused(cli, yotsuba):
    carry_out(cli, sheet("1004,架空よつば,,0112,課長,本務,R8.4.1,"))
    for row in (
        "1004,架空よつば,,0101,主査,本務,R5.4.1,R8.6.30",
        "1004,架空よつば,,0301,主任,本務,R6.4.1,R8.6.30",
    ):
        _text, plan = preview(cli, sheet(row).encode())
        assert [p.column for p in plan.problems] == ["終了日"]
    rows = ("1,例題とおる,,0101,主事,本務,R8.4.1,R8.12.31", "1,例題とおる,,0112,主事,本務,R8.7.1,")
    _text, plan = preview(cli, sheet(*rows).encode())
    assert [(p.line, p.column) for p in plan.problems] == [(3, "発令日")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \r\n",
        b"\x00\x01\x02",
        "職員番号,氏名\r\n1,例題とおる\r\n".encode(),
        "職員番号,氏名,所属コード,職,区分,発令日\r\n".encode(),
        f'{HEADER}\r\n1,"例題とおる'.encode(),
        f"{HEADER},職\r\n".encode(),
        "職員".encode("euc_jp") + b"\xff\xff",
        b"PK\x03\x04" + bytes(200),
    ],
)
def test_a_file_that_is_no_personnel_csv_is_refused(cli, content):
    with pytest.raises(Problem):
        preview(cli, content)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text):
    try:
        read_rows(f"{HEADER}\n{text}")
    except Problem as problem:
        assert problem.message  # noqa: PT017 – any other exception fails the test by itself


def test_a_cell_over_two_lines_does_not_shift_the_numbers_of_the_others(cli, offices):
    text = sheet('1,"例題\nとおる",,0101,主事,本務,R8.4.1,', "2,模範はるか,,0101,主事,本務,間違い,")
    assert [p.line for p in read_rows(text).problems] == [2, 4]


def test_unknown_columns_are_told(cli, offices):
    _text, plan = preview(cli, f"{HEADER},備考\r\n1,例題とおる,,0101,主事,本務,R8.4.1,,転入\r\n".encode())
    assert plan.unread_columns == ("備考",)
    assert plan.problems == []


def test_what_was_confirmed_is_what_is_done(cli, yotsuba):
    text = sheet("1004,架空よつば,,0112,課長,本務,R8.4.1,")
    _text, plan = preview(cli, text.encode())
    town.correct_person(cli, yotsuba, town.CorrectPerson("架空よつは"))
    stood = state()
    with pytest.raises(Stale):
        carry_out(cli, text, expected=plan.digest)
    assert state() == stood
    _text, plan = preview(cli, text.encode())
    carry_out(cli, text, expected=plan.digest)
    assert len(state()) == 2


def test_movers_come_with_their_open_work(cli, yotsuba):
    ref = SubjectRef("office", yotsuba.pk)
    with OPEN_WORK.temporarily("test", lambda _ctx, person_id: [ref] if person_id == yotsuba.pk else []):
        _text, plan = preview(
            cli,
            sheet(
                "1004,架空よつば,,0112,課長,本務,R8.4.1,", "1010,例題とおる,,0101,主事,本務,R8.4.1,"
            ).encode(),
        )
    assert [(m.name, m.leaves, m.joins, m.open_work) for m in plan.movers] == [
        ("架空よつば", "総務課", "DX推進課", (ref,))
    ]


def test_staff_may_not_import(mihon, cli, yotsuba, remembered):
    with pytest.raises(Denied):
        carry_out(context(mihon, "staff"), sheet("1004,架空よつば,,0112,課長,本務,R8.4.1,"))
    assert remembered.denied_[-1][0] == "town.import_personnel"
    assert len(state()) == 1


def test_people_of_another_municipality_are_untouched_and_unseen(cli, mihon, karina, yotsuba):
    other = context(karina, "municipality_admin")
    office(other, "0101", "総務課")
    carry_out(other, sheet("1004,例題とおる,,0101,主事,本務,R8.4.1,"))
    assert Person.unscoped.get(municipality_id=mihon.id).name == "架空よつば"
    assert [p.name for p in people_on(other, APRIL)] == ["例題とおる"]
    assert [p.name for p in people_on(context(mihon, "staff"), APRIL)] == ["架空よつば"]


def test_only_the_administration_sees_staff_numbers(mihon, cli, yotsuba):
    assert people_on(context(mihon, "municipality_admin"), APRIL)[0].staff_number == "1004"
    assert people_on(context(mihon, "staff"), APRIL)[0].staff_number == ""
    for blind in (cli, context(mihon, "platform_admin"), context(mihon, "public")):
        assert people_on(blind, APRIL) == []


def test_the_list_costs_two_queries(mihon, cli, offices, django_assert_num_queries):
    carry_out(cli, sheet(*(f"{n},例題{n},,0101,主事,本務,R5.4.1," for n in range(30))))
    with django_assert_num_queries(2):
        assert len(people_on(context(mihon, "staff"), APRIL)) == 30
    assert Post.unscoped.count() == 1


def test_a_wrong_assignment_can_be_corrected(cli, yotsuba):
    wrong = Assignment.unscoped.get()
    data = town.CorrectAssignment("0112", "係長", "main", dt.date(2023, 5, 1))
    fixed = town.correct_assignment(cli, wrong, data)
    assert (fixed.post.title, fixed.valid_from) == ("係長", dt.date(2023, 5, 1))
    with pytest.raises(Problem):
        town.correct_assignment(cli, wrong, town.CorrectAssignment("9999", "係長", "main", APRIL))
