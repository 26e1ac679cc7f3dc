"""Numbers written in kanji: 八 → 8, 六十二 → 62, 二〇二四 → 2024."""

import re

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_RUN = re.compile(f"[{''.join(_DIGITS)}{''.join(_UNITS)}]+")


def kanji_number(text: str) -> int | None:
    """Return the value below 10,000 of a number written with units, or of a row of digits; None when it is neither."""
    if not text or not _RUN.fullmatch(text):
        return None
    if not any(c in _UNITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit, smallest = 0, None, 10_000
    for c in text:
        if c in _UNITS:
            if _UNITS[c] >= smallest:
                return None
            smallest = _UNITS[c]
            total += smallest * (1 if digit is None else digit)
            digit = None
        elif digit is not None or _DIGITS[c] == 0:
            return None
        else:
            digit = _DIGITS[c]
    return total + (digit or 0)


def replace_kanji_numbers(text: str) -> str:
    """Return the text with every readable run of kanji digits written in ASCII digits."""

    def ascii_digits(run: re.Match[str]) -> str:
        value = kanji_number(run[0])
        return run[0] if value is None else str(value)

    return _RUN.sub(ascii_digits, text)
