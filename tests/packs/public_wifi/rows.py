"""Invented sites."""

ROWS = (
    {
        "name": "みほん市民会館",
        "kana": "ミホンシミンカイカン",
        "use": "shelter",
        "address": "みほん市本町一丁目2番3号",
        "town_id": "0001001",
        "place": {"type": "Point", "coordinates": [139.805678, 36.321456]},
        "ssid": "Mihon_Free_Wi-Fi",
        "area": "1階ロビー",
        "disaster": True,
        "hours": "9時から21時まで",
        "device": "見本製 AP-1 2台",
        "line": "見本回線 契約第12号",
        "renewal": "2027-03-31",
    },
    {
        "name": "例示駅前広場",
        "use": "tourism",
        "address": "みほん市駅前二丁目1番",
        "place": {"type": "Point", "coordinates": [139.81, 36.33]},
        "ssid": "Mihon_Station",
        "disaster": False,
    },
    {
        "name": "雛形図書館",
        "kana": "ヒナガタトショカン",
        "use": "public",
        "address": "みほん市本町三丁目",
        "ssid": "みほん図書館",
        "disaster": False,
        "renewal": "2028-03-31",
    },
)
