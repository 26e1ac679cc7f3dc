"""Proposals: the points, the reasons, and that every indicator whose theme has a service is answered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.plan.forms import Form, indicator, initiative, value
from tests.services.plan.reading.framing import DOCUMENTS
from tests.services.plan.reading.published import readings
from yakuba.services.plan.measured.fitting import Measure
from yakuba.services.plan.measured.offers import declared
from yakuba.services.plan.measured.proposals import Offer, Proposal, proposals, propose_all
from yakuba.services.plan.reading.schema import INITIATIVE
from yakuba.services.plan.setters import figures_of
from yakuba.services.plan.themes import THEMES, propose

ONLINE = Offer(
    "metric",
    {"metric": "online"},
    "オンライン化手続数",
    Measure("手続", "at_date"),
    systems=("online-applications",),
    words=("オンライン化手続",),
    direction="increase",
)
SHARE = Offer(
    "metric",
    {"metric": "share"},
    "申請のオンライン率",
    Measure("%", "ratio"),
    systems=("online-applications",),
)


def plan(name: str, raw: str = "", *, title: str = "電子申請の普及", **more: Any) -> Form:
    values = [value(raw, 2024, **figures_of(raw, name))] if raw else []
    return initiative("1", title, indicators=[indicator(name, values, **more)])


def points(form: Form, *offers: Offer) -> dict[str, int]:
    return {
        one.offer.title if one.offer else "": one.score for one in proposals(form, 0, offers or (ONLINE,))
    }


def codes(form: Form, offer: Offer = ONLINE) -> list[str]:
    (one,) = proposals(form, 0, [offer])
    return [reason.code for reason in one.reasons]


def test_a_word_the_theme_and_the_unit_make_a_strong_one() -> None:
    (one,) = proposals(plan("オンライン化手続件数", "75手続"), 0, [ONLINE])
    assert one.strong
    assert [reason.text for reason in one.reasons] == [
        "指標名に「オンライン化手続」があります。",
        "取組の文から見て、主題「電子申請」を測る数です。",
        "単位が同じ「手続」です。",
    ]


def test_each_reason_has_its_points() -> None:
    theme = max(propose(plan("件数"))[0].score // 4, 1)
    assert points(plan("件数")) == {"オンライン化手続数": theme}
    given_ = {**plan("件数"), "themes": ["online-applications"]}
    assert points(given_) == {"オンライン化手続数": 30}
    assert points({**given_, "indicators": [indicator("オンライン化手続の件数", [])]}) == {
        "オンライン化手続数": 30 + 50 + len("オンライン化手続")
    }
    named = {**given_, "indicators": [indicator("オンライン化手続数", [])]}
    assert codes(named) == ["name", "theme"]
    assert points(named) == {"オンライン化手続数": 100}
    unit = {**given_, "indicators": [indicator("件数", [], unit="手続", aggregation="at_date")]}
    assert points(unit) == {"オンライン化手続数": 30 + 15 + 10}
    against = {**given_, "indicators": [indicator("件数", [], direction="decrease")]}
    assert points(against) == {"オンライン化手続数": 20}
    (one,) = proposals(against, 0, [ONLINE])
    assert one.cautions == ("望ましい向きが、指標と逆です。",)


@pytest.mark.parametrize(("number", "more"), [(75, 40), (78, 20), (120, 0), (7, -40), (750, -40)])
def test_the_same_value_speaks_for_a_source(number: int, more: int) -> None:
    form = {**plan("件数", "75手続"), "themes": ["online-applications"]}
    measured = Offer(**{**_facts(ONLINE), "numbers": {2024: Decimal(number)}})
    assert points(form, measured) == {"オンライン化手続数": 30 + 15 + more}


def test_the_longer_word_comes_first() -> None:
    every = Offer(**{**_facts(ONLINE), "title": "受けた件数", "words": ("申請件数",)})
    online = Offer(
        **{**_facts(ONLINE), "title": "電子で受けた件数", "said": {"metric": "e"}, "words": ("電子申請件数",)}
    )
    first, second = proposals(plan("電子申請件数"), 0, [every, online])
    assert first.offer == online
    assert first.score == second.score + 2


def _facts(offer: Offer) -> dict[str, Any]:
    return {key: getattr(offer, key) for key in Offer.__slots__}


def test_the_unit_alone_says_nothing() -> None:
    assert propose_all(plan("登録した人", "75手続", title="みんなで考えるまち"), [ONLINE]) == {}


def test_themes_that_a_person_gave_count_alone() -> None:
    form = {**plan("件数"), "themes": ["road-ledger"]}
    assert "theme" not in [
        code for one in proposals(form, 0, [ONLINE]) for code in [r.code for r in one.reasons]
    ]


def test_words_of_another_theme_count_half_and_need_more() -> None:
    form = plan("観光情報の発信数", title="観光振興の推進")
    wifi = Offer(
        "metric",
        {"metric": "w"},
        "無線LANの箇所数",
        Measure("か所", "at_date"),
        systems=("public-wifi",),
        words=("観光",),
    )
    assert propose_all(form, [wifi]) == {}


def test_what_counts_over_everything_says_so() -> None:
    broad = Offer(**{**_facts(ONLINE), "systems": ("online-applications", *list(THEMES)[:4])})
    (one,) = proposals(plan("オンライン化手続件数"), 0, [broad])
    assert one.cautions == ("市全体の数です。この取組だけの数ではありません。",)


def test_an_indicator_of_words_stays_with_its_office_and_says_why() -> None:
    (one,) = proposals(plan("調査の実施", "実施"), 0, [ONLINE, SHARE])
    assert one.offer is None
    assert not one.strong
    assert "担当課が数えます" in one.reasons[0].text
    assert "この指標は「言葉」で" in one.reasons[0].text


def test_never_more_than_three_best_first() -> None:
    many = [Offer(**{**_facts(ONLINE), "said": {"metric": str(n)}, "words": ()}) for n in range(5)]
    found = proposals(plan("オンライン化手続件数", "75手続"), 0, [*many, ONLINE])
    assert len(found) == 3
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)


_NAMES = st.sampled_from(["オンライン化手続件数", "調査の実施", "利用率", "", "観光客数", "WiFi整備数"])
_UNITS = st.sampled_from([None, "手続", "%", "件", "円", "時間"])


@given(
    _NAMES,
    _UNITS,
    st.sampled_from([None, "at_date", "ratio", "state", "year_total"]),
    st.sampled_from(["電子申請の普及", "道路台帳", ""]),
)
def test_nothing_senseless_is_proposed_and_every_proposal_has_a_reason(
    name: str, unit: str | None, aggregation: str | None, title: str
) -> None:
    form = initiative("1", title, indicators=[indicator(name, [], unit=unit, aggregation=aggregation)])
    first: dict[int, list[Proposal]] = propose_all(form, [ONLINE, SHARE])
    assert propose_all(form, [ONLINE, SHARE]) == first
    for one in first.get(0, []):
        assert one.reasons
        assert 0 <= one.score <= 100
        if one.offer is not None:
            from yakuba.services.plan.measured.fitting import fit

            assert not fit(form["indicators"][0], one.offer.measure).refusal


# --- the plans of five cities -------------------------------------------------------------------------------------------
def rows_of(name: str) -> list[Form]:
    return [INITIATIVE.write(one) for one in readings(name)[0].initiatives]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_indicator_whose_theme_is_measured_has_a_proposal_with_its_reason(name: str) -> None:
    offers = declared()
    measured = {theme for offer in offers for theme in offer.systems}
    lacking, without_reason = [], []
    for form in rows_of(name):
        found = propose_all(form, offers)
        about = bool({one.theme for one in propose(form)} & measured)
        for place, one in enumerate(form["indicators"]):
            own = found.get(place, [])
            if about and not own:
                lacking.append((form["title"], one["name"]))
            without_reason += [
                one["name"] for told in own if not all(r.text for r in told.reasons) or not told.reasons
            ]
    assert not lacking
    assert not without_reason


@pytest.mark.parametrize(
    ("document", "name", "key"),
    [
        ("shibukawa.txt", "オンライン化手続件数", "online_procedures_count"),
        ("shibukawa.txt", "公開地図情報の種類", "public_layer_kinds"),
        ("shibukawa.txt", "統合型GISの地図情報の種類", "internal_layer_kinds"),
        ("shibata.txt", "市民公開GISの閲覧者数", "public_gis_views_year"),
        ("shibata.txt", "指定避難所等への公衆無線LAN環境の整備数", "wifi_sites"),
    ],
)
def test_what_a_reader_would_choose_is_among_the_strong_ones(document: str, name: str, key: str) -> None:
    offers = declared()
    told = [
        one
        for form in rows_of(document)
        for place, found in propose_all(form, offers).items()
        if form["indicators"][place]["name"] == name
        for one in found
    ]
    assert key in [one.offer.said["metric"] for one in told if one.offer is not None and one.strong]
