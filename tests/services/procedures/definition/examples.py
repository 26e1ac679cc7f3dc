"""Definitions and answers that several tests use; all of it invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yakuba.services.procedures.definition import document
from yakuba.services.procedures.definition.model import Definition

DAY = dt.date(2026, 4, 10)
UPLOAD = "0198c0de-0000-7000-8000-000000000001"
OTHER_UPLOAD = "0198c0de-0000-7000-8000-000000000002"

OPTIONS = [
    {"code": "mix", "label": "雑種"},
    {"code": "shiba", "label": "柴犬"},
    {"code": "other", "label": "その他"},
]
#: One question of every kind, with a setting or two.
QUESTIONS: list[dict[str, Any]] = [
    {"key": "a_text", "kind": "text", "label": "犬の名前", "max_length": 40, "example": "ポチ"},
    {"key": "a_long", "kind": "long_text", "label": "事情", "required": False, "help": "くわしく書いてください。"},
    {"key": "a_kana", "kind": "kana", "label": "読み"},
    {"key": "a_name", "kind": "name", "label": {"ja": "氏名", "en": "Name"}, "stands_for": "applicant.name"},
    {"key": "a_date", "kind": "date", "label": "生年月日", "latest": "today", "stands_for": "applicant.birth"},
    {"key": "a_number", "kind": "number", "label": "頭数", "minimum": "1", "maximum": "20.5", "unit": "頭"},
    {"key": "a_yen", "kind": "yen", "label": "費用"},
    {"key": "a_choice", "kind": "choice", "label": "犬種", "options": OPTIONS},
    {"key": "a_many", "kind": "many", "label": "曜日", "options": OPTIONS, "maximum": "2"},
    {"key": "a_yes_no", "kind": "yes_no", "label": "チップの有無"},
    {"key": "an_address", "kind": "address", "label": "住所", "stands_for": "applicant.address"},
    {"key": "a_phone", "kind": "phone", "label": "電話", "stands_for": "applicant.phone"},
    {"key": "a_mail", "kind": "mail", "label": "メール", "required": False, "stands_for": "applicant.mail"},
    {"key": "a_file", "kind": "file", "label": "証明書", "maximum": "2", "types": ["application/pdf"], "max_mb": 5},
    {"key": "a_photo", "kind": "photo", "label": "写真", "required": False},
    {"key": "a_consent", "kind": "consent", "label": "内容を確かめました"},
    {
        "key": "a_group",
        "kind": "group",
        "label": "子ども",
        "maximum": "3",
        "questions": [
            {"key": "child", "kind": "name", "label": "子どもの氏名"},
            {"key": "born", "kind": "date", "label": "子どもの生年月日"},
            {"key": "ill", "kind": "yes_no", "label": "配慮の要否"},
            {"key": "how", "kind": "text", "label": "配慮の内容", "when": "ill = true"},
        ],
    },
]  # fmt: skip
NAME = {"family": "手本", "given": "くみこ", "family_kana": "テホン", "given_kana": "クミコ"}
ADDRESS = {
    "postal": "999-0001",
    "prefecture": "群馬県",
    "city": "みほん市",
    "town": "見本町一丁目",
    "number": "2番3号",
    "building": "ひながた荘101",
}
ANSWERS: dict[str, Any] = {
    "a_text": "𠮷太郎",
    "a_long": "一行目\n二行目",
    "a_kana": "ヨシタロウ",
    "a_name": NAME,
    "a_date": "1990-05-06",
    "a_number": "2.5",
    "a_yen": 3000,
    "a_choice": "mix",
    "a_many": ["mix", "other"],
    "a_yes_no": False,
    "an_address": ADDRESS,
    "a_phone": "0279-00-0000",
    "a_mail": "tehon@example.jp",
    "a_file": [UPLOAD],
    "a_photo": [OTHER_UPLOAD],
    "a_consent": True,
    "a_group": [
        {
            "child": {"family": "手本", "given": "こいち", "family_kana": "テホン", "given_kana": "コイチ"},
            "born": "2019-08-01",
            "ill": True,
            "how": "食物アレルギー",
        },
        {
            "child": {"family": "手本", "given": "こじ", "family_kana": "テホン", "given_kana": "コジ"},
            "born": "2021-02-28",
            "ill": False,
        },
    ],
}


def raw(*questions: Mapping[str, Any], **facts: Any) -> dict[str, Any]:
    """A document with one page per question list."""
    return {
        "format": "yakuba-procedure/1",
        "title": "犬の登録",
        "kind": "application",
        "authority": "mayor",
        **facts,
        "steps": [
            {
                "key": "form",
                "title": "記入",
                "sections": [{"key": "page", "title": "あなたについて", "questions": list(questions)}],
            }
        ],
    }


def define(*questions: Mapping[str, Any], **facts: Any) -> Definition:
    """The definition of :func:`raw`."""
    return document.read(raw(*questions, **facts))


EVERYTHING = define(*QUESTIONS)
