"""What is looked at across all municipalities, by the operator's check alone."""

from __future__ import annotations

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from yakuba.engines.rounds.models import Item, ItemMove, Round, RoundMove


def rounds_astray() -> QuerySet[Round]:
    """Rounds whose state is not where their last move led; ``planned`` without one."""
    last = RoundMove.unscoped.filter(round=OuterRef("pk")).order_by("-seq").values("to_state")[:1]
    found = Round.unscoped.annotate(last=Coalesce(Subquery(last), Value("planned")))
    return found.exclude(state=F("last")).select_related("municipality").order_by("pk")


def items_astray() -> QuerySet[Item]:
    """Items whose state is not where their last move led; ``open`` without one."""
    last = ItemMove.unscoped.filter(item=OuterRef("pk")).order_by("-seq").values("to_state")[:1]
    found = Item.unscoped.annotate(last=Coalesce(Subquery(last), Value("open")))
    return found.exclude(state=F("last")).select_related("municipality").order_by("pk")
