"""Who may do what with plans (MECHANISMS §2 names the roles)."""

from collections.abc import Callable

from yakuba.kernel.actions import Everywhere, Own, Permission, viewed_by
from yakuba.kernel.town.models import Municipality
from yakuba.services.plan.models import (
    CalendarEntry,
    Edition,
    Import,
    Indicator,
    Initiative,
    InitiativeOffice,
    NationIndicator,
    NationInitiative,
    NationPlan,
    NationTheme,
    Node,
    Note,
    Placement,
    Plan,
    Revision,
    StagedDecision,
    Value,
)
from yakuba.services.plan.outside import access as outside  # noqa: F401 – registers who sees codes

# Working copies are the desk's own: any member of staff reads them, the public reads frozen copies only.
_READERS = {"staff": Everywhere(), "auditor": Everywhere(), "cli": Everywhere()}
_EVERYBODY = {**_READERS, "public": Everywhere()}
_SECRETARIAT = {"plan_secretariat": Everywhere(), "cli": Everywhere()}

VIEW_PLAN = viewed_by(Permission("plan.view", Plan, roles=_READERS))
VIEW_EDITION = viewed_by(Permission("plan.view_edition", Edition, roles=_READERS))
VIEW_NODE = viewed_by(Permission("plan.view_node", Node, roles=_READERS))
VIEW_INITIATIVE = viewed_by(Permission("plan.view_initiative", Initiative, roles=_READERS))
VIEW_OFFICE = viewed_by(Permission("plan.view_office", InitiativeOffice, roles=_READERS))
VIEW_PLACEMENT = viewed_by(Permission("plan.view_placement", Placement, roles=_READERS))
VIEW_INDICATOR = viewed_by(Permission("plan.view_indicator", Indicator, roles=_READERS))
VIEW_VALUE = viewed_by(Permission("plan.view_value", Value, roles=_READERS))
VIEW_REVISION = viewed_by(Permission("plan.view_revision", Revision, roles=_READERS))
VIEW_NOTE = viewed_by(Permission("plan.view_note", Note, roles=_READERS))
VIEW_CALENDAR = viewed_by(Permission("plan.view_calendar", CalendarEntry, roles=_READERS))
# The register holds what is public; each municipality reads its own rows here, the nation's pages read all of them.
VIEW_NATION_PLAN = viewed_by(Permission("plan.view_nation_plan", NationPlan, roles=_EVERYBODY))
VIEW_NATION_INITIATIVE = viewed_by(
    Permission("plan.view_nation_initiative", NationInitiative, roles=_EVERYBODY)
)
VIEW_NATION_THEME = viewed_by(Permission("plan.view_nation_theme", NationTheme, roles=_EVERYBODY))
VIEW_NATION_INDICATOR = viewed_by(Permission("plan.view_nation_indicator", NationIndicator, roles=_EVERYBODY))
VIEW_IMPORT = viewed_by(Permission("plan.view_import", Import, roles=_SECRETARIAT))
VIEW_STAGED = viewed_by(Permission("plan.view_staged", StagedDecision, roles=_SECRETARIAT))

IMPORT = Permission("plan.import", Import, roles=_SECRETARIAT)
IMPORT_DOCUMENT = Permission("plan.import_document", Edition, roles=_SECRETARIAT)
PUBLISH = Permission("plan.publish", Edition, roles=_SECRETARIAT)
LINK_OFFICE = Permission("plan.link_office", Edition, roles=_SECRETARIAT)
CORRECT = Permission(
    "plan.correct",
    Initiative,
    roles={**_SECRETARIAT, "plan_editor": Own("offices__office"), "office_head": Own("offices__office")},
)
# Which initiatives an edition has, and in which order, is the secretariat's.
ARRANGE = Permission("plan.arrange", Edition, roles=_SECRETARIAT)
# Any member of staff writes notes on what everybody at the desk may read; the action lets the author and the secretariat strike.
WRITE_NOTE = Permission("plan.write_note", Note, roles={"staff": Everywhere(), "cli": Everywhere()})
# Themes are decided row by row: the action asks CORRECT again for each.
CHOOSE_THEMES = Permission(
    "plan.choose_themes",
    Edition,
    roles={**_SECRETARIAT, "plan_editor": Everywhere(), "office_head": Everywhere()},
)
# Editions, their tree and the plan's own words are the secretariat's.
MAKE_EDITION = Permission("plan.make_edition", Edition, roles=_SECRETARIAT)
SHAPE = Permission("plan.shape", Edition, roles=_SECRETARIAT)
DELETE_EDITION = Permission("plan.delete_edition", Plan, roles=_SECRETARIAT)
CHANGE_CALENDAR = Permission("plan.change_calendar", Municipality, roles=_SECRETARIAT, municipality="pk")
# The grid corrects many at once; the action asks CORRECT again for every row it touches.
CORRECT_MANY = Permission("plan.correct_many", Edition, roles={**_SECRETARIAT, "plan_editor": Everywhere()})

# The register says nothing that the frozen copies do not say: making it anew is the operator's, no office's.
REBUILD = Permission("plan.rebuild_register", Municipality, roles={"cli": Everywhere()}, municipality="pk")


def import_while(state: Callable[[Import], str]) -> Permission[Import]:
    """The right to go on with an import, as long as ``state`` has no objection."""
    return Permission("plan.run_import", Import, roles=_SECRETARIAT, when=state)
