"""Who finds what: everybody what was published, staff also what the desk works on."""

from yakuba.kernel.actions import Everywhere, Permission, viewed_by
from yakuba.kernel.search.models import DeskRow, PublicRow

_STAFF = {"staff": Everywhere(), "auditor": Everywhere(), "cli": Everywhere()}

FIND_PUBLIC = viewed_by(Permission("search.public", PublicRow, roles={"public": Everywhere(), **_STAFF}))
FIND_DESK = viewed_by(Permission("search.desk", DeskRow, roles=_STAFF))
