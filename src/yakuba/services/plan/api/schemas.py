"""The shapes of the plan's public answers, for the OpenAPI document: the keys of `yakuba-plan/1` with what publishing adds."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_noop
from ninja import Field, Schema
from pydantic import ConfigDict


class PublicationOut(Schema):
    """Which frozen copy an answer is from."""

    number: int = Field(description=gettext_noop("公表の回数。訂正して公表するたびに1増えます。"))
    published_at: dt.datetime
    note: str = Field(description=gettext_noop("正誤・変更の説明。なければ空。"))
    stamp: str = Field(description=gettext_noop("内容の印（SHA-256）。内容が変わると変わります。"))


class MunicipalityOut(Schema):
    """A municipality by its six-digit code."""

    code: str
    name: str


class EditionOut(Schema):
    """A published edition in the list of editions."""

    year: int = Field(description=gettext_noop("版の年度（西暦）。アドレスの{year}です。"))
    title: str
    first_year: int
    last_year: int
    initiatives: int = Field(description=gettext_noop("取組の行数。"))
    publication: PublicationOut
    url: str = Field(description=gettext_noop("この版のAPIアドレス。"))
    page: str = Field(description=gettext_noop("この版のページ。"))


class EditionPage(Schema):
    """One page of editions."""

    items: list[EditionOut]
    count: int
    next: str | None = Field(description=gettext_noop("次のページのアドレス。最後のページではnull。"))


class SectionOut(Schema):
    """A piece of the plan's own prose."""

    number: str | None
    title: str | None
    text: str | None


class TermOut(Schema):
    """A word that the plan explains."""

    term: str
    text: str


class AncestorOut(Schema):
    """Which row of an earlier plan something comes from."""

    year: int | None
    kind: Literal["advance", "operate"] | None
    number: str | None


class OutcomeOut(Schema):
    """What became of an initiative of the edition before that does not simply go on."""

    model_config = ConfigDict(populate_by_name=True)

    origin: AncestorOut = Field(alias="from")
    title: str
    event: Literal["moved", "merged", "completed", "ended", "abolished", "postponed"]
    reason: str | None


class PlanOut(Schema):
    """The plan that an edition belongs to."""

    title: str
    edition: str | None
    first_year: int
    last_year: int
    sections: list[SectionOut]
    terms: list[TermOut]
    predecessors: list[str]
    related: list[str]
    outcomes: list[OutcomeOut] = Field(
        default=[],
        description=gettext_noop(
            "前の版の取組のうち、移った・終わった取組とその理由。なければ、この項目はありません。"
        ),
    )


class NodeOut(Schema):
    """A goal or strategy; `path` holds the codes from the root, or titles where a level has no code."""

    path: list[str]
    title: str
    text: str | None


class MemberOut(Schema):
    """A seat of a body, by post."""

    role: str | None
    post: str


class BodyOut(Schema):
    """A committee that the plan names."""

    name: str
    members: list[MemberOut]
    duties: list[str]
    rule: str | None


class StatedOut(Schema):
    """Counts that the document itself claims."""

    progress: dict[str, int]
    counts: dict[str, int]


class EditionHead(Schema):
    """An edition without its initiatives."""

    format: Literal["yakuba-plan/1"]
    municipality: MunicipalityOut
    plan: PlanOut
    levels: list[str] = Field(description=gettext_noop("階層の名前（市の言葉）。"))
    nodes: list[NodeOut]
    bodies: list[BodyOut]
    stated: StatedOut
    year: int
    publication: PublicationOut
    page: str


class OfficeOut(Schema):
    """An office beside an initiative, as printed."""

    name: str
    role: Literal["lead", "related", "group", "not_stated"]


class PlacementOut(Schema):
    """Where in the tree an initiative stands; all but the primary place are cross-listings (再掲)."""

    path: list[str]
    primary: bool


class LineageOut(Schema):
    """What happened to an initiative."""

    model_config = ConfigDict(populate_by_name=True)

    event: Literal["new", "continued", "changed", "ended", "completed", "abolished", "merged", "moved"]
    year: int | None
    origin: AncestorOut | None = Field(alias="from")


class ItemOut(Schema):
    """One of the listed actions of an initiative."""

    number: str | None
    text: str
    offices: list[str]


class TextsOut(Schema):
    """The texts of an initiative; one that is not printed is left out."""

    purpose: str = Field("", description=gettext_noop("目的"))
    issue: str = Field("", description=gettext_noop("現状と課題"))
    approach: str = Field("", description=gettext_noop("取組の内容"))
    effect: str = Field("", description=gettext_noop("期待される効果"))
    target_state: list[str] = Field([], description=gettext_noop("目指す姿"))
    result: str = Field("", description=gettext_noop("取組の結果"))
    schedule_past: str = Field("", description=gettext_noop("これまでの経過"))
    schedule: str = Field("", description=gettext_noop("今後の予定"))


class ValueOut(Schema):
    """One value: as printed (`raw`) and what was read from it. Numbers are decimals in text; no value is never 0."""

    kind: Literal["baseline", "target", "actual"]
    year: int | None
    as_of: dt.date | None
    raw: str
    number: str | None
    state: str | None
    approximate: bool
    numerator: str | None
    denominator: str | None
    status: Literal["provisional", "preliminary", "final"] | None
    revision: int
    reason: str | None


class IndicatorOut(Schema):
    """A measured figure; what the document does not say is null."""

    number: str | None
    name: str
    unit: str | None
    direction: Literal["increase", "decrease", "maintain", "reach", "none"] | None
    aggregation: Literal["year_total", "cumulative", "at_date", "ratio", "average", "state"] | None
    bound: Literal["at_least", "at_most", "exactly"] | None
    definition: str = Field("", description=gettext_noop("数え方。"))
    states: list[str] = Field([], description=gettext_noop("言葉の順（低い方から）。"))
    values: list[ValueOut]


class InitiativeOut(Schema):
    """An initiative as it was published."""

    id: UUID = Field(description=gettext_noop("取組のID。版を公表し直しても変わりません。"))
    page: str = Field(description=gettext_noop("この取組のページ。"))
    year: int
    kind: Literal["advance", "operate"] | None = Field(
        description=gettext_noop("advance 推進、operate 運用。")
    )
    number: str
    title: str
    offices: list[OfficeOut]
    flags: list[Literal["new", "priority", "changed", "ended", "completed", "abolished", "merged", "moved"]]
    group: str | None = Field(description=gettext_noop("同じ値の行は、数えるときに1件とします。"))
    lineage: list[LineageOut]
    placements: list[PlacementOut]
    tags: dict[str, list[str]]
    texts: TextsOut
    items: list[ItemOut]
    stages: dict[str, str] = Field(description=gettext_noop("年度（西暦）ごとの工程。"))
    progress: str | None = Field(description=gettext_noop("進捗状況（市の言葉）。"))
    progress_meaning: str | None = Field(description=gettext_noop("進捗状況の決まった意味。"))
    indicators: list[IndicatorOut]
    themes: list[str] = Field([], description=gettext_noop("主題（共通の語彙のID）。"))
    more: dict[str, str | int | bool] = Field(
        default={}, description=gettext_noop("この自治体が足した項目。なければ空です。")
    )


class InitiativePage(Schema):
    """One page of initiatives, in the document's order."""

    items: list[InitiativeOut]
    count: int = Field(description=gettext_noop("条件に合う件数。"))
    next: str | None = Field(description=gettext_noop("次のページのアドレス。最後のページではnull。"))


class OneInitiative(InitiativeOut):
    """An initiative with the edition in which it stands."""

    edition: EditionOut


class PlanDocument(Schema):
    """A whole `yakuba-plan/1` document; its JSON Schema is `urn:yakuba:plan:1` (`yakuba plan schema`)."""

    model_config = ConfigDict(extra="allow")

    format: Literal["yakuba-plan/1"]
    municipality: MunicipalityOut
    plan: PlanOut


class PageQuery(Schema):
    """Which page of a list."""

    after: str = Field(
        "",
        max_length=60,
        description=gettext_noop("前のページの続き。`next`のアドレスをそのまま使ってください。"),
    )
    limit: int = Field(50, ge=1, le=100, description=gettext_noop("1ページの件数。"))


class InitiativeQuery(PageQuery):
    """Search and filters; they combine, and mean the same as on the page. A taxonomy's filter is `filter.tag.` and its name."""

    q: str = Field(
        "", max_length=200, description=gettext_noop("言葉。空白で区切ると、すべてを含むものを探します。")
    )
    kind: list[str] = Field([], alias="filter.kind", description=gettext_noop("区別：advance、operate。"))
    node: list[str] = Field(
        [], alias="filter.node", description=gettext_noop("区分：pathを「/」でつないだもの。")
    )
    progress: list[str] = Field(
        [], alias="filter.progress", description=gettext_noop("進捗状況（市の言葉）。「-」は記載なし。")
    )
    flag: list[str] = Field([], alias="filter.flag", description=gettext_noop("印。"))
    office: list[str] = Field([], alias="filter.office", description=gettext_noop("担当。「-」は記載なし。"))
    theme: list[str] = Field([], alias="filter.theme", description=gettext_noop("主題（共通の語彙のID）。"))
