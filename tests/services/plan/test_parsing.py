"""What a reading is refused for before anybody looks at it: what no draft can take."""

from __future__ import annotations

import pytest

from yakuba.kernel.actions import Problem, Problems
from yakuba.services.plan import parsing
from yakuba.services.plan.actions import importing

HEAD = "番号\t取組名\t担当課\t内容\t指標\tR3目標\tR3実績\tR4目標\tR4実績\t進捗\n"


def sheet(rows: int, title: str = "窓口の見直し", text: str = "内容") -> bytes:
    lines = [f"{n}\t{title}{n}\t総務課\t{text}\t受診率\t1%\t2%\t3%\t4%\t順調\n" for n in range(1, rows + 1)]
    return ("みほん市の計画(令和3年度～令和4年度)\n" + HEAD + "".join(lines)).encode()


def read(data: bytes) -> list[parsing.Form]:
    return parsing.read_bytes(data, "計画.txt", "990019", "みほん市")


def test_the_bounds_are_the_commits() -> None:
    assert parsing.MAX_INITIATIVES == importing.MAX_INITIATIVES
    assert len(read(sheet(3))[0]["initiatives"]) == 3


def test_more_rows_than_a_commit_takes_are_refused_when_read() -> None:
    with pytest.raises(Problem) as caught:
        read(sheet(parsing.MAX_INITIATIVES + 1))
    assert (caught.value.code, caught.value.found) == ("too_many", "501")


def test_a_title_that_no_column_takes_names_its_row() -> None:
    with pytest.raises(Problems) as caught:
        read(sheet(2, title="窓口" * 200))
    assert {one.code for one in caught.value.problems} == {"too_long"}
    assert "3行目（取組1）の取組名" in caught.value.problems[0].message


def test_a_reading_of_many_megabytes_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        read(sheet(10, text="窓口の手続を見直す。" * 30_000))
    assert caught.value.code == "too_large"
