"""Which number a file's name tells."""

from __future__ import annotations

import pytest

from yakuba.engines.ledger.bundles.names import key_of, paper_number, readings


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("R8-0012.pdf", "R8-0012"),
        ("ｒ８－００１２.JPG", "R8-12"),
        ("R8-0012_1.jpg", "R8-0012"),
        ("R8-0012 (2).jpg", "R8-0012"),
        ("R8-0012（３）.jpg", "R8-0012"),
        ("犬登録_R8-0012_2.jpg", "R8-0012"),
        ("20240501_R8-0012_1.jpg", "R8-0012"),
        ("No.12.pdf", "12"),
        ("第12号.pdf", "12"),
        ("0012.pdf", "12"),
        ("R8-0012/表.jpg", "R8-0012"),
        ("令和6年度\\R8-0012\\IMG_0003.jpg", "R8-0012"),
    ],
)
def test_a_number_is_found_as_people_write_it(path: str, number: str) -> None:
    assert key_of(number) in [key for tier in readings(path) for key in tier]


@pytest.mark.parametrize(
    "path", ["IMG_0012.jpg", "DSC01234.JPG", "P1010012.jpg", "20240501_101112.jpg", "scan0012.pdf"]
)
def test_what_a_machine_counts_is_no_number(path: str) -> None:
    assert readings(path) == []


def test_the_surest_reading_comes_first() -> None:
    """A folder tells only where the name tells nothing; a turn behind a number is read both ways at once, for a person to say."""
    tiers = readings("12/R8-0034_2.jpg")
    assert key_of("R8-0034") in tiers[0]
    assert key_of("R8-0034-2") in tiers[0]
    assert key_of("12") in tiers[-1]
    assert paper_number("棚3/旧-第45号.pdf") == "旧-第45号"
