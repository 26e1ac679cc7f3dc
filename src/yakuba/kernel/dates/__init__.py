"""Time as a Japanese town hall knows it: 年度, 和暦, 開庁日, and one clock.

``FiscalYear`` is a type of its own and never a bare date; ``parse_date`` and ``format_date`` read and write dates in era years;
business days follow 地方自治法4条の2; ``now`` and ``today`` are the only clock of the house, so that a test can stop it. Moments are
stored in UTC and shown in Japan time.
"""

from .business import add_business_days, business_day_on_or_after, is_business_day, next_business_day
from .clock import JAPAN, frozen, japan_date, now, today
from .errors import DateError, InvalidDateError, InvalidFiscalYearError
from .fiscal import FiscalYear, fiscal_years
from .wareki import Era, EraYear, era_year, format_date, format_moment, parse_date

__all__ = [
    "JAPAN",
    "DateError",
    "Era",
    "EraYear",
    "FiscalYear",
    "InvalidDateError",
    "InvalidFiscalYearError",
    "add_business_days",
    "business_day_on_or_after",
    "era_year",
    "fiscal_years",
    "format_date",
    "format_moment",
    "frozen",
    "is_business_day",
    "japan_date",
    "next_business_day",
    "now",
    "parse_date",
    "today",
]
