"""The plan's year: reviews of initiatives (進行管理・PDCA), observations (OODA), the yearly report, what was public on a day."""
