"""The register and its holds as subjects of the trail: by their ids, never by a name."""

from yakuba.engines.protection.models import Hold, Protected
from yakuba.kernel.actions import register_subject

register_subject("protected", "支援措置", Protected)
register_subject("protection_hold", "支援措置による停止", Hold)
