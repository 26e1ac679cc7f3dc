"""Invented sites."""

RING = [[139.8051, 36.3211], [139.8064, 36.3212], [139.8063, 36.3221], [139.8051, 36.3211]]
ROWS = (
    {
        "name": "見本塚古墳",
        "kana": "ミホンヅカコフン",
        "kind": "tomb",
        "period": "古墳時代後期",
        "designation": "city",
        "location": "みほん市見本町字塚越",
        "place": {"type": "Polygon", "coordinates": [RING]},
        "looting": True,
        "remarks": "墳丘の一部が残る。",
    },
    {
        "name": "例示原遺跡",
        "kind": "settlement",
        "location": "みほん市例示字原",
        "place": {"type": "Point", "coordinates": [139.81, 36.33]},
        "looting": False,
    },
    {
        "name": "手本窯跡",
        "kana": "テホンカマアト",
        "kind": "kiln",
        "location": "みほん市手本字窯ノ入",
        "looting": False,
    },
)
LINES = {
    "inquiries": (
        {
            "number": "R8-0001",
            "day": "2026-04-06",
            "inquirer": "株式会社ひながた設備",
            "phone": "0000-00-0003",
            "lot": "見本町12番1",
            "answer": "inside",
            "answered_on": "2026-04-08",
        },
        {"number": "R8-0002", "day": "2026-11-16", "inquirer": "見立いえこ"},
    ),
    "notices": (
        {
            "article": "a93",
            "filed_on": "2026-05-11",
            "filer": "例示けんた",
            "work": "個人住宅",
            "starts_on": "2026-08-01",
            "forwarded_on": "2026-05-13",
            "instructed_on": "2026-06-02",
            "instruction": "watch",
            "document": "県教文第1号",
        },
        {"article": "a93", "filed_on": "2026-11-02", "filer": "仮名たてる", "work": "宅地造成", "starts_on": "2026-12-20"},
    ),
    "digs": (
        {"year": 2019, "kind": "trial", "area": "120.5", "report_number": "第12集", "reported_year": 2020},
        {"year": 2026, "kind": "watch"},
    ),
}  # fmt: skip
