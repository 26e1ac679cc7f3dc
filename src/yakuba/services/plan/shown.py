"""A published edition as readers see it: rows, outline, counts. Pure; built from frozen copies and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.text import Prefix, Term, display_number_sort_key, fold
from yakuba.services.plan import labels
from yakuba.services.plan.lateness import LATE, Run
from yakuba.services.plan.rows import Form

NODE_SEPARATOR = "/"
NodeNames = Mapping[tuple[str, ...], str]
"""The titles of a tree's nodes by their paths."""
# The fixed meanings in the order in which a reader wants to see them; outcomes come last.
_ORDER = (
    *("on_track", "mostly_on_track", "behind", "stopped", "not_started"),
    *("completed", "ended", "changed", "merged", "moved", "abolished"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed value with its fiscal year, as a list shows it. ``year`` is None where the document names none."""

    raw: str
    year: FiscalYear | None
    more: int = 0
    """How many further indicators have such a value."""


@dataclass(frozen=True, slots=True)
class Row:
    """One initiative of a published edition, read from its frozen form."""

    id: UUID
    position: int
    form: Form
    run: Run | None = None
    """Since when it is judged late, where the editions before were looked into."""

    @property
    def title(self) -> str:
        return str(self.form["title"])

    @property
    def number(self) -> str:
        """The number with the word that tells 推進 and 運用 apart, since both count from 1."""
        return " ".join(
            part for part in (labels.of(labels.KINDS, self.form["kind"]), self.form["number"]) if part
        )

    @property
    def number_key(self) -> str:
        """Sorts by kind, then as people read numbers."""
        return f"{self.form['kind'] or ''} {display_number_sort_key(self.form['number'])}"

    @property
    def title_key(self) -> str:
        return fold(self.title)

    @property
    def offices(self) -> tuple[str, ...]:
        """Names as printed, the leading office first; what the document leaves open has no name."""
        named = [office for office in self.form["offices"] if office["name"]]
        named.sort(key=lambda office: office["role"] != "lead")
        return tuple(dict.fromkeys(office["name"] for office in named))

    @property
    def leads(self) -> tuple[str, ...]:
        """The leading offices alone; all named ones where the document tells no leading one."""
        leading = [
            office["name"] for office in self.form["offices"] if office["name"] and office["role"] == "lead"
        ]
        return tuple(dict.fromkeys(leading)) or self.offices

    @property
    def progress(self) -> str:
        """The city's own word, or nothing."""
        return self.form["progress"] or ""

    @property
    def meaning(self) -> str:
        """The fixed meaning of the progress word, or nothing."""
        return self.form["progress_meaning"] or ""

    @property
    def late(self) -> bool:
        """Whether its progress word means that it is behind or has stopped."""
        return self.meaning in LATE

    @property
    def since_key(self) -> int | None:
        """Sorts by the year since which it is late; None where it is not."""
        return self.run.since.year if self.run and self.run.years else None

    @property
    def themes(self) -> tuple[str, ...]:
        """Ids of the confirmed themes of the shared vocabulary."""
        return tuple(self.form.get("themes", ()))

    @property
    def progress_key(self) -> tuple[int, str] | None:
        """Sorts by the fixed meaning, then the word; None without a word."""
        return (rank(self.meaning), self.progress) if self.progress else None

    @property
    def flags(self) -> tuple[str, ...]:
        return tuple(self.form["flags"])

    @property
    def nodes(self) -> frozenset[str]:
        """Keys of every node under which it stands, ancestors and cross-listings (再掲) included."""
        return frozenset(
            node_key(placement["path"][:depth])
            for placement in self.form["placements"]
            for depth in range(1, len(placement["path"]) + 1)
        )

    @property
    def home(self) -> tuple[str, ...]:
        """The path of its primary place in the tree; empty where it has none."""
        places = sorted(self.form["placements"], key=lambda place: not place["primary"])
        return tuple(places[0]["path"]) if places else ()

    @property
    def counted_as(self) -> str:
        """Rows of one group (2 of 2-1 and 2-2) count once."""
        group = self.form["group"]
        return f"{self.form['kind']}\0{group}" if group else str(self.id)

    def latest(self, *kinds: str) -> Figure | None:
        """The newest value of the first indicator that has one of these kinds."""
        found = [value for one in self.form["indicators"] if (value := newest(one, kinds))]
        if not found:
            return None
        year = found[0]["year"]
        return Figure(found[0]["raw"], FiscalYear(year) if year else None, len(found) - 1)

    @property
    def actual(self) -> Figure | None:
        return self.latest("actual", "baseline")

    @property
    def target(self) -> Figure | None:
        return self.latest("target")

    def has(self, terms: Sequence[Term], names: NodeNames) -> bool:
        """Whether every word occurs somewhere in what is searched."""
        if not terms:
            return True
        folded = [fold(text) for text in self.texts(names)]
        return all(any(occurs(term, text) for text in folded) for term in terms)

    def texts(self, names: NodeNames) -> Iterable[str]:
        """What is searched: title, number, texts, indicator names, offices, places. The form must be whole."""
        yield self.title
        yield self.form["number"]
        for text in self.form["texts"].values():
            yield joined(text)
        yield "\n".join(indicator["name"] for indicator in self.form["indicators"])
        yield "\n".join(office["name"] for office in self.form["offices"])
        yield places_text(self.form, names)


def joined(text: str | Sequence[str]) -> str:
    """A text of an initiative in one piece; printed points stand one a line."""
    return text if isinstance(text, str) else "\n".join(text)


def titles_of(nodes: Iterable[Form]) -> dict[tuple[str, ...], str]:
    """The titles of a tree's nodes by their paths."""
    return {tuple(node["path"]): node["title"] for node in nodes}


def way_text(path: Sequence[str], names: NodeNames) -> str:
    """Number and title of every node on the way down to a path: 3 安全 ＞ 3-1 情報セキュリティ."""
    steps = (
        dict.fromkeys((path[depth - 1], names.get(tuple(path[:depth]), "")))
        for depth in range(1, len(path) + 1)
    )
    return " ＞ ".join(" ".join(filter(None, step)) for step in steps)


def places_text(form: Form, names: NodeNames) -> str:
    """What an initiative is found by of the places where it stands, one line for each."""
    return "\n".join(way_text(placement["path"], names) for placement in form["placements"])


def occurs(term: Term, text: str) -> bool:
    """Whether a searched word occurs in a folded text."""
    if isinstance(term, Prefix):
        return term.character in text
    return any(spelling in text for spelling in term.spellings)


def rank(meaning: str) -> int:
    """The place of a fixed meaning in the order in which a reader wants to see them."""
    return _ORDER.index(meaning) if meaning in _ORDER else len(_ORDER)


def newest(indicator: Form, kinds: Sequence[str]) -> Form | None:
    """The newest printed value of these kinds: by year, an actual before a baseline of the same year, then by revision."""
    own: list[Form] = [value for value in indicator["values"] if value["kind"] in kinds and value["raw"]]
    return max(
        own,
        key=lambda value: (value["year"] or 0, value["kind"] == "actual", value["revision"]),
        default=None,
    )


def node_key(path: Sequence[str]) -> str:
    """A node in an address: its path as the document numbers it."""
    return NODE_SEPARATOR.join(path)


@dataclass(frozen=True, slots=True)
class NodeView:
    """A goal or strategy of the outline, with what stands under it."""

    path: tuple[str, ...]
    title: str
    text: str
    level: str
    count: int
    tallies: tuple[tuple[str, str, int], ...]
    """Progress word, fixed meaning, count."""
    silent: int
    """How many have no progress word."""

    @property
    def late(self) -> int:
        """How many are behind or have stopped."""
        return sum(number for _word, meaning, number in self.tallies if meaning in LATE)

    @property
    def key(self) -> str:
        return node_key(self.path)

    @property
    def depth(self) -> int:
        return len(self.path)

    @property
    def number(self) -> str:
        """The code, unless the level has none and its title stands in the path."""
        return "" if self.path[-1] == self.title else self.path[-1]

    @property
    def label(self) -> str:
        return f"{self.number} {self.title}".strip()


def count(rows: Iterable[Row]) -> int:
    """How many initiatives these rows are; a group counts once."""
    return len({row.counted_as for row in rows})


def silent(rows: Iterable[Row]) -> int:
    """How many initiatives of these have no progress word."""
    return count(row for row in rows if not row.progress)


def tallies(rows: Iterable[Row]) -> tuple[tuple[str, str, int], ...]:
    """Progress word, fixed meaning and count, in the order of the meanings; a group counts once per word."""
    seen = {(row.counted_as, row.progress, row.meaning) for row in rows if row.progress}
    counted = Counter((word, meaning) for _group, word, meaning in seen)
    return tuple(
        (word, meaning, number)
        for (word, meaning), number in sorted(
            counted.items(), key=lambda item: (rank(item[0][1]), item[0][0])
        )
    )


@dataclass(frozen=True)
class Edition:
    """A published edition: its head and its rows in the document's order."""

    head: Form
    rows: tuple[Row, ...]

    @property
    def plan(self) -> Form:
        found: Form = self.head["plan"]
        return found

    @property
    def span(self) -> tuple[FiscalYear, FiscalYear]:
        """First and last fiscal year of the plan."""
        return FiscalYear(self.plan["first_year"]), FiscalYear(self.plan["last_year"])

    @cached_property
    def names(self) -> dict[tuple[str, ...], str]:
        """The titles of the nodes by their paths."""
        return titles_of(self.head["nodes"])

    @cached_property
    def outline(self) -> tuple[NodeView, ...]:
        """The tree in the document's order."""
        levels: list[str] = self.head["levels"]
        own = [(row.nodes, row) for row in self.rows]
        views = []
        for node in self.head["nodes"]:
            path = tuple(node["path"])
            key = node_key(path)
            under = [row for nodes, row in own if key in nodes]
            level = levels[len(path) - 1] if len(path) <= len(levels) else ""
            views.append(
                NodeView(
                    path,
                    node["title"],
                    node["text"] or "",
                    level,
                    count(under),
                    tallies(under),
                    silent(under),
                )
            )
        return tuple(views)

    def node(self, path: Sequence[str]) -> NodeView | None:
        """The node at a path."""
        return next((node for node in self.outline if node.path == tuple(path)), None)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which of 推進 and 運用 occur."""
        present = {row.form["kind"] for row in self.rows}
        return tuple(kind for kind in labels.KINDS if kind in present)


def edition(head: Form, parts: Iterable[tuple[UUID, int, Any]]) -> Edition:  # Any: JSON of a frozen part
    """An edition from its head and from (id, position, body) of its parts."""
    return Edition(head, tuple(Row(identity, position, body) for identity, position, body in parts))
