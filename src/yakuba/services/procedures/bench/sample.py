"""A procedure of an ordinary size and somebody who fills it in, both made up; the bench and the crash drill apply for it."""

from __future__ import annotations

from typing import Final

from yakuba.kernel.fields import JsonValue

CODE: Final = "990019"
TITLE: Final = "見本の登録"
#: The page on which a photograph may be attached, and its question.
PAPERS, PHOTO = "papers", "photo"


def mail(number: int) -> str:
    """The address of one of the people who apply; each has one of their own, as people have."""
    return f"tehon-{number}@example.jp"


def document(*, places: int | None = None) -> dict[str, JsonValue]:
    """The definition, as ``yakuba-procedure/1``: three pages, eleven questions, a fee, a review term; ``places`` to give away."""
    return {
        "format": "yakuba-procedure/1",
        "title": {"ja": TITLE, "en": "Sample registration"},
        "kind": "application",
        "authority": "mayor",
        "summary": {"ja": "速さと確かさを試すための、見本の手続です。"},
        "grounds": [{"kind": "ordinance", "name": "見本条例", "article": "第3条"}],
        "remedies": "この決定に不服があるときは、審査請求ができます。",
        "term": {"amount": 5, "unit": "business_days", "start": "next_day", "holiday": "next_open"},
        "who": {"ja": "だれでも"},
        "fee": {"rule": "fixed", "amount": 300, "note": {"ja": "窓口で払います。"}},
        "result": ["download", "post"],
        "life_events": ["pet"],
        "opening": {} if places is None else {"places": places},
        "checks": ["氏名がそろっている", "住所が市内である"],
        "steps": [
            {
                "key": "you",
                "title": {"ja": "あなたのこと"},
                "sections": [
                    {
                        "key": "applicant",
                        "title": {"ja": "申請する人"},
                        "questions": [
                            _question("name", "name", "氏名", stands_for="applicant.name"),
                            _question("birth", "date", "生年月日", stands_for="applicant.birth"),
                            _question("address", "address", "住所", stands_for="applicant.address"),
                            _question("phone", "phone", "電話番号", stands_for="applicant.phone"),
                        ],
                    }
                ],
            },
            {
                "key": "dog",
                "title": {"ja": "犬のこと"},
                "sections": [
                    {
                        "key": "dog",
                        "title": {"ja": "犬"},
                        "questions": [
                            _question("call", "text", "犬の名前", max_length=40),
                            _question(
                                "size",
                                "choice",
                                "大きさ",
                                options=[
                                    {"code": "small", "label": {"ja": "小型"}},
                                    {"code": "large", "label": {"ja": "大型"}},
                                ],
                            ),
                            _question("born", "date", "犬の生年月日", latest="today"),
                            _question("chip", "yes_no", "マイクロチップがありますか"),
                            _question("number", "text", "チップの番号", when="chip = true"),
                            _question("note", "long_text", "そのほか", required=False, max_length=400),
                        ],
                    },
                    {
                        "key": PAPERS,
                        "title": {"ja": "付けるもの"},
                        "questions": [_question(PHOTO, "photo", "犬の写真", required=False, maximum="2")],
                    },
                ],
            },
        ],
    }


def _question(key: str, kind: str, label: str, **more: JsonValue) -> JsonValue:
    return {"key": key, "kind": kind, "label": {"ja": label}, **more}


#: What is typed, page by page.
PAGES: Final[dict[str, dict[str, str]]] = {
    "applicant": {
        "q.name.family": "手本",
        "q.name.given": "くみこ",
        "q.name.family_kana": "テホン",
        "q.name.given_kana": "クミコ",
        "q.birth": "昭和33年4月1日",
        "q.address.postal": "999-0001",
        "q.address.prefecture": "群馬県",
        "q.address.city": "みほん市",
        "q.address.town": "見本町",
        "q.address.number": "1-2-3",
        "q.address.building": "",
        "q.phone": "0000-00-0000",
    },
    "dog": {
        "q.call": "ぽち",
        "q.size": "small",
        "q.born": "令和6年2月3日",
        "q.chip": "1",
        "q.number": "392000000000000",
        "q.note": "",
    },
    PAPERS: {},
}
