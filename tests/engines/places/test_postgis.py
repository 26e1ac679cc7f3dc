"""PostGIS's column: there after migrating, true by itself, missed by the checks when it is gone."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.engines.places.specimens import lamp, layer, loaded
from tests.world import Town
from yakuba.engines.places import postgis
from yakuba.engines.places.models import UploadedFeature
from yakuba.engines.places.shapes import Shape
from yakuba.engines.places.tiles.making import tile
from yakuba.engines.places.uploads import Upload

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
TABLE = UploadedFeature._meta.db_table


def told() -> list[str]:
    return [one.id for one in run_checks(databases=["default"]) if one.id.startswith("places.")]


def drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the test wrote is checked first
        cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN {postgis.COLUMN}")
    postgis._found.clear()


def test_the_database_keeps_the_projected_shape_true(mihon: Town) -> None:
    row = UploadedFeature.unscoped.filter(edition=loaded(mihon, [lamp(0)])).get()
    row.place = Shape.point(139.8, 89.0)
    row.save()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {postgis.COLUMN} IS NULL FROM {TABLE}")
        assert cursor.fetchone() == (True,)  # beyond the square of the world
    row.place = Shape.point(135.0, 35.0)
    row.save()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ST_X({postgis.COLUMN}), ST_Y({postgis.COLUMN}) FROM {TABLE}")
        # 135 / 180 × 20037508.342789244; the other from the formula of EPSG's guidance note 7-2, by hand.
        assert cursor.fetchone() == (
            pytest.approx(15028131.257, abs=1e-3),
            pytest.approx(4163881.144, abs=1e-3),
        )


def test_a_column_that_is_gone_is_missed_made_again_and_tiles_go_on(mihon: Town) -> None:
    assert told() == []
    made = Upload(layer(mihon))
    drop()
    assert told() == ["places.W001"]
    assert not postgis.usable(connection, UploadedFeature)
    assert tile(made, mihon.ctx("staff"), 0, 0, 0)
    postgis.after_migrate(apps.get_app_config("places"), using="default")
    assert told() == []
    assert postgis.usable(connection, UploadedFeature)


def test_a_spatial_index_that_is_gone_is_missed_made_again_and_tiles_go_on(mihon: Town) -> None:
    made = Upload(layer(mihon))
    name, columns = postgis.index_of(UploadedFeature)
    assert columns == ["municipality_id", "edition_id", postgis.COLUMN]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP INDEX {name}")
    postgis._found.clear()
    assert told() == ["places.W002"]
    assert not postgis.indexed(connection, UploadedFeature)
    assert tile(made, mihon.ctx("staff"), 0, 0, 0)
    postgis.after_migrate(apps.get_app_config("places"), using="default")
    assert told() == []
    assert postgis.indexed(connection, UploadedFeature)


def test_a_tile_is_one_way_to_the_database_and_back(mihon: Town) -> None:
    made = Upload(layer(mihon))
    staff = mihon.ctx("staff")
    tile(made, staff, 1, 1, 0)  # what a process asks once
    with CaptureQueriesContext(connection) as asked:
        tile(made, staff, 2, 3, 1)
    assert len(asked) == 1
    assert "SET LOCAL jit = off" in asked[0]["sql"]


def test_who_may_not_install_it_is_told_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_using: str, _wanted: list[str]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION yakuba_has_no_such_extension")

    monkeypatch.setattr(postgis, "install", refused)
    with pytest.raises(DatabaseError):
        refused("default", [])
    postgis.after_migrate(apps.get_app_config("places"), using="default")
    said = capsys.readouterr().err
    assert "postgresql-<版>-postgis-3" in said
    assert "CREATE EXTENSION postgis" in said
