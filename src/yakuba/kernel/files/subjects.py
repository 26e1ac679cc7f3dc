"""A stored file as a subject of actions and of the trail."""

from yakuba.kernel.actions import register_subject
from yakuba.kernel.files.models import StoredFile

register_subject("file", "ファイル", StoredFile, title=lambda stored: stored.name)
