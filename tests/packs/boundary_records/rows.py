"""Invented boundary decisions."""

ROWS = (
    {
        "kind": "both",
        "location": "みほん市見本町一丁目2番3地先",
        "public_land": "市道0012号線",
        "place": {"type": "LineString", "coordinates": [[139.8056, 36.3214], [139.8058, 36.3215]]},
        "applied_on": "2025-05-08",
        "met_on": "2025-06-03",
        "decided_on": "2025-07-01",
        "notified_on": "2025-07-04",
        "applicant": "例示さかい",
        "applicant_kana": "レイジサカイ",
        "applicant_address": "みほん市見本町一丁目2番3号",
        "applicant_phone": "0000-00-0002",
        "agent": "架空くいと（土地家屋調査士）",
        "datum": "jgd2011",
        "zone": 9,
        "survey_year": 2025,
        "accuracy": "k3",
        "drawing": "R7-012",
        "setback": "donated",
        "setback_area": "6.25",
    },
    {
        "kind": "boundary",
        "location": "みほん市例示三丁目5番1地先",
        "applied_on": "1996-04-15",
        "met_on": "1996-05-20",
        "decided_on": "1996-06-14",
        "applicant": "見立さかえ",
        "datum": "tokyo",
        "survey_year": 1996,
        "drawing": "H8-004",
    },
    {
        "kind": "narrow",
        "location": "みほん市手本二丁目9番2地先",
        "applied_on": "2026-10-01",
        "applicant": "手本みちお",
        "datum": "local",
        "setback": "open",
    },
)
LINES = {
    "parcels": (
        {"oaza": "見本町", "koaza": "一丁目", "lot": "2番3", "applied_for": True},
        {"oaza": "見本町", "lot": "2番4", "applied_for": False},
    ),
    "neighbours": (
        {
            "lot": "2番4",
            "name": "架空となり",
            "address": "みほん市見本町一丁目2番4号",
            "met_on": "2025-06-03",
            "agreed_on": "2025-06-10",
        },
        {"lot": "2番5", "name": "仮名むかい"},
    ),
    "copies": (
        {"day": "2026-05-12", "recipient": "架空くいと", "purpose": "分筆登記", "sheets": 2, "fee": 600},
        {"day": "2026-06-12", "recipient": "見立こぴお", "sheets": 1},
    ),
}
