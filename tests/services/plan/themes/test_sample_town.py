"""The sample town's initiatives by their titles, against themes that a person chose."""

from __future__ import annotations

import pytest

from yakuba.services.plan.themes import propose

# The right themes must all be proposed, one of them first, and at most one other.
EXPECTED = [
    ("電子申請の拡大", {"online-applications"}),
    ("マイナンバーカードの活用研究", {"mynumber-card-promotion"}),
    ("書かない窓口", {"write-free-counter"}),
    ("窓口キャッシュレス", {"counter-cashless"}),
    ("電子申告の普及", {"local-tax-efiling"}),
    ("児童クラブ入会の電子化", {"childcare-procedures"}),
    ("給水装置工事の事前申込", {"water-supply-work-applications"}),
    ("公式LINEの分野別配信", {"sns-line-delivery"}),
    ("安全メールからLINEへの移行", {"safety-mail", "sns-line-delivery"}),
    ("公開地図の充実", {"public-gis"}),
    ("オープンデータ", {"open-data-catalogue"}),
    ("道路等の市民通報", {"citizen-reports"}),
    ("ペーパーレス会議", {"paperless-meetings"}),
    ("eL-QRによる使用料等の納付", {"public-money-epayment"}),
    ("セキュリティ方針に基づく外部監査", {"security-audit", "security-policy"}),
    ("電子入札共同システム", {"e-bidding"}),
    ("AI議事録・生成AI", {"ai-minutes", "technology-trials"}),
    ("基幹業務システム（標準準拠）", {"core-systems-standardisation"}),
    ("犬の登録・狂犬病予防", {"dog-registry"}),
    ("空家台帳", {"vacant-house-registry"}),
    ("道路台帳", {"road-ledger"}),
    ("公衆無線LAN", {"public-wifi"}),
    ("情報セキュリティ研修", {"security-training"}),
    ("ICT-BCP訓練", {"ict-bcp"}),
    ("ウェブアクセシビリティ", {"web-accessibility"}),
    # Of the year before.
    ("税証明のコンビニ追加", {"certificate-issuance-channels"}),
    ("ごみ分別アプリ単独運用", {"waste-sorting-guide"}),
    ("SNS運用", {"sns-line-delivery"}),
    ("番号発券機の更新", {"queue-tickets"}),
    ("庁内共有フォルダの移設", {"document-management"}),
]


@pytest.mark.parametrize(("title", "right"), EXPECTED, ids=[title for title, _ in EXPECTED])
def test_by_title_alone(title: str, right: set[str]):
    proposed = [one.theme for one in propose({"title": title})]
    assert proposed[0] in right
    assert right <= set(proposed)
    assert len(proposed) <= len(right) + 1


def test_indicators_tell_two_rows_of_one_title_apart():
    title = "マイナンバーカードの活用研究"
    word = propose({"title": title, "indicators": [{"name": "調査・研究の実施"}]})
    rate = propose(
        {"title": title, "indicators": [{"name": "住民票コンビニ交付率"}, {"name": "印鑑コンビニ交付率"}]}
    )
    assert [one.theme for one in word] == ["mynumber-card-promotion"]
    assert [one.theme for one in rate] == ["mynumber-card-promotion", "certificate-issuance-channels"]
