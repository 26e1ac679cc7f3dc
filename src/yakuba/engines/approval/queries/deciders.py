"""Which post decides: the city's rules, looked up in the offices as they are on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.approval import rules
from yakuba.engines.approval.models import DecisionRule
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.models import Office, OfficeName, Post
from yakuba.kernel.town.queries import valid_on

# Without a rule a matter is decided by the head of the 機関 itself (delegation is the exception: 地方自治法153条).
_HEADS = {
    "mayor": ("市長", "町長", "村長", "区長"),
    "education": ("教育長",),
    "election": ("選挙管理委員会委員長", "委員長"),
    "equity": ("公平委員会委員長", "委員長"),
    "audit": ("代表監査委員",),
    "agriculture": ("農業委員会会長", "会長"),
    "property": ("固定資産評価審査委員会委員長", "委員長"),
    "enterprise": ("公営企業管理者", "企業管理者", "管理者"),
    "assembly": ("議長",),
}


@dataclass(frozen=True)
class Decider:
    """A post that may decide, by which rule (None: as head of the authority), and who stands in for it, in order."""

    post: Post
    rule: DecisionRule | None
    stand_ins: Sequence[Post] = ()


def deciders(ctx: Context, office: Office, matter: str, amount: int | None) -> list[Decider]:
    """Who may decide a matter of an office today: the post that the rule names, then all higher ones.

    Raises :class:`Problem` where the amount decides and is missing, and where neither a rule nor a head leads to a post.
    """
    day = japan_date(ctx.now)
    lines = rules.standing(
        list(DecisionRule.unscoped.filter(valid_on(day), municipality=ctx.municipality.id)),
        office.authority,
        matter,
        day,
    )
    try:
        reaching = rules.reaching(lines, amount)
    except rules.AmountNeeded:
        raise Problem(
            "amount_needed",
            _("この事項は、金額によって決裁する職が変わります。金額を入力してください。"),
            field="amount",
        ) from None
    posts = _Posts(ctx, office)
    found: dict[UUID, Decider] = {}
    for line in reaching:
        for post in posts.named(line.decided_by)[:1]:
            stand_ins = [one for one in posts.named(line.stand_ins) if one.pk != post.pk][:2]
            found.setdefault(post.pk, Decider(post, line, stand_ins))
    for post in posts.heads():
        found.setdefault(post.pk, Decider(post, None))
    if not found:
        raise Problem(
            "no_decider",
            _(
                "「%(matter)s」を決裁する職が決まりません。決裁規程の表に、この事項と職を加えてください（文書・公印の担当が直せます）。"
            )
            % {"matter": matter or _("その他の事項")},
            field="matter",
            found=matter,
        )
    return list(found.values())


def category(ctx: Context, office: Office, matter: str) -> str | None:
    """What the rules call a matter today (``CATEGORIES``), the strictest where they differ; None where no rule names it.

    The line for everything else names nothing; and a line with a limit in yen is about money, whatever it is called.
    """
    day = japan_date(ctx.now)
    lines = rules.standing(
        list(DecisionRule.unscoped.filter(valid_on(day), municipality=ctx.municipality.id)),
        office.authority,
        matter,
        day,
    )
    named = [line for line in lines if line.matter]
    found = {line.category for line in named} | {rules.MONEY for line in named if line.up_to_yen is not None}
    return next((one for one in ("access", "money", "general") if one in found), None)


class _Posts:
    """The posts of the municipality by title, the nearest to an office first (two queries)."""

    def __init__(self, ctx: Context, office: Office) -> None:
        self._office = office
        day = japan_date(ctx.now)
        self._posts = list(
            Post.unscoped.filter(municipality=ctx.municipality.id)
            .select_related("office")
            .order_by("title", "id")
        )
        names = list(OfficeName.unscoped.filter(valid_on(day), municipality=ctx.municipality.id))
        own = next((one for one in names if one.office_id == office.pk), None)
        department = own.department if own else ""
        # The head of a 部 sits in an office that bears the department's name, or in one of its 課.
        self._near = {
            one.office_id for one in names if department and department in {one.department, one.name}
        }

    def named(self, text: str) -> list[Post]:
        """One post for each title of a rule's cell that leads to one: of the office itself, of its department, or the only one."""
        found = [self._one(title) for title in rules.titles(text)]
        return [one for one in found if one is not None]

    def _one(self, title: str) -> Post | None:
        same = [one for one in self._posts if one.title == title]
        for near in ({self._office.pk}, self._near):
            there = [one for one in same if one.office_id in near]
            if there:
                return there[0] if len(there) == 1 else None
        return same[0] if len(same) == 1 else None

    def heads(self) -> list[Post]:
        """The head of the office's 機関, where there is exactly one such post."""
        for title in _HEADS[self._office.authority]:
            there = [
                one
                for one in self._posts
                if one.title == title and one.office.authority == self._office.authority
            ]
            if len(there) == 1:
                return there
        return []
