"""Who makes books, who keeps templates, who lets the public have a book. What is a draft's stays at the desk."""

from __future__ import annotations

from yakuba.kernel.actions import Everywhere, Permission, viewed_by
from yakuba.services.plan.models import Book, BookTemplate, Edition, PublishedBook

_READERS = {"staff": Everywhere(), "auditor": Everywhere(), "cli": Everywhere()}
_SECRETARIAT = {"plan_secretariat": Everywhere(), "cli": Everywhere()}

VIEW_TEMPLATE = viewed_by(Permission("plan.view_book_template", BookTemplate, roles=_READERS))
VIEW_BOOK = viewed_by(Permission("plan.view_book", Book, roles=_READERS))
# The pages ask for the books of what stands published alone.
VIEW_PUBLISHED = viewed_by(
    Permission(
        "plan.view_published_book",
        PublishedBook,
        roles={**_READERS, "public": Everywhere(), "visitor": Everywhere()},
    )
)

KEEP_TEMPLATES = Permission("plan.keep_book_templates", BookTemplate, roles=_SECRETARIAT)
# Whoever reads the draft may take it along.
ORDER = Permission("plan.order_book", Edition, roles={"staff": Everywhere(), "cli": Everywhere()})
RELEASE = Permission("plan.release_book", Book, roles=_SECRETARIAT)
# Making is the worker's.
FINISH = Permission("plan.finish_book", Book, roles={"cli": Everywhere()})
