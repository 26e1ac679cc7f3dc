"""Invented lights and mirrors."""

ROWS = (
    {
        "kind": "lamp",
        "location": "みほん市見本町一丁目2番地先",
        "place": {"type": "Point", "coordinates": [139.805678, 36.321456]},
        "manager": "association",
        "association": "見本町自治会",
        "pole": "power",
        "pole_number": "見本12号",
        "installed_on": "2015-06-01",
        "lamp": "led",
        "watts": "9.5",
        "led_year": 2015,
        "contract": "00-1234",
    },
    {
        "kind": "mirror",
        "location": "みほん市例示三丁目5番地先",
        "place": {"type": "Point", "coordinates": [139.81, 36.33]},
        "manager": "city",
        "pole": "own",
        "installed_on": "2019-10-01",
        "faces": 2,
        "diameter": 800,
    },
    {
        "kind": "lamp",
        "location": "みほん市手本二丁目9番地先",
        "manager": "city",
        "pole": "telecom",
        "pole_number": "手本3",
        "lamp": "mercury",
        "watts": "100",
    },
)
LINES = {
    "inspections": (
        {"day": "2025-06-01", "grade": "A", "finding": "異常なし"},
        {"day": "2026-06-01", "grade": "C"},
    ),
    "repairs": (
        {"day": "2026-06-20", "work": "灯具を取り替えた", "cost": 18_700, "contractor": "例示電工"},
        {"day": "2026-07-01", "work": "柱の番号札を付けた"},
    ),
}
