"""What the tests of the book print: みほん市's edition with its glossary and text, and the edition before it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.services.plan.edition_sample import edition_document, office, rows
from tests.services.plan.forms import Form, indicator, initiative, value
from yakuba.services.plan.book.manuscript import Proof, Source, Volume

TEXT = "市の手続をDXで見直します。\n年度\t数\n令和5年度\t38\n令和6年度\t57"


def this(**plan: Any) -> Form:
    """The edition: five rows, a section with a table in it, two terms, a body."""
    given = {
        "sections": [
            {"number": "1", "title": "計画の考え方", "text": None},
            {"number": "1(1)", "title": "目的", "text": TEXT},
            {"number": "2", "title": "用語集", "text": "※この計画にない用語もあります。"},
        ],
        "terms": [
            {"term": "D X", "text": "デジタルの力で仕事を変えること。"},
            {"term": "使われない語", "text": "どこにもない。"},
        ],
    }
    found = edition_document(**{**given, **plan})
    found["bodies"] = [
        {"name": "推進本部", "members": [{"role": "本部長", "post": "副市長"}], "duties": [], "rule": "第5条"}
    ]
    found["stated"] = {"progress": {"順調": 3, "停滞": 1}, "counts": {}}
    return found


def before() -> Form:
    """The edition of the year before: one row that moved since, one that ended."""
    old = [
        {**row, "year": 2023, "lineage": []}
        for row in (
            *rows()[:1],
            initiative("4", "書かない窓口", kind="operate", offices=[office("市民課")]),
            initiative("9", "終わった取組", kind="advance", offices=[office("総務課")], flags=["completed"]),
        )
    ]
    found = edition_document(old)
    found["plan"]["edition"] = "令和7年度版"
    return found


def source(*, draft: bool = True, alone: bool = False, **plan: Any) -> Source:
    """What a book is made from; ``alone`` without an edition before."""
    proof = Proof() if draft else Proof(3, "令和8年4月1日", "ab" * 32, 12, "cd" * 32, "令和8年4月1日 10:00")
    former = None if alone else Volume(before())
    return Source(Volume(this(**plan)), former, dt.date(2026, 11, 22), draft, proof)


def many(texts: list[str]) -> Form:
    """An initiative whose indicator has these values, for one cell with lines."""
    parts = [
        indicator(f"指標{n}", [value(text, 2024, number=None)], number=f"({n})")
        for n, text in enumerate(texts)
    ]
    return initiative("1", "多くの指標", indicators=parts)
