"""Codes under which other plans and surveys know what the plan holds, and the sheets that answer them: a figure is typed once."""
