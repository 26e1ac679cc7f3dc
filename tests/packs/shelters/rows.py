"""Invented facilities."""

NOT_FOR = dict.fromkeys(
    ("flood", "landslide", "storm_surge", "earthquake", "tsunami", "fire", "inland_flood", "volcano", "welfare"), False
)  # fmt: skip
ROWS = (
    {
        **NOT_FOR,
        "name": "見本小学校",
        "kana": "ミホンショウガッコウ",
        "address": "みほん市見本町一丁目1番",
        "town_id": "0001001",
        "place": {"type": "Point", "coordinates": [139.805678, 36.321456]},
        "site_on": "2014-06-01",
        "site_notice": "平成26年みほん市告示第41号",
        "site_off": "2025-03-31",
        "landslide": True,
        "earthquake": True,
        "site_capacity": 1200,
        "shelter_on": "2021-06-01",
        "shelter_notice": "令和3年みほん市告示第52号",
        "shelter_off": "2026-03-31",
        "welfare": True,
        "welfare_for": "高齢者とその家族",
        "shelter_capacity": 240,
        "barrier_free": True,
        "pets": "outside",
        "power": "fixed",
        "manager": "みほん市教育委員会",
        "agreed_on": "2014-05-01",
        "told_on": "2014-06-02",
        "stock": "毛布100枚、保存水480本",
        "stock_until": "2028-03-31",
        "keys_on": "2026-04-10",
    },
    {
        **NOT_FOR,
        "name": "例示運動公園",
        "address": "みほん市例示三丁目8番",
        "place": {"type": "Point", "coordinates": [139.81, 36.33]},
        "site_on": "2014-07-01",
        "site_notice": "平成26年みほん市告示第47号",
        "earthquake": True,
        "fire": True,
        "site_capacity": 3000,
        "barrier_free": False,
    },
    {
        **NOT_FOR,
        "name": "手本福祉会館",
        "address": "みほん市手本二丁目9番",
        "shelter_on": "2015-04-01",
        "shelter_notice": "平成27年みほん市告示第12号",
        "welfare": True,
        "shelter_capacity": 60,
        "barrier_free": True,
    },
)
LINES = {
    "openings": (
        {
            "at": "2026-09-08T09:30:00+00:00",
            "incident": "令和8年台風例示号",
            "opening": "open",
            "crowding": "some",
            "people": 84,
        },
        {"at": "2026-09-08T06:00:00+00:00", "incident": "令和8年台風例示号", "opening": "preparing"},
    ),
    "key_holders": (
        {"turn": 1, "name": "例示かぎお", "phone": "0000-00-0001", "duty": "教頭"},
        {"turn": 2, "name": "架空とびら"},
    ),
}
