"""References in formulas, when rows of a sheet become more. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

_PLACE: Final = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})")
_ROW: Final = re.compile(r"(\$?)([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Growth:
    """The rows ``first`` to ``last`` of a sheet are repeated, so that ``extra`` rows come between them and what is below."""

    sheet: str
    first: int
    last: int
    extra: int

    def row(self, row: int, *, end: bool = False) -> int:
        """Where a row stands afterwards. Of a range that ends in the repeated rows, the end goes along to the last of them."""
        inside = self.first <= row <= self.last
        return row + self.extra if row > self.last or (end and inside) else row

    def span(self, text: str) -> str:
        """A place or range of the sheet itself (A1, A1:B5, 3:3, A:C) afterwards."""
        begin, colon, end = text.partition(":")
        if not colon:
            return self._end(begin, end=False)
        return f"{self._end(begin, end=False)}:{self._end(end, end=True)}"

    def area(self, text: str) -> str:
        """Cells of the sheet that a condition or a list of choices is for: one cell of the repeated rows becomes all of its like."""
        return self.span(text if ":" in text else f"{text}:{text}")

    def _end(self, text: str, *, end: bool) -> str:
        found = _PLACE.fullmatch(text)
        if found is not None:
            return f"{found[1]}{found[2]}{found[3]}{self.row(int(found[4]), end=end)}"
        row = _ROW.fullmatch(text)
        return f"{row[1]}{self.row(int(row[2]), end=end)}" if row is not None else text

    def formula(self, text: str, here: str) -> str:
        """A formula that stands on the sheet ``here``, afterwards."""
        tokens = Tokenizer(text)
        for token in tokens.items:
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                token.value = self._reference(token.value, here)
        return f"={''.join(token.value for token in tokens.items)}"

    def _reference(self, text: str, here: str) -> str:
        sheet, bang, place = text.rpartition("!")
        named = sheet.strip("'").replace("''", "'") if bang else here
        return f"{sheet}{bang}{self.span(place)}" if named == self.sheet else text

    def reference(self, text: str) -> str:
        """A list of references with or without their sheet, as names and print areas hold them."""
        return ",".join(self._reference(one, self.sheet) for one in text.split(","))
