"""Who may do what with plans (MECHANISMS §2 names the roles)."""

from collections.abc import Callable

from yakuba.kernel.actions import Everywhere, Own, Permission, viewed_by
from yakuba.services.plan.models import (
    Edition,
    Import,
    Indicator,
    Initiative,
    InitiativeOffice,
    Node,
    Placement,
    Plan,
    Value,
)

# Working copies are the desk's own: any member of staff reads them, the public reads frozen copies only.
_READERS = {"staff": Everywhere(), "auditor": Everywhere(), "cli": Everywhere()}
_SECRETARIAT = {"plan_secretariat": Everywhere(), "cli": Everywhere()}

VIEW_PLAN = viewed_by(Permission("plan.view", Plan, roles=_READERS))
VIEW_EDITION = viewed_by(Permission("plan.view_edition", Edition, roles=_READERS))
VIEW_NODE = viewed_by(Permission("plan.view_node", Node, roles=_READERS))
VIEW_INITIATIVE = viewed_by(Permission("plan.view_initiative", Initiative, roles=_READERS))
VIEW_OFFICE = viewed_by(Permission("plan.view_office", InitiativeOffice, roles=_READERS))
VIEW_PLACEMENT = viewed_by(Permission("plan.view_placement", Placement, roles=_READERS))
VIEW_INDICATOR = viewed_by(Permission("plan.view_indicator", Indicator, roles=_READERS))
VIEW_VALUE = viewed_by(Permission("plan.view_value", Value, roles=_READERS))
VIEW_IMPORT = viewed_by(Permission("plan.view_import", Import, roles=_SECRETARIAT))

IMPORT = Permission("plan.import", Import, roles=_SECRETARIAT)
IMPORT_DOCUMENT = Permission("plan.import_document", Edition, roles=_SECRETARIAT)
PUBLISH = Permission("plan.publish", Edition, roles=_SECRETARIAT)
LINK_OFFICE = Permission("plan.link_office", Edition, roles=_SECRETARIAT)
CORRECT = Permission(
    "plan.correct",
    Initiative,
    roles={**_SECRETARIAT, "plan_editor": Own("offices__office"), "office_head": Own("offices__office")},
)
# The grid corrects many at once; the action asks CORRECT again for every row it touches.
CORRECT_MANY = Permission("plan.correct_many", Edition, roles={**_SECRETARIAT, "plan_editor": Everywhere()})


def import_while(state: Callable[[Import], str]) -> Permission[Import]:
    """The right to go on with an import, as long as ``state`` has no objection."""
    return Permission("plan.run_import", Import, roles=_SECRETARIAT, when=state)
