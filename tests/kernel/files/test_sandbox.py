"""A parser in its child process: results, problems, and everything that can go wrong there."""

from __future__ import annotations

import datetime as dt
import json
import operator
import os
import statistics
import tempfile
import time
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.actions import Problem
from yakuba.kernel.files import sandbox, wire
from yakuba.kernel.files.sandbox import MB, Bounds


class Everything(set[object]):
    """Holds whatever one asks for."""

    def __contains__(self, _one: object) -> bool:
        return True


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard library's functions, which stand for parsers here, need nothing of Django's."""
    monkeypatch.setattr(wire, "BARE", Everything())


def refused(*call: object, bounds: Bounds = sandbox.BOUNDS, files: tuple[BinaryIO, ...] = ()) -> Problem:
    with pytest.raises(Problem) as caught:
        sandbox.read(*call, bounds=bounds, files=files)  # type: ignore[arg-type]  # the standard library's functions as parsers
    return caught.value


def test_the_result_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sandbox.read(statistics.mean, [1, 2, 6]) == 3
    monkeypatch.setattr(wire, "BARE", set())
    found = sandbox.read(parsedate_to_datetime, "Mon, 01 Apr 2024 09:00:00 +0900")
    assert found == dt.datetime(2024, 4, 1, tzinfo=dt.UTC)


def test_open_files_go_along_and_what_is_written_to_them_is_bounded() -> None:
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as kept:
        given.write(b"inside")
        given.flush()
        assert sandbox.read(os.lseek, given.fileno(), -2, os.SEEK_END, files=(given,)) == 4
        assert refused(os.lseek, given.fileno(), 0, 0).code == "file_unreadable"  # not given, not there
        assert (
            refused(os.truncate, kept.fileno(), 2 * MB, bounds=Bounds(result=MB), files=(kept,)).code
            == "file_long"
        )
        assert sandbox.read(os.truncate, kept.fileno(), MB, bounds=Bounds(result=MB), files=(kept,)) is None
        assert kept.seek(0, os.SEEK_END) == MB


def test_it_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YAKUBA_SECRET_KEY", "never to be seen")
    assert sandbox.read(os.getenv, "YAKUBA_SECRET_KEY", "unknown") == "unknown"


def test_time_memory_and_crashes_end_in_a_message() -> None:
    quick = Bounds(seconds=1)
    assert refused(pow, 7, 10**9, bounds=quick).code == "file_slow"
    assert refused(bytearray, 10**12).code == "file_heavy"
    assert refused(os.abort).code == "file_heavy"
    assert refused(os._exit, 3).code == "file_unreadable"


def test_a_result_beyond_its_bound_is_refused() -> None:
    found = refused(operator.mul, "x", MB, bounds=Bounds(result=MB // 2))
    assert found.code == "file_long"
    assert "多すぎる" in found.message


def test_the_log_names_the_place_of_an_error_and_no_word_of_the_document(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert refused(json.loads, '{"氏名": 山田').code == "file_unreadable"
    assert refused(int, "秘密の文").code == "file_unreadable"
    assert "JSONDecodeError at decoder.py:" in caplog.text
    assert "ValueError at child.py:" in caplog.text
    assert not any(word in caplog.text for word in ("山田", "氏名", "秘密", "Expecting"))


def test_what_a_parser_prints_does_not_mix_with_its_answer() -> None:
    assert sandbox.read(print, '{"result": 1}') is None


def test_an_unreadable_answer_is_a_message() -> None:
    assert refused(json.loads, "[" * 10).code == "file_unreadable"
    assert refused(time.sleep, "soon").code == "file_unreadable"


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_everything_that_may_pass_passes_unchanged(value: wire.Wire) -> None:
    back = wire.unpack(json.loads(json.dumps(wire.pack(value))))
    assert back == value
    assert type(back) is type(value)


def test_nothing_else_passes() -> None:
    for value in (object(), {1, 2}, b"bytes"):
        with pytest.raises(TypeError):
            wire.pack(value)  # type: ignore[arg-type]
    assert wire.unpack({"$": "decimal", "v": "1.50"}) == Decimal("1.50")
