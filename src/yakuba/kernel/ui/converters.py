"""Path converters that several rooms use. Importing the module registers them: ``<code6:code>``, ``<year4:year>``, ``<sheet:…>``."""

from __future__ import annotations

from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter


class MunicipalityCode(StringConverter):
    """The six digits of a 全国地方公共団体コード, check digit included."""

    regex = "[0-9]{6}"


class WesternYear(IntConverter):
    """Four digits: the western year in which a fiscal year begins."""

    regex = "[0-9]{4}"

    def to_url(self, value: int | str) -> str:
        return f"{int(value):04d}"


class SheetFormat(StringConverter):
    """The ending of a list's file."""

    regex = "xlsx|csv"


register_converter(SheetFormat, "sheet")
register_converter(MunicipalityCode, "code6")
register_converter(WesternYear, "year4")
