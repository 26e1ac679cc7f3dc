"""The internal map: :mod:`.index` and :mod:`.correcting`, layers and their files, views that were kept, and how often layers were opened."""
