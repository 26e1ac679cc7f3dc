"""Generated editions as the public has them: `yakuba-plan/1` with its public fields. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from yakuba.kernel.fields import JsonValue
from yakuba.kernel.town.vocabulary import ListedMunicipality, shipped
from yakuba.services.plan.bench.words import Vocabulary
from yakuba.services.plan.rows import Form
from yakuba.services.plan.themes.vocabulary import THEMES

FIRST_YEAR: Final = 2021
YEAR: Final = 2026
"""The edition in force; its actuals begin five years before."""
INDICATORS: Final = 3
_GOALS: Final = 4
_FIELDS: Final = 3
_ENDINGS: Final = ("の推進", "の拡大", "の導入", "の見直し", "の運用", "の検討", "の充実", "")
_OFFICES: Final = ("DX推進課", "総務課", "市民課", "税務課", "防災課", "福祉課", "学校教育課", "道路課", "企画課", "財政課", "環境課", "広報課")  # fmt: skip
_PROGRESS: Final = (
    ("順調", "on_track"),
    ("ほぼ順調", "mostly_on_track"),
    ("遅れ", "behind"),
    ("停滞", "stopped"),
    ("完了", "completed"),
)
_LIKELY: Final = (55, 25, 12, 5, 3)
_MEASURED: Final = (
    ("{}の利用件数", "件", "increase", ("year_total", "cumulative")),
    ("{}の対応手続数", "手続", "increase", ("at_date", "cumulative")),
    ("{}の利用率", "%", "increase", ("ratio",)),
    ("{}の研修回数", "回", "maintain", ("year_total",)),
    ("{}の平均待ち時間", "分", "decrease", ("average",)),
)
_DEFINITIONS: Final = ("その年度に受け付けた数を数えます。", "年度末の時点の数を数えます。", "")
_STATUSES: Final = ("final", "final", "preliminary", "provisional")


@dataclass(frozen=True, slots=True)
class GeneratedEdition:
    """One edition: its head and the public forms of its initiatives."""

    year: int
    title: str
    head: dict[str, JsonValue]
    forms: tuple[Form, ...]


def municipalities() -> list[ListedMunicipality]:
    """The 1,741 cities, special wards, towns and villages of the shipped table; the wards of designated cities are none of them."""
    return [
        one for _code, one in sorted(shipped().items()) if not (one.name.endswith("区") and "市" in one.name)
    ]


def has_two(town: ListedMunicipality) -> bool:
    """Whether a municipality's edition of the year before stands as well: one in ten."""
    return int(town.code[:5]) % 10 == 0


class Generator:
    """Makes editions; the same ones for the same seed."""

    def __init__(self, seed: int, initiatives: int) -> None:
        self.seed = seed
        self.initiatives = initiatives
        self.vocabulary = Vocabulary(seed)
        self._themes = tuple(theme for theme in THEMES.values() if theme.words)
        ranks = random.Random(seed)  # noqa: S311 – as below
        self._weights = [
            1 / (rank + 40) for rank in ranks.sample(range(len(self._themes)), len(self._themes))
        ]

    def editions(self, town: ListedMunicipality) -> list[GeneratedEdition]:
        """The edition in force, before it that of the year before where there is one."""
        newest = self.edition(town)
        return [self._year_before(town, newest), newest] if has_two(town) else [newest]

    def edition(self, town: ListedMunicipality) -> GeneratedEdition:
        """The edition in force of one municipality."""
        of = random.Random(f"{self.seed}:{town.code}")  # noqa: S311 – generates samples, guards nothing
        paths = [
            (str(goal), f"{goal}-{field}") for goal in range(1, _GOALS + 1) for field in range(1, _FIELDS + 1)
        ]
        forms = tuple(self._form(of, number, paths) for number in range(1, self.initiatives + 1))
        return GeneratedEdition(
            YEAR, f"{town.name}情報化推進計画 令和8年度版", self._head(of, town, paths, YEAR), forms
        )

    def _year_before(self, town: ListedMunicipality, newest: GeneratedEdition) -> GeneratedEdition:
        """As it was a year ago: some initiatives were not there yet, some others were, progress and last values differ."""
        of = random.Random(f"{self.seed}:{town.code}:{YEAR - 1}")  # noqa: S311 – as above
        forms: list[Form] = []
        for number, form in enumerate(newest.forms, start=1):
            if number % 20 == 0:
                replaced = dict(newest.forms[number // 2], title=f"{form['title']}（旧）", number=str(number))
                forms.append({**replaced, "year": YEAR - 1})
                continue
            word, meaning = of.choices(_PROGRESS, weights=_LIKELY)[0]
            indicators = [
                {**one, "values": [value for value in one["values"] if value["year"] < YEAR - 1]}
                for one in form["indicators"]
            ]
            forms.append({**form, "year": YEAR - 1, "progress": word, "progress_meaning": meaning, "indicators": indicators})  # fmt: skip
        head = {**newest.head, "plan": {**newest.head["plan"], "edition": "令和7年度版"}}  # type: ignore[dict-item]  # an object of the head
        return GeneratedEdition(YEAR - 1, f"{town.name}情報化推進計画 令和7年度版", head, tuple(forms))

    def _head(
        self, of: random.Random, town: ListedMunicipality, paths: Sequence[tuple[str, str]], year: int
    ) -> dict[str, JsonValue]:
        nodes: list[JsonValue] = []
        for goal, field in paths:
            if field.endswith("-1"):
                nodes.append({"path": [goal], "title": f"{self.vocabulary.long(of)}", "text": None})
            nodes.append(
                {"path": [goal, field], "title": f"{of.choice(self._themes).name}の分野", "text": None}
            )
        return {
            "format": "yakuba-plan/1",
            "municipality": {"code": town.code, "name": town.name},
            "plan": {
                "title": f"{town.name}情報化推進計画",
                "edition": f"令和{year - 2018}年度版",
                "first_year": FIRST_YEAR + 3,
                "last_year": YEAR + 1,
                "sections": [{"number": "1", "title": "計画の目的", "text": self._sentences(of, 3)}],
                "terms": [],
                "predecessors": [],
                "related": [],
            },
            "levels": ["基本目標", "施策分野"],
            "nodes": nodes,
            "bodies": [],
            "stated": {"progress": {}, "counts": {"advance": self.initiatives}},
        }

    def _sentences(self, of: random.Random, count: int) -> str:
        words = iter(self.vocabulary.draw(of, count * 4))
        return "".join(
            f"{next(words)}の{next(words)}を見直し、{next(words)}と{next(words)}を進めます。"
            for _ in range(count)
        )

    def _form(self, of: random.Random, number: int, paths: Sequence[tuple[str, str]]) -> Form:
        themes = of.choices(self._themes, weights=self._weights, k=of.choice((0, 1, 1, 1, 1, 1, 1, 1, 1, 2)))
        word = of.choice(themes[0].words) if themes else self.vocabulary.draw(of, 1)[0]
        title = self.vocabulary.long(of) if number % 25 == 0 else f"{word}{of.choice(_ENDINGS)}"
        progress, meaning = of.choices(_PROGRESS, weights=_LIKELY)[0]
        offices = of.sample(_OFFICES, 2)
        path = paths[number % len(paths)]
        return {
            "year": YEAR,
            "kind": "operate" if number % 3 == 0 else "advance",
            "number": str(number),
            "title": title,
            "offices": [{"name": offices[0], "role": "lead"}, {"name": offices[1], "role": "related"}],
            "flags": ["new"] if number % 20 == 0 else [],
            "group": None,
            "lineage": [],
            "placements": [{"path": list(path), "primary": True}],
            "tags": {"SDGs": [str(of.randint(1, 17))]},
            "texts": {
                "purpose": self._sentences(of, 2),
                "issue": self._sentences(of, 2),
                "approach": self._sentences(of, 4),
                "schedule": self._sentences(of, 1),
            },
            "items": [{"number": "①", "text": self._sentences(of, 1), "offices": []}],
            "stages": {str(year): of.choice(("検討", "構築", "導入", "運用")) for year in range(YEAR - 2, YEAR + 2)},
            "progress": progress,
            "indicators": [self._indicator(of, themes[0].name if themes else word) for _ in range(INDICATORS)],
            "progress_meaning": meaning,
            **({"themes": list(dict.fromkeys(theme.id for theme in themes))} if themes else {}),
        }  # fmt: skip

    def _indicator(self, of: random.Random, about: str) -> Form:
        name, unit, direction, aggregations = of.choice(_MEASURED)
        start = of.randint(5, 200)
        actuals = [
            _value("actual", year, start + 7 * (year - FIRST_YEAR), unit, of.choice(_STATUSES))
            for year in range(FIRST_YEAR, YEAR)
        ]
        definition = of.choice(_DEFINITIONS)
        return {
            "number": None,
            "name": name.format(about),
            "unit": unit,
            "direction": direction,
            "aggregation": of.choice(aggregations),
            "bound": None,
            **({"definition": definition} if definition else {}),
            "values": [*actuals, _value("target", YEAR, start + 60, unit, None)],
        }


def _value(kind: str, year: int, number: int, unit: str, status: str | None) -> Form:
    return {
        "kind": kind,
        "year": year,
        "as_of": f"{year + 1}-03-31" if kind == "actual" else None,
        "raw": f"{number}{unit}",
        "number": str(number),
        "state": None,
        "approximate": False,
        "numerator": None,
        "denominator": None,
        "status": status,
        "revision": 0,
        "reason": None,
    }
