"""Who steers the plan: committees and headquarters, the posts that sit in them, their duties; from rules (規程, 要綱) and prose.

A rule has articles (第5条), paragraphs (2, 3 …) and items ((1), (2) …). An article sets up a body (…委員会を置く), another fills its
seats (委員長は、副市長をもって充てる), a third names its duties (次に掲げる事項を所掌する). Prose says the same in one sentence
(副市長を本部長とする「…本部」). Each article is also kept as a section, so that nothing of a rule is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from .blocks import Block, Paper
from .mentions import Found
from .model import Body, Member, Section
from .rules import Article, Rule, clauses, cut, folded, rules_of, sentences
from .wording import squeeze

#: No municipality has so many bodies; what a document names beyond them is not compared with each other for ever.
MAX_BODIES: Final = 200

_KINDS: Final = (
    "委員会|本部会議|推進本部|戦略本部|本部|部会|推進会議|調整会議|連絡会議|検討会議|会議|協議会|幹事会|審議会|懇話会|検討会|研究会|"
    "連絡会|プロジェクトチーム|推進チーム|チーム|ワーキンググループ|ワーキング・グループ|推進室|事務局"
)
_NAME: Final = (
    r"(?:[\u3041-\u3096]{2,6}[市町村])?[\u3005\u3400-\u9fff\u30a1-\u30ffA-Za-z0-9・＆&/]{0,40}?(?:"
    + _KINDS
    + r")"
    r"(?![\u3005\u3400-\u9fff\u30a1-\u30ff])"
)
_ALIAS: Final = re.compile(
    r"[(（](?:以下、?)?[^()（）「」]{0,20}[「『](?P<alias>[^」』]{1,30})[」』]という。?[)）]"
)
_SET_UP: Final = re.compile(
    rf"(?P<name>{_NAME})[」』]?(?P<alias>[(（][^()（）]*[)）])?を(?:設置(?:する|し、|することができる)|置く|置き|設ける|設け、|組織する)"
)
#: A post that a rule sets up (情報化統括責任者を置く).
_SEAT: Final = re.compile(
    r"(?P<name>[\u3005\u3400-\u9fff\u30a1-\u30ffA-Za-z0-9・]{2,30}(?:責任者|管理者|補佐官|統括官|監|官|員|リーダー))"
    r"(?P<alias>[(（][^()（）]*[)）])?を(?:置く|置き|設置する|設ける)"
)
#: A seat and who takes it, in one clause.
_FILLED: Final = re.compile(
    r"^(?P<role>[^、。]{1,30}?)に?は、?(?P<post>.+?)(?:をもって|をもつて|を以て|を以って)(?:これに)?(?:充て|充当|当て)"
)
_TAKEN: Final = re.compile(
    r"^(?P<role>[^、。]{1,30}?)(?:に?は|を)、?(?P<post>[^。]+?)(?:を充て(?:る|、)|が(?:これに)?当たる|が務め|とする$|とし$|をあてる)"
)
_ROLE: Final = re.compile(
    r".*(?:長|座長|議長|委員|部員|会員|構成員|幹事|責任者|管理者|補佐官|統括官|リーダー|CIO|CISO|CDO|メンバー|事務局)(?:[(（].*[)）])?$"
)
_POST: Final = re.compile(
    r".*(?:長|監|官|次長|理事|参事|主幹|管理者|職員|係|者)(?:[(（].*[)）])?(?:の職にある者)?$"
)
_LISTED: Final = re.compile(r"次(?:の各号)?に掲げる|次の(?:各号|とおり|職|者)|別表")
_WORK: Final = re.compile(
    r"推進する|努め|調査|研究|審議|協議|検討|報告|所掌|つかさどる|決定|調整|管理する|評価|統括する|総括する"
)
_NO_WORK: Final = re.compile(r"組織する|充て|置く|会務を|代理する|招集|議長と|庶務|委任|出席")
_PROSE: Final = re.compile(
    r"(?P<post>[^\s、。「」『』はがに]{2,24}?)を(?P<role>[^\s、。「」『』を]{2,24}?(?:[(（][A-Za-z]{2,5}[)）])?)と(?:する|した|し、?)"
    rf"(?:[^。「『]{{0,6}}[「『])?(?P<name>{_NAME})"
)
_QUOTED: Final = re.compile(
    rf"[「『](?P<name>{_NAME})[」』](?:(?:[(（](?P<role>[^:：()（）]{{2,12}})[:：](?P<post>[^()（）]{{2,20}})[)）])?)"
    r"(?P<after>.{0,24})"
)
_OURS: Final = re.compile(r"設置|置き|中心|組織し|推進体制|事務局|開催")
_STATE: Final = re.compile(r"内閣|国の|国で|国は|政府|総務省|デジタル庁|都道府県|[^\s市町村]県")
_STEERS: Final = re.compile(r"推進体制|進行管理|進捗管理|管理体制|実施体制|組織体制|庁内体制")


def recognise(paper: Paper, before: Sequence[Found]) -> Found:
    """The bodies that a document sets up or names as its own; see :data:`.mentions.Recogniser`."""
    taken = {at for each in before for at in each.claimed}
    found = Found()
    bodies = _Bodies()
    rules = list(rules_of(paper, taken))
    for rule in rules:
        found.claimed |= rule.claimed
        found.sections += _sections(rule)
        bodies.read(rule)
    inside = {at for rule in rules for at in rule.claimed}
    _told(paper, inside, bodies)
    found.bodies = bodies.built()
    return found


def _sections(rule: Rule) -> Iterator[Section]:
    """The rule's articles as they are printed."""
    yield Section(None, rule.title or None, "\n".join(rule.rest) or None)
    for article in rule.articles:
        yield Section(article.number, article.heading or None, article.text)


@dataclass(slots=True)
class _Made:
    """A body in the making, under its name and the short names that a rule gives it."""

    name: str
    rule: str | None = None
    aliases: set[str] = field(default_factory=set)
    members: list[Member] = field(default_factory=list)
    duties: list[str] = field(default_factory=list)
    seat: bool = False
    """Whether it is one person's post, not a body of several."""

    def called(self, text: str) -> bool:
        """Whether a text is one of its names."""
        return squeeze(text) in {squeeze(name) for name in (self.name, *self.aliases)}


class _Bodies:
    """All bodies of a document; what a rule says of one stands together, wherever it is said."""

    def __init__(self) -> None:
        self.made: list[_Made] = []

    def built(self) -> list[Body]:
        """The bodies with something known of them."""
        return [
            Body(one.name, tuple(one.members), tuple(one.duties), one.rule)
            for one in self.made
            if one.members or not one.seat
        ]

    def named(self, name: str) -> _Made | None:
        """The body of a name, with or without the municipality's name before it."""
        key = squeeze(name)
        for one in self.made:
            own = squeeze(one.name)
            if one.called(name) or own.endswith(key) or key.endswith(own):
                return one
        return None

    def add(self, made: _Made) -> _Made:
        """A body newly set up, or the one of that name with what is new of it; past the bound it is not kept."""
        known = next((one for one in self.made if squeeze(one.name) == squeeze(made.name)), None)
        if known is None:
            if len(self.made) < MAX_BODIES:
                self.made.append(made)
            return made
        known.aliases |= made.aliases
        known.rule = known.rule or made.rule
        return known

    def read(self, rule: Rule) -> None:
        """What a rule says: first who is set up, then who sits where and what is to be done."""
        set_up = [(article, list(self._set_up(article))) for article in rule.articles]
        now: _Made | None = None
        for article, made in set_up:
            now = made[0] if made else self._meant(article) or now
            for paragraph in article.paragraphs:
                for sentence in sentences(paragraph.text):
                    self._seats(sentence, paragraph.items, now, rule)
                    self._duties(sentence, paragraph.items, now)

    def _set_up(self, article: Article) -> Iterator[_Made]:
        """The bodies and posts that an article sets up."""
        for paragraph in article.paragraphs:
            text = paragraph.text
            for found in _SET_UP.finditer(folded(text)):
                name = re.sub(r"^[にはがをのとで](?=[^\s]{3})", "", cut(text, found, "name"))
                if not (known := self._alias_of(name, text)):
                    yield self.add(_Made(name, article.number, _aliases(found["alias"])))
                else:
                    yield known
            for found in _SEAT.finditer(folded(text)):
                yield self.add(
                    _Made(cut(text, found, "name"), article.number, _aliases(found["alias"]), seat=True)
                )

    def _alias_of(self, name: str, text: str) -> _Made | None:
        """The body that a short name stands for, where an article only speaks of it again."""
        return next((one for one in self.made if name in one.aliases), None)

    def _meant(self, article: Article) -> _Made | None:
        """The body that an article speaks of from its first words or its heading."""
        for text in (article.heading, *(one.text for one in article.paragraphs[:1])):
            subject = re.split(r"の|は、|は", text, maxsplit=1)[0]
            for one in self.made:
                if subject and one.called(subject):
                    return one
        return None

    def _seats(self, sentence: str, items: Sequence[str], now: _Made | None, rule: Rule) -> None:
        for clause in clauses(sentence):
            found = _FILLED.match(folded(clause))
            if not found:
                found = _TAKEN.match(folded(clause))
                if found and not (
                    _ROLE.fullmatch(found["role"].strip()) and _POST.fullmatch(found["post"].strip())
                ):
                    continue
            if not found:
                continue
            role, post = cut(clause, found, "role"), cut(clause, found, "post")
            for one in re.split(r"及び|並びに|、", role):
                listed = items or rule.attached(one) if _LISTED.match(post) else ()
                member = Member(one, "、".join(_bare(text) for text in listed) or post)
                target = self._seated(one, now)
                if target is not None and member not in target.members:
                    target.members.append(member)

    def _seated(self, role: str, now: _Made | None) -> _Made | None:
        """The body in which a role has its seat."""
        for one in self.made:
            if one.seat and one.called(role):
                return one
        names = [
            (len(name), one)
            for one in self.made
            if not one.seat
            for name in (one.name, *one.aliases)
            if role.startswith(name)
        ]
        if names:
            return max(names, key=lambda pair: pair[0])[1]
        if now is not None:
            return now
        return next((one for one in reversed(self.made) if not one.seat), None)

    def _duties(self, sentence: str, items: Sequence[str], now: _Made | None) -> None:
        subject = re.split(r"は、|は(?=次)", sentence, maxsplit=1)[0]
        named = next((one for one in self.made if one.called(subject)), None)
        target = named or now
        if target is None or _FILLED.match(sentence):
            return
        if (
            items
            and _LISTED.search(sentence)
            and not re.search(r"委員|構成|職にある者|をもって", sentence.replace("委員会", ""))
        ):
            target.duties += [text for text in map(_bare, items) if text not in target.duties]
        elif named is not None and _WORK.search(sentence) and not _NO_WORK.search(sentence):
            duty = _bare(sentence[len(subject) :].lstrip("は、"))
            if duty not in named.duties:
                named.duties.append(duty)


def _aliases(text: str | None) -> set[str]:
    """The short names of a bracket (以下「委員会」という。)."""
    return {found["alias"] for found in _ALIAS.finditer(text or "")}


def _bare(text: str) -> str:
    return text.strip().rstrip("。")


def _told(paper: Paper, inside: set[int], bodies: _Bodies) -> None:
    """What prose says of bodies: who heads them; which of them the chapter about steering names."""
    steering = False
    for at, block in enumerate(paper.blocks):
        if block.blank or at in inside:
            continue
        text = block.text
        if _heads(block, text):
            steering = bool(_STEERS.search(text))
        if block.table and block.filled > 2:
            continue
        for sentence in sentences(text):
            _from_sentence(sentence, steering, bodies)


def _heads(block: Block, text: str) -> bool:
    """Whether a line is a heading: short, no sentence."""
    return block.filled <= 2 and len(text) <= 40 and not text.endswith(("。", "、"))


def _from_sentence(sentence: str, steering: bool, bodies: _Bodies) -> None:
    text = folded(sentence)
    for found in _PROSE.finditer(text):
        if not _ROLE.fullmatch(found["role"]) or _STATE.search(sentence[: found.start()]):
            continue
        made = _our(cut(sentence, found, "name"), bodies)
        _sits(made, cut(sentence, found, "role"), cut(sentence, found, "post"))
    for found in _QUOTED.finditer(text):
        if _STATE.search(sentence[: found.start()]):
            continue
        if not (found["post"] or (steering and _OURS.search(found["after"]))):
            continue
        made = _our(cut(sentence, found, "name"), bodies)
        if found["post"]:
            _sits(made, cut(sentence, found, "role"), cut(sentence, found, "post"))


def _our(name: str, bodies: _Bodies) -> _Made:
    return bodies.named(name) or bodies.add(_Made(name))


def _sits(made: _Made, role: str, post: str) -> None:
    """Gives a body a seat, unless it is taken."""
    if not any(one.role == role for one in made.members):
        made.members.append(Member(role, post))
