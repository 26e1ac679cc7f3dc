"""The letter that asks owners to look after a house. What binds them (指導, 勧告, 命令) is written and decided for each."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.forms.declaring import Addressee, Form
from yakuba.packs.vacant_houses import queries
from yakuba.packs.vacant_houses.models import House


def _addressee(house: House) -> Addressee:
    contact = queries.receiver(house)
    return Addressee("", "") if contact is None else Addressee(contact.name, contact.address)


def _body(house: House, _day: dt.date) -> str:
    return "\n".join(
        (
            _(
                "空家等対策の推進に関する特別措置法第5条により、空家等の所有者または管理者は、周辺の生活環境に悪影響を及ぼさないよう、適切な管理に努めることになっています。"
            ),
            _("次の建物とその敷地の様子を確かめ、建物の補修、草木の剪定など、必要な手入れをお願いします。"),
            _("所在地 %(address)s（整理番号 %(number)s）")
            % {"address": house.address, "number": house.number},
            _(
                "手放すこと、貸すこと、取り壊すことをお考えのときや、所有者が変わったときは、ご相談ください（同法第12条）。"
            ),
        )
    )


LETTERS = (
    Form(
        "care",
        gettext_lazy("空家等の適切な管理のお願い"),
        gettext_lazy("空家等の適切な管理について（お願い）"),
        addressee=_addressee,
        body=_body,
        candidates=lambda ctx: Q(state="vacant", pk__in=queries.reachable(ctx)),
    ),
)
