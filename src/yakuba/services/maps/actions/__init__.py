"""The writers of maps: :mod:`.counting` openings, :mod:`.drafts` files on their way to a layer, :mod:`.kept` views that somebody saved."""

from yakuba.services.maps.actions import drafts, kept
from yakuba.services.maps.actions.counting import opened

__all__ = ["drafts", "kept", "opened"]
