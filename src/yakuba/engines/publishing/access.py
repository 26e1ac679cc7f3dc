"""Who sees what was published: everybody what stands, staff also what was taken back."""

from django.db.models import Exists, OuterRef, Q

from yakuba.engines.publishing.models import Publication, PublishedPart
from yakuba.kernel.actions import Everywhere, Permission, viewed_by


def _not_taken_back(path: str = "") -> Q:
    """Neither a tombstone nor a number that a later tombstone took back."""
    later = Publication.unscoped.filter(
        municipality=OuterRef(f"{path}municipality"),
        kind=OuterRef(f"{path}kind"),
        subject=OuterRef(f"{path}subject"),
        withdrawn=True,
        number__gt=OuterRef(f"{path}number"),
    )
    return Q(**{f"{path}withdrawn": False}) & ~Q(Exists(later))


_STANDING = Everywhere(_not_taken_back())

VIEW_PUBLICATION = viewed_by(
    Permission(
        "publishing.view",
        Publication,
        roles={
            "public": _STANDING,
            "visitor": _STANDING,
            "staff": Everywhere(),
            "auditor": Everywhere(),
            "cli": Everywhere(),
        },
    )
)
VIEW_PART = viewed_by(
    Permission(
        "publishing.view_part",
        PublishedPart,
        roles={
            "public": Everywhere(_not_taken_back("publication__")),
            "visitor": Everywhere(_not_taken_back("publication__")),
            "staff": Everywhere(),
            "auditor": Everywhere(),
            "cli": Everywhere(),
        },
    )
)
