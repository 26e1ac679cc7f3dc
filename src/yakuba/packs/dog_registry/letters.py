"""The letter to keepers whose dog has no vaccination of the year."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.forms.declaring import Addressee, Form
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.dates.wareki import format_date
from yakuba.packs.dog_registry import queries
from yakuba.packs.dog_registry.kinds import last_day
from yakuba.packs.dog_registry.models import Dog
from yakuba.packs.dog_registry.rules import vaccinate_in


def _by(dog: Dog, year: FiscalYear) -> dt.date:
    return vaccinate_in(year, dog.acquired_on, last_day(dog.born) if dog.born else None)


def late(ctx: Context) -> Q:
    """The dogs whose day of this year has passed without a vaccination or an excuse."""
    today = japan_date(ctx.now)
    year = FiscalYear.of(today)
    return Q(pk__in=[dog.pk for dog in queries.undone(ctx, year) if _by(dog, year) < today])


def _body(dog: Dog, day: dt.date) -> str:
    year = FiscalYear.of(day)
    return "\n".join(
        (
            _(
                "狂犬病予防法第5条により、犬の所有者は、毎年度1回、飼い犬に狂犬病の予防注射を受けさせることになっています。"
            ),
            _("次の犬は、%(year)sの注射の記録がありません（期限 %(by)s）。")
            % {"year": year, "by": format_date(_by(dog, year))},
            _("登録番号 %(number)s　犬の名 %(name)s　犬種 %(breed)s")
            % {"number": dog.number, "name": dog.name, "breed": dog.breed},
            _("早めに注射を受けさせ、獣医師が交付する注射済証をお持ちください。注射済票をお渡しします。"),
            _(
                "注射が済んでいるとき、病気などで受けられないとき、犬が死亡したとき、所有者や所在地が変わったときは、お知らせください。行き違いのときは、ご容赦ください。"
            ),
        )
    )


LETTERS = (
    Form(
        "reminder",
        gettext_lazy("狂犬病予防注射の督促状"),
        gettext_lazy("狂犬病予防注射のお願い（督促）"),
        addressee=lambda dog: Addressee(dog.owner_name, dog.owner_address),
        body=_body,
        candidates=late,
        sets="reminded_on",
    ),
)
