"""What the trail holds, as subjects: who reads the trail is in the trail too."""

from django.urls import reverse

from yakuba.kernel.actions import Context, register_subject
from yakuba.kernel.trail.models import TrailEntry


def _url(ctx: Context, entry: TrailEntry) -> str:
    return reverse("trail-entry", args=(ctx.municipality.code, entry.pk))


register_subject("trail_entry", "証跡の記録", TrailEntry, url=_url)
