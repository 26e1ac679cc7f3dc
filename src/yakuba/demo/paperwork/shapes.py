"""Five ways in which cities print a plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from yakuba.kernel.dates import FiscalYear

from .elements import Element, Form, Grid, Heading, Line

_MARKS = {
    "new": "新規",
    "priority": "重点",
    "changed": "変更",
    "ended": "終了",
    "completed": "完了",
    "abolished": "廃止",
}


def wide(documents: Sequence[Form]) -> list[Element]:
    """One wide table: a row per initiative, a second row for its second indicator, values by year."""
    document = _newest(documents)
    plan = document["plan"]
    kinds = sorted(
        {
            (value["year"], value["kind"])
            for _, indicator in _indicators(document)
            for value in indicator["values"]
        },
        key=lambda found: (found[1] == "target", found[0]),
    )
    words = {"baseline": "基準値", "actual": "実績値", "target": "目標値"}
    levels = document["levels"]
    head = [
        *("NO", "新規・重点等", *levels, "取組名", "取組概要", "担当課", "指標"),
        *(f"{FiscalYear(year).wareki}{words[kind]}" for year, kind in kinds),
        *("進捗状況", "スケジュール（これまで）", f"スケジュール（{span(plan)}）"),
    ]
    rows = [tuple(head)]
    above: tuple[str, ...] = ()
    for form in document["initiatives"]:
        titles = node_titles(document, form)
        shown = _below(titles, above) if above else titles
        above = titles
        for place, indicator in enumerate(form.get("indicators", []) or [None]):
            own = (
                {(value["year"], value["kind"]): value["raw"] for value in indicator["values"]}
                if indicator
                else {}
            )
            values = [own.get(key, "") for key in kinds]
            name = f"{indicator.get('number') or ''}{indicator['name']}" if indicator else ""
            texts = form.get("texts", {})
            first = [
                *(form["number"], marks(form), *shown, form["title"], texts.get("approach", "")),
                *(offices(form), name, *values, form.get("progress") or ""),
                *(texts.get("schedule_past", ""), texts.get("schedule", "")),
            ]
            more = [*([""] * (5 + len(levels))), name, *values, "", "", ""]
            rows.append(tuple(more if place else first))
    return [
        *_cover(plan),
        Line(f"計画期間　{span(plan)}"),
        *_prose(plan, 1),
        Heading("取組の一覧"),
        Grid(tuple(rows), merged=tuple(range(2, 2 + len(levels)))),
    ]


def details(documents: Sequence[Form]) -> list[Element]:
    """An overview with two lists side by side, last year's results and this year's plans, each kind in a table of its own."""
    current, former = sorted(documents, key=lambda one: -_year(one))[:2]
    year, before = _year(current), _year(former)
    found: list[Element] = [*_cover(current["plan"]), Line(f"計画期間　{span(current['plan'])}")]
    found += _prose(current["plan"], 1)
    found.append(Heading("実施計画の概要"))
    for node in _inner(current):
        found += _two_lists(current, node)
    found.append(Heading(f"個別取組の取組結果（{FiscalYear(before).wareki}）"))
    for kind, word in (("advance", "推進取組"), ("operate", "運用取組")):
        found += [
            Heading(f"{word}　取組結果（{FiscalYear(before).wareki}）", 2),
            _results(former, kind, before),
        ]
    found.append(Heading(f"個別取組の取組計画（{FiscalYear(year).wareki}）"))
    for kind, word in (("advance", "推進取組"), ("operate", "運用取組")):
        found += [Heading(f"{word}　取組計画（{FiscalYear(year).wareki}）", 2), _plans(current, kind, year)]
    return [*found, *_terms(current["plan"])]


def sheets(documents: Sequence[Form]) -> list[Element]:
    """A fact sheet per initiative under the heading of its goal."""
    document = _newest(documents)
    plan = document["plan"]
    years = range(plan["first_year"], plan["last_year"] + 1)
    found: list[Element] = [*_cover(plan), Line(f"計画期間　{span(plan)}"), *_prose(plan, 1)]
    goal = None
    for form in document["initiatives"]:
        node = _node(document, form["placements"][0]["path"][:1])
        if node is not goal:
            goal = node
            found.append(Heading(f"【基本目標{node['path'][0]}】{node['title']}"))
        texts, width = form["texts"], len(years) + 1
        items = "\n".join(f"{item['number']}{item['text']}（{item['offices'][0]}）" for item in form["items"])
        dx = "【自治体DX】" if form.get("tags", {}).get("自治体DX") else ""
        pairs = [
            ("SDGs", "、".join(form.get("tags", {}).get("SDGs", ()))),
            ("目的", texts.get("purpose", "")),
            ("現状・課題", texts.get("issue", "")),
            ("施策内容", f"{texts.get('approach', '')}\n【主な取組】\n{items}"),
            *(
                (f"指標{indicator.get('number') or ''}", f"{indicator['name']}　{_values(indicator)}")
                for indicator in form.get("indicators", ())
            ),
            ("進捗状況", form.get("progress") or ""),
        ]
        rows = [
            _wide(
                [f"{form['number']}. {form['title']}{dx}", "主管課（関係課）", "　".join(_names(form))], width
            ),
            *(_wide([label, text], width) for label, text in pairs if text),
            ("実施計画", *(FiscalYear(year).wareki for year in years)),
            ("", *(form["stages"].get(str(year), "") for year in years)),
        ]
        found.append(Grid(tuple(rows), heads=0))
    return found


def outline(documents: Sequence[Form]) -> list[Element]:
    """Chapters; measures as headings with what is aimed at and what is to be done beneath; the rules of the committee."""
    document = _newest(documents)
    plan = document["plan"]
    found: list[Element] = [*_cover(plan), Heading("第1章　基本的な考え方"), *_prose(plan, 2)]
    found.append(Line(f"本プランの計画期間は、{span(plan)}までとします。".replace("までまで", "まで")))
    found.append(Heading("第2章　実現に向けた施策"))
    above: list[str] = []
    for form in document["initiatives"]:
        path = form["placements"][0]["path"]
        for depth in range(1, len(path) + 1):
            if path[:depth] != above[:depth]:
                node = _node(document, path[:depth])
                code = f"{path[depth - 1]} " if depth == 1 else path[depth - 1]
                found.append(Heading(f"{code}{node['title']}", depth + 1))
        above = path
        mark = "【重点項目】" if "priority" in form.get("flags", ()) else ""
        texts = form["texts"]
        found += [
            Heading(f"{form['number']} {form['title']}{mark}", 4),
            Line(texts.get("approach", "")),
            Line("＜目指す姿＞"),
            *(Line(f"◆{point}") for point in texts.get("target_state", ())),
            Line("＜検討・実施事項＞"),
            *(Line(f"・{item['text']}") for item in form["items"]),
            Line(f"担当課：{'、'.join(_names(form))}"),
        ]
    return [*found, *_rules(document)]


def measures(documents: Sequence[Form]) -> list[Element]:
    """Measures with a schedule each, a list of all of them, and what the former plan came to."""
    former, current = sorted(documents, key=lambda one: one["plan"]["first_year"])
    plan = current["plan"]
    years = range(plan["first_year"], plan["last_year"] + 1)
    found: list[Element] = [*_cover(plan), Heading("第1章　はじめに"), *_prose(plan, 2)]
    found += [Heading("計画の期間", 2), Line(f"本計画の期間は、{span(plan)}です。")]
    found += [Heading(f"{former['plan']['title']}の検証", 2), _verification(former)]
    found += [Heading("第2章　施策の一覧"), _list_of(current), Heading("第3章　施策")]
    above: list[str] = []
    for form in current["initiatives"]:
        path = form["placements"][0]["path"]
        for depth in range(1, len(path) + 1):
            if path[:depth] != above[:depth]:
                found.append(Heading(f"{path[depth - 1]} {_node(current, path[:depth])['title']}", depth + 1))
        above = path
        schedule = (
            ("年度", *(FiscalYear(year).wareki for year in years), "担当課 関係課"),
            ("取組内容", *(form["stages"].get(str(year), "") for year in years), "\n".join(_names(form))),
        )
        found += [
            Heading(form["number"], 4),
            Line(f"●{form['title']}"),
            Line("【施策の内容】"),
            Line(form["texts"].get("approach", "")),
            *(
                Line(f"指標{indicator.get('number') or ''}　{indicator['name']}　{_values(indicator)}")
                for indicator in form.get("indicators", ())
            ),
            Grid(schedule),
        ]
    return found


# --- pieces -----------------------------------------------------------------------------------------------------------


def _newest(documents: Sequence[Form]) -> Form:
    return max(documents, key=lambda one: (one["plan"]["first_year"], _year(one)))


def _year(document: Form) -> int:
    return max(int(form["year"]) for form in document["initiatives"])


def span(plan: Form) -> str:
    """The plan's years as printed: 令和6年度～令和8年度."""
    return f"{FiscalYear(plan['first_year']).wareki}～{FiscalYear(plan['last_year']).wareki}"


def _cover(plan: Form) -> list[Element]:
    return [Heading(plan["title"], 0), *([Line(plan["edition"])] if plan.get("edition") else [])]


def _prose(plan: Form, level: int) -> list[Element]:
    found: list[Element] = []
    for number, section in enumerate(plan.get("sections", ()), 1):
        found += [Heading(f"{number} {section['title']}", level), Line(section["text"])]
    return found


def _terms(plan: Form) -> list[Element]:
    if not plan.get("terms"):
        return []
    return [
        Heading("用語集"),
        Grid((("用語", "解説"), *((one["term"], one["text"]) for one in plan["terms"]))),
    ]


def _indicators(document: Form) -> Iterable[tuple[Form, Form]]:
    for form in document["initiatives"]:
        for indicator in form.get("indicators", ()):
            yield form, indicator


def _values(indicator: Form) -> str:
    words = {"baseline": "現状", "actual": "実績", "target": "目標"}
    return "、".join(
        f"{FiscalYear(value['year']).wareki}{words[value['kind']]} {value['raw']}"
        for value in indicator["values"]
    )


def _node(document: Form, path: Sequence[str]) -> Form:
    return next(node for node in document["nodes"] if node["path"] == list(path))


def node_titles(document: Form, form: Form) -> tuple[str, ...]:
    """The titles of the levels an initiative stands under, codes before them where the plan has codes."""
    path = form["placements"][0]["path"]
    titles = [_node(document, path[:depth])["title"] for depth in range(1, len(path) + 1)]
    return tuple(
        title if code == title else f"{code} {title}" for code, title in zip(path, titles, strict=True)
    )


def _below(titles: tuple[str, ...], above: tuple[str, ...]) -> tuple[str, ...]:
    """Titles with blanks where the row above says the same, from the root on."""
    shown, same = [], True
    for title, before in zip(titles, above, strict=True):
        same = same and title == before
        shown.append("" if same else title)
    return tuple(shown)


def _names(form: Form) -> list[str]:
    return [office["name"] for office in form.get("offices", ())]


def offices(form: Form) -> str:
    """The offices of an initiative in one cell."""
    return "、".join(_names(form))


def marks(form: Form) -> str:
    """The flags of an initiative as printed."""
    return "・".join(_MARKS[flag] for flag in form.get("flags", ()) if flag in _MARKS)


def _inner(document: Form) -> list[Form]:
    depth = len(document["levels"])
    return [node for node in document["nodes"] if len(node["path"]) == depth]


def _of(document: Form, kind: str, path: Sequence[str] | None = None) -> list[Form]:
    return [
        form
        for form in document["initiatives"]
        if form.get("kind") == kind and (path is None or form["placements"][0]["path"] == list(path))
    ]


def _two_lists(document: Form, node: Form) -> list[Element]:
    """Both kinds of one strategy side by side: number, title, office; what stands here only again is marked 再掲."""
    path = node["path"]
    sides = []
    for kind in ("advance", "operate"):
        rows = [
            (marks(form), form["number"], form["title"], offices(form)) for form in _of(document, kind, path)
        ]
        rows += [
            ("再掲", form["number"], form["title"], offices(form))
            for form in _of(document, kind)
            if any(place["path"] == path for place in form["placements"][1:])
        ]
        sides.append(rows)
    if not any(sides):
        return []
    length = max(map(len, sides))
    blank = ("", "", "", "")
    head = ("新規 再掲", "取組No.", "取組名", "担当部署")
    table: list[tuple[str, ...]] = [
        ("推進取組", "", "", "", "運用取組", "", "", ""),
        head * 2,
        *(
            (
                *(sides[0][at] if at < len(sides[0]) else blank),
                *(sides[1][at] if at < len(sides[1]) else blank),
            )
            for at in range(length)
        ),
    ]
    goal = _node(document, path[:1])
    title = f"【基本目標】{path[0]} {goal['title']} 【基本施策】{path[-1]} {node['title']}"
    return [Heading(title, 2), Grid(tuple(table), heads=1)]


def _joined(form: Form, kind: str, years: Iterable[int]) -> str:
    wanted = set(years)
    found = []
    for indicator in form.get("indicators", ()):
        raw = next(
            (
                one["raw"]
                for one in reversed(indicator["values"])
                if one["kind"] == kind and one["year"] in wanted
            ),
            "",
        )
        found.append(f"{indicator.get('number') or ''}{raw or '―'}")
    return "\n".join(found) if len(found) > 1 else "".join(found)


def _indicator_names(form: Form) -> str:
    return "\n".join(f"{one.get('number') or ''}{one['name']}" for one in form.get("indicators", ()))


def _codes(form: Form) -> tuple[str, str]:
    path = form["placements"][0]["path"]
    return path[0], path[-1]


def _results(document: Form, kind: str, year: int) -> Grid:
    texts = [form.get("texts", {}) for form in _of(document, kind)]
    rows = [
        (
            *_codes(form), form["number"], form["title"], offices(form), text.get("purpose", ""),
            text.get("approach", ""), text.get("result", ""),
            *(
                (_indicator_names(form), _joined(form, "target", [year]), _joined(form, "actual", [year]), form.get("progress") or "")
                if kind == "advance"
                else ()
            ),
        )
        for form, text in zip(_of(document, kind), texts, strict=True)
    ]  # fmt: skip
    head = ("基本目標", "基本施策", "取組No.", "取組名", "担当部署", "取組の目的", "取組計画", "取組結果")
    shown = FiscalYear(year).wareki
    figures = ("指標", f"{shown}目標値", f"{shown}実績値", "進捗状況") if kind == "advance" else ()
    return Grid(((*head, *figures), *rows))


def _plans(document: Form, kind: str, year: int) -> Grid:
    coming = range(year + 1, document["plan"]["last_year"] + 1)
    rows = []
    for form in _of(document, kind):
        text = form.get("texts", {})
        figures = (
            (_indicator_names(form), _joined(form, "actual", [year - 1]), _joined(form, "target", [year]))
            if kind == "advance"
            else ()
        )
        stages = tuple(form.get("stages", {}).get(str(one), "") for one in coming)
        rows.append(
            (
                *(*_codes(form), marks(form), form["number"], form["title"], offices(form)),
                *(text.get("purpose", ""), text.get("approach", ""), *figures, *stages),
            )
        )
    head = ("基本目標", "基本施策", "新規等", "取組No.", "取組名", "担当部署", "取組の目的", "取組計画")
    figures_head = (
        ("指標", f"現状値（{FiscalYear(year - 1).wareki}）", f"目標値（{FiscalYear(year).wareki}）")
        if kind == "advance"
        else ()
    )
    return Grid(((*head, *figures_head, *(FiscalYear(one).wareki for one in coming)), *rows))


def _wide(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells, *([""] * (width - len(cells))))


def _rules(document: Form) -> list[Element]:
    """The rules of the bodies, article by article."""
    found: list[Element] = [Heading(f"{document['plan']['title']}の推進に関する規程")]
    for number, body in enumerate(document.get("bodies", ()), 2):
        found += [
            Line(f"（{body['name']}）"),
            Line(f"第{number}条　次に掲げる事項を行うため、{body['name']}を置く。"),
        ]
        found += [Line(f"({at}) {duty}こと。") for at, duty in enumerate(body["duties"], 1)]
        found += [
            Line(f"{at} {member['role']}は、{member['post']}をもって充てる。")
            for at, member in enumerate(body["members"], 2)
        ]
    return found


def _verification(former: Form) -> Grid:
    rows = [("基本施策", "取組内容", "達成状況")]
    above = ""
    for form in former["initiatives"]:
        title = node_titles(former, form)[-1]
        status = f"{form.get('progress') or ''}\n{form.get('texts', {}).get('result', '')}".strip()
        rows.append(("" if title == above else title, f"{form['number']} {form['title']}", status))
        above = title
    return Grid(tuple(rows), merged=(0,))


def _list_of(document: Form) -> Grid:
    rows = [(*document["levels"], "具体的取組")]
    above: tuple[str, ...] = ()
    for form in document["initiatives"]:
        titles = node_titles(document, form)
        rows.append((*(_below(titles, above) if above else titles), f"{form['number']} {form['title']}"))
        above = titles
    return Grid(tuple(rows), merged=tuple(range(len(document["levels"]))))
