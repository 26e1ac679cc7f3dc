"""Levels, how long a visit lasts, and where a request came from."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.visitors import rules
from yakuba.engines.visitors.visitor import ANON, Visitor, masked_mail

NOW = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def test_levels_include_those_before_them() -> None:
    keys = [key for key, _label in rules.LEVELS]
    assert keys == ["none", "mail", "account", "verified", "signature"]
    for height, level in enumerate(keys):
        assert [wanted for wanted in keys if rules.reaches(level, wanted)] == keys[: height + 1]
    assert not Visitor(level="verified").reaches("signature")
    assert ANON.reaches("none")
    assert not ANON.reaches("mail")
    with pytest.raises(KeyError):
        rules.reaches("mail", "certain")


def test_a_visit_ends_when_nobody_comes_and_at_its_end() -> None:
    far = NOW + dt.timedelta(days=7)
    for signed_in, minutes in ((True, 30), (False, 24 * 60)):
        for late, expected in ((-1, True), (0, False)):
            seen_at = NOW - minutes * MINUTE - late * MINUTE
            assert rules.alive(signed_in=signed_in, seen_at=seen_at, ends_at=far, now=NOW) is expected
        assert not rules.alive(signed_in=signed_in, seen_at=NOW, ends_at=NOW, now=NOW)


def test_tokens_are_long_and_kept_as_digests() -> None:
    one, other = rules.new_token(), rules.new_token()
    assert one != other
    assert len(one) >= 43
    assert one not in rules.token_digest(one)
    assert rules.token_digest("\ud800")  # what a browser sends is no reason to fail


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        ("", 0, "10.0.0.1"),
        ("203.0.113.9", 0, "10.0.0.1"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", 1, "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9, 10.0.0.2", 2, "203.0.113.9"),
        ("203.0.113.9", 2, "10.0.0.1"),
        ("", 1, "10.0.0.1"),
        (" , ", 1, "10.0.0.1"),
    ],
)
def test_where_a_request_came_from(forwarded: str, proxies: int, expected: str) -> None:
    assert rules.remote_address("10.0.0.1", forwarded, proxies) == expected


@given(forged=st.text(alphabet="0123456789., abc", max_size=60), proxies=st.integers(1, 3))
def test_what_a_visitor_writes_into_the_header_changes_nothing(forged: str, proxies: int) -> None:
    honest = ", ".join(["203.0.113.9", *(f"10.0.0.{n}" for n in range(2, proxies + 1))])
    assert rules.remote_address("10.0.0.1", f"{forged}, {honest}", proxies) == "203.0.113.9"


def test_a_network_of_ipv6_is_one_place() -> None:
    assert rules.address_key("2001:db8:1:2:3::4") == rules.address_key("2001:db8:1:2:ffff::1")
    assert rules.address_key("2001:db8:1:2::1") != rules.address_key("2001:db8:1:3::1")
    assert rules.address_key("::ffff:192.0.2.1") == rules.address_key("192.0.2.1") == "192.0.2.1"
    assert rules.address_key("unix:") == "unix:"


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("203.0.113.5:4711", "203.0.113.5"),
        ("203.0.113.5", "203.0.113.5"),
        ("[2001:db8::1]:4711", "2001:db8::/64"),
        ("[2001:db8::2]", "2001:db8::/64"),
        ("2001:db8::3", "2001:db8::/64"),
        ("[::ffff:192.0.2.1]:80", "192.0.2.1"),
        ("203.0.113.5.6:80", "203.0.113.5.6:80"),
        ("[]:80", "[]:80"),
    ],
)
def test_the_port_that_a_proxy_writes_is_no_part_of_the_place(written: str, place: str) -> None:
    assert rules.address_key(rules.remote_address("10.0.0.1", f"198.51.100.1, {written}", 1)) == place


def test_a_mail_address_is_masked() -> None:
    assert masked_mail("rei@example.jp") == "r•••@example.jp"
    assert masked_mail("") == ""
    assert masked_mail("no-address") == ""
