"""Static files with hashed names, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # ships no types


class ManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped base
    """Hashes the imports inside ES modules as well. Before `collectstatic` has written a manifest, names stay as they are."""

    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        """The hashed name; ValueError for a file that a written manifest does not know."""
        return str(super().stored_name(name)) if self.hashed_files else name
