"""Who may see and change municipalities, offices, people and posts."""

from __future__ import annotations

from yakuba.kernel.actions import Everywhere, Permission, viewed_by
from yakuba.kernel.town.models import (
    Assignment,
    Municipality,
    Office,
    OfficeName,
    OfficeSuccession,
    Person,
    Post,
)

_KEEPERS = {"municipality_admin": Everywhere(), "cli": Everywhere()}
_READERS = {**_KEEPERS, "staff": Everywhere(), "auditor": Everywhere(), "platform_admin": Everywhere()}
# Names of colleagues, but neither for the operator of the machine nor for the platform's administration, which is a
# processor and reads no personal data (DESIGN §4 rule 12).
_COLLEAGUES = {"municipality_admin": Everywhere(), "staff": Everywhere()}

VIEW_MUNICIPALITY = viewed_by(
    Permission(
        "town.view_municipality", Municipality, {**_READERS, "public": Everywhere()}, municipality="pk"
    )
)
FOUND_MUNICIPALITY = Permission(
    "town.found_municipality",
    Municipality,
    {"platform_admin": Everywhere(), "cli": Everywhere()},
    municipality="pk",
)
DESCRIBE_MUNICIPALITY = Permission("town.describe_municipality", Municipality, _KEEPERS, municipality="pk")
VIEW_OFFICE = viewed_by(Permission("town.view_office", Office, _READERS))
VIEW_OFFICE_NAME = viewed_by(Permission("town.view_office_name", OfficeName, _READERS))
VIEW_SUCCESSION = viewed_by(Permission("town.view_succession", OfficeSuccession, _READERS))
KEEP_OFFICES = Permission("town.keep_offices", Office, _KEEPERS)

VIEW_PERSON = viewed_by(Permission("town.view_person", Person, _COLLEAGUES))
VIEW_ASSIGNMENT = viewed_by(Permission("town.view_assignment", Assignment, _COLLEAGUES))
VIEW_POST = viewed_by(Permission("town.view_post", Post, _READERS))
VIEW_STAFF_NUMBER = Permission("town.view_staff_number", Person, {"municipality_admin": Everywhere()})
KEEP_PEOPLE = Permission("town.keep_people", Person, _KEEPERS)
KEEP_POSTS = Permission("town.keep_posts", Office, _KEEPERS)
KEEP_ASSIGNMENTS = Permission("town.keep_assignments", Assignment, _KEEPERS)
IMPORT_PERSONNEL = Permission("town.import_personnel", Municipality, _KEEPERS, municipality="pk")
