"""The plan as data: plans, their yearly editions, the tree, initiatives, indicators and values.

The working copy lives here, on the desk's side; the public reads frozen copies (``engines/publishing``). What stands in JSON
columns is kept and given back whole, and nothing filters by it.
"""

from .book import BOOK_FORMATS, BOOK_STATES, TEMPLATE_KINDS, Book, BookTemplate, PublishedBook
from .imports import IMPORT_STATES, VERDICTS, Import, StagedDecision
from .measured import Binding, DeclinedSource, MeasuredThen, PublicBinding
from .nation import NationIndicator, NationInitiative, NationPlan, NationTheme
from .outside import OUTSIDE_SYSTEMS, OutsideCode
from .plan import (
    AGGREGATIONS,
    BOUNDS,
    DIRECTIONS,
    EDITION_STATES,
    INITIATIVE_KINDS,
    OFFICE_ROLES,
    PROGRESS_MEANINGS,
    VALUE_KINDS,
    VALUE_STATUSES,
    CalendarEntry,
    Edition,
    Indicator,
    Initiative,
    InitiativeOffice,
    Node,
    Note,
    Placement,
    Plan,
    Revision,
    Value,
)
from .year import NEXT_ACTIONS, SELF_RATINGS, Answered, Evidence, Observation, Review, ReviewActual

__all__ = [
    "AGGREGATIONS",
    "BOOK_FORMATS",
    "BOOK_STATES",
    "BOUNDS",
    "DIRECTIONS",
    "EDITION_STATES",
    "IMPORT_STATES",
    "INITIATIVE_KINDS",
    "NEXT_ACTIONS",
    "OFFICE_ROLES",
    "OUTSIDE_SYSTEMS",
    "PROGRESS_MEANINGS",
    "SELF_RATINGS",
    "TEMPLATE_KINDS",
    "VALUE_KINDS",
    "VALUE_STATUSES",
    "VERDICTS",
    "Answered",
    "Binding",
    "Book",
    "BookTemplate",
    "CalendarEntry",
    "DeclinedSource",
    "Edition",
    "Evidence",
    "Import",
    "Indicator",
    "Initiative",
    "InitiativeOffice",
    "MeasuredThen",
    "NationIndicator",
    "NationInitiative",
    "NationPlan",
    "NationTheme",
    "Node",
    "Note",
    "Observation",
    "OutsideCode",
    "Placement",
    "Plan",
    "PublicBinding",
    "PublishedBook",
    "Review",
    "ReviewActual",
    "Revision",
    "StagedDecision",
    "Value",
]
