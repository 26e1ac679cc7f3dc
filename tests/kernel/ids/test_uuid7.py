import os
import threading
import time
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.ids import read_id, uuid7, uuid7_time


def test_version_and_variant_are_those_of_rfc_9562():
    for _ in range(200):
        made = uuid7()
        assert made.version == 7
        assert made.variant == uuid.RFC_4122


def test_time_of_the_rfc_example():
    # RFC 9562, appendix A.6
    assert uuid7_time(uuid.UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")) == datetime(
        2022, 2, 22, 19, 22, 22, tzinfo=UTC
    )


@given(st.integers(min_value=0, max_value=253_402_300_799_999))
def test_a_given_moment_comes_back(ms):
    moment = uuid7_time(uuid7(ms))
    assert moment.tzinfo is UTC
    assert (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000 == pytest.approx(ms, abs=0.4)


def test_the_clock_is_read_in_milliseconds():
    before = time.time_ns() // 1_000_000
    made = uuid7()
    # Ids made earlier in this process may have counted a little ahead, never behind.
    assert made.int >> 80 >= before


@pytest.mark.parametrize("ms", [-1, 1 << 48])
def test_a_moment_beyond_48_bits_is_refused(ms):
    with pytest.raises(ValueError, match="48"):
        uuid7(ms)


def test_ids_of_one_moment_grow():
    made = [uuid7(1_700_000_000_000) for _ in range(2_000)]
    assert made == sorted(set(made))


def test_an_explicit_moment_does_not_move_the_clock_ids():
    uuid7((1 << 48) - 1)
    assert uuid7_time(uuid7()).year < 9999


def test_ids_grow_also_when_the_clock_is_set_back(monkeypatch):
    ahead = time.time_ns() + 5_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: ahead)
    first = uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: ahead - 3_600_000_000_000)
    assert uuid7() > first


def test_threads_never_share_an_id_and_each_sees_its_own_grow():
    made: list[list[uuid.UUID]] = []

    def work() -> None:
        made.append([uuid7() for _ in range(2_000)])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(own == sorted(own) for own in made)
    assert len({u for own in made for u in own}) == 8_000


def test_a_forked_process_begins_anew():
    uuid7()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, uuid7().bytes)
        os._exit(0)
    os.waitpid(child, 0)
    assert uuid.UUID(bytes=os.read(read, 16)) != uuid7()
    os.close(read)
    os.close(write)


def test_only_version_7_holds_a_time():
    with pytest.raises(ValueError, match="UUIDv7"):
        uuid7_time(uuid.uuid4())


@pytest.mark.parametrize("text", ["", "なにか", "0189", "01890000-0000-7000-8000-00000000000g"])
def test_what_is_no_id_leads_to_nothing(text: str) -> None:
    assert read_id(text).int == 0


def test_an_id_is_read_as_it_was_written() -> None:
    made = uuid7()
    assert read_id(str(made)) == made
