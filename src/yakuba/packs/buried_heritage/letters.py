"""The letter with which notifications about works (届出・通知) go on to the prefecture's board of education, which instructs."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.forms.declaring import Addressee, Form
from yakuba.kernel.dates import format_date
from yakuba.packs.buried_heritage.models import ARTICLES, Remains
from yakuba.packs.buried_heritage.queries import unforwarded


def _board(site: Remains) -> Addressee:
    return Addressee(f"{site.municipality.prefecture or '都道府県'}教育委員会教育長", "")


def _body(site: Remains, _day: dt.date) -> str:
    articles = dict(ARTICLES)
    lines = ["周知の埋蔵文化財包蔵地での土木工事等について、次の届出・通知がありましたので送付します。"]
    lines += [f"包蔵地　{site.number}　{site.name}", f"所在地　{site.location}"]
    for one in unforwarded(site):
        starts = "" if one.starts_on is None else f"　着手予定 {format_date(one.starts_on)}"
        lines.append(
            f"{articles.get(one.article, one.article)}　{format_date(one.filed_on)}　{one.filer}　{one.work}{starts}"
        )
    return "\n".join(lines)


#: On which day each of them went is written into its own row (県への送付日), which takes it out of the next letter.
FORWARDING: Final[Form[Remains]] = Form(
    key="forwarding",
    label=gettext_lazy("届出・通知の県への送付"),
    title=gettext_lazy("埋蔵文化財発掘の届出・通知について（送付）"),
    addressee=_board,
    body=_body,
    candidates=lambda ctx: Q(pk__in=unforwarded().filter(municipality=ctx.municipality.id).values("entry")),
)
