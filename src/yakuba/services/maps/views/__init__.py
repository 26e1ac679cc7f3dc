"""The pages of maps: :mod:`.portal` for everybody."""
