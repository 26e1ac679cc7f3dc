"""Publications as subjects of the trail."""

from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import register_subject

register_subject("publication", "公表", Publication)
