"""Who sees what was published: everybody what stands, staff also what was taken back."""

from django.db.models import Q

from yakuba.engines.publishing.models import Publication, PublishedPart
from yakuba.kernel.actions import Everywhere, Permission, viewed_by

_STANDING = Everywhere(Q(withdrawn=False))

VIEW_PUBLICATION = viewed_by(
    Permission(
        "publishing.view",
        Publication,
        roles={"public": _STANDING, "staff": Everywhere(), "auditor": Everywhere(), "cli": Everywhere()},
    )
)
VIEW_PART = viewed_by(
    Permission(
        "publishing.view_part",
        PublishedPart,
        roles={
            "public": Everywhere(Q(publication__withdrawn=False)),
            "staff": Everywhere(),
            "auditor": Everywhere(),
            "cli": Everywhere(),
        },
    )
)
