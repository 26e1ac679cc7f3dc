"""The bodies of みほん市 and their meetings: one held and told of, one gone round, one that goes round now, two to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from yakuba.demo.steps import Steps, japan
from yakuba.engines.bodies import actions
from yakuba.engines.bodies.actions.meetings import SeatAttended
from yakuba.engines.bodies.models import Body, Meeting, Minutes
from yakuba.engines.bodies.queries import meetings as queries
from yakuba.engines.bodies.queries import sitting
from yakuba.kernel import pdf
from yakuba.kernel.actions import Context, NoData
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.files import store as files
from yakuba.kernel.town.queries import offices_on

_SINCE: Final = dt.date(2025, 4, 1)
_SET_UP: Final = japan(2025, 4, 3)
_OFFICE: Final = "DX推進課"


@dataclass(frozen=True)
class Place:
    """A seat of a post: 「総務課 課長」."""

    role: str
    post: str
    order: int = 1


_HEADQUARTERS: Final = (
    Place("chair", "特別職 副市長"),
    Place("vice", "総務課 総務部長"),
    Place("member", "こども課 福祉こども部長"),
    Place("member", "財政課 課長", 2),
    Place("member", "市民課 課長", 3),
    Place("member", "建設課 課長", 4),
    Place("member", "生涯学習課 課長", 5),
    Place("member", "上下水道課 課長", 6),
)
_COUNCIL: Final = (
    Place("chair", "DX推進課 課長"),
    Place("vice", "総務課 課長"),
    Place("member", "財政課 課長"),
    Place("member", "税務課 課長", 2),
    Place("member", "市民課 課長", 3),
    Place("member", "環境課 課長", 4),
    Place("member", "こども課 課長", 5),
    Place("member", "介護福祉課 課長", 6),
    Place("member", "建設課 課長", 7),
    Place("member", "生涯学習課 課長", 8),
    Place("member", "上下水道課 課長", 9),
)
_GROUP: Final = (
    Place("chair", "DX推進課 係長"),
    Place("member", "総務課 文書法規係長"),
    Place("member", "市民課 窓口係長", 2),
    Place("member", "環境課 主任", 3),
    Place("member", "こども課 主任", 4),
    Place("member", "建設課 技師", 5),
)
_RESULTS: Final = """
= 令和7年度の結果のまとめ
推進取組19件の進み具合を、担当課の評価から数えた。

#table(columns: (1fr, 20mm), table.header([進み具合], [件数]), [順調], [8], [ほぼ順調], [6], [停滞], [1], [計画変更], [1], [終了], [2], [廃止], [1])

「順調」と「ほぼ順調」の割合は、終了・廃止・計画変更を除く16件のうち14件（87.5%）、全部の19件のうち14件（73.7%）。
"""


def load(steps: Steps) -> None:
    """Set them up, hold what lies behind, and leave something to answer and to prepare."""
    town = steps.ref.name
    rule = f"{town}情報化推進本部設置要綱"
    top = _body(steps, "hq", f"{town}情報化推進本部", "headquarters", f"{rule} 第3条", None, _HEADQUARTERS)
    _adviser(steps, top)
    council = _body(steps, "council", f"{town}情報化推進会議", "council", f"{rule} 第7条", top, _COUNCIL)
    group = _body(
        steps, "group", f"{town}情報化推進検討部会", "study_group", f"{rule} 第9条", council, _GROUP
    )
    _summer(steps, council)
    _autumn(steps, top)
    _now(steps, council)
    _spring(steps, group, top)


def _body(
    steps: Steps, key: str, name: str, kind: str, ground: str, parent: Body | None, seats: Sequence[Place]
) -> Body:
    ctx = steps.staff(f"bodies:{key}", "yotsuba", at=_SET_UP)
    units = {one.name: str(one.id) for one in offices_on(steps.ref.id, _SINCE)}
    facts = actions.BodyFacts(
        name, kind, units[_OFFICE], _SINCE, ground=ground, parent=str(parent.pk) if parent else "",
        proxies_count=kind == "council",
    )  # fmt: skip
    body = actions.establish(ctx, None, facts)
    # By the names of today: the offices of this year, in the order of the rule.
    posts = {label: key for key, label in sitting.choices(ctx, dt.date(2026, 4, 1))}
    for one in seats:
        own = steps.staff(f"bodies:{key}:{one.post}", "yotsuba", at=_SET_UP)
        data = actions.SeatFacts(one.role, _SINCE, one.order, post=posts[one.post])
        actions.add_seat(own, body, data)
    return body


def _adviser(steps: Steps, body: Body) -> None:
    data = actions.SeatFacts(
        "adviser",
        dt.date(2026, 4, 1),
        outsider="手引ひろし",
        affiliation="ひながた大学 教授（地域情報化アドバイザー）",
        valid_to=dt.date(2027, 3, 31),
    )
    actions.add_seat(steps.staff("bodies:adviser", "yotsuba", at=japan(2026, 4, 2)), body, data)


@dataclass(frozen=True)
class _Desk:
    """What one member of the secretariat does with one meeting, each step under a key of its own."""

    steps: Steps
    key: str
    at: dt.datetime | None

    def ctx(self, what: str, username: str = "itsuki", *, at: dt.datetime | None = None) -> Context:
        """The context of one step."""
        return self.steps.staff(f"{self.key}:{what}", username, at=at or self.at)

    def planned(self, body: Body, gathering: actions.Gathering, items: Sequence[actions.AddItem]) -> Meeting:
        """Plan it, with its agenda."""
        meeting = actions.plan(self.ctx("plan"), body, gathering)
        for number, item in enumerate(items):
            actions.add_item(self.ctx(f"item:{number}"), meeting, item)
        return meeting


def _summer(steps: Steps, council: Body) -> None:
    """25 June: held, one member by proxy and one away; minuted, reported to the headquarters, told to the public."""
    begins = japan(2026, 6, 25, 14)
    desk = _Desk(steps, "bodies:summer", japan(2026, 6, 10))
    meeting = desk.planned(
        council,
        actions.Gathering(
            "in_person",
            begins,
            place="市役所 3階 第1会議室",
            letter="令和7年度の結果をまとめ、本部に報告するため、次のとおり開催します。\n資料を確かめたうえで御出席ください。",
        ),
        (
            actions.AddItem(
                "令和7年度の結果のまとめ",
                "decide",
                "推進取組19件の進み具合を資料のとおりまとめ、本部に報告します。",
            ),
            actions.AddItem(
                "ペーパーレス会議の停滞への対応", "decide", "会議の種類が6のまま増えていません。"
            ),
            actions.AddItem(
                "令和7年度の確定値", "report", "オンライン化手続数は、見込81が確定84になりました。"
            ),
        ),
    )
    items = queries.items(desk.ctx("read"), meeting)
    paper = pdf.render(_RESULTS, title="令和7年度の結果のまとめ")
    data = actions.AttachPaper("令和7年度の結果のまとめ", files.put(paper), "kekka-r7.pdf", 1)
    actions.attach_paper(desk.ctx("paper"), items[0], data)
    actions.call(desk.ctx("call", at=japan(2026, 6, 12)), meeting, NoData())
    if clock.now() < begins:
        return
    over = japan(2026, 6, 25, 17)
    ctx = desk.ctx("hold", at=over)
    lines = [_attended(one) for one in sitting.of_meeting(ctx, meeting) if not one.vacant]
    meeting = actions.hold(ctx, meeting, actions.Attended(lines, japan(2026, 6, 25, 15, 40)))
    decisions = (
        actions.Decision("adopted"),
        actions.Decision(
            "amended",
            "総務課が9月までに議会事務局と端末の時期を詰める",
            "会議の種類が増えない理由は、議会事務局の端末がそろっていないことにある。",
        ),
        actions.Decision("noted"),
    )
    for number, (item, decision) in enumerate(zip(items, decisions, strict=True)):
        actions.record_decisions(desk.ctx(f"decide:{number}", at=over), item, decision)
    talks = (
        "事務局が資料により説明した。割合は、分母を変えた2つを並べて示すことを確かめた。",
        "会議の種類が増えない理由について質疑があった。",
        "見込と確定の差を報告した。",
    )
    written = actions.Written(
        "full",
        "会長が開会を告げた。",
        "次回は、令和9年度の計画の考え方を協議することとして、閉会した。",
        tuple({"item": str(item.pk), "talk": talk} for item, talk in zip(items, talks, strict=True)),
    )
    minutes = actions.write_minutes(desk.ctx("write", at=japan(2026, 6, 29)), meeting, written)
    _settled(desk, meeting, minutes)
    told = actions.Reported(
        council.parent.name if council.parent else "", dt.date(2026, 7, 3), [str(one.pk) for one in items]
    )
    actions.report(desk.ctx("report", at=japan(2026, 7, 3)), meeting, told)
    public = actions.Released(
        [{"item": str(one.pk), "text": talk} for one, talk in zip(items, talks, strict=True)]
    )
    actions.release_minutes(desk.ctx("release", at=japan(2026, 7, 6)), meeting, public)


def _attended(one: sitting.Sitting) -> SeatAttended:
    if one.post == "環境課 課長":
        return {"seat": str(one.key), "presence": "proxy", "proxy": "環境課 主任 様式ななこ"}
    if one.post == "上下水道課 課長":
        return {"seat": str(one.key), "presence": "absent"}
    return {"seat": str(one.key), "presence": "present"}


def _settled(desk: _Desk, meeting: Meeting, minutes: Minutes) -> None:
    """Written by the one, confirmed by the other, who presided."""
    minutes = actions.propose_minutes(desk.ctx("propose", at=japan(2026, 6, 29)), minutes, NoData())
    actions.confirm_minutes(desk.ctx("confirm", "yotsuba", at=japan(2026, 6, 30)), minutes, NoData())


def _autumn(steps: Steps, top: Body) -> None:
    """The headquarters by circulation before the budget: everybody answered, one objected; the minutes wait for its chair."""
    begins = japan(2026, 10, 1, 9)
    desk = _Desk(steps, "bodies:autumn", japan(2026, 9, 28))
    meeting = desk.planned(
        top,
        actions.Gathering(
            "circular",
            begins,
            due=dt.date(2026, 10, 7),
            letter="令和9年度の情報化の重点について、御意見を伺います。\n回答の期限までに、役場の画面か書面で回答してください。",
        ),
        (
            actions.AddItem(
                "令和9年度の情報化の重点",
                "decide",
                "1 書かない窓口の対象を12手続に広げる\n2 eL-QRで納められる公金を3種類にする\n3 情報セキュリティの外部監査を行う",
            ),
        ),
    )
    actions.call(desk.ctx("call", at=begins), meeting, NoData())
    if clock.now() < japan(2026, 10, 6):
        return
    (item,) = queries.items(desk.ctx("read"), meeting)
    for one in sitting.of_meeting(desk.ctx("seats"), meeting):
        if not one.votes or one.vacant:
            continue
        objects = one.post == "建設課 課長"
        words = "公園の遊具点検の電子化も重点に入れてほしい。" if objects else ""
        data = actions.EnteredAnswers(
            str(one.key),
            dt.date(2026, 10, 5),
            [{"item": str(item.pk), "answer": "objection" if objects else "consent", "words": words}],
        )
        actions.enter_answers(desk.ctx(f"answer:{one.key}", at=japan(2026, 10, 6)), meeting, data)
    closed = japan(2026, 10, 8)
    meeting = actions.hold(desk.ctx("close", at=closed), meeting, actions.Attended())
    decision = actions.Decision(
        "adopted", reason="遊具点検の電子化は、令和9年度の計画の取組として検討部会で扱うこととした。"
    )
    actions.record_decisions(desk.ctx("decide", at=closed), item, decision)
    written = actions.Written(
        "summary", "", "", ({"item": str(item.pk), "talk": "書面により意見を聴いた。"},)
    )
    minutes = actions.write_minutes(desk.ctx("write", at=closed), meeting, written)
    actions.propose_minutes(desk.ctx("propose", at=closed), minutes, NoData())


def _now(steps: Steps, council: Body) -> None:
    """One that goes round today: whoever heads an office finds it among his work."""
    desk = _Desk(steps, "bodies:now", None)
    # Loaded on from where it stopped, it is still the one of the first time.
    before = queries.meetings(desk.ctx("read"), of=council).filter(way="circular").first()
    begins = before.starts_at if before else clock.now() - dt.timedelta(minutes=5)
    due = japan_date(begins) + dt.timedelta(days=14)
    meeting = desk.planned(
        council,
        actions.Gathering(
            "circular",
            dt.datetime.combine(japan_date(clock.now()), dt.time(), clock.JAPAN),
            due=due,
            letter="令和9年度版の計画を作る日程について、御意見を伺います。",
        ),
        (
            actions.AddItem(
                "令和9年度版の計画を作る日程",
                "decide",
                "3月1日 見込値の基準日\n3月12日 検討部会（素案）\n3月24日 本部（決定）\n3月31日 公表",
            ),
        ),
    )
    actions.call(desk.ctx("call"), meeting, NoData())


def _spring(steps: Steps, group: Body, top: Body) -> None:
    """March: the study group looks at the draft, the headquarters decide."""
    desk = _Desk(steps, "bodies:march:group", None)
    desk.planned(
        group,
        actions.Gathering("online", japan(2027, 3, 12, 10), place="オンライン（庁内の会議システム）"),
        (actions.AddItem("令和9年度版の素案", "decide", "各課の評価と見込値から作った素案です。"),),
    )
    desk = _Desk(steps, "bodies:march:top", None)
    desk.planned(
        top,
        actions.Gathering("in_person", japan(2027, 3, 24, 13, 30), place="市役所 4階 庁議室"),
        (),
    )
