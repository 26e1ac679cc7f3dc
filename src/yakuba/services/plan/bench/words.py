"""The words of the generated plans: few that stand everywhere, many that stand almost nowhere, as in real ones (Zipf)."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from yakuba.services.plan.themes.vocabulary import THEMES

# What offices write of whatever they do.
_COMMON: Final = (
    "市民 業務 情報 システム 手続 窓口 職員 利用 推進 整備 導入 運用 検討 実施 拡大 改善 見直し 研修 連携 活用 支援 管理 更新 調査 "
    "周知 効率化 標準化 デジタル化 オンライン化 相談 予約 申請 証明書 公開 データ 地図 防災 福祉 子育て 教育 税 水道 道路 施設 事業者 "
    "高齢者 学校 地域 安全 個人情報 対策 点検 計画 体制 予算 委託 機器 端末 通信 回線 サーバー 帳票 様式 台帳 記録 文書 会議 議会 選挙 "
    "広報 アプリ 通知 配信 受付 審査 決裁 契約 入札 統計 分析 指標 目標 効果 課題 負担 時間 件数 割合 満足度"
)
# Halves of words that hardly any plan uses: 40 × 40 of them make the long tail.
_HEADS: Final = (
    "渓流 段丘 湧水 古道 石垣 砂防 並木 温室 養蚕 桑園 養鶏 林道 堤防 用水 溜池 棚田 果樹 牧場 漁港 灯台 窯業 製糸 醸造 木工 染織 鋳物 "
    "茶園 花卉 苗木 炭焼 宿場 陣屋 城址 貝塚 古墳 民話 神楽 獅子舞 山車 花火"
)
_TAILS: Final = (
    "台帳 巡視 目録 年表 標本 見取図 観測 測量 聞き取り 写真帳 図面 案内板 保存会 講習 審査会 日誌 名簿 通信簿 計器 警報 水位計 監視網 "
    "航空写真 点群 模型 音声案内 音訳 点字 手話 多言語 翻刻 索引 系図 帳簿 鑑札 登録票 受払簿 検針 配水図 栓番号"
)
_LONG: Final = (
    "窓口で書かずに済む申請のしくみづくり",
    "庁内の事務を見直すための業務量調査",
    "だれもが使いやすいホームページづくり",
    "災害のときに役立つ情報伝達手段の多様化",
    "情報システムの標準化と共同利用の推進",
    "職員のデジタル人材育成計画の見直し",
    "個人情報を守るための情報セキュリティ監査",
    "公共施設の空き状況が分かる予約のしくみ",
    "地図で見せる道路と水道の工事のお知らせ",
    "使わなくなった情報機器の安全な廃棄",
)
_CHARACTERS: Final = "市税水道図犬火車農災"


class Vocabulary:
    """Words with their weights. ``used`` counts in how many initiatives each was put, as the generation goes on."""

    def __init__(self, seed: int) -> None:
        shuffled = random.Random(seed)  # noqa: S311 – generates samples, guards nothing
        middle = [word for theme in THEMES.values() for word in theme.words if 2 <= len(word) <= 12]
        rare = [head + tail for head, tail in itertools.product(_HEADS.split(), _TAILS.split())]
        shuffled.shuffle(middle)
        shuffled.shuffle(rare)
        self.words: Sequence[str] = tuple(dict.fromkeys([*_COMMON.split(), *middle, *rare]))
        self.rare = frozenset(rare)
        self.used: Counter[str] = Counter()

    @cached_property
    def weights(self) -> list[float]:
        """Cumulative: the word of rank n comes with the weight 1/n."""
        return list(itertools.accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def draw(self, of: random.Random, count: int) -> list[str]:
        """Words for one initiative."""
        found = of.choices(self.words, cum_weights=self.weights, k=count)
        self.used.update(set(found))
        return found

    def long(self, of: random.Random) -> str:
        """A long phrase that several plans share."""
        return of.choice(_LONG)

    def frequent(self, count: int = 20) -> list[str]:
        """The words that stand in most initiatives."""
        return [word for word, _number in self.used.most_common(count)]

    def seldom(self, count: int = 20) -> list[str]:
        """Words that stand in as few initiatives as any, but in one at least."""
        known = sorted(
            (word for word in self.used if word in self.rare), key=lambda word: (self.used[word], word)
        )
        return known[:count]

    @staticmethod
    def characters() -> list[str]:
        """Ten single characters."""
        return list(_CHARACTERS)

    @staticmethod
    def phrases() -> list[str]:
        """Ten long ones, of sixteen to twenty characters."""
        return list(_LONG)
