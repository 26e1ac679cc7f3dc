import json

import pytest

from yakuba.kernel.ui.storage import ManifestStorage


def test_names_stay_as_they_are_until_a_manifest_is_written(tmp_path, settings):
    settings.DEBUG = False
    assert ManifestStorage(location=tmp_path, base_url="/static/").url("ui/desk.js") == "/static/ui/desk.js"


def test_a_written_manifest_decides_and_knows_every_file(tmp_path, settings):
    settings.DEBUG = False
    manifest = {"version": "1.1", "paths": {"ui/desk.js": "ui/desk.abc.js"}, "hash": "0"}
    (tmp_path / "staticfiles.json").write_text(json.dumps(manifest), encoding="utf-8")
    storage = ManifestStorage(location=tmp_path, base_url="/static/")
    assert storage.url("ui/desk.js") == "/static/ui/desk.abc.js"
    with pytest.raises(ValueError, match=r"gone\.js"):
        storage.url("ui/gone.js")
