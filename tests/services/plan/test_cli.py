"""The command line: what it reads, what it refuses, and that a refusal leaves nothing behind."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from yakuba.cli import main
from yakuba.kernel.access.actors import cli_actor
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.trail.models import TrailEntry
from yakuba.services.plan.models import Edition, Initiative

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = "みほん市情報化推進計画（個別取組）\n\n" + "\n".join(
    [
        "NO\t区分\t具体的な取組\t取組方針\tKPI\t令和4年度末\t令和5年度末\tスケジュール(R6～R8)",
        *(
            f"{n}\t市民サービス\t見本の取組{n}\t手続を見直します。\t件数\t{n * 10}件\t{n * 12}件\t令和8年度までに{n * 20}件"
            for n in range(1, 9)
        ),
    ]
)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: object) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    settings.HOME = home  # type: ignore[attr-defined]
    return home


def left_behind() -> list[str]:
    """Whatever a refused file left: rows, and files in the home."""
    rows = [
        str(model.unscoped.count())
        for model in (Municipality, Edition, StoredFile)
        if model.unscoped.exists()
    ]
    blobs = [str(path) for path in (Path(settings.HOME) / "files").rglob("*") if path.is_file()]
    return rows + blobs


@pytest.mark.usefixtures("parsed_here")
def test_another_citys_plan_asks_for_yes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(TABLE.replace("みほん市", "新潟市"), "utf-8")
    command = ["plan", "import", str(path), "--municipality", "990019"]
    assert main([*command, "--dry-run"]) == 0
    assert left_behind() == [], "a dry run changes nothing"
    assert main(command) == 1
    assert "新潟市の計画のように読めます" in capsys.readouterr().err
    assert not Edition.unscoped.exists()
    assert main([*command, "--yes"]) == 0
    assert Edition.unscoped.count() == 1


def empty(path: Path) -> None:
    path.write_bytes(b"")


def binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 64)


def truncated(path: Path) -> None:
    path.write_bytes(TABLE.encode("utf-8")[:-2])


def euc_jp(path: Path) -> None:
    path.write_bytes(TABLE.replace("～", "-").encode("euc_jp"))


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)


def nul(path: Path) -> None:
    path.write_bytes(TABLE.replace("見本の取組3", "見本\x00取組3").encode())


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("plan.txt", TABLE)


def prose(path: Path) -> None:
    path.write_text("この文書には表がありません。\n計画についての文章だけです。\n" * 20, "utf-8")


def broken_json(path: Path) -> None:
    path.write_text('{"format": "yakuba-plan/1", "municipality": ', "utf-8")


def foreign_json(path: Path) -> None:
    path.write_text('{"format": "something-else/9"}', "utf-8")


@pytest.mark.usefixtures("parsed_here")
@pytest.mark.parametrize(
    "make",
    [empty, binary, truncated, euc_jp, huge, nul, zipped, prose, broken_json, foreign_json],
    ids=lambda make: make.__name__,
)
def test_bad_input_is_refused_in_japanese_and_leaves_nothing(
    make: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.txt"
    make(path)
    assert main(["plan", "import", str(path), "--municipality", "990019"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert any("ぁ" <= character <= "ん" for character in err), "a sentence for a person"
    assert left_behind() == []


@pytest.mark.usefixtures("parsed_here")
def test_a_missing_file_and_a_wrong_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "import", str(tmp_path / "no.txt"), "--municipality", "990019"]) == 1
    assert "ありません" in capsys.readouterr().err
    path = tmp_path / "plan.txt"
    path.write_text(TABLE, "utf-8")
    for code in ("990018", "99001", "みほん市"):
        assert main(["plan", "import", str(path), "--municipality", code]) == 1
        assert code in capsys.readouterr().err
    assert left_behind() == []


def test_the_thread_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(TABLE, "utf-8")
    assert main(["plan", "import", str(path), "--municipality", "990019", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["initiatives"] == 8
    assert Initiative.unscoped.count() == 8
    assert StoredFile.unscoped.get().name == "plan.txt"
    assert main(["plan", "publish", "--municipality", "990019"]) == 0
    capsys.readouterr()
    assert main(["plan", "export", "--municipality", "990019"]) == 0
    first = capsys.readouterr().out
    document = json.loads(first)
    assert document["format"] == "yakuba-plan/1"
    assert document["plan"]["first_year"] == 2024
    assert [row["number"] for row in document["initiatives"]] == [str(n) for n in range(1, 9)]
    (tmp_path / "plan.json").write_text(first, "utf-8")
    assert main(["plan", "import", str(tmp_path / "plan.json"), "--municipality", "990019"]) == 0
    capsys.readouterr()
    assert main(["plan", "export", "--municipality", "990019"]) == 0
    assert capsys.readouterr().out == first, "the same bytes again"
    edition = Edition.unscoped.get()
    drafts = TrailEntry.unscoped.filter(kind="read", action="plan.export")
    taken = drafts.count()
    assert {(one.subject_kind, one.subject_id, one.actor_id) for one in drafts} == {
        ("plan_edition", edition.pk, cli_actor().id)
    }
    assert main(["plan", "export", "--municipality", "990019", "--published"]) == 0
    assert drafts.count() == taken, "what is public may be taken by anybody"
    shown = json.loads(capsys.readouterr().out)
    assert shown["initiatives"][0]["sources"] == {}


@pytest.mark.usefixtures("parsed_here")
def test_line_breaks_and_long_cells_do_not_trip_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.services.plan.reading.test_editions import CSV

    path = tmp_path / "plan.csv"
    path.write_text(CSV, "utf-8")
    assert main(["plan", "import", str(path), "--municipality", "990019"]) == 0
    path.write_text(CSV.replace("窓口", "窓" * 400), "utf-8")
    capsys.readouterr()
    assert main(["plan", "import", str(path), "--municipality", "990019"]) == 1
    assert "取組名" in capsys.readouterr().err, "a title that no column holds is named"


@pytest.mark.usefixtures("parsed_here")
def test_another_citys_export_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(TABLE, "utf-8")
    main(["plan", "import", str(path), "--municipality", "990019"])
    capsys.readouterr()
    main(["plan", "export", "--municipality", "990019", "--output", str(tmp_path / "out.json")])
    assert main(["plan", "import", str(tmp_path / "out.json"), "--municipality", "990027"]) == 1
    assert "990019" in capsys.readouterr().err


def test_publishing_nothing_and_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "publish", "--municipality", "990019"]) == 1
    with pytest.raises(SystemExit) as caught:
        main(["plan", "import"])
    assert caught.value.code == 2


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "yakuba-plan/1"
