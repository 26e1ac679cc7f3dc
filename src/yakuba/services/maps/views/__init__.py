"""The pages of maps: :mod:`.portal` for everybody, :mod:`.desk` for staff."""
