"""The keepers of a book decide which procedures change it, and look at each change before it is made."""

from django.utils.translation import gettext as _

from yakuba.engines.intake.models import Binding, Intake
from yakuba.engines.ledger.models import Book
from yakuba.kernel.actions import Everywhere, Own, Permission, viewed_by
from yakuba.kernel.town.models import Municipality


def _waits(intake: Intake) -> str:
    return "" if intake.state == "waiting" else _("これは、もう処理されています。")


VIEW_BINDING = viewed_by(
    Permission("intake.view_binding", Binding, roles={"ledger_keeper": Own("book__office_id")})
)
VIEW = viewed_by(Permission("intake.view", Intake, roles={"ledger_keeper": Own("binding__book__office_id")}))
BIND = Permission("intake.bind", Book, roles={"ledger_keeper": Own("office_id")})
UNBIND = Permission("intake.unbind", Binding, roles={"ledger_keeper": Own("book__office_id")})
#: The machine alone: a case was completed.
TAKE = Permission("intake.take", Municipality, roles={"cli": Everywhere()}, municipality="pk")
SETTLE = Permission(
    "intake.settle", Intake, roles={"ledger_keeper": Own("binding__book__office_id")}, when=_waits
)
